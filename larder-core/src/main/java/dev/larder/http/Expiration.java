package dev.larder.http;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * When a response is to expire, set by the user rather than by the origin. Immutable.
 *
 * <ul>
 *   <li>{@link #never()}: fresh for ever;
 *   <li>{@link #immediately()}: stored, but stale from the start, so that every use is validated;
 *   <li>{@link #doNotCache()}: not stored at all;
 *   <li>{@link #after(Duration)}: a time after it is stored (or reset);
 *   <li>{@link #at(Instant)}: at that time.
 * </ul>
 */
public final class Expiration {
  private enum Kind {
    NEVER,
    DO_NOT_CACHE,
    AFTER,
    AT
  }

  private static final Expiration NEVER = new Expiration(Kind.NEVER, Duration.ZERO, Instant.EPOCH);
  private static final Expiration IMMEDIATELY =
      new Expiration(Kind.AFTER, Duration.ZERO, Instant.EPOCH);
  private static final Expiration DO_NOT_CACHE =
      new Expiration(Kind.DO_NOT_CACHE, Duration.ZERO, Instant.EPOCH);

  private final Kind kind;
  private final Duration duration;
  private final Instant instant;

  private Expiration(Kind kind, Duration duration, Instant instant) {
    this.kind = kind;
    this.duration = duration;
    this.instant = instant;
  }

  /** Fresh for ever. */
  public static Expiration never() {
    return NEVER;
  }

  /** Stored, but stale from the start. */
  public static Expiration immediately() {
    return IMMEDIATELY;
  }

  /** Not stored. */
  public static Expiration doNotCache() {
    return DO_NOT_CACHE;
  }

  /**
   * A time after it is stored. Zero is {@link #immediately()}.
   *
   * @throws IllegalArgumentException if the duration is negative
   */
  public static Expiration after(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException(
          "expiration must not be negative, but is " + duration + "; use Expiration.never()");
    }
    return duration.isZero() ? IMMEDIATELY : new Expiration(Kind.AFTER, duration, Instant.EPOCH);
  }

  /** At that time; one in the past means stale from the start. */
  public static Expiration at(Instant instant) {
    return new Expiration(Kind.AT, Duration.ZERO, Objects.requireNonNull(instant, "instant"));
  }

  /**
   * Reads {@code never}, {@code immediately}, {@code do-not-cache}, a number of seconds ({@code
   * 90}), a duration ({@code 90s}, {@code 15m}, {@code 2h}, {@code 7d}, {@code PT1H30M}) or an
   * instant ({@code 2026-11-22T08:00:00Z}).
   *
   * @throws IllegalArgumentException if the text is none of these
   */
  public static Expiration parse(String text) {
    String trimmed = text.trim();
    String lower = trimmed.toLowerCase(Locale.ROOT);
    for (Expiration named : List.of(NEVER, IMMEDIATELY, DO_NOT_CACHE)) {
      if (lower.equals(named.toString())) {
        return named;
      }
    }
    try {
      if (lower.matches("\\d{1,15}[smhd]?")) {
        return after(simpleDuration(lower));
      }
      return lower.startsWith("p") ? after(Duration.parse(trimmed)) : at(Instant.parse(trimmed));
    } catch (DateTimeParseException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "not an expiration: \""
              + text
              + "\"; write never, immediately, do-not-cache, 90, 15m, 2h, 7d, PT1H30M or an instant",
          e);
    }
  }

  private static Duration simpleDuration(String text) {
    char unit = text.charAt(text.length() - 1);
    long count =
        Long.parseLong(Character.isDigit(unit) ? text : text.substring(0, text.length() - 1));
    return switch (unit) {
      case 'm' -> Duration.ofMinutes(count);
      case 'h' -> Duration.ofHours(count);
      case 'd' -> Duration.ofDays(count);
      default -> Duration.ofSeconds(count);
    };
  }

  /** Whether this is {@link #never()}. */
  public boolean isNever() {
    return kind == Kind.NEVER;
  }

  /** Whether this is {@link #doNotCache()}. */
  public boolean isDoNotCache() {
    return kind == Kind.DO_NOT_CACHE;
  }

  /**
   * When a response stored (or reset) at {@code start} expires; empty if never. In the years 0 to
   * 9999, which are those that can be stored.
   *
   * @throws IllegalStateException for {@link #doNotCache()}, which has no such time
   */
  public Optional<Instant> from(Instant start) {
    return switch (kind) {
      case NEVER -> Optional.empty();
      case AFTER -> Optional.of(plusSaturated(start, duration));
      case AT -> Optional.of(Times.clamp(instant));
      case DO_NOT_CACHE ->
          throw new IllegalStateException("a response that is not cached does not expire");
    };
  }

  private static Instant plusSaturated(Instant start, Duration duration) {
    return duration.compareTo(Duration.between(start, Times.LAST)) >= 0
        ? Times.LAST
        : Times.clamp(start.plus(duration));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Expiration that
        && kind == that.kind
        && duration.equals(that.duration)
        && instant.equals(that.instant);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, duration, instant);
  }

  /** In a form that {@link #parse} reads. */
  @Override
  public String toString() {
    return switch (kind) {
      case NEVER -> "never";
      case DO_NOT_CACHE -> "do-not-cache";
      case AFTER -> duration.isZero() ? "immediately" : duration.toString();
      case AT -> instant.toString();
    };
  }
}
