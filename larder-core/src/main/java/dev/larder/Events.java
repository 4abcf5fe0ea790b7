package dev.larder;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands events to the listener, survives it, and logs one warning for each outage of the storage.
 * Thread-safe.
 */
final class Events {
  private static final Logger LOG = LoggerFactory.getLogger(HttpCache.class);

  private final CacheListener listener;
  private final ClientCounters counters = new ClientCounters();
  private final AtomicBoolean outage = new AtomicBoolean();

  Events(CacheListener listener) {
    this.listener = listener;
  }

  /** Counts these events, and what else clients bring about. */
  ClientCounters counters() {
    return counters;
  }

  /** The storage failed, and a client goes on without it. */
  void failed(CacheEvent.Type type, String key, RuntimeException failure) {
    if (outage.compareAndSet(false, true)) {
      LOG.warn("going on without the cache until it answers again: {}", failure.getMessage());
    }
    skipped(type, key, failure);
  }

  /** Something was not done, though the storage is well. */
  void skipped(CacheEvent.Type type, String key, RuntimeException reason) {
    tell(new CacheEvent(type, key, String.valueOf(reason.getMessage()), Optional.of(reason)));
  }

  /** What was found under the key is no entry. */
  void undecodable(String key, String problem) {
    tell(new CacheEvent(CacheEvent.Type.UNDECODABLE, key, problem, Optional.empty()));
  }

  /** The storage answered. */
  void recovered() {
    if (outage.get() && outage.compareAndSet(true, false)) {
      LOG.warn("the cache answers again");
    }
  }

  private void tell(CacheEvent event) {
    counters.count(event.type());
    LOG.debug("{} {}: {}", event.type(), event.key(), event.message());
    try {
      listener.onEvent(event);
    } catch (RuntimeException e) {
      // Whatever a listener does must not end a caller's request.
      LOG.warn("the cache listener failed on {}", event.type(), e);
    }
  }
}
