package dev.larder.dynamodb;

import dev.larder.dynamodb.EntryFormat.InvalidItemException;
import java.util.Arrays;

/**
 * Python's {@code base64.b85decode}: how requests-cache's {@code json} serializer writes bytes.
 * Five digits of base 85, the highest first, are four bytes; a shorter last group has one digit
 * more than bytes.
 */
final class PythonBase85 {
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";

  private PythonBase85() {}

  /**
   * The bytes of a text.
   *
   * @throws InvalidItemException if it is not Base85
   */
  static byte[] decode(String text) {
    int padding = (5 - text.length() % 5) % 5;
    byte[] bytes = new byte[(text.length() + padding) / 5 * 4];
    int count = 0;
    for (int start = 0; start < text.length(); start += 5) {
      long group = 0;
      for (int i = start; i < start + 5; i++) {
        int digit = i < text.length() ? DIGITS.indexOf(text.charAt(i)) : DIGITS.length() - 1;
        if (digit < 0) {
          throw new InvalidItemException("its content is a text, but not Base85");
        }
        group = group * 85 + digit;
      }
      if (group > 0xFFFF_FFFFL) {
        throw new InvalidItemException("its content is a text, but not Base85");
      }
      for (int shift = 24; shift >= 0; shift -= 8) {
        bytes[count++] = (byte) (group >> shift);
      }
    }
    return Arrays.copyOf(bytes, Math.max(0, count - padding));
  }
}
