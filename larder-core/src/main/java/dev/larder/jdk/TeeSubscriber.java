package dev.larder.jdk;

import dev.larder.http.Body;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes a body on to the caller's subscriber as it comes, on the caller's demand only, and keeps a
 * copy. The copy is handed over when the body is complete <em>and</em> the copy is {@linkplain
 * #release released}; whichever comes second does it, before it goes on. It is dropped if the body
 * fails, is cancelled, is longer than the limit or not as long as announced.
 */
final class TeeSubscriber<T> implements BodySubscriber<T> {
  private static final int FIRST_BYTES = 8 * 1024;

  private final BodySubscriber<T> downstream;
  private final Consumer<Body> sink;
  private final long announced;
  private final long limit;

  private byte @Nullable [] copy;
  private int length;
  private boolean complete;
  private boolean released;
  private boolean handedOver;

  /**
   * A tee.
   *
   * @param announced the length by the head; -1 if it does not say
   * @param limit the most bytes to keep
   * @param sink takes the copy, at most once
   */
  TeeSubscriber(BodySubscriber<T> downstream, long announced, long limit, Consumer<Body> sink) {
    this.downstream = downstream;
    this.sink = sink;
    this.announced = announced;
    this.limit = limit;
    // An announcement may be false, so it does not buy more memory at once than a modest body.
    this.copy =
        announced > limit
            ? null
            : new byte[(int) (announced < 0 ? FIRST_BYTES : Math.min(announced, 1 << 20))];
  }

  /** Lets go of the copy: hands it over now, or as soon as the body is complete. */
  void release() {
    Body body;
    synchronized (this) {
      released = true;
      body = complete ? take() : null;
    }
    if (body != null) {
      sink.accept(body);
    }
  }

  /** Drops the copy if it is still here. */
  synchronized void abandon() {
    copy = null;
  }

  /** Whether the copy was dropped and will never be handed over. */
  synchronized boolean isDropped() {
    return copy == null && !handedOver;
  }

  @Override
  public CompletionStage<T> getBody() {
    return downstream.getBody();
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    downstream.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long count) {
            subscription.request(count);
          }

          @Override
          public void cancel() {
            abandon();
            subscription.cancel();
          }
        });
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    keep(buffers);
    downstream.onNext(buffers);
  }

  @Override
  public void onError(Throwable failure) {
    abandon();
    downstream.onError(failure);
  }

  @Override
  public void onComplete() {
    Body body;
    synchronized (this) {
      complete = true;
      if (announced >= 0 && announced != length) {
        copy = null;
      }
      body = released ? take() : null;
    }
    if (body != null) {
      sink.accept(body);
    }
    downstream.onComplete();
  }

  private synchronized void keep(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      int count = buffer.remaining();
      if (copy == null || (long) length + count > limit) {
        copy = null;
        return;
      }
      if (length + count > copy.length) {
        copy = Arrays.copyOf(copy, grown(copy.length, length + count));
      }
      buffer.duplicate().get(copy, length, count);
      length += count;
    }
  }

  private int grown(int now, int needed) {
    long doubled = Math.max(needed, 2L * now);
    return (int) Math.min(doubled, announced >= needed ? announced : limit);
  }

  private @Nullable Body take() {
    byte[] bytes = copy;
    if (bytes == null) {
      return null;
    }
    copy = null;
    handedOver = true;
    return Body.of(bytes.length == length ? bytes : Arrays.copyOf(bytes, length));
  }
}
