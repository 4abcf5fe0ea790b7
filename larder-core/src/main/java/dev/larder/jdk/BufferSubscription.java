package dev.larder.jdk;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Delivers one buffer when there is demand for it, and the end. Demand that arrives while the
 * subscriber is still being subscribed is met afterwards, so that it never sees a buffer before it
 * is ready for it.
 */
final class BufferSubscription implements Flow.Subscription {
  private final Flow.Subscriber<? super List<ByteBuffer>> subscriber;
  private final ByteBuffer buffer;
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile boolean subscribed;
  private volatile boolean wanted;
  private volatile boolean cancelled;

  BufferSubscription(Flow.Subscriber<? super List<ByteBuffer>> subscriber, ByteBuffer buffer) {
    this.subscriber = subscriber;
    this.buffer = buffer;
    // The end needs no demand.
    this.wanted = !buffer.hasRemaining();
  }

  void start() {
    subscriber.onSubscribe(this);
    subscribed = true;
    deliver();
  }

  @Override
  public void request(long count) {
    if (count <= 0) {
      if (ended.compareAndSet(false, true)) {
        subscriber.onError(
            new IllegalArgumentException("demand must be positive, but is " + count));
      }
      return;
    }
    wanted = true;
    deliver();
  }

  @Override
  public void cancel() {
    cancelled = true;
    ended.set(true);
  }

  private void deliver() {
    if (!subscribed || !wanted || !ended.compareAndSet(false, true)) {
      return;
    }
    if (buffer.hasRemaining()) {
      subscriber.onNext(List.of(buffer));
    }
    if (!cancelled) {
      subscriber.onComplete();
    }
  }
}
