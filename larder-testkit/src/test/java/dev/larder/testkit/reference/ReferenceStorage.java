package dev.larder.testkit.reference;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryHead;
import dev.larder.http.LarderException;
import dev.larder.storage.EntryTooLargeException;
import dev.larder.storage.EntryWriter;
import dev.larder.storage.Leases;
import dev.larder.storage.Precondition;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.ResponseStorage;
import dev.larder.storage.ScanRequest;
import dev.larder.storage.StorageException;
import dev.larder.storage.StoredItem;
import dev.larder.storage.WriteResult;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A storage so simple that it can be seen to be right: a sorted map under one lock. The wrong
 * storages of {@link WrongStorages} override its protected steps.
 */
class ReferenceStorage implements ResponseStorage {
  static final int MAX_KEY_BYTES = 1024;
  static final long MAX_BODY_BYTES = 1 << 20;

  final Clock clock;
  final TreeMap<String, StoredItem> items = new TreeMap<>();
  private final MapLeases leases = new MapLeases();
  private boolean closed;

  ReferenceStorage(Clock clock) {
    this.clock = clock;
  }

  @Override
  public synchronized Optional<StoredItem> read(String key, ReadOptions options) {
    checkKey(key);
    return live(items.get(key));
  }

  @Override
  public synchronized Map<String, StoredItem> readAll(
      Collection<String> keys, ReadOptions options) {
    Map<String, StoredItem> found = new HashMap<>();
    for (String key : keys) {
      read(key, options).ifPresent(item -> found.put(key, item));
    }
    return found;
  }

  @Override
  public EntryWriter write(EntryHead head, Precondition precondition) {
    checkKey(head.key());
    return new MapWriter(this, head, precondition);
  }

  @Override
  public long writeAll(Iterator<CachedResponse> responses) {
    long written = 0;
    while (responses.hasNext()) {
      CachedResponse response = responses.next();
      try {
        write(response.head(), response.body(), Precondition.none());
        written++;
      } catch (UncheckedIOException | LarderException leftOut) {
        if (leftOut instanceof StorageException && !(leftOut instanceof EntryTooLargeException)) {
          throw leftOut;
        }
      }
    }
    return written;
  }

  /** Publishes a finished entry. */
  protected synchronized WriteResult publish(
      EntryHead head, byte[] body, Precondition precondition) {
    String version = UUID.randomUUID().toString();
    EntryHead stored = head.toBuilder().version(version).length(body.length).build();
    return put(version, entry(stored, Body.of(body)), precondition);
  }

  @Override
  public synchronized WriteResult put(StoredItem marker, Precondition precondition) {
    checkKey(marker.key());
    String version = UUID.randomUUID().toString();
    StoredItem stored = marker;
    if (marker instanceof StoredItem.Directory directory) {
      stored =
          new StoredItem.Directory(
              directory.key(),
              version,
              directory.vary(),
              directory.variants(),
              directory.invalidatedAt(),
              directory.retainUntil());
    }
    return put(version, stored, precondition);
  }

  private WriteResult put(String version, StoredItem item, Precondition precondition) {
    Optional<StoredItem> there = read(item.key(), ReadOptions.DEFAULT);
    if (!holds(precondition, there)) {
      return WriteResult.refused(there);
    }
    items.put(item.key(), item);
    return WriteResult.published(version);
  }

  @Override
  public synchronized boolean update(EntryHead head) {
    checkKey(head.key());
    StoredItem there = live(items.get(head.key())).orElse(null);
    if (!(there instanceof StoredItem.Entry found)
        || found.entry().isInvalid()
        || !found.entry().head().version().equals(head.version())
        || found.entry().head().requested().isAfter(head.requested())) {
      return false;
    }
    EntryHead old = found.entry().head();
    EntryHead stored =
        head.toBuilder()
            .request(old.request())
            .url(old.url())
            .length(old.length())
            .digest(old.digest())
            .build();
    items.put(head.key(), entry(stored, found.entry().open().body()));
    return true;
  }

  @Override
  public synchronized boolean remove(String key, Precondition precondition) {
    Optional<StoredItem> there = read(key, ReadOptions.DEFAULT);
    if (!holds(precondition, there)) {
      return false;
    }
    items.remove(key);
    return there.isPresent() && !(there.get() instanceof StoredItem.Tombstone);
  }

  @Override
  public void removeAll(Collection<String> keys) {
    keys.forEach(key -> remove(key, Precondition.none()));
  }

  @Override
  public synchronized Stream<CacheEntry> scan(ScanRequest request) {
    SortedMap<String, StoredItem> rest =
        request
            .after()
            .<SortedMap<String, StoredItem>>map(k -> items.tailMap(k, false))
            .orElse(items);
    List<CacheEntry> found = new ArrayList<>();
    for (StoredItem item : rest.values()) {
      if (live(item).isPresent()
          && item instanceof StoredItem.Entry stored
          && Math.floorMod(item.key().hashCode(), request.segments()) == request.segment()
          && request.filter().matches(stored.entry(), clock.instant())) {
        found.add(stored.entry());
      }
    }
    return found.stream();
  }

  @Override
  public synchronized Stream<StoredItem.Alias> aliases() {
    return new ArrayList<>(items.values())
        .stream()
            .filter(item -> live(item).isPresent())
            .filter(StoredItem.Alias.class::isInstance)
            .map(StoredItem.Alias.class::cast);
  }

  @Override
  public synchronized long count() {
    checkOpen();
    return items.values().stream()
        .filter(item -> live(item).isPresent() && item instanceof StoredItem.Entry)
        .count();
  }

  @Override
  public synchronized void clear(int segment, int segments) {
    items.keySet().removeIf(key -> Math.floorMod(key.hashCode(), segments) == segment);
  }

  @Override
  public void prepare() {}

  @Override
  public Optional<Leases> leases() {
    return Optional.of(leases);
  }

  @Override
  public synchronized void close() {
    closed = true;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the storage is closed");
    }
  }

  private void checkKey(String key) {
    checkOpen();
    if (key.getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES) {
      throw new IllegalArgumentException("keys have at most " + MAX_KEY_BYTES + " bytes in UTF-8");
    }
  }

  static StoredItem.Entry entry(EntryHead head, Body body) {
    return new StoredItem.Entry(CacheEntry.of(head, body, -1));
  }

  /** The item unless it is past its time. */
  protected Optional<StoredItem> live(@Nullable StoredItem item) {
    if (item == null) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    return retainUntil(item).filter(end -> !now.isBefore(end)).isPresent()
        ? Optional.empty()
        : Optional.of(item);
  }

  private static Optional<Instant> retainUntil(StoredItem item) {
    if (item instanceof StoredItem.Entry found) {
      return found.entry().isInvalid() ? Optional.empty() : found.entry().head().retainUntil();
    } else if (item instanceof StoredItem.Alias alias) {
      return alias.retainUntil();
    } else if (item instanceof StoredItem.Directory directory) {
      return directory.retainUntil();
    }
    return Optional.of(((StoredItem.Tombstone) item).retainUntil());
  }

  /** Whether the precondition holds for what is under the key. */
  protected boolean holds(Precondition precondition, Optional<StoredItem> there) {
    boolean entry = there.filter(StoredItem.Entry.class::isInstance).isPresent();
    if (precondition instanceof Precondition.None) {
      return true;
    } else if (precondition instanceof Precondition.Absent) {
      return there.isEmpty() || there.get() instanceof StoredItem.Tombstone;
    } else if (precondition instanceof Precondition.EntryPresent) {
      return entry;
    } else if (precondition instanceof Precondition.Version wanted) {
      return there.flatMap(ReferenceStorage::version).filter(wanted.version()::equals).isPresent();
    }
    Instant requested = ((Precondition.NewerThanStored) precondition).requested();
    return there.flatMap(ReferenceStorage::time).filter(t -> !t.isBefore(requested)).isEmpty();
  }

  private static Optional<String> version(StoredItem item) {
    if (item instanceof StoredItem.Directory directory) {
      return Optional.of(directory.version());
    }
    return item instanceof StoredItem.Entry found && !found.entry().isInvalid()
        ? Optional.of(found.entry().head().version())
        : Optional.empty();
  }

  private static Optional<Instant> time(StoredItem item) {
    if (item instanceof StoredItem.Entry found) {
      return found.entry().isInvalid()
          ? Optional.empty()
          : Optional.of(found.entry().head().requested());
    } else if (item instanceof StoredItem.Tombstone tombstone) {
      return Optional.of(tombstone.invalidatedAt());
    }
    return item instanceof StoredItem.Directory directory
        ? directory.invalidatedAt()
        : Optional.empty();
  }
}
