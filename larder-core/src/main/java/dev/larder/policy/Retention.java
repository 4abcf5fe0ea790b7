package dev.larder.policy;

import dev.larder.http.Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long a response is worth keeping: past its freshness as long as it can still be validated
 * (RFC 9111 §4.3) or served stale (RFC 5861), within a limit.
 *
 * @param revalidation how long an entry with a validator is kept after it stops being fresh
 * @param maximum how long any entry that can expire is kept from now on
 */
public record Retention(Duration revalidation, Duration maximum) {
  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException if one is negative
   */
  public Retention {
    if (revalidation.isNegative() || maximum.isNegative()) {
      throw new IllegalArgumentException(
          "retention must not be negative, but is " + revalidation + " and " + maximum);
    }
  }

  /** Until when to keep a response that expires then; empty (for ever) if it never expires. */
  public Optional<Instant> until(Headers headers, Optional<Instant> expires, Instant now) {
    if (expires.isEmpty()) {
      return Optional.empty();
    }
    CacheControl cacheControl = CacheControl.of(headers);
    boolean hasValidator = headers.contains("ETag") || headers.contains("Last-Modified");
    Duration extra =
        max(
            hasValidator ? revalidation : Duration.ZERO,
            max(
                cacheControl.seconds("stale-while-revalidate").orElse(Duration.ZERO),
                cacheControl.seconds("stale-if-error").orElse(Duration.ZERO)));
    Instant latest = latest(now);
    Duration left = Duration.between(expires.get(), latest);
    return Optional.of(left.compareTo(extra) < 0 ? latest : expires.get().plus(extra));
  }

  /** Until when anything that can expire is kept at most. */
  public Instant latest(Instant now) {
    return maximum.compareTo(Duration.between(now, Instant.MAX)) >= 0
        ? Instant.MAX
        : now.plus(maximum);
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
