package dev.larder.dynamodb;

import dev.larder.http.Headers;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The cookies of a response as requests-cache keeps them next to its fields: names and values,
 * nothing else (RFC 6265 §5.2).
 */
final class RequestsCacheCookies {
  /** In place of a value that is not stored; a cookie of this value would be a wrong one. */
  private static final String REDACTED = "REDACTED";

  private RequestsCacheCookies() {}

  /** The cookies that are set, without those that are set in order to end. */
  static Map<String, String> set(Headers headers, Instant received) {
    Map<String, String> cookies = new LinkedHashMap<>();
    for (String line : headers.all("Set-Cookie")) {
      String[] pieces = line.split(";", -1);
      int equals = pieces[0].indexOf('=');
      String name = equals < 0 ? "" : pieces[0].substring(0, equals).trim();
      String value = pieces[0].substring(equals + 1).trim();
      if (name.isEmpty()) {
        continue;
      }
      if (value.equals(REDACTED) || hasEnded(pieces, received)) {
        cookies.remove(name);
      } else {
        cookies.put(name, value);
      }
    }
    return cookies;
  }

  /** {@code Max-Age} outranks {@code Expires}; what cannot be read does not count. */
  private static boolean hasEnded(String[] pieces, Instant received) {
    boolean expired = false;
    for (int i = 1; i < pieces.length; i++) {
      int equals = pieces[i].indexOf('=');
      String name =
          equals < 0 ? "" : pieces[i].substring(0, equals).trim().toLowerCase(Locale.ROOT);
      String value = pieces[i].substring(equals + 1).trim();
      if (name.equals("max-age") && value.matches("-?\\d+")) {
        return value.startsWith("-") || value.matches("0+");
      }
      expired |= name.equals("expires") && isPast(value, received);
    }
    return expired;
  }

  private static boolean isPast(String date, Instant received) {
    try {
      // Netscape's form, which cookies still have, puts hyphens into the date.
      String standard = date.replaceFirst("(\\d\\d)-(\\w{3})-(\\d{4})", "$1 $2 $3");
      return !DateTimeFormatter.RFC_1123_DATE_TIME.parse(standard, Instant::from).isAfter(received);
    } catch (DateTimeException e) {
      return false;
    }
  }
}
