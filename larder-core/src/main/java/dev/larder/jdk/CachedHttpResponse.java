package dev.larder.jdk;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A response as the caller of {@link CachingHttpClient} gets it: made of a stored one, or the
 * origin's with the cache's remarks in its head.
 */
final class CachedHttpResponse<T> implements HttpResponse<T> {
  private final HttpRequest request;
  private final int status;
  private final HttpHeaders headers;
  private final Supplier<T> body;
  private final @Nullable HttpResponse<?> original;
  private final Optional<HttpResponse<T>> previous;
  private final Optional<String> answeredBy;
  private final CacheInfo info;

  /**
   * A response.
   *
   * @param request the caller's, or the one that followed a redirect
   * @param original the origin's response, if it was asked
   * @param previous the redirect that led here
   * @param answeredBy the URL that answered, if it is another than the request's
   */
  CachedHttpResponse(
      HttpRequest request,
      int status,
      HttpHeaders headers,
      Supplier<T> body,
      @Nullable HttpResponse<?> original,
      Optional<HttpResponse<T>> previous,
      Optional<String> answeredBy,
      CacheInfo info) {
    this.request = request;
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.original = original;
    this.previous = previous;
    this.answeredBy = answeredBy;
    this.info = info;
  }

  CacheInfo info() {
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
    return previous;
  }

  @Override
  public HttpHeaders headers() {
    return headers;
  }

  @Override
  public T body() {
    return body.get();
  }

  @Override
  public Optional<SSLSession> sslSession() {
    return original == null ? Optional.empty() : original.sslSession();
  }

  @Override
  public URI uri() {
    if (original != null) {
      return original.uri();
    }
    try {
      return answeredBy.isPresent() ? URI.create(answeredBy.get()) : request.uri();
    } catch (IllegalArgumentException e) {
      // Another program may have stored what the JDK takes for no URI.
      return request.uri();
    }
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
