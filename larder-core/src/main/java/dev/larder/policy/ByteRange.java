package dev.larder.policy;

/**
 * A range of bytes (RFC 9110 §14.1.2).
 *
 * @param first the offset of the first byte, from 0
 * @param last the offset of the last byte
 */
public record ByteRange(long first, long last) {
  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException if first is negative, last is before first, or last is {@code
   *     Long.MAX_VALUE}
   */
  public ByteRange {
    if (first < 0 || last < first || last == Long.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a range needs 0 <= first <= last < 2^63 - 1, but is " + first + "-" + last);
    }
  }

  /** How many bytes there are. */
  public long length() {
    return last - first + 1;
  }
}
