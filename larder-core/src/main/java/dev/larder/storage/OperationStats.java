package dev.larder.storage;

import java.time.Duration;
import java.util.Locale;

/**
 * What one kind of storage operation has cost so far. Immutable.
 *
 * @param requests requests sent to the back end, without the retries that its client made by itself
 * @param retries those retries; with a client that the storage was given, as far as it tells of
 *     them: for requests that failed in the end
 * @param failures requests that ended with an error, failed preconditions not counted
 * @param throttles answers saying that there were too many requests; with a client that the storage
 *     was given, only those that ended a request
 * @param readUnits read capacity units consumed, those of indexes included
 * @param writeUnits write capacity units consumed, those of indexes included; estimated for a write
 *     whose precondition failed, of which DynamoDB does not tell the price
 * @param bytesSent bytes of items sent, as the back end counts the size of items
 * @param bytesReceived bytes of items received, counted alike
 * @param latencies how long requests took until they were answered or had failed
 */
public record OperationStats(
    long requests,
    long retries,
    long failures,
    long throttles,
    double readUnits,
    double writeUnits,
    long bytesSent,
    long bytesReceived,
    Latencies latencies) {
  /** Nothing yet. */
  public static final OperationStats NONE =
      new OperationStats(0, 0, 0, 0, 0, 0, 0, 0, Latencies.NONE);

  /** Time spent waiting for answers. */
  public Duration time() {
    return latencies.total();
  }

  /** Both together. */
  public OperationStats plus(OperationStats other) {
    return new OperationStats(
        requests + other.requests,
        retries + other.retries,
        failures + other.failures,
        throttles + other.throttles,
        readUnits + other.readUnits,
        writeUnits + other.writeUnits,
        bytesSent + other.bytesSent,
        bytesReceived + other.bytesReceived,
        latencies.plus(other.latencies));
  }

  /** What came on top of an earlier reading. */
  public OperationStats minus(OperationStats earlier) {
    return new OperationStats(
        requests - earlier.requests,
        retries - earlier.retries,
        failures - earlier.failures,
        throttles - earlier.throttles,
        readUnits - earlier.readUnits,
        writeUnits - earlier.writeUnits,
        bytesSent - earlier.bytesSent,
        bytesReceived - earlier.bytesReceived,
        latencies.minus(earlier.latencies));
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d requests (%d retries, %d failed, %d throttled), %.1f read and %.1f write units, %d bytes sent, %d received, %s",
        requests,
        retries,
        failures,
        throttles,
        readUnits,
        writeUnits,
        bytesSent,
        bytesReceived,
        latencies);
  }
}
