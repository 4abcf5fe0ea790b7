package dev.larder.serial;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A growing array, and the primitives of the binary format. Not thread-safe. */
final class ByteWriter {
  private byte[] bytes = new byte[512];
  private int end;

  ByteWriter u8(int value) {
    reserve(1);
    bytes[end++] = (byte) value;
    return this;
  }

  /** Seven bits a byte, the lowest first; the top bit says that more follow. */
  ByteWriter unsigned(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[end++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[end++] = (byte) rest;
    return this;
  }

  /** As {@link #unsigned}, with numbers near zero, on either side, becoming small ones. */
  ByteWriter signed(long value) {
    return unsigned((value << 1) ^ (value >> 63));
  }

  /**
   * Length and UTF-8.
   *
   * @param what the attribute, for the message
   */
  ByteWriter text(String value, String what) {
    byte[] encoded;
    try {
      encoded = Utf8.encodeExact(value);
    } catch (IllegalArgumentException e) {
      throw new SerializationException(what + " cannot be written: " + e.getMessage(), e);
    }
    unsigned(encoded.length);
    reserve(encoded.length);
    System.arraycopy(encoded, 0, bytes, end, encoded.length);
    end += encoded.length;
    return this;
  }

  /** Length and bytes. */
  ByteWriter block(ByteBuffer block) {
    int length = block.remaining();
    unsigned(length);
    reserve(length);
    block.duplicate().get(bytes, end, length);
    end += length;
    return this;
  }

  /**
   * Everything written, followed by the length and bytes of this block, in an array of that size.
   */
  byte[] endWith(ByteBuffer block) {
    int length = block.remaining();
    unsigned(length);
    byte[] whole = Arrays.copyOf(bytes, sum(end, length));
    block.duplicate().get(whole, end, length);
    return whole;
  }

  private void reserve(int count) {
    int needed = sum(end, count);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(Math.max(needed, bytes.length * 2L), MAX_ARRAY));
    }
  }

  private static final int MAX_ARRAY = Integer.MAX_VALUE - 16;

  private static int sum(int end, int count) {
    if (count > MAX_ARRAY - end) {
      throw new SerializationException("an entry of 2 GiB or more cannot be written");
    }
    return end + count;
  }
}
