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
  private final Rest rest;

  private long demand;
  private long delivered;
  private volatile boolean goneOn;
  private boolean reading;
  private boolean started;
  private boolean ended;
  private @Nullable Throwable failure;
  private volatile @Nullable InputStream in;

  /**
   * A subscription.
   *
   * @param rest where to go on if the body cannot be read to its end
   */
  StreamSubscription(
      Flow.Subscriber<? super List<ByteBuffer>> subscriber,
      Body body,
      Executor executor,
      Rest rest) {
    this.subscriber = subscriber;
    this.body = body;
    this.executor = executor;
    this.rest = rest;
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
    boolean now;
    synchronized (this) {
      ended = true;
      // What comes from the origin may not come for long; closing it ends the waiting.
      now = !reading || goneOn;
    }
    if (now) {
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

  /** The next chunk, from elsewhere where the body breaks off. */
  private @Nullable ByteBuffer next() throws IOException {
    byte[] chunk = new byte[CHUNK];
    int count = 0;
    try {
      while (count < CHUNK) {
        int more = stream().read(chunk, count, CHUNK - count);
        if (more < 0) {
          break;
        }
        count += more;
      }
    } catch (IOException | RuntimeException e) {
      if (goneOn) {
        throw e;
      }
      goneOn = true;
      close();
      in =
          rest.after(
              delivered + count,
              e instanceof IOException io ? io : new IOException(e.getMessage(), e));
      if (hasEnded()) {
        // It was cancelled before there was something to close.
        throw new IOException("cancelled", e);
      }
      count += in.readNBytes(chunk, count, CHUNK - count);
    }
    delivered += count;
    return count == 0 ? null : ByteBuffer.wrap(chunk, 0, count).asReadOnlyBuffer();
  }

  private synchronized boolean hasEnded() {
    return ended;
  }

  private InputStream stream() {
    InputStream open = in;
    if (open == null) {
      open = body.open();
      in = open;
    }
    return open;
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
