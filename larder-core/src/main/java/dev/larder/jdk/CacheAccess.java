package dev.larder.jdk;

import dev.larder.CacheEvent;
import dev.larder.HttpCache;
import dev.larder.http.CachedResponse;
import dev.larder.http.Headers;
import dev.larder.http.LarderException;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.policy.CacheControl;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cache as one client uses it. Nothing here throws because of the cache: what fails is a miss,
 * a skipped write or a skipped invalidation, and an event.
 */
final class CacheAccess {
  private static final Logger LOG = LoggerFactory.getLogger(CachingHttpClient.class);

  private final HttpCache cache;
  private final Cacheability rules;
  private final boolean followsRedirects;
  private final boolean ownSslContext;

  CacheAccess(HttpCache cache, HttpClient delegate) {
    this.cache = cache;
    this.rules = new Cacheability(cache.settings());
    this.followsRedirects = delegate.followRedirects() != HttpClient.Redirect.NEVER;
    this.ownSslContext = !isDefault(delegate.sslContext());
  }

  Instant now() {
    return cache.clock().instant();
  }

  boolean followsRedirects() {
    return followsRedirects;
  }

  /** What came of a look-up: an answer, or the reason to go to the origin. */
  record LookUp(Optional<LocalAnswer> answer, CacheStatus reason) {}

  LookUp lookUp(Request request) {
    Optional<CachedResponse> stored = read(request);
    Instant now = now();
    Optional<CacheStatus> mismatch =
        stored.isEmpty()
            ? Optional.of(CacheStatus.URI_MISS)
            : aliased(stored.get(), request).or(() -> rules.mismatch(stored.get(), request, now));
    Optional<LocalAnswer> answer =
        mismatch.isPresent()
            ? Optional.empty()
            : body(stored.get()).map(body -> LocalAnswer.hit(stored.get(), body, now));
    if (answer.isEmpty() && CacheControl.of(request.headers()).has("only-if-cached")) {
      answer = Optional.of(LocalAnswer.unsatisfiable());
    }
    return new LookUp(answer, mismatch.orElse(CacheStatus.MISS));
  }

  boolean storable(
      Request request, int status, Headers headers, Instant requested, Instant responded) {
    // A client certificate may be in a context of the caller's; it is a credential nobody can see.
    boolean publicOnly = ownSslContext && "https".equalsIgnoreCase(request.uri().getScheme());
    return rules.storable(request, status, headers, requested, responded, publicOnly);
  }

  boolean store(Request request, Response response) {
    try {
      return cache.store(request, response, Optional.empty());
    } catch (RuntimeException e) {
      failed(CacheEvent.Type.WRITE_FAILED, request, e);
      return false;
    }
  }

  CacheInfo info(Request request, Headers headers, Instant requested, Instant responded) {
    return new CacheInfo(
        false,
        cache.createKey(request),
        responded,
        rules.expires(headers, requested, responded, responded));
  }

  /** Forgets what is stored for the URI (RFC 9111 §4.4). */
  void invalidate(URI uri) {
    try {
      cache.deleteUrl(uri.toString());
    } catch (RuntimeException e) {
      failed(CacheEvent.Type.WRITE_FAILED, Request.get(uri), e);
    }
  }

  private Optional<CachedResponse> read(Request request) {
    try {
      return cache.lookUp(request);
    } catch (RuntimeException e) {
      failed(CacheEvent.Type.READ_FAILED, request, e);
      return Optional.empty();
    }
  }

  /**
   * An alias leads to what came after redirects. Whether the caller wants to see those is not
   * decided here.
   */
  private Optional<CacheStatus> aliased(CachedResponse stored, Request request) {
    return stored.key().equals(cache.createKey(request))
        ? Optional.empty()
        : Optional.of(CacheStatus.MISS);
  }

  private Optional<ByteBuffer> body(CachedResponse stored) {
    try {
      return Optional.of(
          stored
              .body()
              .buffer()
              .orElseGet(() -> ByteBuffer.wrap(stored.body().bytes()).asReadOnlyBuffer()));
    } catch (LarderException | UncheckedIOException e) {
      failed(CacheEvent.Type.READ_FAILED, stored.key(), e);
      return Optional.empty();
    }
  }

  private void failed(CacheEvent.Type type, Request request, RuntimeException failure) {
    String key = "";
    try {
      key = cache.createKey(request);
    } catch (RuntimeException e) {
      LOG.debug("no key for {}", request, e);
    }
    failed(type, key, failure);
  }

  private void failed(CacheEvent.Type type, String key, RuntimeException failure) {
    LOG.debug("{} {}", type, key, failure);
    try {
      cache
          .settings()
          .listener()
          .onEvent(
              new CacheEvent(
                  type, key, String.valueOf(failure.getMessage()), Optional.of(failure)));
    } catch (RuntimeException e) {
      LOG.warn("the cache listener failed on {}", type, e);
    }
  }

  private static boolean isDefault(SSLContext context) {
    try {
      return context == SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      return false;
    }
  }
}
