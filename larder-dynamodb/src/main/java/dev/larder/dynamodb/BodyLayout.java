package dev.larder.dynamodb;

/**
 * Where bodies go by their size.
 *
 * @param maxBytes the longest body, before stages
 * @param inlineBytes the longest stored body, after stages, that is kept in the entry's item
 * @param partBytes how much of a longer body, before stages, goes into a part
 * @param prefetchBytes up to which length all parts are there and verified before a reader gets the
 *     first byte
 */
record BodyLayout(long maxBytes, int inlineBytes, int partBytes, long prefetchBytes) {
  /**
   * With the part's other attributes just within 256 KB, a whole number of the 4 KB steps in which
   * reads are billed.
   */
  static final int PART_BYTES = (256 << 10) - 512;

  static final BodyLayout DEFAULT = new BodyLayout(32 << 20, 16 << 10, PART_BYTES, 4 << 20);

  BodyLayout withMaxBytes(long bytes) {
    return new BodyLayout(bytes, inlineBytes, partBytes, prefetchBytes);
  }

  BodyLayout withInlineBytes(int bytes) {
    return new BodyLayout(maxBytes, bytes, partBytes, prefetchBytes);
  }

  BodyLayout withPartBytes(int bytes) {
    return new BodyLayout(maxBytes, inlineBytes, bytes, prefetchBytes);
  }

  BodyLayout withPrefetchBytes(long bytes) {
    return new BodyLayout(maxBytes, inlineBytes, partBytes, bytes);
  }
}
