package dev.larder.dynamodb;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Waits between rounds of a batch that DynamoDB took only in part: exponential with full jitter, as
 * AWS advises.
 */
final class Backoff {
  /** How a thread waits; tests do not. */
  @FunctionalInterface
  interface Sleeper {
    void sleep(Duration duration) throws InterruptedException;
  }

  /** Rounds without any progress after which a batch is given up. */
  static final int MAX_IDLE_ROUNDS = 10;

  private static final long FIRST_MILLIS = 25;
  private static final long MAX_MILLIS = 5_000;

  private final Sleeper sleeper;

  Backoff(Sleeper sleeper) {
    this.sleeper = sleeper;
  }

  /** Waits before round {@code idleRounds}, counted from 1 since there was progress. */
  void await(int idleRounds) throws InterruptedException {
    long ceiling = Math.min(MAX_MILLIS, FIRST_MILLIS << Math.min(idleRounds, 20));
    sleeper.sleep(Duration.ofMillis(ThreadLocalRandom.current().nextLong(ceiling + 1)));
  }
}
