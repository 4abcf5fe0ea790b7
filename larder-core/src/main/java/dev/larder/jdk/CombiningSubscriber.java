package dev.larder.jdk;

import dev.larder.Step;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Gives the caller's subscriber a body of three pieces, the middle one of which comes from the
 * origin and is recorded. The two others are in memory. Each piece takes demand of its own.
 */
final class CombiningSubscriber<T> implements BodySubscriber<T> {
  private final BodySubscriber<T> downstream;
  private final Step.Combine pieces;
  private final Executor executor;

  private @Nullable ByteBuffer before;
  private @Nullable ByteBuffer after;
  private boolean originEnded;
  private boolean cancelled;
  private long received;
  private long unmet;

  CombiningSubscriber(BodySubscriber<T> downstream, Step.Combine pieces, Executor executor) {
    this.downstream = downstream;
    this.pieces = pieces;
    this.executor = executor;
    this.before = pieces.before().buffer().filter(ByteBuffer::hasRemaining).orElse(null);
    this.after = pieces.after().buffer().filter(ByteBuffer::hasRemaining).orElse(null);
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
            CombiningSubscriber.this.request(count, subscription);
          }

          @Override
          public void cancel() {
            synchronized (CombiningSubscriber.this) {
              cancelled = true;
            }
            pieces.recording().drop();
            subscription.cancel();
          }
        });
  }

  private void request(long count, Flow.Subscription subscription) {
    ByteBuffer first;
    boolean last;
    long rest = count;
    synchronized (this) {
      first = count > 0 ? before : null;
      if (first != null) {
        before = null;
        rest = count == Long.MAX_VALUE ? count : count - 1;
      }
      last = originEnded;
      unmet = unmet + rest < 0 ? Long.MAX_VALUE : unmet + rest;
    }
    if (first != null) {
      downstream.onNext(List.of(first));
    }
    if (last) {
      finish();
    } else if (rest != 0) {
      subscription.request(rest);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    synchronized (this) {
      unmet = unmet == Long.MAX_VALUE ? unmet : unmet - 1;
      for (ByteBuffer buffer : buffers) {
        received += buffer.remaining();
      }
      if (cancelled || received > pieces.length()) {
        // Too much; the caller hears of it at the end, and not of these bytes.
        return;
      }
    }
    buffers.forEach(pieces.recording()::append);
    downstream.onNext(buffers);
  }

  @Override
  public void onError(Throwable failure) {
    pieces.recording().drop();
    downstream.onError(failure);
  }

  @Override
  public void onComplete() {
    long count;
    synchronized (this) {
      count = received;
    }
    if (count != pieces.length()) {
      onError(
          new IOException(
              "the origin sent "
                  + count
                  + " bytes of a range of "
                  + pieces.length()
                  + ", which do not complete what is stored"));
      return;
    }
    TeeSubscriber.store(
        pieces.recording(),
        executor,
        () -> {
          synchronized (this) {
            originEnded = true;
          }
          finish();
        });
  }

  /** The last piece, if it is asked for, and the end. */
  private void finish() {
    ByteBuffer last;
    synchronized (this) {
      if (cancelled || !originEnded || before != null || (after != null && unmet == 0)) {
        return;
      }
      last = after;
      after = null;
      cancelled = true;
    }
    if (last != null) {
      downstream.onNext(List.of(last));
    }
    downstream.onComplete();
  }
}
