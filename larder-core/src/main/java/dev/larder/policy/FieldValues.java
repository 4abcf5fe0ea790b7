package dev.larder.policy;

import dev.larder.http.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads list-based fields (RFC 9110 §5.6.1). Takes any text; nothing here throws. */
public final class FieldValues {
  private FieldValues() {}

  /**
   * The members of all lines of a field in order: split at commas outside quoted strings, without
   * the white space around them, empty ones left out. Empty if there is no such line.
   */
  public static List<String> members(Headers headers, String name) {
    List<String> members = List.of();
    for (Headers.Field field : headers.fields()) {
      if (field.named(name)) {
        ListCursor cursor = new ListCursor(field.value());
        while (cursor.next()) {
          members = members.isEmpty() ? new ArrayList<>(4) : members;
          members.add(cursor.member());
        }
      }
    }
    return members;
  }

  /** The {@link #members} in lower case, for fields whose members are compared without case. */
  public static List<String> tokens(Headers headers, String name) {
    List<String> tokens = members(headers, name);
    for (int i = 0; i < tokens.size(); i++) {
      tokens.set(i, tokens.get(i).toLowerCase(Locale.ROOT));
    }
    return tokens;
  }

  /**
   * What a quoted string stands for (RFC 9110 §5.6.4). Text that is not between double quotes is
   * returned as it is.
   */
  public static String unquote(String text) {
    int last = text.length() - 1;
    if (last < 1 || text.charAt(0) != '"' || text.charAt(last) != '"') {
      return text;
    }
    if (text.indexOf('\\') < 0) {
      return text.substring(1, last);
    }
    StringBuilder plain = new StringBuilder(last);
    for (int i = 1; i < last; i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < last) {
        i++;
        c = text.charAt(i);
      }
      plain.append(c);
    }
    return plain.toString();
  }

  /** The quoted string that stands for this text. */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\');
      }
      quoted.append(c);
    }
    return quoted.append('"').toString();
  }

  /** Whether this is a token (RFC 9110 §5.6.2), such as the name of a field. */
  static boolean isToken(String text) {
    return isToken(text, 0, text.length());
  }

  /** Whether there is a token from start to end. */
  static boolean isToken(String text, int start, int end) {
    for (int i = start; i < end; i++) {
      if (!isTokenCharacter(text.charAt(i))) {
        return false;
      }
    }
    return start < end;
  }

  static boolean isTokenCharacter(char c) {
    return isDigit(c)
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /**
   * A number without sign, held at {@code limit} if it is greater; -1 if there is none or something
   * else stands between start and end.
   */
  static long number(String text, int start, int end, long limit) {
    if (start >= end) {
      return -1;
    }
    long number = 0;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (!isDigit(c)) {
        return -1;
      }
      int digit = c - '0';
      number = number > (limit - digit) / 10 ? limit : number * 10 + digit;
    }
    return number;
  }
}
