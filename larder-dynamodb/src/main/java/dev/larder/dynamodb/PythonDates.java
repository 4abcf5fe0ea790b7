package dev.larder.dynamodb;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Times as Python's {@code datetime.isoformat} writes and {@code fromisoformat} reads them. */
final class PythonDates {
  /** Python has no year 0. */
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

  private static final Pattern DATE =
      Pattern.compile(
          "(\\d{4})-?(\\d\\d)-?(\\d\\d)"
              + "(?:.(\\d\\d)(?::?(\\d\\d)(?::?(\\d\\d)(?:[.,](\\d+))?)?)?)?"
              + "(Z|[+-]\\d\\d(?::?\\d\\d(?::?\\d\\d(?:\\.\\d+)?)?)?)?");

  private PythonDates() {}

  /**
   * UTC with six digits of fraction, or none if it is zero: Python before 3.11 reads no other
   * number of digits but three, and no {@code Z}. Years before 1 become that year.
   */
  static String format(Instant instant) {
    Instant readable = instant.isBefore(FIRST) ? FIRST : instant;
    var time = readable.atOffset(ZoneOffset.UTC);
    String text =
        String.format(
            Locale.ROOT,
            "%04d-%02d-%02dT%02d:%02d:%02d",
            time.getYear(),
            time.getMonthValue(),
            time.getDayOfMonth(),
            time.getHour(),
            time.getMinute(),
            time.getSecond());
    int micros = time.get(ChronoField.MICRO_OF_SECOND);
    return text + (micros == 0 ? "" : String.format(Locale.ROOT, ".%06d", micros)) + "+00:00";
  }

  /**
   * The instant of a text, in any form that Python 3.11 reads but week dates; without an offset it
   * is UTC.
   *
   * @throws DateTimeException if it is none of them
   */
  static Instant parse(String text) {
    Matcher matcher = DATE.matcher(text);
    if (!matcher.matches()) {
      throw new DateTimeException("it is no ISO 8601 time");
    }
    LocalDate date = LocalDate.of(number(matcher, 1), number(matcher, 2), number(matcher, 3));
    LocalTime time =
        LocalTime.of(number(matcher, 4), number(matcher, 5), number(matcher, 6))
            .plusNanos(nanos(matcher.group(7)));
    String zone = matcher.group(8);
    return date.atTime(time)
        .toInstant(ZoneOffset.UTC)
        .minusSeconds(offset(zone))
        .truncatedTo(ChronoUnit.MICROS);
  }

  private static int number(Matcher matcher, int group) {
    String digits = matcher.group(group);
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  private static long nanos(@Nullable String fraction) {
    if (fraction == null) {
      return 0;
    }
    String nine = (fraction + "000000000").substring(0, 9);
    return Long.parseLong(nine);
  }

  private static long offset(@Nullable String zone) {
    if (zone == null || zone.equals("Z")) {
      return 0;
    }
    String digits = zone.substring(1).replace(":", "").replaceFirst("\\..*", "");
    long seconds = Integer.parseInt(digits.substring(0, 2)) * 3600L;
    seconds += digits.length() < 4 ? 0 : Integer.parseInt(digits.substring(2, 4)) * 60L;
    seconds += digits.length() < 6 ? 0 : Integer.parseInt(digits.substring(4, 6));
    return zone.charAt(0) == '-' ? -seconds : seconds;
  }
}
