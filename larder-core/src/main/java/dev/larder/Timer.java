package dev.larder;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How one waits for a storage, and for how long. Tests have one on which no time passes. */
interface Timer {
  /** The real one. */
  Timer SYSTEM =
      new Timer() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public <T> T await(CompletableFuture<T> future, long nanos)
            throws InterruptedException, ExecutionException, TimeoutException {
          return future.get(nanos, TimeUnit.NANOSECONDS);
        }
      };

  /** Nanoseconds since some moment. */
  long nanoTime();

  /** What comes of the future, if it comes within this time. */
  <T> T await(CompletableFuture<T> future, long nanos)
      throws InterruptedException, ExecutionException, TimeoutException;
}
