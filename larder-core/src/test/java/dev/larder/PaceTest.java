package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.storage.StorageException;
import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final OptionalDouble NONE = OptionalDouble.empty();

  private final FakeWaiter waiter = new FakeWaiter();

  /** Time passes only by waiting, and begins near the end of its range. */
  static final class FakeWaiter implements Pace.Waiter {
    private static final long BEGIN = Long.MAX_VALUE - 1_000_000_000;
    private long now = BEGIN;

    @Override
    public long nanos() {
      return now;
    }

    @Override
    public void until(long nanos) {
      now = nanos;
    }

    void pass(Duration time) {
      now += time.toNanos();
    }

    Duration waited() {
      return Duration.ofNanos(now - BEGIN);
    }
  }

  @Test
  void consumed_withinALimit_takesTheTimeOfItsUnits() {
    Pace pace = new Pace(OptionalDouble.of(10), OptionalDouble.of(2), waiter);
    pace.consumed(5, 0);
    assertThat(waiter.waited()).isEqualTo(Duration.ofMillis(500));
    pace.consumed(0, 3);
    assertThat(waiter.waited()).isEqualTo(Duration.ofSeconds(2));
    pace.consumed(10, 1);
    assertThat(waiter.waited()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void consumed_afterAPause_savesNothingUp() {
    Pace pace = new Pace(OptionalDouble.of(10), NONE, waiter);
    waiter.pass(Duration.ofMinutes(1));
    pace.consumed(10, 100);
    assertThat(waiter.waited()).isEqualTo(Duration.ofSeconds(61));
  }

  @Test
  void consumed_whatTookLongerThanItsUnits_doesNotWait() {
    Pace pace = new Pace(OptionalDouble.of(10), NONE, waiter);
    pace.consumed(1, 0);
    waiter.pass(Duration.ofSeconds(1));
    pace.consumed(0, 7);
    assertThat(waiter.waited()).isEqualTo(Duration.ofMillis(1100));
  }

  @Test
  void consumed_interrupted_endsTheOperationAndStaysInterrupted() {
    Pace pace =
        new Pace(
            OptionalDouble.of(1),
            NONE,
            new Pace.Waiter() {
              @Override
              public long nanos() {
                return 0;
              }

              @Override
              public void until(long nanos) throws InterruptedException {
                throw new InterruptedException();
              }
            });
    assertThatThrownBy(() -> pace.consumed(1, 0))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void real_pastTime_doesNotWait() throws InterruptedException {
    long now = Pace.Waiter.REAL.nanos();
    Pace.Waiter.REAL.until(now - 1);
    assertThat(Pace.Waiter.REAL.nanos()).isGreaterThanOrEqualTo(now);
  }
}
