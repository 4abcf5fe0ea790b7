package dev.larder.jdk;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Optional;

/**
 * What a cache has to do with a response. Immutable.
 *
 * @param fromCache whether the response was served from the cache; otherwise the origin answered
 *     and the answer was stored, or will be when its body has been read to the end
 * @param key the key of the entry
 * @param created when the entry was first stored; of an answer of the origin, when its head arrived
 * @param expires when it stops being fresh; empty if never
 */
public record CacheInfo(boolean fromCache, String key, Instant created, Optional<Instant> expires) {
  /**
   * About this response; empty if no cache took part in it: it was passed through, could not be
   * stored, or comes from another client.
   */
  public static Optional<CacheInfo> of(HttpResponse<?> response) {
    return response instanceof CachedHttpResponse<?> ours ? ours.info() : Optional.empty();
  }

  /** Whether it has stopped being fresh at {@code now}. */
  public boolean isExpired(Instant now) {
    return expires.isPresent() && !now.isBefore(expires.get());
  }
}
