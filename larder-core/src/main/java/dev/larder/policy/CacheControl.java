package dev.larder.policy;

import dev.larder.http.Headers;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The Cache-Control field of a request or response (RFC 9111 §5.2): directives by name, names
 * without regard to case. Immutable. Reading never fails: what is not a directive is passed over.
 *
 * <p>Of a directive that is there more than once the first counts (§4.2.1). A list inside a quoted
 * argument is not split.
 */
public final class CacheControl {
  /** The longest time that is told apart (RFC 9111 §1.2.2: at least 2^31 seconds). */
  private static final long MAX_SECONDS = 1L << 31;

  private final Map<String, Optional<String>> directives;

  private CacheControl(Map<String, Optional<String>> directives) {
    this.directives = directives;
  }

  /** The directives of all Cache-Control lines. */
  public static CacheControl of(Headers headers) {
    Map<String, Optional<String>> directives = new LinkedHashMap<>(4);
    for (Headers.Field field : headers.fields()) {
      if (field.named("Cache-Control")) {
        read(field.value(), directives);
      }
    }
    return new CacheControl(directives);
  }

  /** Whether the directive is there, with or without an argument. */
  public boolean has(String name) {
    return directives.containsKey(name);
  }

  /** The names of all directives, lower case. Unmodifiable. */
  public Set<String> names() {
    return Collections.unmodifiableSet(directives.keySet());
  }

  /** The directive's argument, unquoted; empty if there is no such directive or it has none. */
  public Optional<String> argument(String name) {
    return directives.getOrDefault(name, Optional.empty());
  }

  /**
   * The directive's argument as a time. Empty if there is no such directive. Zero if the argument
   * is missing or not a number without sign (§4.2.1: invalid freshness information counts as
   * stale); at most 2^31 seconds.
   */
  public Optional<Duration> seconds(String name) {
    return has(name)
        ? Optional.of(Duration.ofSeconds(deltaSeconds(argument(name).orElse(""))))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return directives.toString();
  }

  private static long deltaSeconds(String digits) {
    long seconds = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9') {
        return 0;
      }
      seconds = Math.min(MAX_SECONDS, seconds * 10 + (c - '0'));
    }
    return seconds;
  }

  private static void read(String value, Map<String, Optional<String>> directives) {
    int position = 0;
    while (position < value.length()) {
      int end = endOfElement(value, position);
      String element = value.substring(position, end).trim();
      int equals = element.indexOf('=');
      String name =
          (equals < 0 ? element : element.substring(0, equals)).trim().toLowerCase(Locale.ROOT);
      if (!name.isEmpty()) {
        directives.putIfAbsent(
            name,
            equals < 0
                ? Optional.empty()
                : Optional.of(unquote(element.substring(equals + 1).trim())));
      }
      position = end + 1;
    }
  }

  /**
   * The next comma outside quotes. A quote that is never closed is taken for an ordinary character:
   * otherwise {@code max-age="60, no-store} would hide the {@code no-store}.
   */
  private static int endOfElement(String value, int start) {
    int i = start;
    while (i < value.length() && value.charAt(i) != ',') {
      i = value.charAt(i) == '"' ? endOfQuoted(value, i) : i + 1;
    }
    return i;
  }

  private static int endOfQuoted(String value, int quote) {
    for (int i = quote + 1; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"') {
        return i + 1;
      }
      if (c == '\\') {
        i++;
      }
    }
    return quote + 1;
  }

  private static String unquote(String text) {
    if (text.length() < 2 || text.charAt(0) != '"' || text.charAt(text.length() - 1) != '"') {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 1; i < text.length() - 1; i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length() - 1) {
        i++;
        c = text.charAt(i);
      }
      plain.append(c);
    }
    return plain.toString();
  }
}
