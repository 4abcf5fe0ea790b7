package dev.larder.policy;

import dev.larder.http.Headers;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long a response is fresh, and how old it is (RFC 9111 §4.2). Immutable.
 *
 * <p>The lifetime (§4.2.1) is the first there is of: {@code s-maxage} if the cache is shared,
 * {@code max-age}, Expires less Date (with the time of arrival if there is no valid Date), a
 * heuristic, nothing. What is there but not valid counts as zero; of several values the first
 * counts. Expires does not count beside a targeted field (RFC 9213).
 *
 * <p>The heuristic (§4.2.2) is a tenth of the time between Last-Modified and Date, at most {@link
 * #HEURISTIC_LIMIT}, and only for responses that are marked as cacheable ({@code public}, or {@code
 * private} in a private cache) or whose status is cacheable by default ({@link
 * Storability#isHeuristicallyCacheable}).
 *
 * <p>The age (§4.2.3) is the larger of what the Age field and what Date say; an Age that is no
 * number without sign is passed over, and of a list the first member counts (§5.1).
 */
public final class Freshness {
  /** The longest lifetime given by the heuristic: 24 hours. */
  public static final Duration HEURISTIC_LIMIT = Duration.ofHours(24);

  private final Duration lifetime;
  private final Duration initialAge;
  private final boolean explicit;
  private final boolean heuristic;
  private final Instant responded;

  private Freshness(
      Duration lifetime,
      Duration initialAge,
      boolean explicit,
      boolean heuristic,
      Instant responded) {
    this.lifetime = lifetime;
    this.initialAge = initialAge;
    this.explicit = explicit;
    this.heuristic = heuristic;
    this.responded = responded;
  }

  /**
   * The freshness of a response.
   *
   * @param control the response's directives
   * @param requested when the request was sent
   * @param responded when the response's head arrived
   * @param shared whether it is a shared cache that asks
   */
  public static Freshness of(
      int status,
      Headers headers,
      CacheControl control,
      Instant requested,
      Instant responded,
      boolean shared) {
    Times times = new Times(headers, responded);
    long seconds = shared ? control.secondsOrNone("s-maxage") : -1;
    if (seconds < 0) {
      seconds = control.secondsOrNone("max-age");
    }
    Duration initialAge = times.initialAge(requested);
    if (seconds >= 0) {
      return new Freshness(Duration.ofSeconds(seconds), initialAge, true, false, responded);
    }
    if (times.expires != null && !control.targeted()) {
      return new Freshness(times.untilExpires(times.expires), initialAge, true, false, responded);
    }
    Duration heuristic =
        marked(control, shared) || Storability.isHeuristicallyCacheable(status)
            ? times.heuristic()
            : Duration.ZERO;
    return new Freshness(heuristic, initialAge, false, !heuristic.isZero(), responded);
  }

  /**
   * When the response stops being fresh by what its origin says, in a private cache: its lifetime
   * (§4.2.1) less its age on arrival (§4.2.3), from then on. Empty if the origin does not say.
   *
   * @param requested when the request was sent
   * @param responded when the response's head arrived
   */
  public static Optional<Instant> expires(Headers headers, Instant requested, Instant responded) {
    Freshness freshness = of(200, headers, CacheControl.of(headers), requested, responded, false);
    return freshness.explicit ? Optional.of(freshness.expires()) : Optional.empty();
  }

  /**
   * How old the response is now (§4.2.3): its age on arrival and the time since then; never
   * negative.
   *
   * @param requested when the request was sent
   * @param responded when the response's head arrived
   */
  public static Duration age(Headers headers, Instant requested, Instant responded, Instant now) {
    return new Times(headers, responded)
        .initialAge(requested)
        .plus(nonNegative(Duration.between(responded, now)));
  }

  /** How long the response is fresh from its making on (§4.2.1); never negative. */
  public Duration lifetime() {
    return lifetime;
  }

  /** Whether the origin gave the lifetime, if only a wrong one. */
  public boolean isExplicit() {
    return explicit;
  }

  /** Whether the lifetime is a guess (§4.2.2) greater than zero. */
  public boolean isHeuristic() {
    return heuristic;
  }

  /** How old the response was when it arrived (§4.2.3: corrected_initial_age). */
  public Duration initialAge() {
    return initialAge;
  }

  /** How old it is now: its age on arrival and the time since then; never negative. */
  public Duration age(Instant now) {
    return initialAge.plus(nonNegative(Duration.between(responded, now)));
  }

  /** When it stops being fresh; before its arrival if it came stale. */
  public Instant expires() {
    Duration left = lifetime.minus(initialAge);
    // Duration and Instant hold far more than any sum of their seconds.
    long second = responded.getEpochSecond() + left.toSeconds();
    if (second >= Instant.MAX.getEpochSecond()) {
      return Instant.MAX;
    }
    return second <= Instant.MIN.getEpochSecond() ? Instant.MIN : responded.plus(left);
  }

  /** Whether its lifetime is greater than its age now. */
  public boolean isFresh(Instant now) {
    return lifetime.compareTo(age(now)) > 0;
  }

  @Override
  public String toString() {
    return "Freshness["
        + lifetime
        + (explicit ? " explicit" : heuristic ? " heuristic" : "")
        + ", initial age "
        + initialAge
        + ']';
  }

  private static boolean marked(CacheControl control, boolean shared) {
    return control.has("public") || (!shared && control.has("private"));
  }

  private static Duration nonNegative(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }

  /** The fields that hold times, found in one pass: this runs for every answer from the cache. */
  private static final class Times {
    private final Instant responded;
    private final @Nullable String expires;
    private final @Nullable String lastModified;
    private final @Nullable String age;

    /** Epoch second; {@link HttpDates#NONE} if there is no valid Date. */
    private final long date;

    Times(Headers headers, Instant responded) {
      String firstDate = null;
      String firstExpires = null;
      String firstLastModified = null;
      String firstAge = null;
      for (Headers.Field field : headers.fields()) {
        switch (field.name().length()) {
          case 3 -> firstAge = firstAge == null && field.named("Age") ? field.value() : firstAge;
          case 4 ->
              firstDate = firstDate == null && field.named("Date") ? field.value() : firstDate;
          case 7 ->
              firstExpires =
                  firstExpires == null && field.named("Expires") ? field.value() : firstExpires;
          case 13 ->
              firstLastModified =
                  firstLastModified == null && field.named("Last-Modified")
                      ? field.value()
                      : firstLastModified;
          default -> {}
        }
      }
      this.responded = responded;
      this.expires = firstExpires;
      this.lastModified = firstLastModified;
      this.age = firstAge;
      this.date = firstDate == null ? HttpDates.NONE : HttpDates.epochSecond(firstDate, responded);
    }

    Duration untilExpires(String value) {
      // An Expires that is no date, "0" above all, lies in the past (§5.3).
      long second = HttpDates.epochSecond(value, responded);
      return second == HttpDates.NONE ? Duration.ZERO : sinceDate(second);
    }

    Duration heuristic() {
      long second =
          lastModified == null ? HttpDates.NONE : HttpDates.epochSecond(lastModified, responded);
      if (second == HttpDates.NONE) {
        return Duration.ZERO;
      }
      Duration tenth =
          nonNegative(Duration.between(Instant.ofEpochSecond(second), date())).dividedBy(10);
      return tenth.compareTo(HEURISTIC_LIMIT) > 0 ? HEURISTIC_LIMIT : tenth;
    }

    Duration initialAge(Instant requested) {
      // Date names the second, not the moment: what has passed of the second is not age yet.
      Duration apparent =
          nonNegative(Duration.between(date(), responded.truncatedTo(ChronoUnit.SECONDS)));
      Duration corrected =
          nonNegative(Duration.between(requested, responded)).plusSeconds(ageSeconds());
      return apparent.compareTo(corrected) > 0 ? apparent : corrected;
    }

    private Duration sinceDate(long second) {
      return nonNegative(Duration.between(date(), Instant.ofEpochSecond(second)));
    }

    private Instant date() {
      return date == HttpDates.NONE ? responded : Instant.ofEpochSecond(date);
    }

    private long ageSeconds() {
      if (age == null) {
        return 0;
      }
      int comma = age.indexOf(',');
      int end = comma < 0 ? age.length() : comma;
      while (end > 0 && ListCursor.isBlank(age.charAt(end - 1))) {
        end--;
      }
      return Math.max(0, FieldValues.number(age, 0, end, CacheControl.MAX_SECONDS));
    }
  }
}
