package dev.larder;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A timer on which time passes only as a test lets it pass. Who waits for a call that {@link #hang
 * hangs} has waited to the end at once; who waits for any other waits until it is done.
 */
public final class TestTimer implements Timer {
  private final CountDownLatch released = new CountDownLatch(1);
  private long now;
  private CompletableFuture<Void> hanging = new CompletableFuture<>();

  /** No time has passed yet. */
  public TestTimer() {}

  /** Something takes this long. */
  public synchronized void pass(Duration time) {
    now += time.toNanos();
  }

  /** How much time has passed since the beginning. */
  public synchronized Duration passed() {
    return Duration.ofNanos(now);
  }

  /** Hangs on the thread that calls it until that is interrupted. */
  public void hang() {
    signal();
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Hangs until interrupted, also for those who wait for the same call again. The last thing that
   * hangs in a test: somebody who waits for another call then may be taken for one of them.
   */
  public void hangOn() {
    try {
      do {
        signal();
      } while (!released.await(1, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Hangs whatever happens, until {@link #release}. */
  public void hangForGood() {
    signal();
    boolean interrupted = false;
    while (true) {
      try {
        released.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets go of what hangs. */
  public void release() {
    released.countDown();
  }

  private synchronized void signal() {
    hanging.complete(null);
  }

  private synchronized CompletableFuture<Void> hanging() {
    return hanging;
  }

  @Override
  public synchronized long nanoTime() {
    return now;
  }

  @Override
  public <T> T await(CompletableFuture<T> future, long nanos)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    CompletableFuture.anyOf(future.handle((value, failure) -> true), hanging()).get();
    if (future.isDone()) {
      return future.get();
    }
    synchronized (this) {
      now += nanos;
      hanging = new CompletableFuture<>();
    }
    throw new TimeoutException();
  }
}
