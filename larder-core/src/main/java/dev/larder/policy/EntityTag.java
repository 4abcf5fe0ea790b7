package dev.larder.policy;

import dev.larder.http.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An entity tag (RFC 9110 §8.8.3). Immutable.
 *
 * <p>Origins also send tags without quotes, or with something before them; such a tag is read as
 * opaque: all of its text is the value. Only {@code W/} in front makes a tag weak; a lower-case
 * {@code w/} does too, which can only make fewer tags equal strongly.
 *
 * @param weak whether it is marked as weak
 * @param value the characters between the quotes
 */
public record EntityTag(boolean weak, String value) {
  /** Checks for null. */
  public EntityTag {
    Objects.requireNonNull(value, "value");
  }

  /** Reads one tag; empty if the text is blank. */
  public static Optional<EntityTag> parse(String text) {
    String tag = text.trim();
    boolean weak = tag.startsWith("W/") || tag.startsWith("w/");
    String opaque = weak ? tag.substring(2) : tag;
    if (opaque.isEmpty()) {
      return Optional.empty();
    }
    int last = opaque.length() - 1;
    boolean quoted = last > 0 && opaque.charAt(0) == '"' && opaque.charAt(last) == '"';
    return Optional.of(new EntityTag(weak, quoted ? opaque.substring(1, last) : opaque));
  }

  /**
   * Reads a list such as If-None-Match (RFC 9110 §13.1.2). A comma inside quotes does not separate;
   * a backslash escapes nothing. {@code *} is not a tag and left out.
   */
  public static List<EntityTag> parseList(Headers headers, String name) {
    List<EntityTag> tags = List.of();
    for (Headers.Field field : headers.fields()) {
      if (field.named(name)) {
        tags = tags.isEmpty() ? new ArrayList<>(2) : tags;
        readList(field.value(), tags);
      }
    }
    return tags;
  }

  /** The strong comparison (RFC 9110 §8.8.3.2): same value, neither is weak. */
  public boolean strongEquals(EntityTag other) {
    return !weak && !other.weak && value.equals(other.value);
  }

  /** The weak comparison (RFC 9110 §8.8.3.2): same value. */
  public boolean weakEquals(EntityTag other) {
    return value.equals(other.value);
  }

  /** As in a field. */
  @Override
  public String toString() {
    return (weak ? "W/\"" : "\"") + value + '"';
  }

  /** The first ETag line's tag. */
  static Optional<EntityTag> of(Headers response) {
    return response.first("ETag").flatMap(EntityTag::parse);
  }

  private static void readList(String value, List<EntityTag> tags) {
    int position = 0;
    while (position < value.length()) {
      int end = endOfTag(value, position);
      String text = value.substring(position, end).trim();
      if (!text.equals("*")) {
        parse(text).ifPresent(tags::add);
      }
      position = end + 1;
    }
  }

  /** The next comma outside quotes; a quote only opens at the beginning of a tag. */
  private static int endOfTag(String value, int start) {
    int i = start;
    while (i < value.length() && ListCursor.isBlank(value.charAt(i))) {
      i++;
    }
    if (value.startsWith("W/", i) || value.startsWith("w/", i)) {
      i += 2;
    }
    if (i < value.length() && value.charAt(i) == '"') {
      int close = value.indexOf('"', i + 1);
      i = close < 0 ? i : close;
    }
    int comma = value.indexOf(',', i);
    return comma < 0 ? value.length() : comma;
  }
}
