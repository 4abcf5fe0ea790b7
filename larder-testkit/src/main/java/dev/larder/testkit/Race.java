package dev.larder.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs tasks at the same time, each in a thread of its own. */
final class Race {
  private static final long LIMIT_SECONDS = 60;

  private Race() {}

  /**
   * Lets all tasks begin together and waits for them. Returns their results in order.
   *
   * @throws AssertionError if a task fails or does not end within a minute
   */
  static <T> List<T> run(List<? extends Callable<T>> tasks) {
    CyclicBarrier start = new CyclicBarrier(tasks.size());
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      List<Future<T>> futures = new ArrayList<>();
      for (Callable<T> task : tasks) {
        futures.add(threads.submit(() -> runAfter(start, task)));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get(LIMIT_SECONDS, TimeUnit.SECONDS));
      }
      return results;
    } catch (ExecutionException e) {
      throw new AssertionError("a racing task failed", e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("a racing task did not end", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static <T> T runAfter(CyclicBarrier start, Callable<T> task) throws Exception {
    start.await(LIMIT_SECONDS, TimeUnit.SECONDS);
    return task.call();
  }
}
