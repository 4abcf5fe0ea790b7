package dev.larder;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A glob over a normalised URL without its scheme, as requests-cache understands it: {@code *}
 * stands for any characters, slashes included, {@code ?} for one, {@code [ab]} and {@code [!ab]}
 * for one of some; whatever follows the pattern matches too.
 *
 * <p>As the end is open, the pieces between stars are found one after the other, each as early as
 * it can be: nothing is ever tried twice, however many stars there are.
 */
final class UrlGlob implements Predicate<String> {
  private final List<Pattern> pieces = new ArrayList<>();

  /**
   * Compiles a glob. Its scheme, if it has one, does not count.
   *
   * @throws IllegalArgumentException if it is empty
   */
  UrlGlob(String glob) {
    if (glob.isBlank()) {
      throw new IllegalArgumentException(
          "a URL pattern must not be empty; for all URLs use expireAfter");
    }
    String text = lowerHost(glob.substring(glob.indexOf("://") < 0 ? 0 : glob.indexOf("://") + 3));
    StringBuilder piece = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int end = c == '[' ? classEnd(text, i) : -1;
      if (c == '*') {
        pieces.add(Pattern.compile(piece.toString(), Pattern.DOTALL));
        piece.setLength(0);
      } else if (end >= 0) {
        piece.append(characterClass(text.substring(i + 1, end)));
        i = end;
      } else {
        piece.append(c == '?' ? "." : Pattern.quote(String.valueOf(c)));
      }
    }
    pieces.add(Pattern.compile(piece.toString(), Pattern.DOTALL));
  }

  @Override
  public boolean test(String url) {
    Matcher matcher = pieces.get(0).matcher(url);
    int from = url.indexOf("://") + 3;
    for (int i = 0; i < pieces.size(); i++) {
      matcher.usePattern(pieces.get(i)).region(from, url.length());
      if (!(i == 0 ? matcher.lookingAt() : matcher.find())) {
        return false;
      }
      from = matcher.end();
    }
    return true;
  }

  /** The URL's host is in lower case. */
  private static String lowerHost(String text) {
    int slash = text.indexOf('/');
    int end = slash < 0 ? text.length() : slash;
    return text.substring(0, end).toLowerCase(Locale.ROOT) + text.substring(end);
  }

  /** Where a class that begins here ends; a bracket first in it belongs to it. */
  private static int classEnd(String text, int start) {
    int first = start + 1;
    if (first < text.length() && text.charAt(first) == '!') {
      first++;
    }
    return text.indexOf(']', first + 1);
  }

  private static String characterClass(String members) {
    boolean negated = members.startsWith("!");
    String escaped = members.substring(negated ? 1 : 0).replaceAll("[\\[\\]\\\\^&]", "\\\\$0");
    return (negated ? "[^" : "[") + escaped + ']';
  }
}
