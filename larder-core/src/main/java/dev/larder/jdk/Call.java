package dev.larder.jdk;

import dev.larder.Answer;
import dev.larder.CacheOptions;
import dev.larder.Exchange;
import dev.larder.Step;
import dev.larder.http.Body;
import dev.larder.http.Headers;
import dev.larder.http.Redirect;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.storage.StorageException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@code send} or {@code sendAsync}: the caller's request and, as redirects lead from
 * one to the next, those that follow it, each of which goes through the cache by itself.
 *
 * <p>Everything that may wait for the storage runs on the caller's own thread in {@code send} until
 * the origin is asked, and on the client's executor otherwise.
 */
final class Call<T> {
  /** A 304 that is about nothing we have is asked again once; then the answer stands. */
  private static final int MOST_RETRIES = 2;

  private final ClientParts client;
  private final BodyHandler<T> handler;
  private final @Nullable PushPromiseHandler<T> pushPromiseHandler;
  private final CacheOptions options;
  private final CallFuture.UnderWay underWay;
  private final long begun = System.nanoTime();
  private final Optional<Duration> timeout;

  private KnownRequest request;
  private Exchange exchange;
  private Optional<HttpResponse<T>> previous = Optional.empty();
  private final List<Redirect> chain = new ArrayList<>(0);
  private int hops;
  private int retries;

  Call(
      ClientParts client,
      KnownRequest request,
      BodyHandler<T> handler,
      @Nullable PushPromiseHandler<T> pushPromiseHandler,
      CacheOptions options) {
    this(client, request, handler, pushPromiseHandler, options, new CallFuture.UnderWay());
  }

  /** A call whose caller has its future already. */
  Call(
      ClientParts client,
      KnownRequest request,
      BodyHandler<T> handler,
      @Nullable PushPromiseHandler<T> pushPromiseHandler,
      CacheOptions options,
      CallFuture.UnderWay underWay) {
    this.client = client;
    this.underWay = underWay;
    this.request = request;
    this.handler = handler;
    this.pushPromiseHandler = pushPromiseHandler;
    this.options = options;
    this.timeout = request.original().timeout();
    this.exchange = client.exchange(request, options);
  }

  /** A call that goes on where another exchange has begun. */
  Call(
      ClientParts client,
      KnownRequest request,
      BodyHandler<T> handler,
      CacheOptions options,
      Exchange exchange) {
    this.client = client;
    this.underWay = new CallFuture.UnderWay();
    this.request = request;
    this.handler = handler;
    this.pushPromiseHandler = null;
    this.options = options;
    this.timeout = request.original().timeout();
    this.exchange = exchange;
  }

  /** What to do first. May wait for the storage. */
  Step begin() throws IOException {
    return step(exchange::begin);
  }

  /** A step that reads the cache, where a failure of the storage may be an error. */
  private static Step step(Supplier<Step> reading) throws IOException {
    try {
      return reading.get();
    } catch (StorageException e) {
      throw new IOException("the cache could not be read: " + e.getMessage(), e);
    }
  }

  /** A future for the caller; cancelling it ends what is under way. */
  CallFuture<HttpResponse<T>> future() {
    return new CallFuture<>(underWay);
  }

  /** Goes on from a step to the response. */
  CompletableFuture<HttpResponse<T>> proceed(Step step) {
    try {
      if (step instanceof Step.Serve serve) {
        return local(serve, null);
      }
      if (step instanceof Step.Follow follow) {
        return follow(follow);
      }
      if (step instanceof Step.Forward forward) {
        return send(forward.headers());
      }
      throw new IllegalStateException("no step before the origin is asked: " + step);
    } catch (IOException | RuntimeException e) {
      exchange.abandon();
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * The response that the step serves, if it is there at once and is the caller's: the short way
   * for {@code send}.
   */
  @Nullable HttpResponse<T> now(Step.Serve serve) throws IOException, InterruptedException {
    Answer answer = serve.answer();
    if (serve.refresh() || client.redirects().follows(answer.status())) {
      return null;
    }
    HeadInfo head = client.heads().of(answer);
    CompletableFuture<T> body;
    try {
      body = deliver(head, answer);
    } catch (RuntimeException e) {
      throw Futures.thrown(e);
    }
    T content = Futures.awaitInterruptibly(body);
    return response(head, () -> content, null);
  }

  private CompletableFuture<HttpResponse<T>> local(
      Step.Serve serve, @Nullable HttpResponse<T> original) throws IOException {
    Answer answer = serve.answer();
    if (serve.refresh()) {
      exchange.refresh().ifPresent(refreshing -> client.refresh(request, refreshing));
    }
    HeadInfo head = client.heads().of(answer);
    Optional<HttpRequest> next = next(head);
    if (next.isPresent()) {
      Supplier<T> body = KeptBody.lazily(head, answer.body(), handler, client.executor());
      return follow(next.get(), response(head, body, original), answer.body());
    }
    return deliver(head, answer).thenApply(content -> response(head, () -> content, original));
  }

  private CompletableFuture<T> deliver(HeadInfo head, Answer answer) {
    BodySubscriber<T> subscriber = handler.apply(head);
    // The bytes come first: a handler may read the whole body in getBody().
    BodyDelivery.deliver(answer.body(), subscriber, client.executor(), rest(answer));
    return subscriber.getBody().toCompletableFuture();
  }

  private Rest rest(Answer answer) {
    return new RestAtOrigin(client, request, exchange, answer);
  }

  // The inner stage is not ignored: the last line composes it.
  @SuppressWarnings("FutureReturnValueIgnored")
  private CompletableFuture<HttpResponse<T>> follow(Step.Follow follow) {
    return underWay
        .begin(
            () -> {
              CompletableFuture<Object> landed = new CompletableFuture<>();
              follow.landing().whenComplete((landing, failure) -> landed.complete(follow));
              return timeLeft()
                  .map(
                      left ->
                          landed.completeOnTimeout(follow, left.toNanos(), TimeUnit.NANOSECONDS))
                  .orElse(landed);
            })
        .handleAsync(
            (landed, failure) -> failure == null ? landed() : gone(failure), client.executor())
        .thenCompose(answered -> answered);
  }

  private CompletableFuture<HttpResponse<T>> landed() {
    return timeLeft().filter(Duration::isZero).isPresent() ? gone(timedOut()) : resumed();
  }

  /** The caller does not wait any longer, and others may be waiting for this call. */
  private CompletableFuture<HttpResponse<T>> gone(Throwable failure) {
    exchange.abandon();
    return CompletableFuture.failedFuture(Futures.cause(failure));
  }

  private CompletableFuture<HttpResponse<T>> resumed() {
    try {
      return proceed(step(exchange::resume));
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  // The inner stage is not ignored: the next line composes it.
  @SuppressWarnings("FutureReturnValueIgnored")
  private CompletableFuture<HttpResponse<T>> send(Headers headers) throws IOException {
    Optional<Duration> left = timeLeft();
    if (left.filter(Duration::isZero).isPresent()) {
      throw timedOut();
    }
    HttpRequest toSend = request.toSend(headers, left);
    OriginHandler<T> origin =
        new OriginHandler<>(exchange, handler, this::leadsOn, client.executor(), this::rest);
    return underWay
        .begin(() -> client.delegate().sendAsync(toSend, origin, pushPromiseHandler))
        .handleAsync(
            (response, failure) ->
                failure == null ? received(origin, response) : failed(origin, failure),
            client.executor())
        .thenCompose(answered -> answered);
  }

  private CompletableFuture<HttpResponse<T>> received(
      OriginHandler<T> origin, HttpResponse<T> response) {
    try {
      Step step = origin.step();
      HeadInfo head = origin.shown();
      if (step instanceof Step.Serve serve && head == null) {
        step = step(() -> exchange.opened(serve));
      }
      exchange.settle();
      client.keepCookies(response);
      if (step instanceof Step.Serve serve && head == null) {
        return local(serve, response);
      }
      if (step instanceof Step.Store store && !exchange.isStored()) {
        head = HeadInfo.of(response.statusCode(), store.unstored(), response.version());
      }
      if (step instanceof Step.Forward again && retries++ < MOST_RETRIES) {
        return send(again.headers());
      }
      if (head == null) {
        throw new IOException("the origin answers every request with 304, whatever it asks for");
      }
      HeadInfo answered = head;
      Optional<HttpRequest> next = next(answered);
      KeptBody<T> kept = origin.kept();
      if (kept != null) {
        Supplier<T> body = KeptBody.lazily(answered, kept.body(), handler, client.executor());
        HttpResponse<T> redirect = response(answered, body, response);
        return follow(next.orElseThrow(), redirect, kept.body());
      }
      T content = response.body();
      return CompletableFuture.completedFuture(response(answered, () -> content, response));
    } catch (IOException | RuntimeException e) {
      exchange.abandon();
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletableFuture<HttpResponse<T>> failed(OriginHandler<T> origin, Throwable failure) {
    Throwable cause = Futures.cause(failure);
    // The origin has done what an unsafe request asked for, whatever became of the body.
    exchange.settle();
    Supplier<T> made = cause instanceof IOException ? origin.madeAlthoughBroken() : null;
    HeadInfo shown = origin.shown();
    if (made != null && shown != null) {
      return CompletableFuture.completedFuture(response(shown, made, null));
    }
    if (origin.step() == null && cause instanceof IOException) {
      Optional<Step.Serve> stale = staleInstead(cause);
      if (stale.isPresent()) {
        return proceed(stale.get());
      }
    }
    exchange.abandon();
    return CompletableFuture.failedFuture(cause);
  }

  /** What is stored, if it may be given instead of the origin's failure, and is still there. */
  private Optional<Step.Serve> staleInstead(Throwable cause) {
    return exchange
        .onFailure(cause)
        .map(answer -> new Step.Serve(answer, false))
        .flatMap(
            serve -> {
              try {
                return exchange.opened(serve) instanceof Step.Serve opened
                    ? Optional.of(opened)
                    : Optional.empty();
              } catch (StorageException e) {
                return Optional.empty();
              }
            });
  }

  /** Whether the response is a redirect to follow, or to complain about. */
  private boolean leadsOn(HeadInfo head) {
    try {
      return next(head).isPresent();
    } catch (IOException e) {
      return true;
    }
  }

  private Optional<HttpRequest> next(HeadInfo head) throws IOException {
    return hops >= Redirects.MOST
        ? Optional.empty()
        : client.redirects().next(request.original(), head.statusCode(), head.headers());
  }

  /** Goes through the cache again with the request that a redirect leads to. */
  // The inner stage is not ignored: the last line composes it.
  @SuppressWarnings("FutureReturnValueIgnored")
  private CompletableFuture<HttpResponse<T>> follow(
      HttpRequest next, HttpResponse<T> redirect, Body body) {
    hops++;
    Request redirected = request.known();
    if (redirected != null) {
      chain.add(
          new Redirect(
              redirected,
              Response.builder()
                  .status(redirect.statusCode())
                  .headers(Headers.copyOf(redirect.headers().map()))
                  .body(body)
                  .build()));
    }
    previous = Optional.of(redirect);
    return CompletableFuture.supplyAsync(
            () -> {
              try {
                request = client.know(next);
                exchange = client.exchange(request, options);
                exchange.follows(chain);
                return proceed(begin());
              } catch (IOException e) {
                throw new CompletionException(e);
              }
            },
            client.executor())
        .thenCompose(answered -> answered);
  }

  private HttpResponse<T> response(
      HeadInfo head, Supplier<T> body, @Nullable HttpResponse<T> original) {
    return new CachedHttpResponse<>(
        request.original(),
        head.statusCode(),
        head.headers(),
        body,
        original,
        previous,
        exchange.answeredBy(),
        CacheInfo.of(exchange));
  }

  private Optional<Duration> timeLeft() {
    return timeout.map(
        limit -> {
          Duration left = limit.minusNanos(System.nanoTime() - begun);
          return left.isNegative() ? Duration.ZERO : left;
        });
  }

  private static HttpTimeoutException timedOut() {
    return new HttpTimeoutException("request timed out");
  }
}
