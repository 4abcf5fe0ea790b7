package dev.larder.jdk;

import dev.larder.HttpCache;
import dev.larder.http.CachedResponse;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.policy.CacheControl;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** What one client makes of the cache: which responses it stores, and which it answers with. */
final class CacheAccess {
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
    Optional<CachedResponse> stored = cache.forClients().lookUp(request);
    Instant now = now();
    Optional<CacheStatus> mismatch =
        stored.isEmpty()
            ? Optional.of(CacheStatus.URI_MISS)
            : aliased(stored.get(), request).or(() -> rules.mismatch(stored.get(), request, now));
    Optional<LocalAnswer> answer =
        mismatch.isPresent()
            ? Optional.empty()
            : cache
                .forClients()
                .body(stored.get())
                .map(body -> LocalAnswer.hit(stored.get(), body, now));
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
    return cache.forClients().store(request, response, Optional.empty());
  }

  long maxBodyBytes() {
    return cache.forClients().maxBodyBytes();
  }

  CacheInfo info(Request request, Headers headers, Instant requested, Instant responded) {
    return new CacheInfo(
        false,
        cache.forClients().key(request),
        responded,
        rules.expires(headers, requested, responded, responded));
  }

  /** Forgets what is stored for the URI (RFC 9111 §4.4). */
  void invalidate(URI uri) {
    cache.forClients().invalidate(uri);
  }

  /**
   * An alias leads to what came after redirects. Whether the caller wants to see those is not
   * decided here.
   */
  private Optional<CacheStatus> aliased(CachedResponse stored, Request request) {
    return stored.key().equals(cache.forClients().key(request))
        ? Optional.empty()
        : Optional.of(CacheStatus.MISS);
  }

  private static boolean isDefault(SSLContext context) {
    try {
      return context == SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      return false;
    }
  }
}
