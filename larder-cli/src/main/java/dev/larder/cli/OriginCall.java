package dev.larder.cli;

import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSession;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * One request to the origin, in the terms of the JDK's client on one side and of Jetty's on the
 * other. Cancelling it breaks off the connection, as does a subscriber that cancels the body.
 */
final class OriginCall<T> extends CompletableFuture<HttpResponse<T>> {
  private final HttpRequest request;
  private final Request outgoing;
  private final BodyHandler<T> handler;

  /** Whoever sets it says what comes of the call: a head, a failure, or time. */
  private final AtomicBoolean decided = new AtomicBoolean();

  OriginCall(HttpRequest request, Request outgoing, BodyHandler<T> handler) {
    this.request = request;
    this.outgoing = outgoing;
    this.handler = handler;
  }

  void send(Scheduler scheduler) {
    outgoing
        .idleTimeout(0, TimeUnit.MILLISECONDS)
        .headers(
            fields ->
                request
                    .headers()
                    .map()
                    .forEach(
                        (name, values) ->
                            values.forEach(value -> fields.add(new HttpField(name, value)))))
        .onResponseBegin(this::refuseUpgrade)
        .onResponseContentSource(this::receive);
    request
        .bodyPublisher()
        .filter(publisher -> publisher.contentLength() != 0)
        .ifPresent(publisher -> outgoing.body(OriginContent.of(publisher)));
    request
        .timeout()
        .map(limit -> scheduler.schedule(this::timeOut, limit.toNanos(), TimeUnit.NANOSECONDS))
        .ifPresent(timer -> whenDecided(timer::cancel));
    outgoing.send(this::ended);
  }

  // Nobody waits for this stage.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void whenDecided(Runnable action) {
    whenComplete((response, failure) -> action.run());
  }

  /** Upgrades are not asked for, so a 101 is not an answer. */
  private void refuseUpgrade(Response response) {
    if (response.getStatus() == HttpStatus.SWITCHING_PROTOCOLS_101) {
      breakOff(new ProtocolException("the origin switches protocols without being asked to"));
    }
  }

  private void receive(Response response, Content.Source source) {
    if (!decided.compareAndSet(false, true)) {
      return;
    }
    try {
      Head head = Head.of(response);
      BodySubscriber<T> subscriber = handler.apply(head);
      new SourcePublisher(source).subscribe(new Lists(subscriber));
      CompletableFuture<Void> unused =
          subscriber
              .getBody()
              .toCompletableFuture()
              .handle(
                  (body, failure) -> {
                    if (failure == null) {
                      complete(new Received<>(request, head, body));
                    } else {
                      completeExceptionally(failure);
                    }
                    return null;
                  });
    } catch (RuntimeException | Error e) {
      completeExceptionally(e);
      breakOff(e);
    }
  }

  private void ended(Result result) {
    if (result.isFailed() && decided.compareAndSet(false, true)) {
      completeExceptionally(failure(result.getFailure()));
    }
  }

  private void timeOut() {
    if (decided.compareAndSet(false, true)) {
      HttpTimeoutException late = new HttpTimeoutException("the origin did not answer in time");
      completeExceptionally(late);
      breakOff(late);
    }
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    if (cancelled) {
      breakOff(new CancellationException("the caller has gone"));
    }
    return cancelled;
  }

  private void breakOff(Throwable reason) {
    CompletableFuture<Boolean> unused = outgoing.abort(reason);
  }

  /** An exception of the kind that the JDK's client has for it. */
  private static IOException failure(Throwable failure) {
    if (failure instanceof SocketTimeoutException) {
      HttpConnectTimeoutException late = new HttpConnectTimeoutException(failure.getMessage());
      late.initCause(failure);
      return late;
    }
    if (failure instanceof TimeoutException) {
      HttpTimeoutException late = new HttpTimeoutException(failure.getMessage());
      late.initCause(failure);
      return late;
    }
    return failure instanceof IOException io ? io : new IOException(failure.getMessage(), failure);
  }

  /** A body in the pieces that the JDK's subscribers want. */
  private final class Lists implements Flow.Subscriber<ByteBuffer> {
    private final Flow.Subscriber<List<ByteBuffer>> subscriber;

    Lists(Flow.Subscriber<List<ByteBuffer>> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscriber.onSubscribe(
          new Flow.Subscription() {
            @Override
            public void request(long count) {
              subscription.request(count);
            }

            @Override
            public void cancel() {
              subscription.cancel();
              breakOff(new CancellationException("nobody wants the body"));
            }
          });
    }

    @Override
    public void onNext(ByteBuffer buffer) {
      subscriber.onNext(List.of(buffer));
    }

    @Override
    public void onError(Throwable reason) {
      subscriber.onError(failure(reason));
    }

    @Override
    public void onComplete() {
      subscriber.onComplete();
    }
  }

  private record Head(int statusCode, HttpHeaders headers) implements ResponseInfo {
    static Head of(Response response) {
      Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      for (HttpField field : response.getHeaders()) {
        String value = field.getValue() == null ? "" : field.getValue();
        fields.computeIfAbsent(field.getName(), name -> new ArrayList<>(1)).add(value);
      }
      return new Head(response.getStatus(), HttpHeaders.of(fields, (name, value) -> true));
    }

    @Override
    public HttpClient.Version version() {
      return HttpClient.Version.HTTP_1_1;
    }
  }

  private record Received<T>(HttpRequest request, Head head, T body) implements HttpResponse<T> {
    @Override
    public int statusCode() {
      return head.statusCode();
    }

    @Override
    public HttpHeaders headers() {
      return head.headers();
    }

    @Override
    public Optional<HttpResponse<T>> previousResponse() {
      return Optional.empty();
    }

    @Override
    public Optional<SSLSession> sslSession() {
      return Optional.empty();
    }

    @Override
    public URI uri() {
      return request.uri();
    }

    @Override
    public HttpClient.Version version() {
      return head.version();
    }
  }
}
