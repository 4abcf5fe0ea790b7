package dev.larder;

import dev.larder.storage.StorageException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/**
 * Invalidations that could not be written, remembered in this process until they can.
 *
 * <p>Scenario: a POST succeeds while the storage is down; the storage comes back, with the response
 * from before the POST still in it. Without a trace of the POST the next GET would be answered with
 * that. So every response found is checked against what is remembered here, and what could not be
 * written is tried again once the storage answers.
 *
 * <p>The memory is bounded. When it overflows, everything that was requested before that moment
 * counts as void, under every key, from then on: more is fetched than needed, and nothing wrong is
 * served.
 *
 * <p>Thread-safe.
 */
final class Invalidations {
  static final int MAX_KEYS = 10_000;

  private final Map<String, Instant> pending = new ConcurrentHashMap<>();

  /** What can never be written, for the sake of its key. */
  private final Map<String, Instant> unwritable = new ConcurrentHashMap<>();

  private final AtomicBoolean retrying = new AtomicBoolean();
  private volatile Instant allBefore = Instant.MIN;

  /** What was requested at or before this time is void under this key. */
  // One at a time, or what came while an overflow is cleared would be lost.
  synchronized void remember(String key, Instant invalidatedAt) {
    pending.merge(key, invalidatedAt, Invalidations::later);
    if (pending.size() + unwritable.size() > MAX_KEYS) {
      Instant latest = allBefore;
      for (Map<String, Instant> remembered : List.of(pending, unwritable)) {
        for (Instant at : remembered.values()) {
          latest = later(latest, at);
        }
      }
      allBefore = latest;
      pending.clear();
      unwritable.clear();
    }
  }

  /** Whether a response under this key, requested then, is void. */
  boolean isVoid(String key, Instant requested) {
    // In this order: an overflow moves what is pending to the time before which all is void.
    return isVoid(pending, key, requested)
        || isVoid(unwritable, key, requested)
        || !requested.isAfter(allBefore);
  }

  private static boolean isVoid(Map<String, Instant> remembered, String key, Instant requested) {
    Instant invalidatedAt = remembered.isEmpty() ? null : remembered.get(key);
    return invalidatedAt != null && !requested.isAfter(invalidatedAt);
  }

  /** Whether nothing is left to be written. */
  boolean isEmpty() {
    return pending.isEmpty();
  }

  /**
   * Writes what is remembered, unless that is under way already, as long as there is time for it.
   * What is written is forgotten; the first failure ends the attempt, unless it is that of one key,
   * which is only remembered then.
   */
  void retry(BooleanSupplier time, BiConsumer<String, Instant> write) {
    if (pending.isEmpty() || !retrying.compareAndSet(false, true)) {
      return;
    }
    try {
      pending.forEach(
          (key, invalidatedAt) -> {
            if (time.getAsBoolean()) {
              writeOne(key, invalidatedAt, write);
              pending.remove(key, invalidatedAt);
            }
          });
    } finally {
      retrying.set(false);
    }
  }

  private void writeOne(String key, Instant invalidatedAt, BiConsumer<String, Instant> write) {
    try {
      write.accept(key, invalidatedAt);
    } catch (IllegalArgumentException e) {
      // No storage will ever take this key; the others are not to wait for it.
      unwritable.merge(key, invalidatedAt, Invalidations::later);
    } catch (StorageException e) {
      if (e.kind() != StorageException.Kind.UNAFFECTED) {
        throw e;
      }
      unwritable.merge(key, invalidatedAt, Invalidations::later);
    }
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }
}
