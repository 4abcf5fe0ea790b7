package dev.larder.storage;

import java.time.Duration;

/**
 * What one kind of storage operation has cost so far. Immutable.
 *
 * @param requests requests sent to the back end, without the retries that its client made by itself
 * @param readUnits read capacity units consumed
 * @param writeUnits write capacity units consumed; estimated for a write whose precondition failed,
 *     of which DynamoDB does not tell the price
 * @param failures requests that ended with an error, failed preconditions not counted
 * @param time time spent waiting for answers
 */
public record OperationStats(
    long requests, double readUnits, double writeUnits, long failures, Duration time) {
  /** Nothing yet. */
  public static final OperationStats NONE = new OperationStats(0, 0, 0, 0, Duration.ZERO);

  /** Both together. */
  public OperationStats plus(OperationStats other) {
    return new OperationStats(
        requests + other.requests,
        readUnits + other.readUnits,
        writeUnits + other.writeUnits,
        failures + other.failures,
        time.plus(other.time));
  }

  /** What came on top of an earlier reading. */
  public OperationStats minus(OperationStats earlier) {
    return new OperationStats(
        requests - earlier.requests,
        readUnits - earlier.readUnits,
        writeUnits - earlier.writeUnits,
        failures - earlier.failures,
        time.minus(earlier.time));
  }
}
