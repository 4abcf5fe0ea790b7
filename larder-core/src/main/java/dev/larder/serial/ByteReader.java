package dev.larder.serial;

import java.nio.ByteBuffer;

/**
 * Reads what {@link ByteWriter} wrote. Every length is compared with the bytes that are left before
 * anything of that length is made. Not thread-safe.
 */
final class ByteReader {
  private final byte[] bytes;
  private int position;

  ByteReader(byte[] bytes) {
    this.bytes = bytes;
  }

  int u8(String what) {
    if (position == bytes.length) {
      throw failure(what, "the bytes end here");
    }
    return bytes[position++] & 0xFF;
  }

  long unsigned(String what) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = u8(what);
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw failure(what, "a number of more than 64 bits");
  }

  long signed(String what) {
    long value = unsigned(what);
    return (value >>> 1) ^ -(value & 1);
  }

  int number(String what) {
    long value = signed(what);
    if (value != (int) value) {
      throw failure(what, "a number of more than 32 bits");
    }
    return (int) value;
  }

  /** A count of things of at least this many bytes each. */
  int count(String what, int leastBytes) {
    long count = unsigned(what);
    if (count < 0 || count > remaining() / leastBytes) {
      throw failure(what, "says " + Long.toUnsignedString(count) + ", which do not fit the rest");
    }
    return (int) count;
  }

  String text(String what) {
    int length = count(what, 1);
    String text =
        Utf8.decodeExact(bytes, position, length)
            .orElseThrow(() -> failure(what, "these " + length + " bytes are not UTF-8"));
    position += length;
    return text;
  }

  /** A view of the bytes of a block. */
  ByteBuffer block(String what) {
    int length = count(what, 1);
    ByteBuffer block = ByteBuffer.wrap(bytes, position, length);
    position += length;
    return block;
  }

  int remaining() {
    return bytes.length - position;
  }

  SerializationException failure(String what, String problem) {
    return new SerializationException(
        "binary entry cannot be read: " + what + " at byte " + position + ": " + problem);
  }
}
