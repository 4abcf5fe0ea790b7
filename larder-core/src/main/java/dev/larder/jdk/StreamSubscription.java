package dev.larder.jdk;

import dev.larder.http.Body;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Delivers a body that has to be read from a storage, one chunk for each one asked for. It is read
 * by the executor, by one thread at a time, so neither who asks nor who delivers ever waits for the
 * storage.
 */
final class StreamSubscription implements Flow.Subscription {
  private static final int CHUNK = 16 * 1024;

  private final Flow.Subscriber<? super List<ByteBuffer>> subscriber;
  private final Body body;
  private final Executor executor;

  private long demand;
  private boolean reading;
  private boolean started;
  private boolean ended;
  private @Nullable Throwable failure;
  private @Nullable InputStream in;

  StreamSubscription(
      Flow.Subscriber<? super List<ByteBuffer>> subscriber, Body body, Executor executor) {
    this.subscriber = subscriber;
    this.body = body;
    this.executor = executor;
  }

  void start() {
    subscriber.onSubscribe(this);
    synchronized (this) {
      started = true;
    }
    readIfWanted();
  }

  @Override
  public void request(long count) {
    synchronized (this) {
      if (count <= 0) {
        failure = new IllegalArgumentException("demand must be positive, but is " + count);
      } else {
        demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
      }
    }
    readIfWanted();
  }

  @Override
  public void cancel() {
    boolean idle;
    synchronized (this) {
      ended = true;
      idle = !reading;
    }
    if (idle) {
      close();
    }
  }

  private void readIfWanted() {
    synchronized (this) {
      boolean wanted = started && !ended && !reading && (demand > 0 || failure != null);
      if (!wanted) {
        return;
      }
      reading = true;
    }
    try {
      executor.execute(this::read);
    } catch (RejectedExecutionException e) {
      end();
      subscriber.onError(new IOException("the client is shut down", e));
    }
  }

  private void read() {
    while (take()) {
      try {
        ByteBuffer chunk = next();
        if (chunk == null) {
          end();
          subscriber.onComplete();
          return;
        }
        subscriber.onNext(List.of(chunk));
      } catch (IOException | RuntimeException e) {
        end();
        subscriber.onError(e instanceof IOException ? e : new IOException(e.getMessage(), e));
        return;
      }
    }
  }

  /** Whether there is something to deliver; if not, this thread stops reading. */
  private boolean take() {
    Throwable failed;
    synchronized (this) {
      failed = ended ? null : failure;
      if (!ended && failed == null && demand > 0) {
        demand = demand == Long.MAX_VALUE ? demand : demand - 1;
        return true;
      }
      reading = false;
      if (failed != null) {
        ended = true;
      }
      if (!ended) {
        return false;
      }
    }
    close();
    if (failed != null) {
      subscriber.onError(failed);
    }
    return false;
  }

  private @Nullable ByteBuffer next() throws IOException {
    InputStream open = in;
    if (open == null) {
      open = body.open();
      in = open;
    }
    byte[] chunk = new byte[CHUNK];
    int count = open.readNBytes(chunk, 0, CHUNK);
    return count == 0 ? null : ByteBuffer.wrap(chunk, 0, count).asReadOnlyBuffer();
  }

  private void end() {
    synchronized (this) {
      ended = true;
      reading = false;
    }
    close();
  }

  private void close() {
    InputStream open = in;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // All that was wanted of it has been read.
      }
    }
  }
}
