package dev.larder.http;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The instants that can be stored: those whose text has 24 characters. */
final class Times {
  static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
  static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

  private Times() {}

  /** The nearest instant between the first and last. */
  static Instant clamp(Instant instant) {
    if (instant.isBefore(FIRST)) {
      return FIRST;
    }
    return instant.isAfter(LAST) ? LAST : instant;
  }

  /** As {@link #clamp}, cut to milliseconds. */
  static Instant storable(Instant instant) {
    return clamp(instant).truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * As {@link #clamp}, in whole seconds, rounded up so that nothing is dropped before its time; but
   * not beyond the last second.
   */
  static Instant wholeSeconds(Instant instant) {
    Instant clamped = clamp(instant);
    Instant second = clamped.truncatedTo(ChronoUnit.SECONDS);
    boolean roundUp =
        second.isBefore(clamped) && second.isBefore(LAST.truncatedTo(ChronoUnit.SECONDS));
    return roundUp ? second.plusSeconds(1) : second;
  }
}
