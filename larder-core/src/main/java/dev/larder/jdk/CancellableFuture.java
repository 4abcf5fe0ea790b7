package dev.larder.jdk;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A future that does what those of {@code HttpClient.sendAsync} do: cancelling it, or a stage that
 * depends on it, cancels the exchange, even though the exchange may begin only later.
 */
final class CancellableFuture<T> extends CompletableFuture<T> {
  private final Exchange exchange;

  CancellableFuture() {
    this(new Exchange());
  }

  private CancellableFuture(Exchange exchange) {
    this.exchange = exchange;
  }

  /** Runs what will lead to an exchange; if that fails at once, so does this future. */
  void completeBy(Runnable start) {
    try {
      start.run();
    } catch (RuntimeException | Error e) {
      completeExceptionally(e);
    }
  }

  /** Begins the exchange unless cancelled, and completes as it does. */
  // What becomes of the stage is what becomes of this future.
  @SuppressWarnings("FutureReturnValueIgnored")
  void follow(Supplier<CompletableFuture<T>> begin) {
    exchange
        .begin(begin)
        .whenComplete(
            (result, failure) -> {
              if (failure == null) {
                complete(result);
              } else {
                completeExceptionally(failure);
              }
            });
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    exchange.cancel(mayInterruptIfRunning);
    return cancelled;
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new CancellableFuture<>(exchange);
  }

  /** What is cancelled, shared by a future and those that depend on it. */
  private static final class Exchange {
    private @Nullable Future<?> running;
    private boolean cancelled;

    synchronized <T> CompletableFuture<T> begin(Supplier<CompletableFuture<T>> begin) {
      CompletableFuture<T> future;
      if (cancelled) {
        future = new CompletableFuture<>();
        future.cancel(true);
      } else {
        future = begin.get();
      }
      running = future;
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
