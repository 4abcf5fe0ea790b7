package dev.larder;

import dev.larder.http.Body;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a body that is on its way to the caller, taken as it passes and handed over when it is
 * complete. It is dropped if the body fails, is cancelled, is not as long as announced, is longer
 * than may be stored, or if all recordings together hold more than their budget.
 *
 * <p>Thread-safe.
 */
public final class Recording {
  /** Why a copy is dropped, or not even begun, when the budget is used up. */
  static final String NO_ROOM =
      "the bodies being recorded at once have more bytes than recordingBudget allows";

  private static final int FIRST_BYTES = 8 * 1024;

  /** An announcement may be false, so it does not buy more memory at once than a modest body. */
  private static final long MOST_FIRST_BYTES = 1 << 20;

  private final long announced;
  private final long limit;
  private final AtomicLong budget;
  private final Predicate<Body> complete;
  private final Consumer<Optional<String>> dropped;

  private byte @Nullable [] copy;
  private int length;
  private boolean ended;
  private boolean handedOver;
  private Runnable atEnd = () -> {};

  /**
   * A recording.
   *
   * @param announced the length by the head; -1 if it does not say
   * @param limit the most bytes to keep
   * @param budget what all recordings may still take, in bytes
   * @param complete takes the copy, at most once; true if it keeps the bytes in memory and will
   *     give them back to the budget itself
   * @param dropped is told if there will be none, at most once: what is too large, if anything is
   */
  Recording(
      long announced,
      long limit,
      AtomicLong budget,
      Predicate<Body> complete,
      Consumer<Optional<String>> dropped) {
    this.announced = announced;
    this.limit = limit;
    this.budget = budget;
    this.complete = complete;
    this.dropped = dropped;
    this.copy = announced > limit ? null : new byte[0];
  }

  /**
   * Does this when the client is at the end of the response, whatever has become of the copy; maybe
   * more than once. To be said before the client is given this.
   */
  Recording atEnd(Runnable action) {
    atEnd = action;
    return this;
  }

  /** Takes the remaining bytes, which are the body's next, and leaves the buffer as it is. */
  public void append(ByteBuffer bytes) {
    keep(bytes).ifPresent(overflow -> drop(Optional.of(overflow)));
  }

  /**
   * The body has been passed on whole. Stores it, now or behind the caller. The former may take its
   * time: call this where waiting is allowed.
   */
  public void complete() {
    Body body = take();
    if (body == null) {
      drop();
      return;
    }
    boolean kept = false;
    try {
      kept = complete.test(body);
    } finally {
      release(kept ? 0 : body.length());
      atEnd.run();
    }
  }

  /** The body is broken, or nobody will read it to its end. */
  public void drop() {
    drop(Optional.empty());
    atEnd.run();
  }

  /** There will be no copy; the response goes on. */
  void forgo() {
    drop(Optional.empty());
  }

  private void drop(Optional<String> overflow) {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      release(copy == null ? 0 : copy.length);
      copy = null;
    }
    dropped.accept(overflow);
  }

  /** Whether the copy is complete or may still become so. */
  public synchronized boolean isAlive() {
    return copy != null || handedOver;
  }

  /** Keeps the bytes; if that cannot be, says what is too large. */
  private synchronized Optional<String> keep(ByteBuffer bytes) {
    int count = bytes.remaining();
    byte[] target = copy;
    if (ended || target == null) {
      return Optional.empty();
    }
    if ((long) length + count > limit) {
      return Optional.of("the body has more than the " + limit + " bytes of maxBodyBytes");
    }
    if (length + count > target.length) {
      int capacity = capacity(target.length, length + count);
      if (!reserve(capacity - target.length)) {
        return Optional.of(NO_ROOM);
      }
      target = Arrays.copyOf(target, capacity);
      copy = target;
    }
    bytes.duplicate().get(target, length, count);
    length += count;
    return Optional.empty();
  }

  private int capacity(int now, int needed) {
    if (announced >= needed && announced <= MOST_FIRST_BYTES) {
      return (int) announced;
    }
    long grown = Math.max(needed, Math.max(FIRST_BYTES, 2L * now));
    return (int) Math.min(grown, announced >= needed ? announced : limit);
  }

  private synchronized @Nullable Body take() {
    byte[] bytes = copy;
    if (ended || bytes == null || (announced >= 0 && announced != length)) {
      return null;
    }
    ended = true;
    handedOver = true;
    copy = null;
    release(bytes.length - length);
    return Body.of(bytes.length == length ? bytes : Arrays.copyOf(bytes, length));
  }

  private boolean reserve(long bytes) {
    if (budget.addAndGet(-bytes) >= 0) {
      return true;
    }
    budget.addAndGet(bytes);
    return false;
  }

  private void release(long bytes) {
    budget.addAndGet(bytes);
  }
}
