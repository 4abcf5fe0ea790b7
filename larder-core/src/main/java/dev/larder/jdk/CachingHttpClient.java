package dev.larder.jdk;

import dev.larder.CacheOptions;
import dev.larder.HttpCache;
import dev.larder.Step;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * A {@link HttpClient} that answers from a cache where it can, and stores what may be stored, by
 * RFC 9111. Requests to origins are left to a client of the JDK.
 *
 * <p>Default: a delegate as {@code HttpClient.newHttpClient()} makes it. What is stored, and for
 * how long, is a matter of the cache's {@link HttpCache#settings() settings}; what one call wants
 * else, of {@link #with}.
 *
 * <p><b>What is cached.</b> Responses to GET that RFC 9111 §3 lets a private cache store, every
 * variant of them (§4.1); parts of representations, which are put together where they have the same
 * strong entity tag (§3.4); redirects, each by itself. HEAD, ranges and conditions of the caller's
 * are answered from what is stored for GET. Stale responses are validated (§4.3), and served while
 * that happens or when it fails as far as directives and settings allow (RFC 5861). A successful
 * POST, PUT, DELETE or other unsafe method makes void what is stored for its URI (§4.4).
 *
 * <p><b>Credentials.</b> A response to a request with {@code Authorization}, {@code Cookie} or
 * another field that looks like a credential is served only to requests with the same ones, unless
 * the origin says {@code public}. Cookies of the builder's cookie handler are added above the cache
 * and count likewise. Where the delegate may send credentials that cannot be seen (an
 * authenticator, an SSL context of its own, cookies of a ready-made delegate), only {@code public}
 * responses are stored and served, unless the settings name the {@code principal}.
 *
 * <p><b>What is passed through:</b> methods other than those of the settings; requests whose method
 * is cached and whose body has more than 10 MiB or no known length; what varies by a field that the
 * JDK's client sets by itself, such as {@code User-Agent}, unless the caller sets it. Not stored
 * are bodies that were not read to their end, or are longer than {@code maxBodyBytes}.
 *
 * <p><b>What the caller sees.</b> Each response has a {@code Cache-Status} field (RFC 9211), and
 * one from the cache an {@code Age}. {@link CacheInfo#of} tells more. Redirects are followed as the
 * builder says, by this client, and each hop is cached by itself; credentials do not go along to
 * another origin; {@code previousResponse().body()} gives what redirects carried, up to 64 KiB.
 * What is to be stored this cache finds as soon as the caller has seen the end of its body; whether
 * the storage has it by then is a matter of the settings' {@code writeMode}. {@code only-if-cached}
 * without a usable entry is answered with 504.
 *
 * <p><b>At the same time.</b> While a request is under way, others for the same wait for what it
 * stores, in this process and for a bounded time. {@code HttpRequest.timeout()} covers look-up,
 * waiting and origin together, but does not interrupt a look-up; that waits for the settings'
 * {@code storageTimeout} at most.
 *
 * <p><b>Failures.</b> The cache never makes a call fail, unless the settings say {@code
 * failOpen(false)}: where it cannot be read or written in time, the origin answers and the cache's
 * listener is told. An invalidation that cannot be written is remembered and heeded by this
 * process, and repeated.
 *
 * <p>Thread-safe. The storage is never waited for on the delegate's threads, but on threads of this
 * client's, virtual ones where the JDK has them, or on the caller's in {@code send}. Closing closes
 * the delegate if this client has built it, waits for background refreshes, and leaves the cache
 * open.
 */
public final class CachingHttpClient extends HttpClient {
  private static final Duration FOR_EVER = Duration.ofDays(1);

  private final ClientParts parts;
  private final HttpClient delegate;
  private final Redirect followRedirects;
  private final boolean owned;
  private final CacheOptions options;

  private CachingHttpClient(
      ClientParts parts, Redirect followRedirects, boolean owned, CacheOptions options) {
    this.parts = parts;
    this.delegate = parts.delegate();
    this.followRedirects = followRedirects;
    this.owned = owned;
    this.options = options;
  }

  /** A builder with the default above. */
  public static Builder builder(HttpCache cache) {
    return new Builder(cache);
  }

  /**
   * This client with options for each of its calls. A view: it costs nothing, shares everything,
   * and need not be closed.
   */
  public CachingHttpClient with(CacheOptions callOptions) {
    return new CachingHttpClient(
        parts, followRedirects, owned, Objects.requireNonNull(callOptions, "options"));
  }

  @Override
  public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    Objects.requireNonNull(handler, "handler");
    Call<T> call = new Call<>(parts, parts.know(request), handler, null, options);
    Step step = call.begin();
    if (step instanceof Step.Serve serve) {
      HttpResponse<T> response = call.now(serve);
      if (response != null) {
        return response;
      }
    }
    CallFuture<HttpResponse<T>> future = call.future();
    settle(future, call.proceed(step));
    return Futures.awaitInterruptibly(future);
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, BodyHandler<T> handler) {
    return sendAsync(request, handler, null);
  }

  /**
   * Sends as the other methods do. Responses that the origin pushes go to the handler and are not
   * cached.
   */
  // What becomes of the stage is what becomes of the future.
  @SuppressWarnings("FutureReturnValueIgnored")
  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request,
      BodyHandler<T> handler,
      @Nullable PushPromiseHandler<T> pushPromiseHandler) {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(handler, "handler");
    CallFuture.UnderWay underWay = new CallFuture.UnderWay();
    CallFuture<HttpResponse<T>> future = new CallFuture<>(underWay);
    parts
        .executor()
        .execute(
            () -> {
              try {
                Call<T> call =
                    new Call<>(
                        parts, parts.know(request), handler, pushPromiseHandler, options, underWay);
                settle(future, call.proceed(call.begin()));
              } catch (IOException | RuntimeException | Error e) {
                future.completeExceptionally(e);
              }
            });
    return future;
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  private static <T> void settle(CompletableFuture<T> future, CompletableFuture<T> answered) {
    answered.whenComplete(
        (response, failure) -> {
          if (failure == null) {
            future.complete(response);
          } else {
            future.completeExceptionally(Futures.cause(failure));
          }
        });
  }

  @Override
  public Optional<CookieHandler> cookieHandler() {
    return parts.cookies().or(delegate::cookieHandler);
  }

  @Override
  public Optional<Duration> connectTimeout() {
    return delegate.connectTimeout();
  }

  @Override
  public Redirect followRedirects() {
    return followRedirects;
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

  /** Web sockets are the delegate's: nothing of them is cached. */
  @Override
  public WebSocket.Builder newWebSocketBuilder() {
    return delegate.newWebSocketBuilder();
  }

  /** Lets running calls end and takes no new ones; the latter from JDK 21 on. */
  public void shutdown() {
    if (owned) {
      NewerJdk.shutdown(delegate);
    }
  }

  /** Ends background refreshes and, from JDK 21 on, running calls, and takes no new ones. */
  public void shutdownNow() {
    parts.cancelRefreshes();
    if (owned) {
      NewerJdk.shutdownNow(delegate);
    }
  }

  /**
   * Waits for background refreshes and, from JDK 21 on, for running calls, and closes the delegate
   * if this client has built it. An interrupt ends what is still running.
   */
  public void close() {
    try {
      if (!parts.awaitRefreshes(FOR_EVER)) {
        parts.cancelRefreshes();
      }
    } catch (InterruptedException e) {
      shutdownNow();
      Thread.currentThread().interrupt();
    }
    if (owned) {
      NewerJdk.close(delegate);
    }
  }

  /** Whether the client is shut down and all its calls have ended; never before JDK 21. */
  public boolean isTerminated() {
    return NewerJdk.isTerminated(delegate);
  }

  /**
   * Waits until the client is terminated, but no longer than this.
   *
   * @return whether it is; never before JDK 21, which waits for background refreshes only
   */
  public boolean awaitTermination(Duration duration) throws InterruptedException {
    return parts.awaitRefreshes(duration) && NewerJdk.awaitTermination(delegate, duration);
  }

  /** Collects options. Not thread-safe. */
  public static final class Builder {
    private final HttpCache cache;
    private HttpClient.Builder builder = HttpClient.newBuilder();
    private @Nullable HttpClient readyMade;

    private Builder(HttpCache cache) {
      this.cache = Objects.requireNonNull(cache, "cache");
    }

    /**
     * How to build the client that talks to origins. Its redirects and cookies are taken over by
     * this client, so that each hop is cached by itself and cookies are seen by the cache.
     */
    public Builder delegate(HttpClient.Builder value) {
      this.builder = Objects.requireNonNull(value, "delegate");
      this.readyMade = null;
      return this;
    }

    /**
     * The client that talks to origins, as it is; it is not closed with this one. Prefer the
     * builder: what a ready-made client sends by itself the cache cannot see, so with cookies or an
     * authenticator only {@code public} responses are cached.
     *
     * @throws IllegalArgumentException if it follows redirects: the cache would store the answer of
     *     one URL under another
     */
    public Builder delegate(HttpClient value) {
      if (value.followRedirects() != Redirect.NEVER) {
        throw new IllegalArgumentException(
            "the delegate follows redirects ("
                + value.followRedirects()
                + "), so the cache cannot tell which URL answered; give its HttpClient.Builder instead, or build it with Redirect.NEVER");
      }
      this.readyMade = value;
      return this;
    }

    /** The client. Sends nothing and reads nothing of the cache. */
    public CachingHttpClient build() {
      if (readyMade != null) {
        return new CachingHttpClient(
            new ClientParts(cache, readyMade, Optional.empty(), Redirect.NEVER),
            Redirect.NEVER,
            false,
            CacheOptions.NONE);
      }
      // A builder does not tell what is set in it; a client does.
      HttpClient wanted = builder.build();
      Redirect redirects = wanted.followRedirects();
      Optional<CookieHandler> cookies = wanted.cookieHandler();
      HttpClient delegate =
          redirects == Redirect.NEVER && cookies.isEmpty() ? wanted : bare(wanted);
      return new CachingHttpClient(
          new ClientParts(cache, delegate, cookies, redirects), redirects, true, CacheOptions.NONE);
    }

    /** The same without redirects and cookies; the builder is left as it was. */
    private HttpClient bare(HttpClient wanted) {
      builder.followRedirects(Redirect.NEVER);
      wanted.cookieHandler().ifPresent(cookies -> builder.cookieHandler(new NoCookies()));
      try {
        return builder.build();
      } finally {
        builder.followRedirects(wanted.followRedirects());
        wanted.cookieHandler().ifPresent(builder::cookieHandler);
      }
    }
  }

  /** Keeps and gives nothing: a builder's cookie handler can be replaced, but not taken away. */
  private static final class NoCookies extends CookieHandler {
    @Override
    public Map<String, List<String>> get(URI uri, Map<String, List<String>> requestHeaders) {
      return Map.of();
    }

    @Override
    public void put(URI uri, Map<String, List<String>> responseHeaders) {
      // They are kept above the cache.
    }
  }
}
