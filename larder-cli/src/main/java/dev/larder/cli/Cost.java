package dev.larder.cli;

import dev.larder.HttpCache;
import dev.larder.storage.OperationStats;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What something has cost.
 *
 * @param requests requests to DynamoDB
 * @param readUnits read units consumed
 * @param writeUnits write units consumed
 * @param time from the request to the last byte of the answer
 */
record Cost(long requests, double readUnits, double writeUnits, Duration time) {
  /** No cost. */
  static final Cost NOTHING = new Cost(0, 0, 0, Duration.ZERO);

  private static final Pattern TEXT =
      Pattern.compile(
          "(\\d+) requests? to DynamoDB, ([0-9.]+) read and ([0-9.]+) write units; ([0-9.]+) ms");

  /** What a cache has spent since an earlier reading. */
  static Cost since(OperationStats earlier, HttpCache cache, Duration time) {
    OperationStats spent = soFar(cache).minus(earlier);
    return new Cost(spent.requests(), spent.readUnits(), spent.writeUnits(), time);
  }

  /** A reading of all that a cache has spent. */
  static OperationStats soFar(HttpCache cache) {
    return cache.stats().total();
  }

  /** The cost in what {@link #toString} wrote; empty if the text is something else. */
  static Optional<Cost> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    return matcher.find()
        ? Optional.of(
            new Cost(
                Long.parseLong(matcher.group(1)),
                Double.parseDouble(matcher.group(2)),
                Double.parseDouble(matcher.group(3)),
                Duration.ofNanos(Math.round(Double.parseDouble(matcher.group(4)) * 1e6))))
        : Optional.empty();
  }

  Cost plus(Cost other) {
    return new Cost(
        requests + other.requests,
        readUnits + other.readUnits,
        writeUnits + other.writeUnits,
        time.plus(other.time));
  }

  /** Units come in halves. */
  static String units(double units) {
    return String.format(Locale.ROOT, units == Math.rint(units) ? "%.0f" : "%.1f", units);
  }

  /** Milliseconds, with a decimal while they are few. */
  static String millis(Duration time) {
    double millis = time.toNanos() / 1e6;
    return String.format(Locale.ROOT, millis < 10 ? "%.1f" : "%.0f", millis);
  }

  @Override
  public String toString() {
    return requests
        + (requests == 1 ? " request" : " requests")
        + " to DynamoDB, "
        + units(readUnits)
        + " read and "
        + units(writeUnits)
        + " write units; "
        + millis(time)
        + " ms";
  }
}
