package dev.larder;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Time as those who wait for leases measure and spend it; a test's stands still until moved. */
interface LeaseTimer {
  /** Nanoseconds since some moment, as of {@link System#nanoTime()}. */
  long nanoTime();

  /** Runs something after a while, where it may wait for the storage. */
  void schedule(Runnable task, Duration delay);

  /** Real time. */
  static LeaseTimer real() {
    return Real.INSTANCE;
  }

  /** Real time. */
  enum Real implements LeaseTimer {
    /** The only one. */
    INSTANCE;

    @Override
    public long nanoTime() {
      return System.nanoTime();
    }

    @Override
    public void schedule(Runnable task, Duration delay) {
      if (delay.isZero()) {
        Threads.EXECUTOR.execute(task);
      } else {
        CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, Threads.EXECUTOR)
            .execute(task);
      }
    }
  }
}
