package dev.larder.dynamodb;

import dev.larder.storage.StorageException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The rounds of one operation that reads and then writes if nothing came in between. Somebody else
 * got on in every round that fails, so a short wait is enough, unlike where DynamoDB is throttled.
 * Not thread-safe.
 */
final class MapRounds {
  /** Rounds after which an operation is given up. */
  static final int MAX = 64;

  private static final long FIRST_MICROS = 500;
  private static final long MAX_MICROS = 100_000;
  private static final int MAX_DOUBLINGS = 10;

  private final String table;
  private final String key;
  private final Backoff.Sleeper sleeper;
  private int lost;

  MapRounds(String table, String key, Backoff.Sleeper sleeper) {
    this.table = table;
    this.key = key;
    this.sleeper = sleeper;
  }

  /**
   * Waits before another round.
   *
   * @throws StorageException if there have been too many, or the thread is interrupted
   */
  void next() {
    if (++lost >= MAX) {
      throw new StorageException(
          "key "
              + MapKeys.shown(key)
              + " of the map in table \""
              + table
              + "\" was changed by others "
              + MAX
              + " times in a row while it was being changed here, so that nothing was written; run the operation"
              + " again, or spread what is written so often over several keys");
    }
    long ceiling = Math.min(MAX_MICROS, FIRST_MICROS << Math.min(lost, MAX_DOUBLINGS));
    try {
      sleeper.sleep(Duration.ofNanos(1_000 * ThreadLocalRandom.current().nextLong(ceiling + 1)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException(
          "interrupted before key "
              + MapKeys.shown(key)
              + " of the map in table \""
              + table
              + "\" could be changed",
          e);
    }
  }
}
