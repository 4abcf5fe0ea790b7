package dev.larder.jdk;

import dev.larder.CacheOptions;
import dev.larder.ClientAccess;
import dev.larder.ClientAccess.Visibility;
import dev.larder.Exchange;
import dev.larder.HttpCache;
import dev.larder.Step;
import dev.larder.http.Request;
import java.io.IOException;
import java.net.CookieHandler;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/** What the calls of a client share. Thread-safe. */
final class ClientParts {
  /**
   * Fields that the JDK's client sends by itself. If the caller did not set one, its value is not
   * known here, and it may differ between two processes that share a cache.
   */
  private static final Set<String> SENT_UNSEEN =
      Set.of("user-agent", "connection", "upgrade", "http2-settings", "content-length", "host");

  private static final Visibility SEEN = new Visibility(false, SENT_UNSEEN);
  private static final Visibility HIDDEN = new Visibility(true, SENT_UNSEEN);
  private static final CacheOptions DISABLED = CacheOptions.builder().disabled(true).build();

  /** A background request has no caller whose patience would end it. */
  private static final Duration REFRESH_TIMEOUT = Duration.ofSeconds(60);

  private final HttpCache cache;
  private final HttpClient delegate;
  private final Optional<CookieHandler> cookies;
  private final Redirects redirects;
  private final boolean hiddenCredentials;
  private final boolean ownSslContext;
  private final RecentHeads heads = new RecentHeads();
  private final Map<Exchange, CompletableFuture<?>> refreshes = new ConcurrentHashMap<>();

  /**
   * The parts.
   *
   * @param delegate follows no redirects
   * @param cookies whose cookies go along with requests; the delegate sends none of them
   */
  ClientParts(
      HttpCache cache, HttpClient delegate, Optional<CookieHandler> cookies, Redirect policy) {
    this.cache = cache;
    this.delegate = delegate;
    this.cookies = cookies;
    this.redirects = new Redirects(policy, cache.settings());
    this.hiddenCredentials =
        delegate.authenticator().isPresent()
            || (cookies.isEmpty() && delegate.cookieHandler().isPresent());
    this.ownSslContext = !isDefault(delegate.sslContext());
  }

  HttpClient delegate() {
    return delegate;
  }

  Optional<CookieHandler> cookies() {
    return cookies;
  }

  RecentHeads heads() {
    return heads;
  }

  Redirects redirects() {
    return redirects;
  }

  /** Where one may wait for the storage: on virtual threads, if the JDK has them. */
  Executor executor() {
    return cache.forClients().executor();
  }

  KnownRequest know(HttpRequest request) throws IOException {
    return KnownRequest.of(request, cookies, cache.forClients());
  }

  Exchange exchange(KnownRequest request, CacheOptions options) {
    ClientAccess access = cache.forClients();
    Request known = request.known();
    return known == null
        ? access.exchange(placeholder(request.original()), DISABLED, Visibility.FULL)
        : access.exchange(known, options, visibility(known));
  }

  /** For a request that the cache cannot see: it is passed on, and still invalidates. */
  private static Request placeholder(HttpRequest request) {
    try {
      return Request.of(request.method(), request.uri());
    } catch (IllegalArgumentException e) {
      return Request.get("http://invalid/");
    }
  }

  private Visibility visibility(Request request) {
    // A client certificate may be in a context of the caller's; it is a credential nobody can see.
    boolean hidden =
        hiddenCredentials || (ownSslContext && "https".equalsIgnoreCase(request.uri().getScheme()));
    return hidden ? HIDDEN : SEEN;
  }

  void keepCookies(HttpResponse<?> response) throws IOException {
    if (cookies.isPresent()) {
      cookies.get().put(response.request().uri(), response.headers().map());
    }
  }

  /** Validates in the background what has been served stale. Never waits. */
  void refresh(KnownRequest request, Exchange refreshing) {
    HttpRequest plain =
        HttpRequest.newBuilder(request.original(), (name, value) -> true)
            .timeout(REFRESH_TIMEOUT)
            .build();
    Call<Void> call =
        new Call<>(
            this,
            new KnownRequest(plain, request.known(), request.fields(), request.content()),
            BodyHandlers.discarding(),
            CacheOptions.NONE,
            refreshing);
    CallFuture<HttpResponse<Void>> future = call.future();
    refreshes.put(refreshing, future);
    try {
      executor().execute(() -> run(call, refreshing, future));
    } catch (RuntimeException | Error e) {
      ended(refreshing, future);
      throw e;
    }
  }

  /** Whether it is this process's to validate may have to be asked of the storage first. */
  // The stage is kept to be waited for; what becomes of it is the exchange's matter.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void run(Call<Void> call, Exchange refreshing, CallFuture<HttpResponse<Void>> future) {
    CompletableFuture<?> answered = CompletableFuture.completedFuture(null);
    try {
      Optional<Step> first = refreshing.beginRefresh();
      if (first.isPresent()) {
        answered = call.proceed(first.get());
      }
    } finally {
      answered.whenComplete((response, failure) -> ended(refreshing, future));
    }
  }

  private void ended(Exchange refreshing, CallFuture<HttpResponse<Void>> future) {
    refreshing.abandon();
    refreshes.remove(refreshing);
    future.complete(null);
  }

  /** Ends what goes on in the background. */
  void cancelRefreshes() {
    refreshes.values().forEach(refresh -> refresh.cancel(true));
  }

  /** Waits for what goes on in the background; returns whether all of it has ended. */
  boolean awaitRefreshes(Duration limit) throws InterruptedException {
    try {
      CompletableFuture.allOf(refreshes.values().toArray(CompletableFuture[]::new))
          .get(limit.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return true;
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
