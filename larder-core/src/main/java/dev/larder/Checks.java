package dev.larder;

import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;

/** Bounds of settings. Each message names the setting and the value that is out of bounds. */
final class Checks {
  private static final URI ANY_URI = URI.create("http://localhost/");

  private Checks() {}

  static Duration notNegative(String name, Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative, but is " + duration);
    }
    return duration;
  }

  /** How old past its freshness something may be. */
  static Duration age(String name, Duration duration) {
    if (notNegative(name, duration).compareTo(CacheSettings.ANY_AGE) > 0) {
      throw new IllegalArgumentException(
          name + " must be at most CacheSettings.ANY_AGE, but is " + duration);
    }
    return duration;
  }

  static Duration positive(String name, Duration duration, Duration most) {
    if (duration.isNegative() || duration.isZero() || duration.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          name + " must be more than zero and at most " + most + ", but is " + duration);
    }
    return duration;
  }

  static Duration between(String name, Duration least, Duration most, Duration value) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          name + " must be between " + least + " and " + most + ", but is " + value);
    }
    return value;
  }

  static int between(String name, int least, int most, int value) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " must be between " + least + " and " + most + ", but is " + value);
    }
    return value;
  }

  static long positive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be more than zero, but is " + value);
    }
    return value;
  }

  static long notNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " must not be negative, but is " + value);
    }
    return value;
  }

  /** A method as requests spell it. */
  static String method(String name) {
    return Request.of(name, ANY_URI).method();
  }

  /** A field name in lower case. */
  static String fieldName(String name) {
    return new Headers.Field(name, "").name().toLowerCase(Locale.ROOT);
  }
}
