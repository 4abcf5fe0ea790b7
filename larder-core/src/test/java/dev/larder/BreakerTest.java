package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Breaker.Pass;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When calls are let through. */
class BreakerTest {
  private final TestClock clock = new TestClock();
  private double random;
  private final Breaker breaker = new Breaker(clock, () -> random);

  private Pass enter() {
    return breaker.enter(true).orElseThrow();
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      breaker.failed(enter(), false, "failure " + i);
    }
  }

  private boolean isOpen() {
    Optional<Pass> pass = breaker.enter(false);
    return pass.isEmpty();
  }

  @Test
  void enter_fewFailures_isClosed() {
    fail(Breaker.MOST_FAILURES - 1);
    assertThat(isOpen()).isFalse();
    assertThat(breaker.isFailing()).isTrue();
  }

  @Test
  void enter_manyFailuresInARow_isOpen() {
    fail(Breaker.MOST_FAILURES);
    assertThat(isOpen()).isTrue();
    assertThat(breaker.reason()).isEqualTo("failure 4");
  }

  @Test
  void enter_failuresWithAnswersBetween_isClosed() {
    for (int i = 0; i < 10; i++) {
      fail(Breaker.MOST_FAILURES - 1);
      breaker.answered(enter());
    }
    assertThat(isOpen()).isFalse();
    assertThat(breaker.isFailing()).isFalse();
  }

  @Test
  void enter_oneLastingFailure_isOpen() {
    breaker.failed(enter(), true, "no permission");
    assertThat(isOpen()).isTrue();
  }

  @Test
  void enter_pauseOver_letsOneTry() {
    fail(Breaker.MOST_FAILURES);
    clock.advance(Breaker.FIRST_PAUSE.minusMillis(1));
    assertThat(breaker.enter(true)).isEmpty();
    clock.advance(Duration.ofMillis(1));

    assertThat(breaker.enter(false)).isEmpty();
    assertThat(enter().trial()).isTrue();
    assertThat(breaker.enter(true)).isEmpty();
  }

  @Test
  void answered_trial_closes() {
    fail(Breaker.MOST_FAILURES);
    clock.advance(Breaker.FIRST_PAUSE);
    breaker.answered(enter());

    assertThat(enter().trial()).isFalse();
    assertThat(breaker.isFailing()).isFalse();
    fail(Breaker.MOST_FAILURES - 1);
    assertThat(isOpen()).isFalse();
  }

  @Test
  void failed_trials_pauseGrowsToABound() {
    fail(Breaker.MOST_FAILURES);
    for (int seconds : new int[] {1, 2, 4, 8, 16, 30, 30}) {
      clock.advance(Duration.ofSeconds(seconds).minusMillis(1));
      assertThat(breaker.enter(true)).as(seconds + " s").isEmpty();
      clock.advance(Duration.ofMillis(1));
      breaker.failed(enter(), false, "still");
    }
    clock.advance(Breaker.LONGEST_PAUSE);
    breaker.answered(enter());
    fail(Breaker.MOST_FAILURES);
    clock.advance(Breaker.FIRST_PAUSE);
    assertThat(enter().trial()).isTrue();
  }

  @Test
  void failed_random_pauseIsUpToHalfShorter() {
    random = 1;
    fail(Breaker.MOST_FAILURES);
    clock.advance(Breaker.FIRST_PAUSE.dividedBy(2).minusMillis(1));
    assertThat(breaker.enter(true)).isEmpty();
    clock.advance(Duration.ofMillis(1));
    assertThat(enter().trial()).isTrue();
  }

  @Test
  void withdrawn_trial_letsAnotherTry() {
    fail(Breaker.MOST_FAILURES);
    clock.advance(Breaker.FIRST_PAUSE);
    breaker.withdrawn(enter());
    assertThat(enter().trial()).isTrue();
  }

  @Test
  void enter_clockSetBack_pauseIsNotLonger() {
    fail(Breaker.MOST_FAILURES);
    clock.advance(Duration.ofDays(-1));
    assertThat(enter().trial()).isTrue();
  }

  /** A call that was on its way before does not show that the storage is well again. */
  @Test
  void answered_begunBeforeTheFailure_isStillFailing() {
    Pass slow = enter();
    fail(1);
    breaker.answered(slow);
    assertThat(breaker.isFailing()).isTrue();
    breaker.answered(enter());
    assertThat(breaker.isFailing()).isFalse();
  }

  @Test
  void answered_lateWhileOpen_staysOpen() {
    Pass slow = enter();
    fail(Breaker.MOST_FAILURES);
    breaker.answered(slow);
    breaker.failed(breaker.goOn(), false, "late");
    assertThat(isOpen()).isTrue();
  }
}
