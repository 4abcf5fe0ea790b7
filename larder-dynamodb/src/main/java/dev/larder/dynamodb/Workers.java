package dev.larder.dynamodb;

import dev.larder.storage.StorageException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that send the requests for parts, of all bodies that one storage reads and writes at
 * a time. Their number bounds the connections that large bodies take from everything else. They are
 * started when needed and end when idle. Thread-safe.
 */
final class Workers implements AutoCloseable {
  /** How many requests of one body are under way or done and not yet used. It bounds the memory. */
  static final int WINDOW = 4;

  private static final int THREADS = 4 * WINDOW;
  private static final long IDLE_SECONDS = 10;

  private final ThreadPoolExecutor pool;

  Workers() {
    pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "larder-parts");
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
  }

  <T> Future<T> submit(Callable<T> work) {
    try {
      return pool.submit(work);
    } catch (RejectedExecutionException e) {
      throw closed();
    }
  }

  /** Waits for a result, and fails as the work did. */
  static <T> T await(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      future.cancel(true);
      Thread.currentThread().interrupt();
      throw new StorageException("interrupted while parts of a body were under way", e);
    } catch (CancellationException e) {
      throw closed();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        // Who waited is known; where the request failed matters more.
        throw failure;
      }
      throw new StorageException("a part of a body failed", e.getCause());
    }
  }

  private static StorageException closed() {
    return new StorageException("it is closed; build a new one to go on");
  }

  @Override
  public void close() {
    for (Runnable waiting : pool.shutdownNow()) {
      if (waiting instanceof Future<?> future) {
        future.cancel(false);
      }
    }
  }
}
