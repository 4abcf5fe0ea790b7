package dev.larder.policy;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Dates in HTTP fields (RFC 9110 §5.6.7), in each of the three forms a recipient has to accept. */
public final class HttpDates {
  private static final DateTimeFormatter IMF_FIXDATE = formatter("EEE, dd MMM uuuu HH:mm:ss 'GMT'");
  private static final DateTimeFormatter ASCTIME =
      new DateTimeFormatterBuilder()
          .appendPattern("EEE MMM ")
          .padNext(2)
          .appendValue(ChronoField.DAY_OF_MONTH, 1, 2, SignStyle.NOT_NEGATIVE)
          .appendPattern(" HH:mm:ss uuuu")
          .toFormatter(Locale.US)
          .withResolverStyle(ResolverStyle.STRICT);
  private static final List<String> WEEKDAYS =
      List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");

  private HttpDates() {}

  /**
   * The date in the form that senders have to use, such as {@code Sun, 06 Nov 1994 08:49:37 GMT}.
   */
  public static String format(Instant instant) {
    return IMF_FIXDATE.format(instant.atOffset(ZoneOffset.UTC));
  }

  /**
   * Reads a date; empty if it is not one. A leap second counts as the second before it.
   *
   * @param now decides the century of a two-digit year: one that seems more than 50 years ahead
   *     lies in the past
   */
  public static Optional<Instant> parse(String value, Instant now) {
    String text = withoutLeapSecond(value);
    int comma = text.indexOf(',');
    try {
      if (comma < 0) {
        return Optional.of(LocalDateTime.parse(text, ASCTIME).toInstant(ZoneOffset.UTC));
      }
      if (comma == 3) {
        return Optional.of(LocalDateTime.parse(text, IMF_FIXDATE).toInstant(ZoneOffset.UTC));
      }
      return WEEKDAYS.contains(text.substring(0, comma))
          ? Optional.of(rfc850(text.substring(comma + 1).trim(), now))
          : Optional.empty();
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static String withoutLeapSecond(String text) {
    int second = text.lastIndexOf(":60");
    return second >= 0 && text.lastIndexOf(':') == second && text.indexOf(':') < second
        ? text.substring(0, second) + ":59" + text.substring(second + 3)
        : text;
  }

  private static Instant rfc850(String text, Instant now) {
    int year = now.atOffset(ZoneOffset.UTC).getYear();
    DateTimeFormatter formatter =
        new DateTimeFormatterBuilder()
            .appendPattern("dd-MMM-")
            .appendValueReduced(ChronoField.YEAR, 2, 2, year - year % 100)
            .appendPattern(" HH:mm:ss 'GMT'")
            .toFormatter(Locale.US)
            .withResolverStyle(ResolverStyle.STRICT);
    LocalDateTime date = LocalDateTime.parse(text, formatter);
    LocalDateTime limit = LocalDateTime.ofInstant(now, ZoneOffset.UTC).plus(50, ChronoUnit.YEARS);
    return (date.isAfter(limit) ? date.minusYears(100) : date).toInstant(ZoneOffset.UTC);
  }

  private static DateTimeFormatter formatter(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.US).withResolverStyle(ResolverStyle.STRICT);
  }
}
