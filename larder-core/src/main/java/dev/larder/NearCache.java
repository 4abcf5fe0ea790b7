package dev.larder;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.storage.ResponseStorage;
import dev.larder.storage.StoredItem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What has lately been read from a storage, kept in this process's memory. The {@link NearStorage}s
 * that share it read from it and keep it in agreement with what they write.
 *
 * <p><b>What it promises.</b> Whatever is served from it was read from the storage at most {@code
 * staleness} ago by the cache's clock: that is how late a write of another process may be seen. A
 * write of this process is seen by every read that begins after it has returned, and once one
 * reader has seen it, no later one is given the old item again.
 *
 * <p>Hazards, and what keeps them off:
 *
 * <ol>
 *   <li><b>Late fill.</b> A reader reads the old item; a writer writes the new one and returns; the
 *       reader puts the old one into the memory, where it would be found. So a reader takes the
 *       epoch of the key before it reads, a writer changes it, and a fill whose epoch is over is
 *       dropped. That is checked within the {@code compute} that fills, which the writer's removal
 *       of the key comes either before, when the epoch has changed already, or after.
 *   <li><b>Old item seen again.</b> While a write is under way, one reader gets the new item from
 *       the storage, and after that another gets the old one from the memory. So the epoch also
 *       counts the writes under way, and while there are any nothing is filled; what was there went
 *       when the write began.
 *   <li><b>Two fills.</b> Another process writes between the reads of two readers, and the one with
 *       the old item fills last. The later read stays.
 *   <li><b>Bulk changes.</b> The keys of a copy or of {@code clear} are not known before. They
 *       change an epoch that each item in the memory carries: with it all of them are void at once.
 *       While they are under way, the memory is neither read nor filled.
 *   <li><b>Failed write.</b> It may have taken place, so it counts as one that did. It may also
 *       take place later: its connection was cut, and the storage has its request. So what is read
 *       within {@link #DOUBT} after it is not kept.
 *   <li><b>Late write.</b> Its caller leaves when its time is up, and the write goes on. So where
 *       calls are guarded, a write is under way for as long as the call of the storage itself is:
 *       {@link NearStorage#beneathGuard}.
 * </ol>
 *
 * <p>Epochs are kept for stripes of keys, so that they take the same memory however many keys there
 * are. A write of another key of the stripe drops a fill in vain, which costs one more read.
 *
 * <p>Thread-safe.
 */
final class NearCache {
  /** A longer body that the storage streams is not collected in memory before it is handed out. */
  private static final long MOST_COLLECTED = 1 << 20;

  /** One item takes no more than this part of the memory, or it would push out too many. */
  private static final int LARGEST_SHARE = 8;

  private static final int STRIPES = 4096;

  /** Longer than a storage works on a request that nobody waits for any more. */
  static final Duration DOUBT = Duration.ofSeconds(10);

  // An epoch: how many changes are under way in the low bits, and above them a count of how many
  // have begun or ended.
  private static final long UNDER_WAY = (1L << 20) - 1;
  private static final long BEGIN = (1L << 20) + 1;
  private static final long END = (1L << 20) - 1;

  private final Duration staleness;
  private final long largest;
  private final Clock clock;
  private final Cache<String, Held> items;
  private final AtomicLongArray epochs = new AtomicLongArray(STRIPES);
  private final AtomicLong bulkEpoch = new AtomicLong();

  /** Until when a write that failed may still take place, in milliseconds, for each stripe. */
  private final AtomicLongArray doubtful = new AtomicLongArray(STRIPES);

  NearCache(long maxBytes, Duration staleness, Clock clock) {
    this.staleness = staleness;
    this.largest = maxBytes / LARGEST_SHARE;
    this.clock = clock;
    this.items =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((String key, Held held) -> (int) Math.min(Integer.MAX_VALUE, held.weight(key)))
            .executor(Runnable::run)
            .build();
  }

  /** The one that the settings ask for; none for what is in memory anyway. */
  static Optional<NearCache> of(CacheSettings settings, ResponseStorage storage, Clock clock) {
    return settings.nearCacheBytes() == 0 || storage.isLocal()
        ? Optional.empty()
        : Optional.of(
            new NearCache(settings.nearCacheBytes(), settings.nearCacheStaleness(), clock));
  }

  // Reading

  /** What is remembered of a key; null if nothing that may be served. */
  @Nullable Held get(String key) {
    Held held = items.getIfPresent(key);
    Instant now = clock.instant();
    return held != null && held.bulkEpoch() == bulkEpoch.get() && isRecent(held.readAt(), now)
        ? held.usable(now)
        : null;
  }

  /** From the future means that the clock was set back: then nobody knows how old it is. */
  private boolean isRecent(Instant readAt, Instant now) {
    Duration age = Duration.between(readAt, now);
    return !age.isNegative() && age.compareTo(staleness) <= 0;
  }

  /** To be taken before the storage is read. */
  Fill beginFill(String key) {
    return new Fill(key, epochs.get(stripe(key)), bulkEpoch.get(), clock.instant());
  }

  // Changing

  /** Runs a write of the key. */
  <T> T change(String key, Supplier<T> write) {
    return change(List.of(key), write);
  }

  /** Runs a write of these keys. */
  <T> T change(Collection<String> keys, Supplier<T> write) {
    keys.forEach(
        key -> {
          epochs.addAndGet(stripe(key), BEGIN);
          items.asMap().remove(key);
        });
    boolean done = false;
    try {
      T result = write.get();
      done = true;
      return result;
    } finally {
      if (!done) {
        long until = clock.instant().plus(DOUBT).toEpochMilli();
        keys.forEach(key -> doubtful.accumulateAndGet(stripe(key), until, Math::max));
      }
      keys.forEach(key -> epochs.addAndGet(stripe(key), END));
    }
  }

  /** Runs a write of any keys. */
  <T> T changeAll(Supplier<T> write) {
    forgetAll();
    try {
      return write.get();
    } finally {
      bulkEpoch.addAndGet(END);
    }
  }

  /** Remembers nothing any more. */
  void close() {
    forgetAll();
  }

  private void forgetAll() {
    bulkEpoch.addAndGet(BEGIN);
    items.invalidateAll();
  }

  /** How many bytes are in use. */
  long bytes() {
    items.cleanUp();
    return items.policy().eviction().orElseThrow().weightedSize().orElse(0);
  }

  private static int stripe(String key) {
    int hash = key.hashCode();
    return (hash ^ (hash >>> 16)) & (STRIPES - 1);
  }

  /**
   * What the storage said.
   *
   * @param item what was there; null for nothing
   * @param readAt a time before it was read
   * @param bulkEpoch when it was read; it counts while this is the current one
   */
  record Held(@Nullable StoredItem item, Instant readAt, long bulkEpoch) {
    /**
     * An item past its time to live is no item. An entry that has expired may have been renewed by
     * another process, so it is asked for again: that is cheaper than to renew it twice.
     */
    private @Nullable Held usable(Instant now) {
      if (item instanceof StoredItem.Entry entry && entry.entry().isExpired(now)) {
        return null;
      }
      return item == null || !InMemoryStorage.isOver(item, now)
          ? this
          : new Held(null, readAt, bulkEpoch);
    }

    private long weight(String key) {
      return item == null ? 200L + key.length() : Weights.of(key, item);
    }
  }

  /** A read of the storage whose outcome may be remembered. */
  final class Fill {
    private final String key;
    private final long epoch;
    private final long bulk;
    private final Instant readAt;

    private Fill(String key, long epoch, long bulk, Instant readAt) {
      this.key = key;
      this.epoch = epoch;
      this.bulk = bulk;
      this.readAt = readAt;
    }

    /** Remembers what is there. */
    void with(@Nullable StoredItem item) {
      Held held = new Held(item, readAt, bulk);
      put(held.weight(key) <= largest ? held : null);
    }

    /** What is there is not to be remembered, and what was there before is not to be served. */
    void withNothing() {
      put(null);
    }

    private void put(@Nullable Held held) {
      // What was there is older than what was read now, even if that may not be kept.
      items.asMap().compute(key, (k, old) -> isNewer(old) ? old : isOver() ? null : held);
    }

    /** What a bulk change has ended since is over as well; it says so itself. */
    private boolean isOver() {
      int stripe = stripe(key);
      return ((epoch | bulk) & UNDER_WAY) != 0
          || epochs.get(stripe) != epoch
          || readAt.toEpochMilli() < doubtful.get(stripe);
    }

    private boolean isNewer(@Nullable Held old) {
      return old != null && old.readAt().isAfter(readAt);
    }

    /**
     * The entry, remembered as soon as its body is in memory: at once if it is, otherwise when
     * someone opens it and it is short enough.
     */
    StoredItem.Entry with(CacheEntry entry) {
      StoredItem.Entry item = new StoredItem.Entry(entry);
      if (entry.isInvalid()) {
        withNothing();
        return item;
      }
      Body body = entry.open().body();
      if (body.buffer().isPresent()) {
        with(item);
        return item;
      }
      withNothing();
      long length = body.length();
      return length < 0 || length > Math.min(MOST_COLLECTED, largest)
          ? item
          : new StoredItem.Entry(
              CacheEntry.of(
                  entry.head(),
                  new CollectedBody(
                      body,
                      bytes ->
                          with(
                              new StoredItem.Entry(
                                  CacheEntry.of(entry.head(), bytes, entry.storedSize())))),
                  entry.storedSize()));
    }
  }
}
