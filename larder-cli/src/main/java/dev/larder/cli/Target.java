package dev.larder.cli;

import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Puts the path and query of a request behind the address of the origin. */
final class Target {
  private static final String LEGAL = "-_.!~*'();/?:@&=+$,";

  private Target() {}

  /**
   * The address to ask. What is legal in it stays as it is. Browsers send characters that {@link
   * URI} refuses, such as {@code |} in a query: those are percent-encoded, and so is a {@code %}
   * that begins no such encoding.
   *
   * @param origin without a slash at the end
   * @param pathQuery beginning with a slash
   */
  static URI under(String origin, String pathQuery) {
    StringBuilder target = new StringBuilder(origin);
    boolean inQuery = false;
    for (int i = 0; i < pathQuery.length(); ) {
      int c = pathQuery.codePointAt(i);
      if (isLegal(c, inQuery) || (c == '%' && isEncoding(pathQuery, i))) {
        target.appendCodePoint(c);
      } else {
        for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
          target.append(String.format("%%%02X", b));
        }
      }
      inQuery |= c == '?';
      i += Character.charCount(c);
    }
    return URI.create(target.toString());
  }

  private static boolean isLegal(int c, boolean inQuery) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || LEGAL.indexOf(c) >= 0
        || (inQuery && (c == '[' || c == ']'));
  }

  private static boolean isEncoding(String text, int at) {
    return at + 2 < text.length()
        && Character.digit(text.charAt(at + 1), 16) >= 0
        && Character.digit(text.charAt(at + 2), 16) >= 0;
  }
}
