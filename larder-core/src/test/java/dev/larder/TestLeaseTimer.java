package dev.larder;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Time that passes when a test says so. What is due runs on the test's thread. */
final class TestLeaseTimer implements LeaseTimer {
  private record Task(long due, long order, Runnable work) {}

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::due).thenComparingLong(Task::order));
  private long now = Long.MAX_VALUE - 1_000_000_000L;
  private long order;

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public void schedule(Runnable task, Duration delay) {
    if (delay.isZero()) {
      task.run();
    } else {
      tasks.add(new Task(delay.toNanos(), order++, task));
    }
  }

  void advance(Duration duration) {
    advance(duration.toNanos());
  }

  private void advance(long nanos) {
    long left = nanos;
    while (!tasks.isEmpty() && tasks.peek().due <= left) {
      Task next = tasks.remove();
      pass(next.due);
      left -= next.due;
      next.work.run();
    }
    pass(left);
  }

  /** The clock overflows on the way, as that of a JVM may. */
  private void pass(long nanos) {
    now += nanos;
    Task[] later =
        tasks.stream()
            .map(task -> new Task(task.due - nanos, task.order, task.work))
            .toArray(Task[]::new);
    tasks.clear();
    tasks.addAll(List.of(later));
  }

  /** How many things are still to be done. */
  int pending() {
    return tasks.size();
  }
}
