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

  /**
   * Encryption with AES in Galois/counter mode (NIST SP 800-38D), named {@code aes-gcm}, with a
   * random nonce for each body. Bound to the place: bytes that were changed, or copied to another
   * key, version or part, do not open. Adds 30 bytes and the key's id. Encrypted bytes do not
   * compress, so a gzip stage has to come before it.
   *
   * <p>One key is good for 2<sup>32</sup> bodies or parts; rotate it long before.
   *
   * @param keys of 16, 24 or 32 bytes each
   * @throws IllegalArgumentException if a key has another length
   */
  public static Stage aesGcm(StageKeys keys) {
    return new AesGcmStage(keys);
  }

  /**
   * Signing with HMAC and SHA-256 (RFC 2104), named {@code hmac-sha256}: the bytes stay readable,
   * and ones that were changed, or copied to another key, version or part, are refused. Adds 34
   * bytes and the key's id. Not needed together with {@link #aesGcm}, which does the same.
   *
   * @param keys of at least 16 bytes each; 32 are usual
   */
  public static Stage hmac(StageKeys keys) {
    return new HmacStage(keys);
  }
}
