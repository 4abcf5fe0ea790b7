package dev.larder.policy;

import dev.larder.http.Headers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One form for all values of a request field that select the same response (RFC 9111 §4.1). */
final class SelectingValue {
  private SelectingValue() {}

  /** The normalised value; null if the field is absent. */
  static @Nullable String of(String name, Headers request) {
    String lower = name.toLowerCase(Locale.ROOT);
    String value = combined(lower, request);
    if (value == null) {
      return null;
    }
    return switch (lower) {
      case "authorization", "proxy-authorization", "cookie" -> value;
      case "accept", "accept-charset", "accept-encoding", "accept-language" ->
          preferences(value, lower.equals("accept"));
      default -> withoutSpaceAroundCommas(value);
    };
  }

  /** As comparing {@link #of} of both; sooner done if they are spelled alike. */
  static boolean same(String name, Headers one, Headers other) {
    String first = combined(name, one);
    String second = combined(name, other);
    if (first == null || second == null) {
      return first == null && second == null;
    }
    return first.equals(second) || Objects.equals(of(name, one), of(name, other));
  }

  private static @Nullable String combined(String name, Headers request) {
    String only = null;
    StringBuilder several = null;
    for (Headers.Field field : request.fields()) {
      if (field.named(name)) {
        if (only == null) {
          only = field.value();
        } else {
          several = several == null ? new StringBuilder(only) : several;
          several.append(name.equals("cookie") ? "; " : ", ").append(field.value());
        }
      }
    }
    return several == null ? only : several.toString();
  }

  private static String withoutSpaceAroundCommas(String value) {
    if (value.indexOf(',') < 0) {
      return value;
    }
    StringBuilder text = new StringBuilder(value.length());
    boolean quoted = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (quoted && c == '\\' && i + 1 < value.length()) {
        text.append(c).append(value.charAt(++i));
        continue;
      }
      quoted ^= c == '"';
      if (c == ',' && !quoted) {
        trimEnd(text);
        text.append(c);
        while (i + 1 < value.length() && ListCursor.isBlank(value.charAt(i + 1))) {
          i++;
        }
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private static void trimEnd(StringBuilder text) {
    int end = text.length();
    while (end > 0 && ListCursor.isBlank(text.charAt(end - 1))) {
      end--;
    }
    text.setLength(end);
  }

  /** The members in alphabetical order: weights, not places, say what is preferred. */
  private static String preferences(String value, boolean parametersMayHaveCase) {
    List<String> members = new ArrayList<>(4);
    ListCursor cursor = new ListCursor(value);
    while (cursor.next()) {
      members.add(preference(cursor.member(), parametersMayHaveCase));
    }
    Collections.sort(members);
    return String.join(",", members);
  }

  /**
   * One member: the value in lower case, then its parameters without white space around them. Only
   * the weight is known to be without case in its value.
   */
  private static String preference(String member, boolean parametersMayHaveCase) {
    int semicolon = member.indexOf(';');
    if (semicolon < 0) {
      return lower(member);
    }
    StringBuilder text = new StringBuilder(member.length());
    text.append(lower(member.substring(0, semicolon).trim()));
    int position = semicolon + 1;
    while (position <= member.length()) {
      int end = endOfParameter(member, position);
      String parameter = member.substring(position, end).trim();
      position = end + 1;
      if (parameter.regionMatches(true, 0, "q=", 0, 2)) {
        String weight = weight(parameter.substring(2).trim());
        // In front of other parameters the weight also marks where they begin.
        boolean implied = weight.equals("1") && end == member.length();
        text.append(implied ? "" : ";q=" + weight);
      } else if (!parameter.isEmpty()) {
        text.append(';').append(parametersMayHaveCase ? parameter : lower(parameter));
      }
    }
    return text.toString();
  }

  private static int endOfParameter(String member, int start) {
    boolean quoted = false;
    for (int i = start; i < member.length(); i++) {
      char c = member.charAt(i);
      if (c == '\\' && quoted) {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ';' && !quoted) {
        return i;
      }
    }
    return member.length();
  }

  /** {@code 0.50} and {@code 0.5} are one weight, and so are {@code 1.000} and {@code 1}. */
  private static String weight(String text) {
    if (text.indexOf('.') < 0) {
      return text;
    }
    int end = text.length();
    while (text.charAt(end - 1) == '0') {
      end--;
    }
    return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
  }

  private static String lower(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    // RFC 9110 §8.4.1.3
    return lower.equals("x-gzip") ? "gzip" : lower.equals("x-compress") ? "compress" : lower;
  }
}
