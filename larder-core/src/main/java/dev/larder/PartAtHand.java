package dev.larder;

import dev.larder.http.Body;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A stored part of a representation, in memory until the rest has come from the origin. What it
 * takes is taken out of the budget of all recordings, and so is the whole that becomes of both.
 * Thread-safe.
 */
final class PartAtHand {
  /** No part. */
  static final PartAtHand NONE = new PartAtHand(Body.empty(), new AtomicLong(), 0);

  private final Body body;
  private final AtomicLong budget;
  private final AtomicLong held;

  private PartAtHand(Body body, AtomicLong budget, long held) {
    this.body = body;
    this.budget = budget;
    this.held = new AtomicLong(held);
  }

  /**
   * A part that is to be brought into memory, if it is not there already; empty if the budget has
   * no room for it, or if it is not there any more.
   */
  static Optional<PartAtHand> load(
      Body stored, AtomicLong budget, Function<Body, Optional<Body>> load) {
    long bytes = stored.buffer().isPresent() ? 0 : Math.max(0, stored.length());
    if (!reserve(budget, bytes)) {
      return Optional.empty();
    }
    Optional<PartAtHand> part = Optional.empty();
    try {
      part = load.apply(stored).map(body -> new PartAtHand(body, budget, bytes));
    } finally {
      if (part.isEmpty()) {
        budget.addAndGet(bytes);
      }
    }
    return part;
  }

  Body body() {
    return body;
  }

  /**
   * Puts the rest to it, before or behind.
   *
   * @param complete takes the whole; true if it keeps the bytes in memory and will give them back
   *     to the budget itself
   * @return whether the budget had room for the whole
   */
  boolean complete(Body rest, boolean behind, Predicate<Body> complete) {
    long bytes = body.length() + rest.length();
    if (!reserve(budget, bytes)) {
      return false;
    }
    boolean kept = false;
    try {
      kept = complete.test(Bodies.joined(behind ? List.of(body, rest) : List.of(rest, body)));
    } finally {
      budget.addAndGet(kept ? 0 : bytes);
    }
    return true;
  }

  /** It is not needed any more. May be repeated. */
  void release() {
    budget.addAndGet(held.getAndSet(0));
  }

  private static boolean reserve(AtomicLong budget, long bytes) {
    if (budget.addAndGet(-bytes) >= 0) {
      return true;
    }
    budget.addAndGet(bytes);
    return false;
  }
}
