package dev.larder.jdk;

import dev.larder.Answer;
import dev.larder.Exchange;
import dev.larder.Recording;
import dev.larder.Step;
import dev.larder.http.Body;
import dev.larder.http.Headers;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request to the origin. As the body handler it sees the origin's head first, decides about it,
 * and shows the caller's handler the head that the caller will get.
 */
final class OriginHandler<T> implements BodyHandler<T> {
  private final Exchange exchange;
  private final BodyHandler<T> handler;
  private final Predicate<HeadInfo> leadsOn;
  private final Executor executor;
  private final Function<Answer, Rest> rest;

  private volatile @Nullable Step step;
  private volatile @Nullable HeadInfo shown;
  private volatile @Nullable KeptBody<T> kept;
  private volatile @Nullable TeeSubscriber<T> tee;

  /**
   * A handler.
   *
   * @param leadsOn whether a response is a redirect that will be followed
   * @param rest where a stored body that is served after all goes on if it breaks off
   */
  OriginHandler(
      Exchange exchange,
      BodyHandler<T> handler,
      Predicate<HeadInfo> leadsOn,
      Executor executor,
      Function<Answer, Rest> rest) {
    this.exchange = exchange;
    this.handler = handler;
    this.leadsOn = leadsOn;
    this.executor = executor;
    this.rest = rest;
  }

  /** What was decided about the response; null if its head has not arrived. */
  @Nullable Step step() {
    return step;
  }

  /**
   * The head that the caller gets; null if the request is to be sent again, or if what is to be
   * served has to be opened first.
   */
  @Nullable HeadInfo shown() {
    return shown;
  }

  /**
   * The body as the caller's handler has made it although it broke; null if it has made none.
   *
   * <p>A handler such as {@code ofInputStream()} makes it before the first byte comes, and what
   * breaks later shows when it is read. The JDK's client reports what breaks in the first moment
   * instead, if the subscriber is not one of its own.
   */
  @Nullable Supplier<T> madeAlthoughBroken() {
    TeeSubscriber<T> broken = tee;
    if (broken == null || !broken.hasFailed()) {
      return null;
    }
    try {
      CompletableFuture<T> future = broken.getBody().toCompletableFuture();
      return future.isDone() && !future.isCompletedExceptionally() ? future::join : null;
    } catch (RuntimeException e) {
      // A handler that reads the whole body to make something of it.
      return null;
    }
  }

  /** The body of a redirect that is followed. */
  @Nullable KeptBody<T> kept() {
    return kept;
  }

  @Override
  public BodySubscriber<T> apply(ResponseInfo info) {
    Step decided = exchange.onResponse(info.statusCode(), Headers.copyOf(info.headers().map()));
    step = decided;
    if (decided instanceof Step.Serve serve && isLazy(serve)) {
      // Whether it is still there is found out where waiting is allowed.
      return new ReplacingSubscriber<>(nothing(), Body.empty(), executor, Rest.NONE);
    }
    if (decided instanceof Step.Serve serve) {
      BodySubscriber<T> downstream =
          downstream(
              HeadInfo.of(serve.answer().status(), serve.answer().headers(), info.version()));
      return new ReplacingSubscriber<>(
          downstream, serve.answer().body(), executor, rest.apply(serve.answer()));
    }
    if (decided instanceof Step.Store store) {
      HeadInfo head = HeadInfo.of(info.statusCode(), store.headers(), info.version());
      TeeSubscriber<T> recording =
          new TeeSubscriber<>(recorded(head, store.recording()), store.recording(), executor);
      tee = recording;
      return recording;
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

  private static boolean isLazy(Step.Serve serve) {
    Body body = serve.answer().body();
    return body.length() != 0 && body.buffer().isEmpty();
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
    if (leadsOn.test(head)) {
      KeptBody<T> body = new KeptBody<>();
      kept = body;
      return asT(body);
    }
    return handler.apply(head);
  }

  /** Another response takes its place; nobody looks at this one. */
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
