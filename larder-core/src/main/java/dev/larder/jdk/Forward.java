package dev.larder.jdk;

import dev.larder.http.Body;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One exchange with the origin. As the body handler it sees the origin's head first, shows the
 * caller's handler the head that the caller will get, and stores what may be stored.
 */
final class Forward<T> implements BodyHandler<T> {
  /** Bodies longer than this are not stored: they are collected in memory. */
  private static final long LIMIT = 32L << 20;

  private final CacheAccess cache;
  private final HttpRequest sent;
  private final @Nullable Request request;
  private final CacheStatus reason;
  private final BodyHandler<T> handler;
  private final Instant requested;
  private volatile @Nullable Storing<T> storing;

  /**
   * An exchange.
   *
   * @param request the request as the cache knows it; null if the response is not to be stored
   */
  Forward(
      CacheAccess cache,
      HttpRequest sent,
      @Nullable Request request,
      CacheStatus reason,
      BodyHandler<T> handler) {
    this.cache = cache;
    this.sent = sent;
    this.request = request;
    this.reason = reason;
    this.handler = handler;
    this.requested = cache.now();
  }

  @Override
  public BodySubscriber<T> apply(HttpResponse.ResponseInfo info) {
    Instant responded = cache.now();
    storing = null;
    if (!cache.followsRedirects() && Cacheability.invalidates(sent.method(), info.statusCode())) {
      cache.invalidate(sent.uri());
    }
    Headers headers = Headers.copyOf(info.headers().map());
    boolean store =
        request != null
            && cache.storable(request, info.statusCode(), headers, requested, responded);
    BodySubscriber<T> subscriber =
        handler.apply(
            new LocalAnswer.HeadInfo(
                info.statusCode(), reason.addTo(info.headers(), store), info.version()));
    if (request == null || !store) {
      return subscriber;
    }
    Storing<T> attempt = new Storing<>(cache, request, headers, requested, responded);
    storing = attempt;
    TeeSubscriber<T> tee =
        new TeeSubscriber<>(
            subscriber,
            contentLength(info.headers()),
            Math.min(LIMIT, cache.maxBodyBytes()),
            attempt::store);
    attempt.tee = tee;
    if (!cache.followsRedirects()) {
      tee.release();
    }
    return tee;
  }

  /**
   * The response for the caller. A redirected one is not stored: what answered is another URL, and
   * the redirects are not known here.
   */
  HttpResponse<T> finish(HttpResponse<T> response) {
    if (cache.followsRedirects()) {
      invalidateHops(response);
    }
    Storing<T> attempt = storing;
    boolean stored = attempt != null && attempt.settle(response.previousResponse().isEmpty());
    HttpHeaders headers = reason.addTo(response.headers(), stored);
    Optional<CacheInfo> info =
        attempt != null && stored ? Optional.of(attempt.info()) : Optional.empty();
    return CachedHttpResponse.forwarded(response, headers, info);
  }

  /** Each hop was a request of its own, with a method and URI of its own (RFC 9111 §4.4). */
  private void invalidateHops(HttpResponse<T> last) {
    for (Optional<HttpResponse<T>> hop = Optional.of(last);
        hop.isPresent();
        hop = hop.get().previousResponse()) {
      HttpRequest asked = hop.get().request();
      if (Cacheability.invalidates(asked.method(), hop.get().statusCode())) {
        cache.invalidate(asked.uri());
      }
    }
  }

  /** Announced length; a head that announces several different ones announces none. */
  private static long contentLength(HttpHeaders headers) {
    try {
      return headers.firstValueAsLong("Content-Length").orElse(-1);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** A response that is to be stored, or was. */
  private static final class Storing<T> {
    private final CacheAccess cache;
    private final Request request;
    private final Headers headers;
    private final Instant requested;
    private final Instant responded;
    private volatile @Nullable TeeSubscriber<T> tee;
    private volatile @Nullable Boolean outcome;

    Storing(
        CacheAccess cache, Request request, Headers headers, Instant requested, Instant responded) {
      this.cache = cache;
      this.request = request;
      this.headers = headers;
      this.requested = requested;
      this.responded = responded;
    }

    void store(Body body) {
      Response response =
          Response.builder()
              .headers(Cacheability.endToEnd(headers))
              .body(body)
              .requested(requested)
              .responded(responded)
              .build();
      outcome = cache.store(request, response);
    }

    /** Whether the response is stored, or will be when its body is complete. */
    boolean settle(boolean wanted) {
      TeeSubscriber<T> body = tee;
      if (body == null) {
        return false;
      }
      if (wanted) {
        body.release();
      } else {
        body.abandon();
      }
      Boolean stored = outcome;
      return stored == null ? !body.isDropped() : stored;
    }

    CacheInfo info() {
      return cache.info(request, headers, requested, responded);
    }
  }
}
