package dev.larder;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Until when the storage operations of one step of an exchange may be waited for, all of them
 * together. A look-up reads a list of variants, then the variant, then its body, and its caller
 * wants to know of one budget only.
 *
 * <p>It applies to what the thread calls {@linkplain #within within} it: the operations are calls
 * of a {@link dev.larder.storage.ResponseStorage}, which may have other layers above the {@link
 * GuardedStorage} that heeds it and knows no deadlines itself.
 */
final class Deadline {
  private static final ThreadLocal<@Nullable Deadline> CURRENT = new ThreadLocal<>();

  private final Timer timer;
  private final Duration budget;
  private volatile long end;
  private final AtomicInteger renewals = new AtomicInteger();

  private Deadline(Timer timer, Duration budget) {
    this.timer = timer;
    this.budget = budget;
    this.end = timer.nanoTime() + budget.toNanos();
  }

  /** A deadline this long from now. */
  static Deadline in(Duration budget, Timer timer) {
    return new Deadline(timer, budget);
  }

  /** The deadline that this thread's calls are under, or else one this long from now. */
  static Deadline currentOr(Duration budget, Timer timer) {
    Deadline current = CURRENT.get();
    return current == null ? in(budget, timer) : current;
  }

  /** Runs something under this deadline. */
  <T> T within(Supplier<T> work) {
    Deadline outer = CURRENT.get();
    CURRENT.set(this);
    try {
      return work.get();
    } finally {
      if (outer == null) {
        CURRENT.remove();
      } else {
        CURRENT.set(outer);
      }
    }
  }

  /** Runs something under this deadline. */
  void run(Runnable work) {
    boolean unused =
        within(
            () -> {
              work.run();
              return true;
            });
  }

  /**
   * As long again from now: something that takes many requests has come one of them further. Unlike
   * anything else here, from any thread.
   */
  void renew() {
    end = timer.nanoTime() + budget.toNanos();
    renewals.incrementAndGet();
  }

  /** How often it was renewed. */
  int renewals() {
    return renewals.get();
  }

  /** How long it was in the beginning. */
  Duration budget() {
    return budget;
  }

  /** How long is left, in nanoseconds; not positive if nothing is. */
  long left() {
    return end - timer.nanoTime();
  }

  /** Whether there is time for more than what has to be done. */
  boolean hasHalfLeft() {
    return left() > budget.toNanos() / 2;
  }
}
