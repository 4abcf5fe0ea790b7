package dev.larder.cli;

import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.Content;

/**
 * A body on its way from one connection to the other: read as the subscriber takes it. It can be
 * sent once; whoever subscribes a second time gets an error.
 */
final class SourcePublisher implements Flow.Publisher<ByteBuffer> {
  private final Content.Source source;
  private final AtomicBoolean sent = new AtomicBoolean();

  SourcePublisher(Content.Source source) {
    this.source = source;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    Reading reading = new Reading(source, subscriber);
    boolean first = sent.compareAndSet(false, true);
    subscriber.onSubscribe(reading);
    if (first) {
      reading.start();
    } else {
      reading.refuse(new IllegalStateException("the body was sent already and is not kept"));
    }
  }

  /** Demand comes in on any thread, and so does content; one thread at a time passes it on. */
  private static final class Reading implements Flow.Subscription {
    private final Content.Source source;
    private final Flow.Subscriber<? super ByteBuffer> subscriber;
    private final AtomicLong demand = new AtomicLong();
    private final AtomicInteger work = new AtomicInteger();
    private volatile boolean started;
    private volatile boolean waiting;
    private volatile boolean ended;

    Reading(Content.Source source, Flow.Subscriber<? super ByteBuffer> subscriber) {
      this.source = source;
      this.subscriber = subscriber;
    }

    void start() {
      started = true;
      run();
    }

    void refuse(Exception reason) {
      ended = true;
      subscriber.onError(reason);
    }

    @Override
    public void request(long count) {
      if (count <= 0) {
        fail(new IllegalArgumentException("demand must be positive, but is " + count));
        return;
      }
      demand.accumulateAndGet(count, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
      run();
    }

    @Override
    public void cancel() {
      ended = true;
    }

    private void run() {
      if (work.getAndIncrement() > 0) {
        return;
      }
      int seen = 1;
      do {
        while (started && !waiting && !ended && demand.get() > 0) {
          readOne();
        }
        seen = work.addAndGet(-seen);
      } while (seen > 0);
    }

    private void readOne() {
      Content.Chunk chunk = source.read();
      if (chunk == null) {
        waiting = true;
        source.demand(
            () -> {
              waiting = false;
              run();
            });
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        fail(chunk.getFailure());
        return;
      }
      if (chunk.hasRemaining()) {
        // The chunk's memory is used again when it is released.
        ByteBuffer copy = ByteBuffer.allocate(chunk.remaining()).put(chunk.getByteBuffer()).flip();
        demand.decrementAndGet();
        subscriber.onNext(copy);
      }
      chunk.release();
      if (chunk.isLast() && !ended) {
        ended = true;
        subscriber.onComplete();
      }
    }

    private void fail(Throwable reason) {
      if (!ended) {
        ended = true;
        subscriber.onError(reason);
      }
    }
  }
}
