package dev.larder.policy;

import dev.larder.http.Headers;
import java.time.Duration;
import java.util.Optional;

/**
 * A request as the rules see it. Immutable.
 *
 * @param method the method
 * @param headers the field lines
 * @param directives its Cache-Control
 */
public record Asked(String method, Headers headers, CacheControl directives) {
  /** A request of this method with these field lines. */
  public static Asked of(String method, Headers headers) {
    return new Asked(method, headers, CacheControl.of(headers));
  }

  /** Whether a response is to be had from the cache or not at all (RFC 9111 §5.2.1.7). */
  public boolean onlyIfCached() {
    return directives.has("only-if-cached");
  }

  /**
   * Whether nothing stored is to be used without validation (RFC 9111 §5.2.1.4); {@code Pragma}
   * says so to caches of HTTP/1.0 and counts where there is no Cache-Control (§5.4).
   */
  public boolean noCache() {
    return directives.has("no-cache")
        || (directives.names().isEmpty()
            && headers.contains("Pragma")
            && FieldValues.tokens(headers, "Pragma").contains("no-cache"));
  }

  /** Whether nothing of the exchange is to be stored (RFC 9111 §5.2.1.5). */
  public boolean noStore() {
    return directives.has("no-store");
  }

  /**
   * How stale a response may be (RFC 9111 §5.2.1.2); empty if it must not be stale, and as long as
   * there can be if {@code max-stale} has no argument.
   */
  Optional<Duration> maxStale() {
    if (!directives.has("max-stale")) {
      return Optional.empty();
    }
    return directives.argument("max-stale").isEmpty()
        ? Optional.of(Standing.FOREVER)
        : directives.seconds("max-stale");
  }
}
