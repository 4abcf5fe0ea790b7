package dev.larder.requestscache;

import java.nio.ByteBuffer;

/**
 * UTF-8 with U+FFFD for each maximal part of an ill-formed sequence (Unicode 3.9, "U+FFFD
 * Substitution of Maximal Subparts"). The platform's decoder makes one of an encoded surrogate,
 * where Python makes three.
 */
final class Utf8 {
  private static final char REPLACEMENT = 0xFFFD;

  private Utf8() {}

  /** Appends what the remaining bytes say. */
  static void decode(ByteBuffer bytes, StringBuilder target) {
    while (bytes.hasRemaining()) {
      int first = bytes.get() & 0xFF;
      int missing = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
      boolean valid = first < 0x80 || (first >= 0xC2 && first <= 0xF4);
      int point = missing == 0 ? first : first & (0x3F >> missing);
      // The first byte narrows the second: no overlong forms, no surrogates, nothing too high.
      int low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
      int high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
      for (int i = 0; valid && i < missing; i++) {
        int next = bytes.hasRemaining() ? bytes.get(bytes.position()) & 0xFF : 0;
        valid = next >= low && next <= high;
        if (valid) {
          bytes.get();
          point = point << 6 | (next & 0x3F);
          low = 0x80;
          high = 0xBF;
        }
      }
      target.appendCodePoint(valid ? point : REPLACEMENT);
    }
  }
}
