package dev.larder.jdk;

import dev.larder.http.CachedResponse;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.policy.Freshness;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * An answer that needs no origin. Immutable.
 *
 * @param body read-only
 * @param info about the entry it comes from, if any
 */
record LocalAnswer(int status, HttpHeaders headers, ByteBuffer body, Optional<CacheInfo> info) {
  /** {@code only-if-cached} and nothing there (RFC 9111 §5.2.1.7). */
  static LocalAnswer unsatisfiable() {
    HttpHeaders headers =
        CacheStatus.add(Map.of("Content-Length", List.of("0")), "detail=only-if-cached");
    return new LocalAnswer(
        504, headers, ByteBuffer.allocate(0).asReadOnlyBuffer(), Optional.empty());
  }

  /** A fresh entry. */
  static LocalAnswer hit(CachedResponse stored, ByteBuffer body, Instant now) {
    EntryHead head = stored.head();
    CacheInfo info = new CacheInfo(true, head.key(), head.created(), head.expires());
    return new LocalAnswer(head.status(), headers(head, now), body, Optional.of(info));
  }

  private static HttpHeaders headers(EntryHead head, Instant now) {
    Duration age = Freshness.age(head.headers(), head.requested(), head.responded(), now);
    Headers withAge =
        Headers.builder()
            .addAll(head.headers())
            .set("Age", Long.toString(Math.min(age.toSeconds(), 1L << 31)))
            .build();
    String ttl =
        head.expires()
            .map(expires -> "; ttl=" + Duration.between(now, expires).toSeconds())
            .orElse("");
    return CacheStatus.add(new LinkedHashMap<>(withAge.toMap()), "hit" + ttl);
  }

  /**
   * Gives the answer to a handler as the JDK's client would: head, bytes on demand, end. What the
   * handler throws ends up in the future.
   */
  <T> CompletableFuture<HttpResponse<T>> deliver(HttpRequest request, BodyHandler<T> handler) {
    try {
      BodySubscriber<T> subscriber = handler.apply(responseInfo());
      // The bytes come first: a handler may read the whole body in getBody().
      new BufferSubscription(subscriber, body.duplicate()).start();
      return subscriber
          .getBody()
          .<HttpResponse<T>>thenApply(
              content -> CachedHttpResponse.local(request, status, headers, content, info))
          .toCompletableFuture();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private HttpResponse.ResponseInfo responseInfo() {
    return new HeadInfo(status, headers, HttpClient.Version.HTTP_1_1);
  }

  /** What a body handler is shown. */
  record HeadInfo(int statusCode, HttpHeaders headers, HttpClient.Version version)
      implements HttpResponse.ResponseInfo {}
}
