package dev.larder;

import java.util.List;
import java.util.Locale;

/**
 * What a bulk operation would do and cost, as a {@link DryRun} found it. Immutable.
 *
 * <p>Entries that others write or remove before the operation runs are not foreseen, nor are writes
 * that would find a newer entry in their way, nor requests repeated because of throttling, nor what
 * writes cost in an index.
 *
 * @param entries how many entries it would touch
 * @param sample the keys of up to ten of them
 * @param requests how many requests it would send
 * @param readUnits the read units it would consume; the dry run has just consumed as many, for
 *     {@code clear()} those of a listing more
 * @param writeUnits the write units it would consume
 */
public record BulkEstimate(
    long entries, List<String> sample, long requests, double readUnits, double writeUnits) {
  /** Copies the list. */
  public BulkEstimate {
    sample = List.copyOf(sample);
  }

  /** What the units would cost, in the prices' currency. */
  public double cost(Prices prices) {
    return prices.ofUnits(readUnits, writeUnits);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d entries, such as %s; %d requests, %.1f read and %.1f write units",
        entries,
        sample,
        requests,
        readUnits,
        writeUnits);
  }
}
