package dev.larder.serial;

/** The stages that come with Larder. */
public final class Stages {
  private static final int DEFAULT_LEVEL = 6;
  private static final long DEFAULT_LIMIT = 64L << 20;

  private Stages() {}

  /** As {@link #gzip(int, long)}, at level 6 and with at most 64 MiB inflated. */
  public static Stage gzip() {
    return gzip(DEFAULT_LEVEL, DEFAULT_LIMIT);
  }

  /**
   * The gzip file format (RFC 1952), named {@code gzip}; other programs can read what it writes.
   * Equal bytes give equal bytes: there is no time or file name in the header. Everything is
   * encoded, also what becomes longer by it.
   *
   * @param level 0 (stored, not compressed), 1 (fast) to 9 (small)
   * @param maxInflatedSize bytes, at least 1; more than this is refused with a {@link
   *     SerializationException} in both directions, and when decoding before memory is taken for it
   * @throws IllegalArgumentException if an argument is out of bounds
   */
  public static Stage gzip(int level, long maxInflatedSize) {
    return new GzipStage(level, maxInflatedSize);
  }
}
