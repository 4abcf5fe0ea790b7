package dev.larder;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Counts what clients get out of a cache. An increment each; thread-safe. */
final class ClientCounters {
  /** What is counted; {@link ClientStats} says what each means. */
  enum Kind {
    HIT,
    STALE,
    REVALIDATED,
    MISS,
    BYPASSED,
    COLLAPSED,
    REFRESH,
    STORED,
    SKIPPED
  }

  // Complete from the beginning, so that threads only ever read the maps.
  private final Map<Kind, LongAdder> kinds = new EnumMap<>(Kind.class);
  private final Map<CacheEvent.Type, LongAdder> events = new EnumMap<>(CacheEvent.Type.class);

  ClientCounters() {
    for (Kind kind : Kind.values()) {
      kinds.put(kind, new LongAdder());
    }
    for (CacheEvent.Type type : CacheEvent.Type.values()) {
      events.put(type, new LongAdder());
    }
  }

  void count(Kind kind) {
    Objects.requireNonNull(kinds.get(kind)).increment();
  }

  void count(CacheEvent.Type type) {
    Objects.requireNonNull(events.get(type)).increment();
  }

  ClientStats snapshot() {
    Map<CacheEvent.Type, Long> told = new EnumMap<>(CacheEvent.Type.class);
    events.forEach(
        (type, adder) -> {
          long count = adder.sum();
          if (count > 0) {
            told.put(type, count);
          }
        });
    return new ClientStats(
        sum(Kind.HIT),
        sum(Kind.STALE),
        sum(Kind.REVALIDATED),
        sum(Kind.MISS),
        sum(Kind.BYPASSED),
        sum(Kind.COLLAPSED),
        sum(Kind.REFRESH),
        sum(Kind.STORED),
        sum(Kind.SKIPPED),
        told);
  }

  private long sum(Kind kind) {
    return Objects.requireNonNull(kinds.get(kind)).sum();
  }
}
