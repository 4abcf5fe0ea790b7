package dev.larder.requestscache;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** {@code urllib.parse.quote} and {@code unquote}, for text in UTF-8. */
final class PercentCoding {
  private static final String HEX = "0123456789ABCDEF";
  private static final String ALWAYS_SAFE = "_.-~";

  private PercentCoding() {}

  /**
   * The text with every character escaped but ASCII letters, digits, {@code _.-~} and those given.
   *
   * @param safe ASCII characters to leave alone
   */
  static String quote(String text, String safe) {
    StringBuilder quoted = new StringBuilder(text.length() + 16);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      if (isAlphanumeric(c) || ALWAYS_SAFE.indexOf(c) >= 0 || safe.indexOf(c) >= 0) {
        quoted.append(c);
      } else {
        appendEscape(quoted, b);
      }
    }
    return quoted.toString();
  }

  /** {@link #quote} for a piece of a form: a space becomes {@code +}. */
  static String quotePlus(String text) {
    return quote(text, " ").replace(' ', '+');
  }

  /**
   * The text with its escapes decoded. What is not UTF-8 becomes U+FFFD; an incomplete escape
   * stays.
   */
  static String unquote(String text) {
    int escape = text.indexOf('%');
    if (escape < 0) {
      return text;
    }
    StringBuilder decoded = new StringBuilder(text.length());
    ByteBuffer run = ByteBuffer.allocate(text.length() / 3 + 1);
    int i = 0;
    while (i < text.length()) {
      int value = escapeAt(text, i);
      if (value >= 0) {
        run.put((byte) value);
        i += 3;
      } else {
        appendRun(decoded, run);
        decoded.append(text.charAt(i));
        i++;
      }
    }
    appendRun(decoded, run);
    return decoded.toString();
  }

  /** {@link #unquote} for a piece of a form: {@code +} is a space. */
  static String unquotePlus(String text) {
    return unquote(text.replace('+', ' '));
  }

  /** The value of the escape at this index, or -1 if none is there. */
  static int escapeAt(String text, int index) {
    if (text.charAt(index) != '%' || index + 2 >= text.length()) {
      return -1;
    }
    int high = hexDigit(text.charAt(index + 1));
    int low = hexDigit(text.charAt(index + 2));
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  static void appendEscape(StringBuilder target, byte value) {
    target.append('%').append(HEX.charAt(value >> 4 & 0xF)).append(HEX.charAt(value & 0xF));
  }

  /** The value of an ASCII hexadecimal digit, or -1. {@link Character#digit} takes others too. */
  static int hexDigit(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }

  static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static void appendRun(StringBuilder target, ByteBuffer run) {
    if (run.position() > 0) {
      Utf8.decode(run.flip(), target);
      run.clear();
    }
  }
}
