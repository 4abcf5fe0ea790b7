package dev.larder.jdk;

import dev.larder.Exchange;
import dev.larder.Recording;
import dev.larder.Step;
import dev.larder.http.Headers;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request to the origin. As the body handler it sees the origin's head first, decides about it,
 * and shows the caller's handler the head that the caller will get.
 */
final class OriginHandler<T> implements BodyHandler<T> {
  private final Exchange exchange;
  private final BodyHandler<T> handler;
  private final Redirects redirects;
  private final Executor executor;

  private volatile @Nullable Step step;
  private volatile @Nullable HeadInfo shown;
  private volatile @Nullable KeptBody<T> kept;
  private volatile @Nullable CompletionStage<T> body;

  OriginHandler(Exchange exchange, BodyHandler<T> handler, Redirects redirects, Executor executor) {
    this.exchange = exchange;
    this.handler = handler;
    this.redirects = redirects;
    this.executor = executor;
  }

  /** What was decided about the response; null if its head has not arrived. */
  @Nullable Step step() {
    return step;
  }

  /** The head that the caller gets; null if the request is to be sent again. */
  @Nullable HeadInfo shown() {
    return shown;
  }

  /**
   * The body as the caller's handler has made it; null if it has not, or has made none.
   *
   * <p>A handler such as {@code ofInputStream()} has made it before the first byte came, and what
   * breaks later shows when it is read. The JDK's client reports what breaks in the first moment
   * instead, if the handler is not one of its own.
   */
  @Nullable Supplier<T> made() {
    CompletionStage<T> stage = body;
    if (stage == null) {
      return null;
    }
    CompletableFuture<T> future = stage.toCompletableFuture();
    return future.isDone() && !future.isCompletedExceptionally() ? future::join : null;
  }

  /** The body of a redirect that is followed. */
  @Nullable KeptBody<T> kept() {
    return kept;
  }

  @Override
  public BodySubscriber<T> apply(ResponseInfo info) {
    Step decided = exchange.onResponse(info.statusCode(), Headers.copyOf(info.headers().map()));
    step = decided;
    if (decided instanceof Step.Serve serve) {
      BodySubscriber<T> downstream =
          downstream(
              HeadInfo.of(serve.answer().status(), serve.answer().headers(), info.version()));
      return new ReplacingSubscriber<>(downstream, serve.answer().body(), executor);
    }
    if (decided instanceof Step.Store store) {
      HeadInfo head = HeadInfo.of(info.statusCode(), store.headers(), info.version());
      return new TeeSubscriber<>(recorded(head, store.recording()), store.recording(), executor);
    }
    if (decided instanceof Step.Combine combine) {
      HeadInfo head = HeadInfo.of(combine.status(), combine.headers(), info.version());
      return new CombiningSubscriber<>(recorded(head, combine.recording()), combine, executor);
    }
    if (decided instanceof Step.Pass pass) {
      return downstream(HeadInfo.of(info.statusCode(), pass.headers(), info.version()));
    }
    return nothing();
  }

  /** A handler that throws ends the recording, for which others may be waiting. */
  private BodySubscriber<T> recorded(HeadInfo head, Recording recording) {
    try {
      return downstream(head);
    } catch (RuntimeException | Error e) {
      recording.drop();
      throw e;
    }
  }

  private BodySubscriber<T> downstream(HeadInfo head) {
    shown = head;
    if (redirects.follows(head.statusCode())) {
      KeptBody<T> body = new KeptBody<>();
      kept = body;
      return asT(body);
    }
    BodySubscriber<T> subscriber = handler.apply(head);
    body = subscriber.getBody();
    return subscriber;
  }

  /** The response is asked for again; nobody looks at this one. */
  @SuppressWarnings("unchecked")
  private static <T> BodySubscriber<T> nothing() {
    return (BodySubscriber<T>) BodySubscribers.discarding();
  }

  /** Its value, null, is never looked at: {@link KeptBody#lazily} takes its place. */
  @SuppressWarnings({"unchecked", "NullAway"})
  private static <T> BodySubscriber<T> asT(KeptBody<T> body) {
    return (BodySubscriber<T>) body;
  }
}
