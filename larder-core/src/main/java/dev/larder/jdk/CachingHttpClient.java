package dev.larder.jdk;

import dev.larder.HttpCache;
import dev.larder.http.Body;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * A {@link HttpClient} that answers from a cache where it can, and stores what may be stored. The
 * rest is left to a client of the JDK that it builds and owns.
 *
 * <p>Default: a delegate as {@code HttpClient.newHttpClient()} makes it. What is stored, and for
 * how long, is a matter of the cache's {@link HttpCache#settings() settings}.
 *
 * <p><b>What is cached.</b> Responses with status 200 to GET requests, as long as they are fresh by
 * {@code Cache-Control: max-age} or {@code Expires} (RFC 9111 §4.2) or by the settings' {@code
 * expireAfter}, which outranks the origin except for {@code no-store}. A response that varies (RFC
 * 9111 §4.1) is served to requests with equal fields only; the cache keeps one variant of a URL. A
 * stale response is fetched anew, not validated.
 *
 * <p><b>What is passed through</b> without being looked up or stored: other methods; requests with
 * a body, with credentials (Authorization, Cookie, API keys), with a {@code Range} or condition of
 * their own, or with a {@code Cache-Control} other than {@code max-stale} and {@code
 * only-if-cached}; every request of a delegate with a cookie handler or an authenticator. Not
 * stored: what came after redirects that the delegate followed; bodies over 32 MiB; bodies that
 * were not read to the end; and, from {@code https} origins where the delegate has an SSL context
 * of its own, what is not marked {@code public}. A successful POST, PUT, DELETE or other unsafe
 * method deletes the entry of its URL.
 *
 * <p><b>What the caller sees.</b> Each response has a {@code Cache-Status} field (RFC 9211), and
 * one from the cache an {@code Age}. {@link CacheInfo#of} tells more. The body of a response that
 * is stored is complete in the cache before the caller sees its end. {@code only-if-cached} without
 * a fresh entry is answered with 504.
 *
 * <p><b>Failures.</b> The cache never makes a call fail: where it cannot be read or written, the
 * origin answers and the cache's listener is told. An invalidation that fails is not repeated.
 *
 * <p>Settings with {@code matchHeaders} are refused: this client cannot find again what it has to
 * invalidate under such keys. What varies by a field is told by {@code Vary}.
 *
 * <p>Thread-safe. {@code sendAsync} reads the cache on the delegate's executor, or else on a thread
 * of its own; bodies are stored on the thread that delivers them. Closing (JDK 21 and later) closes
 * the delegate and not the cache.
 */
public final class CachingHttpClient extends HttpClient {
  private final HttpClient delegate;
  private final CacheAccess cache;
  private final Cacheability rules;
  private final boolean hidesCredentials;

  private CachingHttpClient(Builder builder) {
    this.delegate = builder.delegate.build();
    this.cache = new CacheAccess(builder.cache, delegate);
    this.rules = new Cacheability(builder.cache.settings());
    this.hidesCredentials =
        delegate.cookieHandler().isPresent() || delegate.authenticator().isPresent();
  }

  /** A builder with the default above. */
  public static Builder builder(HttpCache cache) {
    return new Builder(cache);
  }

  @Override
  public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    Objects.requireNonNull(handler, "handler");
    Optional<CacheStatus> obstacle = obstacle(request);
    if (obstacle.isPresent()) {
      return rules.onlyIfCached(request)
          ? await(LocalAnswer.unsatisfiable().deliver(request, handler))
          : forward(new Forward<>(cache, request, null, obstacle.get(), handler), request);
    }
    Request known = known(request);
    CacheAccess.LookUp found = cache.lookUp(known);
    return found.answer().isPresent()
        ? await(found.answer().get().deliver(request, handler))
        : forward(new Forward<>(cache, request, known, found.reason(), handler), request);
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, BodyHandler<T> handler) {
    return sendAsync(request, handler, null);
  }

  /** Sends as the other methods do; pushed responses are passed through. */
  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request,
      BodyHandler<T> handler,
      @Nullable PushPromiseHandler<T> pushPromiseHandler) {
    Objects.requireNonNull(handler, "handler");
    Optional<CacheStatus> obstacle = obstacle(request);
    if (obstacle.isPresent() && rules.onlyIfCached(request)) {
      return LocalAnswer.unsatisfiable().deliver(request, handler);
    }
    if (obstacle.isPresent()) {
      Forward<T> forward = new Forward<>(cache, request, null, obstacle.get(), handler);
      return delegate.sendAsync(request, forward, pushPromiseHandler).thenApply(forward::finish);
    }
    Request known = known(request);
    CancellableFuture<HttpResponse<T>> result = new CancellableFuture<>();
    Executor executor = delegate.executor().orElse(NewerJdk.EXECUTOR);
    Runnable lookUp =
        () -> {
          CacheAccess.LookUp found = cache.lookUp(known);
          result.follow(
              () -> {
                if (found.answer().isPresent()) {
                  return found.answer().get().deliver(request, handler);
                }
                Forward<T> forward = new Forward<>(cache, request, known, found.reason(), handler);
                return delegate
                    .sendAsync(request, forward, pushPromiseHandler)
                    .thenApplyAsync(forward::finish, executor);
              });
        };
    try {
      executor.execute(() -> result.completeBy(lookUp));
    } catch (RejectedExecutionException e) {
      // An executor that takes no more work is the delegate's to report.
      return delegate.sendAsync(request, handler, pushPromiseHandler);
    }
    return result;
  }

  private Optional<CacheStatus> obstacle(HttpRequest request) {
    Optional<CacheStatus> obstacle = rules.obstacle(request);
    return obstacle.isEmpty() && hidesCredentials ? Optional.of(CacheStatus.BYPASS) : obstacle;
  }

  private static Request known(HttpRequest request) {
    return new Request(
        request.method(), request.uri(), Headers.copyOf(request.headers().map()), Body.empty());
  }

  private <T> HttpResponse<T> forward(Forward<T> forward, HttpRequest request)
      throws IOException, InterruptedException {
    return forward.finish(delegate.send(request, forward));
  }

  /** Waits as the JDK's client does, which reports whatever a handler threw as an IOException. */
  private static <T> HttpResponse<T> await(CompletableFuture<HttpResponse<T>> response)
      throws IOException, InterruptedException {
    try {
      return response.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof Error error) {
        throw error;
      }
      throw new IOException(cause.getMessage(), cause);
    }
  }

  @Override
  public Optional<CookieHandler> cookieHandler() {
    return delegate.cookieHandler();
  }

  @Override
  public Optional<Duration> connectTimeout() {
    return delegate.connectTimeout();
  }

  @Override
  public Redirect followRedirects() {
    return delegate.followRedirects();
  }

  @Override
  public Optional<ProxySelector> proxy() {
    return delegate.proxy();
  }

  @Override
  public SSLContext sslContext() {
    return delegate.sslContext();
  }

  @Override
  public SSLParameters sslParameters() {
    return delegate.sslParameters();
  }

  @Override
  public Optional<Authenticator> authenticator() {
    return delegate.authenticator();
  }

  @Override
  public Version version() {
    return delegate.version();
  }

  @Override
  public Optional<Executor> executor() {
    return delegate.executor();
  }

  @Override
  public WebSocket.Builder newWebSocketBuilder() {
    return delegate.newWebSocketBuilder();
  }

  /** Lets running calls end and takes no new ones; from JDK 21 on, before it does nothing. */
  public void shutdown() {
    NewerJdk.shutdown(delegate);
  }

  /** Ends running calls and takes no new ones; from JDK 21 on, before it does nothing. */
  public void shutdownNow() {
    NewerJdk.shutdownNow(delegate);
  }

  /** Waits for running calls and closes the delegate; from JDK 21 on, before it does nothing. */
  public void close() {
    NewerJdk.close(delegate);
  }

  /** Whether the client is shut down and all its calls have ended; never before JDK 21. */
  public boolean isTerminated() {
    return NewerJdk.isTerminated(delegate);
  }

  /**
   * Waits until the client is terminated, but no longer than this.
   *
   * @return whether it is; never before JDK 21, which does not wait
   */
  public boolean awaitTermination(Duration duration) throws InterruptedException {
    return NewerJdk.awaitTermination(delegate, duration);
  }

  /** Collects options. Not thread-safe. */
  public static final class Builder {
    private final HttpCache cache;
    private HttpClient.Builder delegate = HttpClient.newBuilder();

    private Builder(HttpCache cache) {
      this.cache = Objects.requireNonNull(cache, "cache");
    }

    /** How to build the client that talks to origins. */
    public Builder delegate(HttpClient.Builder builder) {
      this.delegate = Objects.requireNonNull(builder, "delegate");
      return this;
    }

    /**
     * The client. Sends nothing and reads nothing of the cache.
     *
     * @throws IllegalStateException if the cache's settings have {@code matchHeaders}
     */
    public CachingHttpClient build() {
      if (!cache.settings().matchHeaders().isEmpty()) {
        throw new IllegalStateException(
            "CachingHttpClient cannot invalidate keys that request fields take part in; leave out matchHeaders "
                + cache.settings().matchHeaders()
                + " and let origins say Vary");
      }
      return new CachingHttpClient(this);
    }
  }
}
