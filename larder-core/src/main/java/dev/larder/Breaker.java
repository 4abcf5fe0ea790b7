package dev.larder;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps calls away from what fails. Closed, it lets all through. It opens after {@value
 * #MOST_FAILURES} failures in a row, or after one that does not go away by itself, and lets nothing
 * through for a pause. Then one call may try: if it is answered, the breaker closes; if it fails,
 * the next pause is twice as long, up to {@link #LONGEST_PAUSE}. Pauses are shortened by up to a
 * half at random, or a thousand processes that lost their table at the same moment would all come
 * back at the same moment.
 *
 * <p>Thread-safe.
 */
final class Breaker {
  static final int MOST_FAILURES = 5;
  static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final Clock clock;
  private final DoubleSupplier random;

  private int failures;
  private int pauses;
  private @Nullable Instant openedAt;
  private Instant openUntil = Instant.MIN;
  private boolean trying;
  private long calls;
  private long lastFailure = -1;
  private boolean failing;
  private String reason = "";

  /**
   * A closed breaker.
   *
   * @param random numbers from 0 to 1
   */
  Breaker(Clock clock, DoubleSupplier random) {
    this.clock = clock;
    this.random = random;
  }

  /**
   * A call that was let through; to be given back with what became of it.
   *
   * @param trial whether it is the one that finds out whether to close again
   */
  record Pass(boolean trial, long number) {}

  /**
   * Lets a call through, or not.
   *
   * @param mayTry whether it will do as a trial
   */
  synchronized Optional<Pass> enter(boolean mayTry) {
    if (openedAt == null) {
      return Optional.of(new Pass(false, calls++));
    }
    if (!mayTry || trying || isPause(openedAt)) {
      return Optional.empty();
    }
    trying = true;
    return Optional.of(new Pass(true, calls++));
  }

  /** Lets through what goes on with a call of before. */
  synchronized Pass goOn() {
    return new Pass(false, calls++);
  }

  /** A clock that was set back makes no pause longer. */
  private boolean isPause(Instant since) {
    Instant now = clock.instant();
    return now.isBefore(openUntil) && !now.isBefore(since);
  }

  /** The call was answered. */
  synchronized void answered(Pass pass) {
    if (pass.trial()) {
      trying = false;
      openedAt = null;
      pauses = 0;
    }
    if (openedAt == null) {
      failures = 0;
      // What was begun before the last failure does not show that it is over.
      failing &= pass.number() < lastFailure;
    }
  }

  /**
   * The call failed.
   *
   * @param lasting whether it is of a kind that does not go away by itself
   */
  synchronized void failed(Pass pass, boolean lasting, String why) {
    lastFailure = calls;
    failing = true;
    reason = why;
    if (pass.trial()) {
      trying = false;
      open();
    } else if (openedAt == null && (++failures >= MOST_FAILURES || lasting)) {
      open();
    }
  }

  /** It has been seen to, whatever was wrong: the next call is let through. */
  synchronized void reset() {
    openedAt = null;
    pauses = 0;
    failures = 0;
  }

  /** Nothing is known of what the call would have brought. */
  synchronized void withdrawn(Pass pass) {
    if (pass.trial()) {
      trying = false;
    }
  }

  private void open() {
    Instant now = clock.instant();
    long longest = FIRST_PAUSE.toMillis() << Math.min(pauses++, 10);
    long pause = Math.min(longest, LONGEST_PAUSE.toMillis());
    openedAt = now;
    openUntil = now.plusMillis((long) (pause * (1 - random.getAsDouble() / 2)));
  }

  /** Whether the last that is known is a failure. */
  synchronized boolean isFailing() {
    return failing;
  }

  /** Why the last call failed that did. */
  synchronized String reason() {
    return reason;
  }
}
