package dev.larder.jdk;

import dev.larder.Exchange;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Optional;

/**
 * What a cache has to do with a response. Immutable.
 *
 * @param fromCache whether the response is what was stored; otherwise the origin's answer
 * @param revalidated whether the origin has just confirmed what was stored (a 304)
 * @param stored whether the response is stored, or will be when its body has been read to the end
 * @param key the key of the entry, or the one it would have; empty if requests of this kind are not
 *     looked up
 * @param created when the entry was first stored; of an answer of the origin, when its head arrived
 * @param expires when it stops being fresh; empty if never, or if it is not stored
 */
public record CacheInfo(
    boolean fromCache,
    boolean revalidated,
    boolean stored,
    String key,
    Instant created,
    Optional<Instant> expires) {
  /** About this response; empty if it comes from a client without a cache. */
  public static Optional<CacheInfo> of(HttpResponse<?> response) {
    return response instanceof CachedHttpResponse<?> ours
        ? Optional.of(ours.info())
        : Optional.empty();
  }

  static CacheInfo of(Exchange exchange) {
    return new CacheInfo(
        exchange.isFromCache(),
        exchange.isRevalidated(),
        exchange.isStored(),
        exchange.cacheKey(),
        exchange.created(),
        exchange.expires());
  }

  /** Whether it has stopped being fresh at {@code now}. */
  public boolean isExpired(Instant now) {
    return expires.isPresent() && !now.isBefore(expires.get());
  }
}
