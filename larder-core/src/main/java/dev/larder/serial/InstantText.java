package dev.larder.serial;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/**
 * Instants as stored: UTC with three fraction digits, {@code 2026-11-22T08:00:00.120Z}, always 24
 * characters. {@link Instant#toString()} drops trailing zeros, and then {@code ..42Z} sorts after
 * {@code ..42.064Z}; here the order of texts is the order of times. Thread-safe.
 */
public final class InstantText {
  private static final DateTimeFormatter FORMAT =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

  private InstantText() {}

  /**
   * The text of an instant, cut to milliseconds.
   *
   * @throws IllegalArgumentException outside the years 0 to 9999, which do not fit 24 characters
   */
  public static String format(Instant instant) {
    if (instant.isBefore(FIRST) || !instant.isBefore(END)) {
      throw new IllegalArgumentException(
          "year must be between 0 and 9999, but the instant is " + instant);
    }
    return FORMAT.format(instant);
  }

  /**
   * The instant of a text; those with fewer or more fraction digits are read as well.
   *
   * @throws IllegalArgumentException if it is not an ISO 8601 instant
   */
  public static Instant parse(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "an instant such as 2026-11-22T08:00:00.000Z is needed", e);
    }
  }
}
