package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.Guard.Direction;
import dev.larder.Guard.Manner;
import dev.larder.Guard.Patience;
import dev.larder.storage.EntryTooLargeException;
import dev.larder.storage.StorageException;
import dev.larder.storage.StorageException.Kind;
import dev.larder.storage.StorageNotReadyException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How long callers wait for a storage, and when they do without. */
@Timeout(60)
class GuardTest {
  private static final Duration BUDGET = Duration.ofMillis(400);

  private final TestClock clock = new TestClock();
  private final TestTimer timer = new TestTimer();
  private final Guard guard =
      new Guard("the table", CacheSettings.standard(), clock, Threads.EXECUTOR, timer);
  private final AtomicInteger calls = new AtomicInteger();
  private final List<Object> late = new CopyOnWriteArrayList<>();

  @AfterEach
  void release() {
    timer.release();
  }

  private <T> T call(Direction direction, Patience patience, Manner manner, Supplier<T> work) {
    return guard.call(
        direction,
        patience,
        manner,
        () -> {
          calls.incrementAndGet();
          return work.get();
        },
        late::add);
  }

  private <T> T read(Supplier<T> work) {
    return call(Direction.READ, guard.ofClients(), Manner.MAY_TRY, work);
  }

  private <T> T write(Supplier<T> work) {
    return call(Direction.WRITE, guard.ofClients(), Manner.MAY_TRY, work);
  }

  private String hang() {
    timer.hang();
    return "late";
  }

  private static String fail(RuntimeException failure) {
    throw failure;
  }

  private void open() {
    for (int i = 0; i < Breaker.MOST_FAILURES; i++) {
      assertThatThrownBy(() -> read(() -> fail(new StorageException("down")))).hasMessage("down");
    }
  }

  private void awaitWell() {
    Exchanges.await(guard::isWell);
  }

  @Test
  void call_answered_returnsWhatItBrings() {
    assertThat(read(() -> "found")).isEqualTo("found");
    assertThat(timer.passed()).isZero();
  }

  @Test
  void call_neverAnswered_callerWaitsTheBudgetAndTheCallIsInterrupted() {
    assertThatThrownBy(() -> read(this::hang))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("400 ms")
        .hasMessageContaining("storageTimeout");

    assertThat(timer.passed()).isEqualTo(BUDGET);
    Exchanges.await(() -> late.equals(List.of("late")));
  }

  /** What is done with a late result may be a call of its own. */
  @Test
  void call_overdue_lateResultIsTakenWithoutTheInterrupt() {
    List<Boolean> interrupted = new CopyOnWriteArrayList<>();
    assertThatThrownBy(
            () ->
                guard.call(
                    Direction.READ,
                    guard.ofClients(),
                    Manner.MAY_TRY,
                    this::hang,
                    value -> interrupted.add(Thread.currentThread().isInterrupted())))
        .isInstanceOf(StorageException.class);
    Exchanges.await(() -> interrupted.equals(List.of(false)));
  }

  @Test
  void call_underADeadline_waitsForWhatIsLeft() {
    Deadline deadline = guard.deadline();
    timer.pass(Duration.ofMillis(300));
    assertThatThrownBy(() -> deadline.within(() -> read(this::hang)))
        .isInstanceOf(StorageException.class);

    assertThat(timer.passed()).isEqualTo(BUDGET);
    assertThatThrownBy(() -> deadline.run(() -> read(() -> "too late")))
        .isInstanceOf(StorageException.class);
    assertThat(calls).hasValue(1);
  }

  @Test
  void call_callerInterrupted_leavesAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> read(this::hang))
          .isInstanceOfSatisfying(
              StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAFFECTED));
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      boolean unused = Thread.interrupted();
    }
    assertThat(guard.isWell()).isTrue();
  }

  @Test
  void call_tooManyOverdue_failsAtOnce() {
    for (int i = 0; i < Guard.MOST_OVERDUE; i++) {
      assertThatThrownBy(
              () ->
                  call(
                      Direction.READ,
                      guard.ofClients(),
                      Manner.GOES_ON,
                      () -> {
                        timer.hangForGood();
                        return "late";
                      }))
          .isInstanceOf(StorageException.class);
    }
    Duration before = timer.passed();
    assertThatThrownBy(() -> write(() -> "stored")).hasMessageContaining("overdue");
    assertThat(timer.passed()).isEqualTo(before);

    timer.release();
    Exchanges.await(() -> late.size() == Guard.MOST_OVERDUE);
    Exchanges.await(
        () -> {
          try {
            return write(() -> "stored").equals("stored");
          } catch (StorageException e) {
            return false;
          }
        });
  }

  @Test
  void call_manyFailures_leavesTheStorageAlone() {
    open();
    int before = calls.get();
    assertThatThrownBy(() -> read(() -> "found"))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("left alone")
        .hasMessageContaining("down");
    assertThat(calls).hasValue(before);
    assertThat(guard.isWell()).isFalse();
  }

  @Test
  void call_readsFail_writesGoOn() {
    open();
    assertThat(write(() -> "stored")).isEqualTo("stored");
    assertThat(guard.isWell()).isFalse();
  }

  static List<RuntimeException> noFailures() {
    return List.of(
        new EntryTooLargeException("too large"),
        new StorageException("a part is lost", null, Kind.UNAFFECTED),
        new IllegalArgumentException("no such key"));
  }

  @ParameterizedTest
  @MethodSource("noFailures")
  void call_aboutTheEntryAlone_isNoFailure(RuntimeException failure) {
    for (int i = 0; i < 2 * Breaker.MOST_FAILURES; i++) {
      assertThatThrownBy(() -> read(() -> fail(failure))).isSameAs(failure);
    }
    assertThat(read(() -> "found")).isEqualTo("found");
  }

  static List<RuntimeException> lastingFailures() {
    return List.of(
        new StorageException("no permission", null, Kind.UNUSABLE),
        new StorageNotReadyException("being created", null));
  }

  @ParameterizedTest
  @MethodSource("lastingFailures")
  void call_aLastingFailure_leavesTheStorageAloneAtOnce(RuntimeException failure) {
    assertThatThrownBy(() -> read(() -> fail(failure))).isSameAs(failure);
    assertThatThrownBy(() -> read(() -> "found")).hasMessageContaining("left alone");
  }

  @Test
  void call_pauseOver_isTriedInTheBackgroundAndTheNextIsAnswered() {
    open();
    clock.advance(Breaker.FIRST_PAUSE);

    assertThatThrownBy(() -> read(() -> "found")).hasMessageContaining("left alone");

    awaitWell();
    assertThat(read(() -> "found")).isEqualTo("found");
    assertThat(late).containsExactly("found");
  }

  @Test
  void call_trialHangs_nobodyWaitsAndThePauseGrows() {
    open();
    clock.advance(Breaker.FIRST_PAUSE);
    CountDownLatch tried = new CountDownLatch(1);
    assertThatThrownBy(
            () ->
                read(
                    () -> {
                      tried.countDown();
                      return hang();
                    }))
        .hasMessageContaining("left alone");
    Exchanges.await(() -> tried.getCount() == 0 && timer.passed().equals(BUDGET));
    int before = calls.get();
    clock.advance(Breaker.FIRST_PAUSE.dividedBy(2));
    assertThatThrownBy(() -> read(() -> "found")).isInstanceOf(StorageException.class);
    assertThat(calls).hasValue(before);
    clock.advance(Breaker.LONGEST_PAUSE);
    Exchanges.await(
        () -> {
          try {
            return read(() -> "found").equals("found");
          } catch (StorageException e) {
            return false;
          }
        });
  }

  @Test
  void call_inTheBackgroundAndPauseOver_waitsItself() {
    open();
    clock.advance(Breaker.FIRST_PAUSE);
    Patience patient = new Patience(Duration.ofSeconds(5), true);
    assertThat(call(Direction.READ, patient, Manner.MAY_TRY, () -> "found")).isEqualTo("found");
    assertThat(guard.isWell()).isTrue();

    assertThatThrownBy(() -> call(Direction.READ, patient, Manner.MAY_TRY, this::hang))
        .isInstanceOf(StorageException.class);
    assertThat(timer.passed()).isEqualTo(patient.budget());
  }

  @Test
  void call_bodyWhilePauseIsOver_isNoTrial() {
    open();
    clock.advance(Breaker.FIRST_PAUSE);
    int before = calls.get();
    assertThatThrownBy(
            () -> call(Direction.READ, guard.ofClients(), Manner.FAILS, () -> "a stream"))
        .isInstanceOf(StorageException.class);
    assertThat(calls).hasValue(before);
  }

  @Test
  void call_goingOnWithWhatWasBegun_isMadeWhileOpen() {
    open();
    assertThat(call(Direction.READ, guard.ofClients(), Manner.GOES_ON, () -> "rest"))
        .isEqualTo("rest");
  }

  @Test
  void call_anError_isTheCallersAndNoFailureOfTheStorage() {
    assertThatThrownBy(
            () ->
                read(
                    () -> {
                      throw new AssertionError("a bug");
                    }))
        .isInstanceOf(AssertionError.class);
    assertThat(guard.isWell()).isTrue();
  }

  private String writeInSteps(Function<Runnable, String> work) {
    return guard.callInSteps(Direction.WRITE, guard.ofClients(), Manner.MAY_TRY, work, late::add);
  }

  @Test
  void steps_eachWithinTheBudget_mayTakeLongerTogether() {
    Deadline deadline = guard.deadline();

    String written =
        deadline.within(
            () ->
                writeInSteps(
                    answered -> {
                      for (int i = 0; i < 10; i++) {
                        timer.pass(BUDGET.minusMillis(1));
                        answered.run();
                      }
                      return "written";
                    }));

    assertThat(written).isEqualTo("written");
    assertThat(timer.passed()).isGreaterThan(BUDGET.multipliedBy(9));
    assertThat(deadline.left()).isEqualTo(BUDGET.toNanos());
  }

  @Test
  void steps_thenSilence_costOneBudgetMore() {
    Duration steps = BUDGET.minusMillis(100).multipliedBy(2);

    assertThatThrownBy(
            () ->
                writeInSteps(
                    answered -> {
                      timer.pass(steps.dividedBy(2));
                      answered.run();
                      timer.pass(steps.dividedBy(2));
                      answered.run();
                      timer.hangOn();
                      return "late";
                    }))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("did not answer within 400 ms");

    assertThat(timer.passed()).isBetween(steps.plus(BUDGET), steps.plus(BUDGET.multipliedBy(2)));
  }
}
