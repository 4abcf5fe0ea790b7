package dev.larder;

import dev.larder.Guard.Direction;
import dev.larder.Guard.Manner;
import dev.larder.Guard.Patience;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something open in a storage. A call whose caller has left may be using it still: then nobody else
 * does, and it is closed when that call ends. A failure is the end of it, and closing never waits.
 * Used by one thread at a time.
 */
final class GuardedResource<R extends AutoCloseable> {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedResource.class);

  private final R resource;
  private final Guard guard;
  private final Direction direction;
  private final Patience patience;

  private boolean failed;
  private boolean inUse;
  private boolean closed;

  GuardedResource(R resource, Guard guard, Direction direction, Patience patience) {
    this.resource = resource;
    this.guard = guard;
    this.direction = direction;
    this.patience = patience;
  }

  /** Uses it; the caller waits no longer than a caller does. */
  <T> T use(Function<R, T> work) {
    if (failed) {
      throw new IllegalStateException("it has failed before, and is closed");
    }
    try {
      return guard.call(direction, patience, Manner.GOES_ON, () -> using(work), late -> {});
    } catch (RuntimeException | Error e) {
      failed = true;
      close();
      throw e;
    }
  }

  /** What is in use by nobody else, for what costs no waiting. */
  R unguarded() {
    return resource;
  }

  boolean hasFailed() {
    return failed;
  }

  /** Closes it now, or else when the call ends that uses it. May be repeated. */
  void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      if (inUse) {
        return;
      }
    }
    guard.inBackground(this::closeNow);
  }

  private <T> T using(Function<R, T> work) {
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("it is closed");
      }
      inUse = true;
    }
    try {
      return work.apply(resource);
    } finally {
      boolean last;
      synchronized (this) {
        inUse = false;
        last = closed;
      }
      if (last) {
        closeNow();
      }
    }
  }

  private void closeNow() {
    try {
      resource.close();
    } catch (Exception e) {
      // Nobody wants anything of it any more.
      LOG.debug("something in the storage could not be closed", e);
    }
  }
}
