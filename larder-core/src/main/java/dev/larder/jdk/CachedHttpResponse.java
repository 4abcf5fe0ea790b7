package dev.larder.jdk;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A response as the caller of {@link CachingHttpClient} gets it: one from the cache, or one of the
 * origin with the cache's remarks in its head.
 */
final class CachedHttpResponse<T> implements HttpResponse<T> {
  private final HttpRequest request;
  private final int status;
  private final HttpHeaders headers;
  private final T body;
  private final @Nullable HttpResponse<T> original;
  private final Optional<CacheInfo> info;

  private CachedHttpResponse(
      HttpRequest request,
      int status,
      HttpHeaders headers,
      T body,
      @Nullable HttpResponse<T> original,
      Optional<CacheInfo> info) {
    this.request = request;
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.original = original;
    this.info = info;
  }

  /** A response that no origin was asked for. */
  static <T> HttpResponse<T> local(
      HttpRequest request, int status, HttpHeaders headers, T body, Optional<CacheInfo> info) {
    return new CachedHttpResponse<>(request, status, headers, body, null, info);
  }

  /** The origin's response with another head. */
  static <T> HttpResponse<T> forwarded(
      HttpResponse<T> original, HttpHeaders headers, Optional<CacheInfo> info) {
    return new CachedHttpResponse<>(
        original.request(), original.statusCode(), headers, original.body(), original, info);
  }

  Optional<CacheInfo> info() {
    return info;
  }

  @Override
  public int statusCode() {
    return status;
  }

  @Override
  public HttpRequest request() {
    return request;
  }

  @Override
  public Optional<HttpResponse<T>> previousResponse() {
    return original == null ? Optional.empty() : original.previousResponse();
  }

  @Override
  public HttpHeaders headers() {
    return headers;
  }

  @Override
  public T body() {
    return body;
  }

  @Override
  public Optional<SSLSession> sslSession() {
    return original == null ? Optional.empty() : original.sslSession();
  }

  @Override
  public URI uri() {
    return original == null ? request.uri() : original.uri();
  }

  @Override
  public HttpClient.Version version() {
    return original == null ? HttpClient.Version.HTTP_1_1 : original.version();
  }

  /** Overrides the method that JDK 25 has; called by nobody before. */
  public Optional<String> connectionLabel() {
    return original == null ? Optional.empty() : NewerJdk.connectionLabel(original);
  }

  @Override
  public String toString() {
    return "(" + request.method() + ' ' + uri() + ") " + status;
  }
}
