package dev.larder.policy;

import dev.larder.http.Headers;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The Content-Range of a response that holds one range of bytes (RFC 9110 §14.4), such as {@code
 * bytes 0-9/100}; the length may be an asterisk. Other units and the form of a 416, which has an
 * asterisk in place of the range, are not one.
 *
 * @param first the offset of the first byte, from 0
 * @param last the offset of the last byte
 * @param complete the length of the whole; empty if it is not known
 */
public record ContentRange(long first, long last, OptionalLong complete) {
  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException if first is negative, last is before first, or the complete
   *     length is not greater than last; or if one is {@code Long.MAX_VALUE}
   */
  public ContentRange {
    if (!isValid(first, last, complete)) {
      throw new IllegalArgumentException(
          "a content range needs 0 <= first <= last < length, but is "
              + first
              + "-"
              + last
              + " of "
              + complete);
    }
  }

  /** The response's Content-Range; empty if there is none, a wrong one, or more than one. */
  public static Optional<ContentRange> of(Headers response) {
    String only = null;
    for (Headers.Field field : response.fields()) {
      if (field.named("Content-Range")) {
        if (only != null) {
          return Optional.empty();
        }
        only = field.value();
      }
    }
    return only == null ? Optional.empty() : parse(only);
  }

  /** Reads a field value; empty if it is not a range of bytes. */
  public static Optional<ContentRange> parse(String text) {
    int space = text.indexOf(' ');
    int dash = text.indexOf('-');
    int slash = text.indexOf('/');
    if (space != 5 || dash < space || slash < dash || !text.regionMatches(true, 0, "bytes", 0, 5)) {
      return Optional.empty();
    }
    // A number held at the limit is not smaller than Long.MAX_VALUE and so never valid below.
    long first = FieldValues.number(text, space + 1, dash, Long.MAX_VALUE);
    long last = FieldValues.number(text, dash + 1, slash, Long.MAX_VALUE);
    boolean unknown = text.length() == slash + 2 && text.charAt(slash + 1) == '*';
    long length = unknown ? 0 : FieldValues.number(text, slash + 1, text.length(), Long.MAX_VALUE);
    OptionalLong complete = unknown ? OptionalLong.empty() : OptionalLong.of(length);
    return isValid(first, last, complete)
        ? Optional.of(new ContentRange(first, last, complete))
        : Optional.empty();
  }

  /** The range without the complete length. */
  public ByteRange range() {
    return new ByteRange(first, last);
  }

  /** As a field value. */
  @Override
  public String toString() {
    return "bytes "
        + first
        + '-'
        + last
        + '/'
        + (complete.isPresent() ? Long.toString(complete.getAsLong()) : "*");
  }

  private static boolean isValid(long first, long last, OptionalLong complete) {
    return first >= 0
        && last >= first
        && last < Long.MAX_VALUE
        && (complete.isEmpty()
            || (complete.getAsLong() > last && complete.getAsLong() < Long.MAX_VALUE));
  }
}
