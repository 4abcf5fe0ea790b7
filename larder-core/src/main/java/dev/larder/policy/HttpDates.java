package dev.larder.policy;

import java.time.Instant;
import java.time.LocalDate;
import java.time.Month;
import java.time.Year;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * Dates in HTTP fields (RFC 9110 §5.6.7), in each of the three forms a recipient has to accept.
 *
 * <p>Names of days and months and {@code GMT} are matched without regard to case (RFC 9111 §4.2).
 * The day of the week must be one, but need not be that of the date: it says nothing that the date
 * does not say better. Any other deviation, another zone above all, is no date.
 */
public final class HttpDates {
  /** What {@link #epochSecond} returns for text that is no date. */
  static final long NONE = Long.MIN_VALUE;

  private static final DateTimeFormatter IMF_FIXDATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.US);
  private static final String[] WEEKDAYS = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"
  };
  private static final String SHORT_WEEKDAYS = "montuewedthufrisatsun";
  private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
  private static final int SECONDS_OF_DAY = 24 * 60 * 60;

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
    long second = epochSecond(value, now);
    return second == NONE ? Optional.empty() : Optional.of(Instant.ofEpochSecond(second));
  }

  /** As {@link #parse}, in seconds since 1970, or {@link #NONE}. */
  static long epochSecond(String text, Instant now) {
    int comma = text.indexOf(',');
    if (comma < 0) {
      return asctime(text);
    }
    return comma == 3 ? fixdate(text) : rfc850(text, comma, now);
  }

  /** {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
  private static long fixdate(String text) {
    boolean formed =
        text.length() == 29
            && isWeekday(text, 3)
            && text.charAt(4) == ' '
            && text.charAt(7) == ' '
            && text.charAt(11) == ' '
            && text.charAt(16) == ' '
            && endsWithZone(text, 25);
    return formed
        ? second(digits(text, 12, 4), month(text, 8), digits(text, 5, 2), time(text, 17))
        : NONE;
  }

  /** {@code Sun Nov 6 08:49:37 1994}. */
  private static long asctime(String text) {
    boolean formed =
        text.length() == 24
            && isWeekday(text, 3)
            && text.charAt(3) == ' '
            && text.charAt(7) == ' '
            && text.charAt(10) == ' '
            && text.charAt(19) == ' ';
    if (!formed) {
      return NONE;
    }
    int day = text.charAt(8) == ' ' ? digits(text, 9, 1) : digits(text, 8, 2);
    return second(digits(text, 20, 4), month(text, 4), day, time(text, 11));
  }

  /** {@code Sunday, 06-Nov-94 08:49:37 GMT}. */
  private static long rfc850(String text, int comma, Instant now) {
    int start = comma + 1;
    while (start < text.length() && text.charAt(start) == ' ') {
      start++;
    }
    boolean formed =
        text.length() - start == 22
            && isWeekday(text, comma)
            && text.charAt(start + 2) == '-'
            && text.charAt(start + 6) == '-'
            && text.charAt(start + 9) == ' '
            && endsWithZone(text, start + 18);
    int shortYear = formed ? digits(text, start + 7, 2) : -1;
    if (shortYear < 0) {
      return NONE;
    }
    int thisYear = now.atOffset(ZoneOffset.UTC).getYear();
    int year = thisYear - thisYear % 100 + shortYear;
    int month = month(text, start + 3);
    int day = digits(text, start, 2);
    int time = time(text, start + 10);
    long second = second(year, month, day, time);
    if (second == NONE) {
      return NONE;
    }
    LocalDate date = LocalDate.of(year, month, day);
    boolean tooFarAhead = second(date.minusYears(50), time) > now.getEpochSecond();
    return tooFarAhead ? second(date.minusYears(100), time) : second;
  }

  private static long second(int year, int month, int day, int time) {
    boolean valid =
        year >= 0
            && month > 0
            && day > 0
            && time >= 0
            && day <= Month.of(month).length(Year.isLeap(year));
    return valid ? second(LocalDate.of(year, month, day), time) : NONE;
  }

  private static long second(LocalDate date, int time) {
    return date.toEpochDay() * SECONDS_OF_DAY + time;
  }

  /** {@code hh:mm:ss} as second of the day, or -1. */
  private static int time(String text, int at) {
    int hour = digits(text, at, 2);
    int minute = digits(text, at + 3, 2);
    int second = digits(text, at + 6, 2);
    boolean valid =
        text.charAt(at + 2) == ':'
            && text.charAt(at + 5) == ':'
            && hour >= 0
            && hour < 24
            && minute >= 0
            && minute < 60
            && second >= 0
            && second <= 60;
    return valid ? (hour * 60 + minute) * 60 + Math.min(second, 59) : -1;
  }

  /** From 1, or 0 if there is no such month. */
  private static int month(String text, int at) {
    return place(MONTHS, text, at);
  }

  /** Whether the text begins with a day of the week: short if of three letters, else in full. */
  private static boolean isWeekday(String text, int length) {
    if (length == 3) {
      return place(SHORT_WEEKDAYS, text, 0) > 0;
    }
    for (String weekday : WEEKDAYS) {
      if (length == weekday.length() && text.regionMatches(true, 0, weekday, 0, length)) {
        return true;
      }
    }
    return false;
  }

  /** Which, from 1, of lower-case names of three letters is at this place; 0 if none is. */
  private static int place(String names, String text, int at) {
    // With this bit set a letter is in lower case, and no other character becomes one.
    int first = text.charAt(at) | 0x20;
    int second = text.charAt(at + 1) | 0x20;
    int third = text.charAt(at + 2) | 0x20;
    for (int i = 0; i < names.length(); i += 3) {
      if (names.charAt(i) == first
          && names.charAt(i + 1) == second
          && names.charAt(i + 2) == third) {
        return i / 3 + 1;
      }
    }
    return 0;
  }

  private static boolean endsWithZone(String text, int at) {
    return text.regionMatches(true, at, " GMT", 0, 4);
  }

  /** A number of so many digits, or -1. */
  private static int digits(String text, int at, int count) {
    return (int) FieldValues.number(text, at, at + count, Integer.MAX_VALUE);
  }
}
