package dev.larder.jdk;

import dev.larder.http.Body;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Gives the caller's subscriber a stored body, whatever the origin sends. What it sends is read and
 * dropped, so that the connection can be used again, unless there is much of it.
 */
final class ReplacingSubscriber<T> implements BodySubscriber<T> {
  private static final long MOST_TO_READ = 64 * 1024;

  private final BodySubscriber<T> downstream;
  private final Body body;
  private final Executor executor;
  private final Rest rest;
  private long read;
  private Flow.@Nullable Subscription subscription;

  ReplacingSubscriber(BodySubscriber<T> downstream, Body body, Executor executor, Rest rest) {
    this.downstream = downstream;
    this.body = body;
    this.executor = executor;
    this.rest = rest;
  }

  @Override
  public CompletionStage<T> getBody() {
    return downstream.getBody();
  }

  @Override
  public void onSubscribe(Flow.Subscription upstream) {
    subscription = upstream;
    upstream.request(Long.MAX_VALUE);
    BodyDelivery.deliver(body, downstream, executor, rest);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      read += buffer.remaining();
    }
    Flow.Subscription upstream = subscription;
    if (read > MOST_TO_READ && upstream != null) {
      upstream.cancel();
    }
  }

  @Override
  public void onError(Throwable failure) {
    // The stored body does not depend on it.
  }

  @Override
  public void onComplete() {
    // The stored body has an end of its own.
  }
}
