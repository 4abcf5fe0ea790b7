package dev.larder;

import dev.larder.http.CacheEntry;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryHead;
import dev.larder.http.Expiration;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.key.CacheKey;
import dev.larder.storage.EntryTooLargeException;
import dev.larder.storage.Precondition;
import dev.larder.storage.ReadOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A cache as a client uses it while it answers a request. Nothing here throws because of the cache,
 * and nothing waits for a storage to be set up: what fails is a miss, or is not done, and is one
 * {@link CacheEvent}; each outage is one warning in the log. Thread-safe.
 */
public final class ClientAccess {
  private final HttpCache cache;
  private final Events events;

  ClientAccess(HttpCache cache, Events events) {
    this.cache = cache;
    this.events = events;
  }

  /**
   * The response to this request, fresh or not; its body can be read. Empty if there is none, or
   * none can be had.
   */
  public Optional<CachedResponse> lookUp(Request request) {
    try {
      CacheSettings settings = cache.settings();
      CacheKey key = settings.keyFunction().create(request, settings.matchHeaders());
      Optional<CacheEntry> entry = cache.resolve(key.value(), ReadOptions.DEFAULT);
      events.recovered();
      return entry.filter(found -> cache.agrees(request, key, found.head())).map(CacheEntry::open);
    } catch (RuntimeException e) {
      events.failed(CacheEvent.Type.READ_FAILED, key(request), e);
      return Optional.empty();
    }
  }

  /**
   * Stores a response, unless something newer is there.
   *
   * @param expiration when it expires, or empty for what the settings and the origin say
   * @return whether it was stored
   */
  public boolean store(Request request, Response response, Optional<Expiration> expiration) {
    try {
      Optional<Expiration> chosen = expiration.or(() -> cache.settings().expireAfter());
      // A response that could not be given back as it came would be a wrong one.
      if (chosen.map(Expiration::isDoNotCache).orElse(false) || cache.hidesFieldsOf(response)) {
        return false;
      }
      EntryHead head = cache.head(request, response, Optional.empty(), chosen);
      boolean stored = cache.write(head, response, false).isPresent();
      events.recovered();
      return stored;
    } catch (EntryTooLargeException e) {
      events.skipped(CacheEvent.Type.TOO_LARGE, key(request), e);
    } catch (RuntimeException e) {
      events.failed(CacheEvent.Type.WRITE_FAILED, key(request), e);
    }
    return false;
  }

  /** Forgets the response to a GET of this URI (RFC 9111 §4.4). */
  public void invalidate(URI uri) {
    Request get = Request.get(uri);
    try {
      cache.putTombstone(cache.createKey(get), Precondition.none());
    } catch (RuntimeException e) {
      events.failed(CacheEvent.Type.WRITE_FAILED, key(get), e);
    }
  }

  /**
   * The bytes of a stored response, without copying them if they are in memory; empty if they
   * cannot be had any more.
   */
  public Optional<ByteBuffer> body(CachedResponse stored) {
    try {
      return Optional.of(
          stored
              .body()
              .buffer()
              .orElseGet(() -> ByteBuffer.wrap(stored.body().bytes()).asReadOnlyBuffer()));
    } catch (RuntimeException e) {
      events.failed(CacheEvent.Type.READ_FAILED, stored.key(), e);
      return Optional.empty();
    }
  }

  /** The longest body that can be stored at all, in bytes. A longer one need not be collected. */
  public long maxBodyBytes() {
    return cache.storage().maxBodyBytes();
  }

  /** The key of a request; an empty text if none can be made. */
  public String key(Request request) {
    try {
      return cache.createKey(request);
    } catch (RuntimeException e) {
      // A key function of the user's may fail on anything.
      return "";
    }
  }
}
