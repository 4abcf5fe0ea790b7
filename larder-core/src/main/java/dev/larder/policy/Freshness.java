package dev.larder.policy;

import dev.larder.http.Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How long a response is fresh by what its origin says (RFC 9111 §4.2), for a private cache. */
public final class Freshness {
  private Freshness() {}

  /**
   * When the response stops being fresh: its lifetime (§4.2.1) less its age on arrival (§4.2.3),
   * from then on. Empty if the origin does not say.
   *
   * @param requested when the request was sent
   * @param responded when the response's head arrived
   */
  public static Optional<Instant> expires(Headers headers, Instant requested, Instant responded) {
    return lifetime(headers, responded)
        .map(lifetime -> responded.plus(lifetime).minus(initialAge(headers, requested, responded)));
  }

  /**
   * How old the response is now (§4.2.3): its age on arrival and the time since then; never
   * negative.
   *
   * @param requested when the request was sent
   * @param responded when the response's head arrived
   */
  public static Duration age(Headers headers, Instant requested, Instant responded, Instant now) {
    return initialAge(headers, requested, responded)
        .plus(nonNegative(Duration.between(responded, now)));
  }

  /**
   * The explicit freshness lifetime: max-age, else Expires less Date; empty if there is neither.
   */
  static Optional<Duration> lifetime(Headers headers, Instant responded) {
    Optional<Duration> maxAge = CacheControl.of(headers).seconds("max-age");
    if (maxAge.isPresent()) {
      return maxAge;
    }
    Optional<String> expires = headers.first("Expires");
    if (expires.isEmpty()) {
      return Optional.empty();
    }
    // An Expires that is no date, "0" above all, lies in the past (§5.3).
    return Optional.of(
        HttpDates.parse(expires.get(), responded)
            .map(date -> Duration.between(date(headers, responded), date))
            .filter(lifetime -> !lifetime.isNegative())
            .orElse(Duration.ZERO));
  }

  /** The corrected initial age of §4.2.3. */
  static Duration initialAge(Headers headers, Instant requested, Instant responded) {
    Duration apparent = nonNegative(Duration.between(date(headers, responded), responded));
    Duration corrected =
        ageField(headers).plus(nonNegative(Duration.between(requested, responded)));
    return apparent.compareTo(corrected) > 0 ? apparent : corrected;
  }

  /**
   * The Age field (§5.1): the first member if it is a list, passed over if it is not a number
   * without sign.
   */
  private static Duration ageField(Headers headers) {
    String age = headers.first("Age").orElse("");
    int comma = age.indexOf(',');
    String first = (comma < 0 ? age : age.substring(0, comma)).trim();
    if (first.isEmpty() || !first.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Duration.ZERO;
    }
    long seconds = first.length() > 10 ? 1L << 31 : Math.min(1L << 31, Long.parseLong(first));
    return Duration.ofSeconds(seconds);
  }

  private static Instant date(Headers headers, Instant responded) {
    return headers
        .first("Date")
        .flatMap(text -> HttpDates.parse(text, responded))
        .orElse(responded);
  }

  private static Duration nonNegative(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }
}
