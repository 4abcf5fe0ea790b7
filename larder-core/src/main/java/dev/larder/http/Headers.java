package dev.larder.http;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The field lines of one message (RFC 9110 §6.3): ordered, repeatable, names compared without
 * regard to case and kept as spelled. Immutable and thread-safe.
 *
 * <p>Names are tokens (RFC 9110 §5.6.2). Values are trimmed of surrounding white space and hold no
 * CR, LF or NUL (§5.5), so that {@link #toText()} and {@link #parse(String)} are each other's
 * inverse. A name or value outside these bounds is refused with {@link IllegalArgumentException};
 * {@link Builder#addIfValid} leaves such a line out instead, for messages from outside.
 */
public final class Headers {
  private static final Headers EMPTY = new Headers(List.of());

  /** Up to so many lines it is quicker to compare names than to build a table of them. */
  private static final int FEW = 40;

  /** One field line. */
  public record Field(String name, String value) {
    /** Checks and trims. */
    public Field {
      if (!isToken(name)) {
        throw new IllegalArgumentException(
            "field name is not a token (RFC 9110 §5.6.2): \"" + printable(name) + '"');
      }
      if (!isFieldValue(value)) {
        throw new IllegalArgumentException(
            "value of field " + name + " holds CR, LF or NUL (RFC 9110 §5.5)");
      }
      value = trim(value);
    }

    /** Whether this line's name equals {@code other} without regard to case. */
    public boolean named(String other) {
      return name.equalsIgnoreCase(other);
    }
  }

  private final List<Field> fields;

  private Headers(List<Field> fields) {
    this.fields = fields;
  }

  /** No field lines. */
  public static Headers empty() {
    return EMPTY;
  }

  /**
   * Field lines from alternating names and values.
   *
   * @throws IllegalArgumentException if the count is odd or a name or value is not valid
   */
  public static Headers of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException(
          "names and values must alternate, but there are " + namesAndValues.length);
    }
    Builder builder = builder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      builder.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return builder.build();
  }

  /**
   * Field lines from a map such as {@code java.net.http.HttpHeaders.map()}; lines that are not
   * valid are left out.
   */
  public static Headers copyOf(Map<String, ? extends Collection<String>> map) {
    Builder builder = builder();
    map.forEach((name, values) -> values.forEach(value -> builder.addIfValid(name, value)));
    return builder.build();
  }

  /**
   * Reads what {@link #toText()} wrote.
   *
   * @throws IllegalArgumentException if a line has no colon, or a name or value is not valid
   */
  public static Headers parse(String text) {
    Builder builder = builder();
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf('\n', start);
      end = end < 0 ? text.length() : end;
      int colon = text.indexOf(':', start);
      if (colon < 0 || colon >= end) {
        throw new IllegalArgumentException("field line without a colon at character " + start);
      }
      builder.add(text.substring(start, colon), text.substring(colon + 1, end));
      start = end + 1;
    }
    return builder.build();
  }

  /** A new, empty builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** The lines in order. Unmodifiable. */
  public List<Field> fields() {
    return fields;
  }

  /** Whether there are no lines. */
  public boolean isEmpty() {
    return fields.isEmpty();
  }

  /** The value of the first line of this name. */
  public Optional<String> first(String name) {
    for (Field field : fields) {
      if (field.named(name)) {
        return Optional.of(field.value());
      }
    }
    return Optional.empty();
  }

  /** The values of all lines of this name, in order; empty if there is none. */
  public List<String> all(String name) {
    List<String> values = new ArrayList<>(1);
    for (Field field : fields) {
      if (field.named(name)) {
        values.add(field.value());
      }
    }
    return values;
  }

  /** All lines of this name joined with {@code ", "} (RFC 9110 §5.3); empty if there is none. */
  public Optional<String> combined(String name) {
    List<String> values = all(name);
    return values.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", values));
  }

  /** Whether there is a line of this name. */
  public boolean contains(String name) {
    return first(name).isPresent();
  }

  /** These lines without those that the test accepts. */
  public Headers without(Predicate<Field> test) {
    List<Field> kept = fields.stream().filter(test.negate()).toList();
    return kept.size() == fields.size() ? this : new Headers(kept);
  }

  /** The values by name, names spelled as on their first line, both in order of appearance. */
  public Map<String, List<String>> toMap() {
    Map<String, List<String>> map = new LinkedHashMap<>(fields.size() * 2);
    Map<String, String> spellings = fields.size() > FEW ? new HashMap<>() : Map.of();
    for (int i = 0; i < fields.size(); i++) {
      Field field = fields.get(i);
      String name =
          fields.size() > FEW
              ? spellings.computeIfAbsent(
                  field.name().toLowerCase(Locale.ROOT), lower -> field.name())
              : firstSpelling(i);
      List<String> values = map.get(name);
      if (values == null) {
        map.put(name, List.of(field.value()));
      } else if (values.size() == 1) {
        map.put(name, new ArrayList<>(List.of(values.get(0), field.value())));
      } else {
        values.add(field.value());
      }
    }
    return map;
  }

  /** How the first line with this one's name spells it. Looks at all before it. */
  private String firstSpelling(int index) {
    String name = fields.get(index).name();
    for (int i = 0; i < index; i++) {
      if (fields.get(i).named(name)) {
        return fields.get(i).name();
      }
    }
    return name;
  }

  /** The lines as text, {@code name: value}, separated by LF. */
  public String toText() {
    StringBuilder text = new StringBuilder();
    for (Field field : fields) {
      if (text.length() > 0) {
        text.append('\n');
      }
      text.append(field.name()).append(": ").append(field.value());
    }
    return text.toString();
  }

  /**
   * Equal lines in equal order; names differing in case only are different spellings and so not
   * equal.
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof Headers headers && fields.equals(headers.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  /** The names only: values may be secret. */
  @Override
  public String toString() {
    return fields.stream().map(Field::name).toList().toString();
  }

  static boolean isToken(String name) {
    if (name.isEmpty()) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean alphanumeric =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!alphanumeric && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isFieldValue(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\r' || c == '\n' || c == 0) {
        return false;
      }
    }
    return true;
  }

  private static String trim(String value) {
    int start = 0;
    int end = value.length();
    while (start < end && isBlank(value.charAt(start))) {
      start++;
    }
    while (end > start && isBlank(value.charAt(end - 1))) {
      end--;
    }
    return value.substring(start, end);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  /** Collects field lines. Not thread-safe. */
  public static final class Builder {
    private final List<Field> fields = new ArrayList<>(16);

    private Builder() {}

    /**
     * Adds a line.
     *
     * @throws IllegalArgumentException if the name or value is not valid
     */
    public Builder add(String name, String value) {
      fields.add(new Field(name, value));
      return this;
    }

    /**
     * Adds a line if its name and value are valid; for messages from outside, where one bad line
     * must not lose the rest.
     */
    public Builder addIfValid(String name, String value) {
      Objects.requireNonNull(name, "name");
      if (isToken(name) && isFieldValue(value)) {
        fields.add(new Field(name, value));
      }
      return this;
    }

    /** Adds all lines of other headers. */
    public Builder addAll(Headers headers) {
      fields.addAll(headers.fields);
      return this;
    }

    /**
     * Replaces all lines of this name by one at the end.
     *
     * @throws IllegalArgumentException if the name or value is not valid; nothing is replaced then
     */
    public Builder set(String name, String value) {
      Field line = new Field(name, value);
      fields.removeIf(field -> field.named(name));
      fields.add(line);
      return this;
    }

    /** The lines so far. */
    public Headers build() {
      return fields.isEmpty() ? EMPTY : new Headers(List.copyOf(fields));
    }
  }
}
