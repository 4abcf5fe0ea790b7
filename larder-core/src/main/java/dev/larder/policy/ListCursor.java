package dev.larder.policy;

/**
 * Walks over the members of one list-based field line (RFC 9110 §5.6.1): split at commas outside
 * quoted strings, without the white space around them; empty ones are passed over.
 *
 * <p>A quote that is never closed is taken for an ordinary character: otherwise {@code max-age="60,
 * no-store} would hide the {@code no-store}. Once one was found unclosed no later one is looked at
 * again: from it the search would run over the same characters in the same state, so it is unclosed
 * too, and looking would cost the square of the length.
 */
final class ListCursor {
  private final String value;
  private int position;
  private int start;
  private int end;
  private boolean quotes = true;

  ListCursor(String value) {
    this.value = value;
  }

  /** Goes to the next member; false if there is none. */
  boolean next() {
    while (position < value.length()) {
      start = position;
      end = endOfMember(position);
      position = end + 1;
      while (start < end && isBlank(value.charAt(start))) {
        start++;
      }
      while (end > start && isBlank(value.charAt(end - 1))) {
        end--;
      }
      if (start < end) {
        return true;
      }
    }
    return false;
  }

  int start() {
    return start;
  }

  int end() {
    return end;
  }

  String member() {
    return value.substring(start, end);
  }

  static boolean isBlank(char c) {
    return c <= ' ';
  }

  private int endOfMember(int from) {
    int i = from;
    while (i < value.length() && value.charAt(i) != ',') {
      i = quotes && value.charAt(i) == '"' ? endOfQuoted(i) : i + 1;
    }
    return i;
  }

  private int endOfQuoted(int quote) {
    for (int i = quote + 1; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"') {
        return i + 1;
      }
      if (c == '\\') {
        i++;
      }
    }
    quotes = false;
    return quote + 1;
  }
}
