package dev.larder;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryFilter;
import dev.larder.http.EntryHead;
import dev.larder.http.LarderException;
import dev.larder.storage.EntryTooLargeException;
import dev.larder.storage.EntryWriter;
import dev.larder.storage.Precondition;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.ResponseStorage;
import dev.larder.storage.ScanRequest;
import dev.larder.storage.StorageException;
import dev.larder.storage.StoredItem;
import dev.larder.storage.WriteResult;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Items in a Caffeine cache weighed in bytes. Every conditional write is one {@code compute} on its
 * key, which Caffeine makes atomic; bodies are immutable buffers, so a reader keeps the one it
 * opened.
 */
final class InMemoryStorage implements ResponseStorage {
  private final long maxBytes;
  private final Clock clock;
  private final Cache<String, StoredItem> items;
  private volatile Instant purgedBefore = Instant.MIN;
  private volatile boolean closed;

  InMemoryStorage(long maxBytes, Clock clock) {
    this.maxBytes = maxBytes;
    this.clock = clock;
    this.items =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher(
                (String key, StoredItem item) ->
                    (int) Math.min(Integer.MAX_VALUE, Weights.of(key, item)))
            .executor(Runnable::run)
            .build();
  }

  @Override
  public Optional<StoredItem> read(String key, ReadOptions options) {
    return Optional.ofNullable(live(open().getIfPresent(key), clock.instant()));
  }

  @Override
  public Map<String, StoredItem> readAll(Collection<String> keys, ReadOptions options) {
    Map<String, StoredItem> found = new LinkedHashMap<>();
    keys.forEach(key -> read(key, options).ifPresent(item -> found.put(key, item)));
    return found;
  }

  @Override
  public EntryWriter write(EntryHead head, Precondition precondition) {
    open();
    return new Writer(head, precondition);
  }

  /** Bodies are immutable, so one that is in memory already is kept as it is. */
  @Override
  public WriteResult write(EntryHead head, Body body, Precondition precondition) {
    if (body.buffer().isEmpty()) {
      return ResponseStorage.super.write(head, body, precondition);
    }
    return publish(head, body, precondition);
  }

  @Override
  public long writeAll(Iterator<CachedResponse> responses) {
    open();
    long written = 0;
    while (responses.hasNext()) {
      CachedResponse response = responses.next();
      try {
        write(response.head(), response.body(), Precondition.none());
        written++;
      } catch (LarderException | UncheckedIOException e) {
        // Too large or gone meanwhile: the contract leaves such an entry out.
      }
    }
    return written;
  }

  @Override
  public WriteResult put(StoredItem marker, Precondition precondition) {
    if (marker instanceof StoredItem.Entry) {
      throw new IllegalArgumentException("entries are written with write(..)");
    }
    String version = newVersion();
    StoredItem item =
        marker instanceof StoredItem.Directory directory
            ? new StoredItem.Directory(
                directory.key(),
                version,
                directory.vary(),
                directory.variants(),
                directory.invalidatedAt(),
                directory.retainUntil())
            : marker;
    return publish(item, version, precondition);
  }

  @Override
  public boolean update(EntryHead head) {
    boolean[] updated = new boolean[1];
    open()
        .asMap()
        .computeIfPresent(
            head.key(),
            (key, item) -> {
              if (!(live(item, clock.instant()) instanceof StoredItem.Entry current)
                  || !versionOf(current).equals(head.version())
                  || current.entry().head().requested().isAfter(head.requested())) {
                return item;
              }
              updated[0] = true;
              CachedResponse old = current.entry().open();
              EntryHead renewed =
                  head.toBuilder()
                      .request(old.request())
                      .url(old.url())
                      .length(old.head().length())
                      .digest(old.head().digest())
                      .build();
              return entry(renewed, old.body());
            });
    return updated[0];
  }

  @Override
  public boolean remove(String key, Precondition precondition) {
    boolean[] removed = new boolean[1];
    open()
        .asMap()
        .computeIfPresent(
            key,
            (k, item) -> {
              StoredItem live = live(item, clock.instant());
              if (!holds(precondition, live)) {
                return item;
              }
              removed[0] = live != null && !(live instanceof StoredItem.Tombstone);
              return null;
            });
    return removed[0];
  }

  @Override
  public void removeAll(Collection<String> keys) {
    open().invalidateAll(keys);
  }

  @Override
  public Stream<CacheEntry> scan(ScanRequest request) {
    Instant now = clock.instant();
    EntryFilter filter = request.filter();
    return sortedItems(key -> segmentOf(key, request.segments()) == request.segment())
        .filter(item -> request.after().map(after -> item.key().compareTo(after) > 0).orElse(true))
        .filter(StoredItem.Entry.class::isInstance)
        .map(item -> ((StoredItem.Entry) item).entry())
        .filter(entry -> filter.matches(entry, now));
  }

  @Override
  public Stream<StoredItem.Alias> aliases() {
    return sortedItems(key -> true)
        .filter(StoredItem.Alias.class::isInstance)
        .map(StoredItem.Alias.class::cast);
  }

  @Override
  public long count() {
    Instant now = clock.instant();
    return open().asMap().values().stream()
        .filter(item -> live(item, now) instanceof StoredItem.Entry)
        .count();
  }

  @Override
  public void clear(int segment, int segments) {
    open().asMap().keySet().removeIf(key -> segmentOf(key, segments) == segment);
  }

  @Override
  public synchronized void purge(Instant time) {
    if (time.isAfter(purgedBefore)) {
      purgedBefore = time;
    }
    open().asMap().values().removeIf(this::isPurged);
  }

  @Override
  public Instant purgedBefore() {
    return purgedBefore;
  }

  @Override
  public long maxBodyBytes() {
    return maxBytes;
  }

  @Override
  public boolean isLocal() {
    return true;
  }

  @Override
  public void prepare() {
    open();
  }

  @Override
  public void close() {
    closed = true;
    items.invalidateAll();
  }

  /** In the order of keys, so that a scan can be taken up again behind any of them. */
  private Stream<StoredItem> sortedItems(Predicate<String> keys) {
    Instant now = clock.instant();
    return open().asMap().keySet().stream()
        .filter(keys)
        .sorted()
        .flatMap(key -> Stream.ofNullable(live(items.policy().getIfPresentQuietly(key), now)));
  }

  private WriteResult publish(EntryHead head, Body body, Precondition precondition) {
    open();
    if (!fits(head, body.length())) {
      throw tooLarge(head);
    }
    String version = newVersion();
    return publish(
        entry(head.toBuilder().version(version).length(body.length()).build(), body),
        version,
        precondition);
  }

  private boolean fits(EntryHead head, long bodyLength) {
    return Weights.head(head) + bodyLength <= maxBytes;
  }

  private EntryTooLargeException tooLarge(EntryHead head) {
    return new EntryTooLargeException(
        "entry \""
            + head.key()
            + "\" takes more than the whole cache's "
            + maxBytes
            + " bytes; raise maxBytes");
  }

  private WriteResult publish(StoredItem item, String version, Precondition precondition) {
    WriteResult[] result = new WriteResult[1];
    open()
        .asMap()
        .compute(
            item.key(),
            (key, present) -> {
              StoredItem live = live(present, clock.instant());
              if (holds(precondition, live)) {
                result[0] = WriteResult.published(version);
                return item;
              }
              result[0] = WriteResult.refused(Optional.ofNullable(live));
              return present;
            });
    return result[0];
  }

  private static boolean holds(Precondition precondition, @Nullable StoredItem live) {
    if (precondition instanceof Precondition.Absent) {
      return live == null || live instanceof StoredItem.Tombstone;
    }
    if (precondition instanceof Precondition.EntryPresent) {
      return live instanceof StoredItem.Entry;
    }
    if (precondition instanceof Precondition.Version version) {
      return live != null && versionOf(live).equals(version.version());
    }
    if (precondition instanceof Precondition.NewerThanStored newer) {
      return requestedOrInvalidated(live).map(newer.requested()::isAfter).orElse(true);
    }
    return true;
  }

  private static Optional<Instant> requestedOrInvalidated(@Nullable StoredItem item) {
    if (item instanceof StoredItem.Entry entry) {
      return Optional.of(entry.entry().head().requested());
    }
    if (item instanceof StoredItem.Tombstone tombstone) {
      return Optional.of(tombstone.invalidatedAt());
    }
    return item instanceof StoredItem.Directory directory
        ? directory.invalidatedAt()
        : Optional.empty();
  }

  private static String versionOf(StoredItem item) {
    if (item instanceof StoredItem.Entry entry) {
      return entry.entry().head().version();
    }
    return item instanceof StoredItem.Directory directory ? directory.version() : "";
  }

  private @Nullable StoredItem live(@Nullable StoredItem item, Instant now) {
    return item == null || isOver(item, now) || isPurged(item) ? null : item;
  }

  /** Whether the time to live of an item is over. */
  static boolean isOver(StoredItem item, Instant now) {
    return retainUntil(item).map(until -> !now.isBefore(until)).orElse(false);
  }

  private boolean isPurged(StoredItem item) {
    return item instanceof StoredItem.Entry entry && entry.entry().head().isVoidSince(purgedBefore);
  }

  private static Optional<Instant> retainUntil(StoredItem item) {
    if (item instanceof StoredItem.Entry entry) {
      return entry.entry().head().retainUntil();
    }
    if (item instanceof StoredItem.Tombstone tombstone) {
      return Optional.of(tombstone.retainUntil());
    }
    return item instanceof StoredItem.Directory directory
        ? directory.retainUntil()
        : ((StoredItem.Alias) item).retainUntil();
  }

  private static StoredItem entry(EntryHead head, Body body) {
    return new StoredItem.Entry(CacheEntry.of(head, body, Weights.head(head) + body.length()));
  }

  private Cache<String, StoredItem> open() {
    if (closed) {
      throw new StorageException("the cache is closed");
    }
    return items;
  }

  private static int segmentOf(String key, int segments) {
    return Math.floorMod(key.hashCode(), segments);
  }

  private static String newVersion() {
    return UUID.randomUUID().toString();
  }

  /** Collects a body and publishes it at once. */
  private final class Writer implements EntryWriter {
    private final EntryHead head;
    private final Precondition precondition;
    private @Nullable ByteArrayOutputStream body = new ByteArrayOutputStream();

    Writer(EntryHead head, Precondition precondition) {
      this.head = head;
      this.precondition = precondition;
    }

    @Override
    public void write(ByteBuffer bytes) {
      ByteArrayOutputStream target = writable();
      if (!fits(head, (long) target.size() + bytes.remaining())) {
        close();
        throw tooLarge(head);
      }
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      target.writeBytes(copy);
    }

    @Override
    public WriteResult commit() {
      byte[] bytes = writable().toByteArray();
      close();
      return publish(head, Body.of(bytes), precondition);
    }

    @Override
    public void close() {
      body = null;
    }

    private ByteArrayOutputStream writable() {
      if (body == null) {
        throw new IllegalStateException("the entry is already committed or closed");
      }
      return body;
    }
  }
}
