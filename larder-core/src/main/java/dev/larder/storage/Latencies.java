package dev.larder.storage;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long a number of operations took. Their total is exact; everything else is told by a fixed
 * histogram, so a percentile is never less than the true one and at most an eighth, or a
 * microsecond, more. What took longer than about two minutes counts as that. Immutable.
 */
public final class Latencies {
  /** Nothing yet. */
  public static final Latencies NONE = new Latencies(new long[0], 0);

  /** Each power of two of microseconds is cut in so many: 2 to the power of 3. */
  private static final int PRECISION = 3;

  private static final int FIRST = 1 << PRECISION;
  private static final int LARGEST = 27;
  private static final int BUCKETS = (LARGEST - PRECISION + 1) * FIRST;

  private final long[] counts;
  private final long totalNanos;

  private Latencies(long[] counts, long totalNanos) {
    this.counts = counts;
    this.totalNanos = totalNanos;
  }

  /** Collects what is measured. Thread-safe. */
  public static final class Recorder {
    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);
    private final LongAdder totalNanos = new LongAdder();

    /** Without measurements. */
    public Recorder() {}

    /** Adds what one operation took; a negative time counts as none. */
    public void add(Duration time) {
      long nanos = Math.max(0, time.toNanos());
      counts.incrementAndGet(bucket(nanos / 1000));
      totalNanos.add(nanos);
    }

    /** All that was added so far. */
    public Latencies snapshot() {
      long[] copy = new long[BUCKETS];
      for (int i = 0; i < BUCKETS; i++) {
        copy[i] = counts.get(i);
      }
      return new Latencies(copy, totalNanos.sum());
    }
  }

  private static int bucket(long micros) {
    if (micros < FIRST) {
      return (int) micros;
    }
    int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros);
    int within = (int) (micros >>> (exponent - PRECISION)) & (FIRST - 1);
    return Math.min(BUCKETS - 1, (exponent - PRECISION + 1) * FIRST + within);
  }

  /** The microseconds at which a bucket begins. */
  private static long begin(int bucket) {
    return bucket < FIRST ? bucket : (long) (FIRST + bucket % FIRST) << (bucket / FIRST - 1);
  }

  /** How many operations there were. */
  public long count() {
    return Arrays.stream(counts).sum();
  }

  /** What all of them took together. */
  public Duration total() {
    return Duration.ofNanos(totalNanos);
  }

  /** What half of them took at most; zero if there were none. */
  public Duration median() {
    return percentile(50);
  }

  /** What the slowest took; zero if there were none. */
  public Duration max() {
    return percentile(100);
  }

  /**
   * What this percentage of them took at most; zero if there were none.
   *
   * @throws IllegalArgumentException if not above 0 and up to 100
   */
  public Duration percentile(double percent) {
    if (!(percent > 0 && percent <= 100)) {
      throw new IllegalArgumentException(
          "percent must be above 0 and up to 100, but is " + percent);
    }
    long rank = (long) Math.ceil(count() * percent / 100);
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen > 0 && seen >= rank) {
        return Duration.ofNanos(begin(i + 1) * 1000);
      }
    }
    return Duration.ZERO;
  }

  /** Both together. */
  public Latencies plus(Latencies other) {
    return combined(other, 1);
  }

  /** What came on top of an earlier reading. */
  public Latencies minus(Latencies earlier) {
    return combined(earlier, -1);
  }

  private Latencies combined(Latencies other, int sign) {
    long[] sum = Arrays.copyOf(counts, Math.max(counts.length, other.counts.length));
    for (int i = 0; i < other.counts.length; i++) {
      sum[i] += sign * other.counts[i];
    }
    return new Latencies(sum, totalNanos + sign * other.totalNanos);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Latencies that
        && totalNanos == that.totalNanos
        && Arrays.equals(Arrays.copyOf(counts, BUCKETS), Arrays.copyOf(that.counts, BUCKETS));
  }

  @Override
  public int hashCode() {
    return Long.hashCode(totalNanos);
  }

  /** Median, 99th percentile and maximum in milliseconds. */
  @Override
  public String toString() {
    return "p50 " + millis(median()) + ", p99 " + millis(percentile(99)) + ", max " + millis(max());
  }

  private static String millis(Duration time) {
    return String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6);
  }
}
