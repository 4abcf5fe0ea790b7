package dev.larder.jdk;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A future that does what those of {@code HttpClient.sendAsync} do: cancelling it, or a stage that
 * depends on it, cancels what is under way for it, of which there may be several things one after
 * the other, and none yet.
 */
final class CallFuture<T> extends CompletableFuture<T> {
  private final UnderWay underWay;

  CallFuture(UnderWay underWay) {
    this.underWay = underWay;
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    underWay.cancel(mayInterruptIfRunning);
    return cancelled;
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new CallFuture<>(underWay);
  }

  /** What is cancelled, shared by a future and those that depend on it. Thread-safe. */
  static final class UnderWay {
    private @Nullable Future<?> running;
    private boolean cancelled;

    /** Begins something unless cancelled. */
    <T> CompletableFuture<T> begin(Supplier<CompletableFuture<T>> begin) {
      synchronized (this) {
        if (cancelled) {
          return CompletableFuture.failedFuture(new CancellationException());
        }
      }
      CompletableFuture<T> future = begin.get();
      boolean tooLate;
      synchronized (this) {
        running = future;
        tooLate = cancelled;
      }
      if (tooLate) {
        future.cancel(true);
      }
      return future;
    }

    void cancel(boolean mayInterruptIfRunning) {
      Future<?> toCancel;
      synchronized (this) {
        // The JDK's client ends an exchange on cancel(true) only.
        cancelled |= mayInterruptIfRunning;
        toCancel = running;
      }
      if (toCancel != null) {
        toCancel.cancel(mayInterruptIfRunning);
      }
    }
  }
}
