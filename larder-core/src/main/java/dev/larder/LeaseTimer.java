package dev.larder;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Time as those who wait for leases measure and spend it; a test's stands still until moved. */
interface LeaseTimer {
  /** Nanoseconds since some moment, as of {@link System#nanoTime()}. */
  long nanoTime();

  /** Runs something after a while, where it may wait for the storage. */
  void schedule(Runnable task, Duration delay);

  /** Real time. Its threads do not keep a JVM up, and end when there is nothing to do. */
  static LeaseTimer real() {
    return Real.INSTANCE;
  }

  /** Real time. */
  enum Real implements LeaseTimer {
    /** The only one. */
    INSTANCE;

    private static final Executor THREADS = Executors.newCachedThreadPool(Real::daemon);

    @Override
    public long nanoTime() {
      return System.nanoTime();
    }

    @Override
    public void schedule(Runnable task, Duration delay) {
      if (delay.isZero()) {
        THREADS.execute(task);
      } else {
        CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, THREADS)
            .execute(task);
      }
    }

    private static Thread daemon(Runnable work) {
      Thread thread = new Thread(work, "larder-leases");
      thread.setDaemon(true);
      return thread;
    }
  }
}
