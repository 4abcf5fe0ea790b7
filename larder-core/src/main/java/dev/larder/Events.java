package dev.larder;

import dev.larder.storage.StorageException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands events to the listener, survives it, and logs each outage of the storage: a warning when it
 * begins, whatever fails then, and a line when all is well again. Thread-safe.
 */
final class Events {
  private final CacheListener listener;
  private final ClientCounters counters = new ClientCounters();
  private final Clock clock;
  private final BooleanSupplier well;
  private final Logger log;
  private final AtomicReference<@Nullable Instant> outage = new AtomicReference<>();

  /**
   * Events.
   *
   * @param well whether the storage has answered the last time that it was asked anything: what a
   *     client has found may come from nearer
   */
  Events(CacheListener listener, Clock clock, BooleanSupplier well) {
    this(listener, clock, well, LoggerFactory.getLogger(HttpCache.class));
  }

  Events(CacheListener listener, Clock clock, BooleanSupplier well, Logger log) {
    this.listener = listener;
    this.clock = clock;
    this.well = well;
    this.log = log;
  }

  /** Counts these events, and what else clients bring about. */
  ClientCounters counters() {
    return counters;
  }

  /** The storage failed, and a client goes on without it. */
  void failed(CacheEvent.Type type, String key, RuntimeException failure) {
    boolean affected =
        !(failure instanceof StorageException e) || e.kind() != StorageException.Kind.UNAFFECTED;
    if (affected && outage.compareAndSet(null, clock.instant())) {
      log.warn("going on without the cache until it answers again: {}", failure.getMessage());
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

  /** A client was answered. */
  void recovered() {
    Instant since = outage.get();
    if (since != null && well.getAsBoolean() && outage.compareAndSet(since, null)) {
      log.info("the cache answers again, after {}", Duration.between(since, clock.instant()));
    }
  }

  private void tell(CacheEvent event) {
    counters.count(event.type());
    log.debug("{} {}: {}", event.type(), event.key(), event.message());
    try {
      listener.onEvent(event);
    } catch (RuntimeException e) {
      // Whatever a listener does must not end a caller's request.
      log.warn("the cache listener failed on {}", event.type(), e);
    }
  }
}
