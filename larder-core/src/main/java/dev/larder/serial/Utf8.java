package dev.larder.serial;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * UTF-8 (RFC 3629) without losses. {@link String#String(byte[], java.nio.charset.Charset)} and
 * {@link String#getBytes(java.nio.charset.Charset)} replace what they cannot represent, so that a
 * stored body would quietly come back changed; these methods refuse instead. Thread-safe.
 */
public final class Utf8 {
  /** Enough to recognise compressed data and images without decoding them whole. */
  private static final int PROBE = 256;

  private static final char REPLACEMENT = '\uFFFD';

  // A table is twice as fast here as asking Character about each.
  private static final boolean[] UNREADABLE = new boolean[0xA0];

  static {
    for (char c = 0; c < UNREADABLE.length; c++) {
      UNREADABLE[c] = Character.isISOControl(c) && c != '\t' && c != '\n' && c != '\r';
    }
  }

  private Utf8() {}

  /**
   * The text of the remaining bytes if they are well-formed; encoding it gives the same bytes
   * again. A byte order mark stays, as U+FEFF. The buffer's position does not move.
   *
   * @return empty if the bytes are not UTF-8
   */
  public static Optional<String> decodeExact(ByteBuffer bytes) {
    if (bytes.hasArray()) {
      return decodeExact(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    }
    if (!beginsWellFormed(bytes)) {
      return Optional.empty();
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return decodeWhole(copy, 0, copy.length);
  }

  /**
   * As {@link #decodeExact(ByteBuffer)}, and only if the text has no control characters (Unicode
   * category Cc) other than TAB, LF and CR, so that a person sees all of it.
   *
   * @return empty if the bytes are not UTF-8 or not readable
   */
  public static Optional<String> decodeReadable(ByteBuffer bytes) {
    return decodeExact(bytes).filter(Utf8::isReadable);
  }

  static Optional<String> decodeExact(byte[] bytes, int offset, int length) {
    return length > PROBE && !beginsWellFormed(ByteBuffer.wrap(bytes, offset, PROBE))
        ? Optional.empty()
        : decodeWhole(bytes, offset, length);
  }

  private static Optional<String> decodeWhole(byte[] bytes, int offset, int length) {
    // The String constructor is several times faster than a CharsetDecoder. It marks every
    // malformed sequence by U+FFFD; only a text that has one needs the question whether the bytes
    // had it too.
    String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0) {
      byte[] again = text.getBytes(StandardCharsets.UTF_8);
      if (!Arrays.equals(again, 0, again.length, bytes, offset, offset + length)) {
        return Optional.empty();
      }
    }
    return Optional.of(text);
  }

  private static boolean beginsWellFormed(ByteBuffer bytes) {
    ByteBuffer begin = bytes.slice();
    begin.limit(Math.min(begin.limit(), PROBE));
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    return !decoder.decode(begin, CharBuffer.allocate(PROBE), false).isError();
  }

  /**
   * The bytes of this text; decoding them gives the same text again.
   *
   * @throws IllegalArgumentException if the text has an unpaired surrogate
   */
  public static byte[] encodeExact(String text) {
    if (!isWellFormed(text)) {
      throw new IllegalArgumentException(
          "the text has an unpaired surrogate at character "
              + unpairedSurrogate(text)
              + ", which UTF-8 cannot represent (RFC 3629 §3)");
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Whether every surrogate in this text is half of a pair, so that UTF-8 can represent it. */
  public static boolean isWellFormed(String text) {
    return unpairedSurrogate(text) < 0;
  }

  /** Whether this text has no control characters other than TAB, LF and CR. */
  public static boolean isReadable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < UNREADABLE.length && UNREADABLE[c]) {
        return false;
      }
    }
    return true;
  }

  /**
   * How many bytes this text takes in UTF-8, counted without encoding it. An unpaired surrogate
   * counts as one byte, the {@code ?} that the JDK writes for it.
   *
   * @throws ArithmeticException if there are more than {@link Integer#MAX_VALUE}
   */
  public static int length(String text) {
    long length = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        if (c < 0x800) {
          length++;
        } else if (!Character.isSurrogate(c)) {
          length += 2;
        } else if (isPair(text, i)) {
          length += 2;
          i++;
        }
      }
    }
    return Math.toIntExact(length);
  }

  private static int unpairedSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!isPair(text, i)) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  private static boolean isPair(String text, int high) {
    return Character.isHighSurrogate(text.charAt(high))
        && high + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(high + 1));
  }
}
