package dev.larder;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call made on a thread of its own, so that its caller can leave. It runs in any case, if only to
 * be interrupted at once: what it uses may wait for it to end. Thread-safe.
 */
final class Worker<T> implements Runnable {
  private final Supplier<T> work;
  private final Consumer<? super T> late;
  private final AtomicInteger overdue;
  private final CompletableFuture<T> result = new CompletableFuture<>();

  private @Nullable Thread thread;
  private boolean left;
  private boolean ended;

  /**
   * A call.
   *
   * @param late takes the result if the caller has left
   * @param overdue counts the calls whose callers have left
   */
  Worker(Supplier<T> work, Consumer<? super T> late, AtomicInteger overdue) {
    this.work = work;
    this.late = late;
    this.overdue = overdue;
  }

  /** What it will bring. */
  CompletableFuture<T> result() {
    return result;
  }

  @Override
  public void run() {
    begin();
    try {
      T value = work.get();
      if (!result.complete(value)) {
        beginLate();
        late.accept(value);
      }
    } catch (Throwable e) {
      // Whatever it is, it is the caller's to see.
      boolean unused = result.completeExceptionally(e);
    } finally {
      end();
    }
  }

  private synchronized void begin() {
    thread = Thread.currentThread();
    if (left) {
      thread.interrupt();
    }
  }

  /** The interruption was for the work, and not for what is done with its late result. */
  private synchronized void beginLate() {
    thread = null;
    boolean unused = Thread.interrupted();
  }

  private synchronized void end() {
    thread = null;
    ended = true;
    if (left) {
      overdue.decrementAndGet();
    }
    // The interruption was for this call; a pool uses the thread for others.
    boolean unused = Thread.interrupted();
  }

  /**
   * Nobody waits for the call any more, and it is interrupted. If it ended at the last moment: what
   * it has brought.
   */
  synchronized Optional<Supplier<T>> leave() {
    if (!result.completeExceptionally(new TimeoutException())) {
      return Optional.of(this::brought);
    }
    if (!ended) {
      left = true;
      overdue.incrementAndGet();
      if (thread != null) {
        thread.interrupt();
      }
    }
    return Optional.empty();
  }

  private T brought() {
    try {
      return result.get();
    } catch (ExecutionException e) {
      throw thrown(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("a result that is there is not waited for", e);
    }
  }

  /** What the work has thrown. */
  static RuntimeException thrown(ExecutionException e) {
    if (e.getCause() instanceof Error error) {
      throw error;
    }
    return e.getCause() instanceof RuntimeException failure
        ? failure
        : new IllegalStateException(e.getCause());
  }
}
