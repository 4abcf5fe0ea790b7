package dev.larder.policy;

import dev.larder.http.Expiration;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one request is decided by, besides RFC 9111: the settings of a cache and the options of a
 * call, put together. Immutable.
 *
 * @param shared whether the rules for shared caches hold (RFC 9111 §1, §3.5, §5.2.2)
 * @param cacheControl whether the freshness information and directives of responses count; if not,
 *     only {@code expiration} decides, but for {@code no-store}
 * @param originFirst whether explicit freshness of the origin outranks {@code expiration}
 * @param expiration when a response to this request expires, if the user says so
 * @param codes the only status codes that are stored; empty for those of RFC 9111
 * @param validateAlways whether what is stored is validated before each use
 * @param onlyIfCached whether the origin is not to be asked (RFC 9111 §5.2.1.7)
 * @param refresh whether what is stored is validated before this use, as a reload does
 * @param forceRefresh whether what is stored is passed over and replaced
 * @param staleIfError how stale a response may be that is served instead of an error, beyond what
 *     directives allow (RFC 5861 §4)
 * @param staleWhileRevalidate how stale a response may be that is served while it is validated,
 *     beyond what directives allow (RFC 5861 §3)
 * @param targetedFields names of the targeted fields that stand before Cache-Control (RFC 9213)
 */
public record Rules(
    boolean shared,
    boolean cacheControl,
    boolean originFirst,
    Optional<Expiration> expiration,
    Set<Integer> codes,
    boolean validateAlways,
    boolean onlyIfCached,
    boolean refresh,
    boolean forceRefresh,
    Optional<Duration> staleIfError,
    Optional<Duration> staleWhileRevalidate,
    List<String> targetedFields) {
  /** RFC 9111 for a private cache, and nothing else. */
  public static final Rules PRIVATE =
      new Rules(
          false,
          true,
          false,
          Optional.empty(),
          Set.of(),
          false,
          false,
          false,
          false,
          Optional.empty(),
          Optional.empty(),
          List.of());

  /** The same, but for validating what is stored, whatever else is said about its use. */
  public Rules validating() {
    return new Rules(
        shared,
        cacheControl,
        originFirst,
        expiration,
        codes,
        true,
        false,
        false,
        false,
        staleIfError,
        staleWhileRevalidate,
        targetedFields);
  }

  /** Copies the collections. */
  public Rules {
    codes = Set.copyOf(codes);
    targetedFields = List.copyOf(targetedFields);
  }
}
