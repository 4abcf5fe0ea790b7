package dev.larder.key;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * Parameters as in queries and in {@code application/x-www-form-urlencoded} bodies. Their order is
 * kept: to some origins it means something, if only for those of one name.
 */
final class FormText {
  private static final String HEX = "0123456789ABCDEF";

  private FormText() {}

  /**
   * A form with each character escaped in one way only, without the ignored parameters. Empty if
   * origins may not agree on what it says: if an escape is incomplete, or a character is not ASCII
   * or a control.
   */
  static Optional<String> canonical(byte[] form, Set<String> ignored) {
    StringBuilder text = new StringBuilder(form.length + 16);
    boolean inValue = false;
    for (int i = 0; i < form.length; i++) {
      int c = form[i];
      if (c <= ' ' || c == 0x7F) {
        return Optional.empty();
      }
      if (c == '&' || (c == '=' && !inValue)) {
        inValue = c == '=';
        text.append((char) c);
      } else if (c == '%') {
        int escaped = i + 2 < form.length ? hex(form[i + 1]) << 4 | hex(form[i + 2]) : -1;
        if (escaped < 0) {
          return Optional.empty();
        }
        append(text, escaped);
        i += 2;
      } else {
        append(text, c == '+' ? ' ' : c);
      }
    }
    return Optional.of(without(text.toString(), ignored));
  }

  private static void append(StringBuilder text, int octet) {
    if (octet == ' ') {
      text.append('+');
    } else if (UriNormalizer.isUnreserved((char) octet)) {
      text.append((char) octet);
    } else {
      text.append('%').append(HEX.charAt(octet >> 4)).append(HEX.charAt(octet & 15));
    }
  }

  private static int hex(byte digit) {
    return Character.digit(digit, 16);
  }

  /** Without the parameters whose decoded names are ignored; the others as they are. */
  static String without(String parameters, Set<String> ignored) {
    if (ignored.isEmpty()) {
      return parameters;
    }
    StringBuilder kept = new StringBuilder(parameters.length());
    boolean any = false;
    int start = 0;
    while (start <= parameters.length()) {
      int end = parameters.indexOf('&', start);
      end = end < 0 ? parameters.length() : end;
      String piece = parameters.substring(start, end);
      if (!ignored.contains(name(piece))) {
        kept.append(any ? "&" : "").append(piece);
        any = true;
      }
      start = end + 1;
    }
    return kept.toString();
  }

  private static String name(String piece) {
    int equals = piece.indexOf('=');
    String name = equals < 0 ? piece : piece.substring(0, equals);
    try {
      return URLDecoder.decode(name, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // An incomplete escape: the name is what it looks like.
      return name;
    }
  }
}
