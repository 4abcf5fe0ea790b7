package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.http.Body;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever becomes of a body, it is handed over whole or not at all, and its memory given back. */
@Timeout(60)
class RecordingTest {
  private static final long BUDGET = 100_000;

  private final AtomicLong budget = new AtomicLong(BUDGET);
  private final List<Body> completed = new CopyOnWriteArrayList<>();
  private final List<Optional<String>> dropped = new CopyOnWriteArrayList<>();

  private Recording recording(long announced, long limit) {
    return new Recording(
        announced,
        limit,
        budget,
        body -> {
          completed.add(body);
          return false;
        },
        dropped::add);
  }

  private static ByteBuffer bytes(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) i;
    }
    return ByteBuffer.wrap(bytes);
  }

  @AfterEach
  void budgetIsWhole() {
    assertThat(budget).hasValue(BUDGET);
  }

  @Test
  void complete_lengthAsAnnounced_handsOverTheBytes() {
    Recording recording = recording(500, 1000);
    recording.append(bytes(200));
    recording.append(bytes(300));
    assertThat(budget.get()).isLessThan(BUDGET);
    recording.complete();
    assertThat(completed).hasSize(1);
    assertThat(completed.get(0).length()).isEqualTo(500);
    assertThat(dropped).isEmpty();
    assertThat(recording.isAlive()).isTrue();
  }

  @Test
  void complete_bodyIsKept_itsBytesAreTheTakersToGiveBack() {
    Recording recording = new Recording(-1, 1000, budget, completed::add, dropped::add);
    recording.append(bytes(500));
    recording.complete();
    assertThat(budget).hasValue(BUDGET - 500);
    budget.addAndGet(completed.get(0).length());
  }

  @Test
  void append_buffer_isLeftAsItWas() {
    Recording recording = recording(-1, 1000);
    ByteBuffer buffer = bytes(10).position(3);
    recording.append(buffer);
    assertThat(buffer.position()).isEqualTo(3);
    recording.complete();
    assertThat(completed.get(0).bytes()).containsExactly(3, 4, 5, 6, 7, 8, 9);
  }

  @Test
  void complete_nothingAppended_isAnEmptyBody() {
    recording(-1, 1000).complete();
    assertThat(completed).hasSize(1);
    assertThat(completed.get(0).length()).isZero();
  }

  @Test
  void complete_shorterThanAnnounced_isDropped() {
    Recording recording = recording(500, 1000);
    recording.append(bytes(499));
    recording.complete();
    assertThat(completed).isEmpty();
    assertThat(dropped).containsExactly(Optional.empty());
  }

  @Test
  void complete_longerThanAnnounced_isDropped() {
    Recording recording = recording(500, 1000);
    recording.append(bytes(501));
    recording.complete();
    assertThat(completed).isEmpty();
    assertThat(dropped).containsExactly(Optional.empty());
  }

  @Test
  void append_beyondTheLimit_isDroppedAtOnce() {
    Recording recording = recording(-1, 1000);
    recording.append(bytes(1000));
    assertThat(dropped).isEmpty();
    recording.append(bytes(1));
    assertThat(budget).hasValue(BUDGET);
    assertThat(recording.isAlive()).isFalse();
    recording.append(bytes(1));
    recording.complete();
    assertThat(completed).isEmpty();
    assertThat(dropped).hasSize(1);
    assertThat(dropped.get(0).orElseThrow()).contains("1000").contains("maxBodyBytes");
  }

  @Test
  void append_beyondTheBudget_isDroppedAndOthersGoOn() {
    Recording first = recording(60_000, BUDGET);
    Recording second = recording(60_000, BUDGET);
    first.append(bytes(60_000));
    second.append(bytes(60_000));
    second.complete();
    first.complete();
    assertThat(completed).hasSize(1);
    assertThat(dropped).hasSize(1);
    assertThat(dropped.get(0).orElseThrow()).contains("recordingBudget");
  }

  @Test
  void new_announcedBeyondTheLimit_neverAlive() {
    Recording recording = recording(1001, 1000);
    assertThat(recording.isAlive()).isFalse();
    recording.append(bytes(1001));
    recording.complete();
    assertThat(completed).isEmpty();
    assertThat(dropped).hasSize(1);
  }

  @Test
  void drop_inTheMiddleAndAgain_isToldOnce() {
    Recording recording = recording(-1, BUDGET);
    recording.append(bytes(20_000));
    recording.drop();
    assertThat(budget).hasValue(BUDGET);
    recording.drop();
    recording.append(bytes(5));
    recording.complete();
    assertThat(completed).isEmpty();
    assertThat(dropped).containsExactly(Optional.empty());
  }

  @Test
  void drop_afterCompletion_changesNothing() {
    Recording recording = recording(-1, BUDGET);
    recording.append(bytes(5));
    recording.complete();
    recording.drop();
    recording.complete();
    assertThat(completed).hasSize(1);
    assertThat(dropped).isEmpty();
  }

  @Test
  void complete_storingThrows_givesTheMemoryBack() {
    Recording recording =
        new Recording(
            -1,
            1000,
            budget,
            body -> {
              throw new IllegalStateException("storing fails");
            },
            dropped::add);
    recording.append(bytes(500));
    assertThatThrownBy(recording::complete).hasMessage("storing fails");
  }

  @Test
  void appendDropAndComplete_atOnce_exactlyOneOutcomeEach() throws Exception {
    int rounds = 500;
    List<Recording> recordings = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      recordings.add(recording(-1, 20_000));
    }
    CyclicBarrier together = new CyclicBarrier(3);
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<Future<?>> ends = new ArrayList<>();
      ends.add(threads.submit(() -> each(recordings, together, it -> it.append(bytes(9_000)))));
      ends.add(threads.submit(() -> each(recordings, together, Recording::drop)));
      ends.add(threads.submit(() -> each(recordings, together, Recording::complete)));
      for (Future<?> end : ends) {
        end.get(30, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(completed.size() + dropped.size()).isEqualTo(rounds);
    assertThat(completed).allSatisfy(body -> assertThat(body.length()).isIn(0L, 9_000L));
  }

  private static Void each(
      List<Recording> recordings, CyclicBarrier together, Consumer<Recording> to) throws Exception {
    for (Recording recording : recordings) {
      together.await();
      to.accept(recording);
    }
    return null;
  }
}
