package dev.larder;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Bodies that say with every eight bytes whose they are and where they belong, so that a mixture of
 * two, a gap or an early end cannot go unseen. They do not compress, so that they are stored in as
 * many bytes as they have.
 */
final class KnownBody {
  /** Fits its entry's item. */
  static final int SMALL = 2_000;

  /** In parts. */
  static final int LARGE = 1_100_000;

  /** How many parts that are. */
  static final int LARGE_PARTS = 5;

  private KnownBody() {}

  /** The body of a version of the resource under a path; a whole number of words. */
  static byte[] of(String path, int version, int length) {
    ByteBuffer body = ByteBuffer.allocate(length);
    long seed = path.hashCode() * 1_000_003L + version;
    for (int index = 0; body.remaining() >= Long.BYTES; index++) {
      body.putLong(word(seed, index));
    }
    return body.array();
  }

  /** What is wrong with a body that should be this one; empty if nothing is. */
  static String difference(byte[] found, String path, int version, int length) {
    byte[] wanted = of(path, version, length);
    int at = Arrays.mismatch(found, wanted);
    return at < 0
        ? ""
        : "from byte "
            + at
            + " on, "
            + found.length
            + " bytes are not version "
            + version
            + " of "
            + path;
  }

  /** A bijection of 64 bits (the finalizer of MurmurHash3), so that no two words are alike. */
  private static long word(long seed, int index) {
    long bits = seed << 20 ^ index;
    bits = (bits ^ bits >>> 33) * 0xff51afd7ed558ccdL;
    bits = (bits ^ bits >>> 33) * 0xc4ceb9fe1a85ec53L;
    return bits ^ bits >>> 33;
  }
}
