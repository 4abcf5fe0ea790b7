package dev.larder;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * How {@link HttpCache#bulk(BulkOptions) bulk operations} go about their work. Immutable.
 *
 * <p>Defaults: as many segments of the storage at once as the cache was built with, for {@link
 * Bulk#update} one; as fast as the storage answers; from the beginning; telling nobody.
 */
public final class BulkOptions {
  /** The defaults above. */
  public static final BulkOptions DEFAULT =
      new BulkOptions(
          OptionalInt.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          Optional.empty(),
          progress -> {},
          Pace.Waiter.REAL);

  private static final int MAX_SEGMENTS = 64;

  private final OptionalInt segments;
  private final OptionalDouble readUnitsPerSecond;
  private final OptionalDouble writeUnitsPerSecond;
  private final Optional<String> resumeFrom;
  private final Consumer<Progress> progress;
  private final Pace.Waiter waiter;

  private BulkOptions(
      OptionalInt segments,
      OptionalDouble readUnitsPerSecond,
      OptionalDouble writeUnitsPerSecond,
      Optional<String> resumeFrom,
      Consumer<Progress> progress,
      Pace.Waiter waiter) {
    this.segments = segments;
    this.readUnitsPerSecond = readUnitsPerSecond;
    this.writeUnitsPerSecond = writeUnitsPerSecond;
    this.resumeFrom = resumeFrom;
    this.progress = progress;
    this.waiter = waiter;
  }

  /**
   * How far an operation has come.
   *
   * @param token for {@link #resumeFrom(String)}; it holds keys of entries, so treat it as one
   *     treats those
   * @param entries how many entries this run has dealt with
   */
  public record Progress(String token, long entries) {}

  /**
   * These options with so many segments of the storage worked on at once. An operation that is
   * taken up again keeps to the number that it began with.
   *
   * @throws IllegalArgumentException if not between 1 and 64
   */
  public BulkOptions segments(int count) {
    if (count < 1 || count > MAX_SEGMENTS) {
      throw new IllegalArgumentException(
          "segments must be between 1 and " + MAX_SEGMENTS + ", but is " + count);
    }
    return new BulkOptions(
        OptionalInt.of(count),
        readUnitsPerSecond,
        writeUnitsPerSecond,
        resumeFrom,
        progress,
        waiter);
  }

  /**
   * These options, consuming no more read units per second than this, over all segments together.
   * What a request consumes is known when it is answered; the next one waits accordingly. One
   * request reads up to a megabyte: half of 256 units.
   *
   * @throws IllegalArgumentException if not positive
   */
  public BulkOptions maxReadUnitsPerSecond(double units) {
    return new BulkOptions(
        segments,
        OptionalDouble.of(positive("maxReadUnitsPerSecond", units)),
        writeUnitsPerSecond,
        resumeFrom,
        progress,
        waiter);
  }

  /**
   * These options, consuming no more write units per second than this, over all segments together.
   * Entries are removed in batches of 25, so that one request may consume 25 times what an entry
   * does.
   *
   * @throws IllegalArgumentException if not positive
   */
  public BulkOptions maxWriteUnitsPerSecond(double units) {
    return new BulkOptions(
        segments,
        readUnitsPerSecond,
        OptionalDouble.of(positive("maxWriteUnitsPerSecond", units)),
        resumeFrom,
        progress,
        waiter);
  }

  /**
   * These options, going on where another run of the same operation over the same storage stopped.
   * What that run has dealt with is not read again; but an operation that an index answers begins
   * anew and meets what is left.
   */
  public BulkOptions resumeFrom(String token) {
    return new BulkOptions(
        segments, readUnitsPerSecond, writeUnitsPerSecond, Optional.of(token), progress, waiter);
  }

  /**
   * These options, telling every hundred entries or so, and at the end or when the operation fails,
   * how far it has come. Calls come one at a time, from any thread.
   */
  public BulkOptions onProgress(Consumer<Progress> consumer) {
    return new BulkOptions(
        segments,
        readUnitsPerSecond,
        writeUnitsPerSecond,
        resumeFrom,
        Objects.requireNonNull(consumer, "consumer"),
        waiter);
  }

  /** Waits with this; for tests. */
  BulkOptions waiter(Pace.Waiter value) {
    return new BulkOptions(
        segments, readUnitsPerSecond, writeUnitsPerSecond, resumeFrom, progress, value);
  }

  private static double positive(String name, double units) {
    if (!(units > 0)) {
      throw new IllegalArgumentException(name + " must be positive, but is " + units);
    }
    return units;
  }

  OptionalInt segments() {
    return segments;
  }

  Optional<String> resumeFrom() {
    return resumeFrom;
  }

  Consumer<Progress> progress() {
    return progress;
  }

  /** Keeps to the limits; empty if there are none. */
  Optional<Pace> pace() {
    return readUnitsPerSecond.isEmpty() && writeUnitsPerSecond.isEmpty()
        ? Optional.empty()
        : Optional.of(new Pace(readUnitsPerSecond, writeUnitsPerSecond, waiter));
  }
}
