package dev.larder;

import dev.larder.Guard.Direction;
import dev.larder.Guard.Manner;
import dev.larder.Guard.Patience;
import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryFilter;
import dev.larder.http.EntryHead;
import dev.larder.http.Redirect;
import dev.larder.http.Request;
import dev.larder.storage.EntryWriter;
import dev.larder.storage.Leases;
import dev.larder.storage.OperationStats;
import dev.larder.storage.Precondition;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.ResponseStorage;
import dev.larder.storage.ScanRequest;
import dev.larder.storage.StoredItem;
import dev.larder.storage.UnitListener;
import dev.larder.storage.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A storage as clients use it while they answer requests: whatever becomes of it, nobody waits
 * longer than a budget, and hardly anybody while it fails. What clients do is guarded, each
 * operation and the bodies that it leads to; what only those do who manage a cache goes through.
 */
final class GuardedStorage implements ResponseStorage {
  /** From here on a body is expected to take more requests than can be made at once. */
  private static final int LARGE_BYTES = 1 << 20;

  private final ResponseStorage storage;
  private final Guard guard;
  private final Patience patience;

  /** A storage for clients that answer a request. */
  GuardedStorage(ResponseStorage storage, Guard guard) {
    this(storage, guard, guard.ofClients());
  }

  private GuardedStorage(ResponseStorage storage, Guard guard, Patience patience) {
    this.storage = storage;
    this.guard = guard;
    this.patience = patience;
  }

  /**
   * The same storage, and the same breakers, for what nobody waits for: each operation may take
   * this long, and is willing to find out whether the storage is well again.
   */
  GuardedStorage inBackground(Duration budget) {
    return new GuardedStorage(storage, guard, new Patience(budget, true));
  }

  @Override
  public Optional<StoredItem> read(String key, ReadOptions options) {
    return read(() -> storage.read(key, options)).map(this::guarded);
  }

  @Override
  public Map<String, StoredItem> readAll(Collection<String> keys, ReadOptions options) {
    Map<String, StoredItem> found = new LinkedHashMap<>();
    read(() -> storage.readAll(keys, options))
        .forEach((key, item) -> found.put(key, guarded(item)));
    return found;
  }

  @Override
  public EntryWriter write(EntryHead head, Precondition precondition) {
    EntryWriter writer =
        guard.call(
            Direction.WRITE,
            patience,
            Manner.FAILS,
            () -> storage.write(head, precondition),
            EntryWriter::close);
    return new GuardedWriter(writer, guard, patience, this::guarded);
  }

  @Override
  public WriteResult write(EntryHead head, Body body, Precondition precondition) {
    WriteResult result =
        body.length() < LARGE_BYTES
            ? write(() -> storage.write(head, body, precondition))
            : guard.callInSteps(
                Direction.WRITE,
                patience,
                Manner.MAY_TRY,
                answered ->
                    storage
                        .metered((readUnits, writeUnits) -> answered.run())
                        .write(head, body, precondition),
                late -> {});
    return guarded(result);
  }

  @Override
  public Optional<WriteResult> writeRedirected(
      EntryHead head,
      Body body,
      Request last,
      List<Redirect> redirects,
      Precondition precondition) {
    return write(() -> storage.writeRedirected(head, body, last, redirects, precondition))
        .map(this::guarded);
  }

  @Override
  public WriteResult put(StoredItem marker, Precondition precondition) {
    return guarded(write(() -> storage.put(marker, precondition)));
  }

  @Override
  public boolean update(EntryHead head) {
    return write(() -> storage.update(head));
  }

  @Override
  public boolean remove(String key, Precondition precondition) {
    return write(() -> storage.remove(key, precondition));
  }

  @Override
  public Optional<Leases> leases() {
    return storage.leases().map(GuardedLeases::new);
  }

  @Override
  public Map<String, OperationStats> stats() {
    return storage.stats();
  }

  @Override
  public long maxBodyBytes() {
    return storage.maxBodyBytes();
  }

  @Override
  public boolean isLocal() {
    return storage.isLocal();
  }

  @Override
  public boolean isIndexed(EntryFilter filter) {
    return storage.isIndexed(filter);
  }

  @Override
  public Instant purgedBefore() {
    return storage.purgedBefore();
  }

  // For those who manage a cache

  @Override
  public void purge(Instant time) {
    storage.purge(time);
  }

  @Override
  public ResponseStorage metered(UnitListener listener) {
    return storage.metered(listener);
  }

  @Override
  public ResponseStorage rehearsal(UnitListener listener) {
    return storage.rehearsal(listener);
  }

  @Override
  public long writeAll(Iterator<CachedResponse> responses) {
    return storage.writeAll(responses);
  }

  @Override
  public void removeAll(Collection<String> keys) {
    storage.removeAll(keys);
  }

  @Override
  public Stream<CacheEntry> scan(ScanRequest request) {
    return storage.scan(request);
  }

  @Override
  public Stream<String> keys() {
    return storage.keys();
  }

  @Override
  public Stream<StoredItem.Alias> aliases() {
    return storage.aliases();
  }

  @Override
  public long count() {
    return storage.count();
  }

  @Override
  public void clear() {
    storage.clear();
  }

  @Override
  public void clear(int segment, int segments) {
    storage.clear(segment, segments);
  }

  @Override
  public void prepare() {
    storage.prepare();
  }

  @Override
  public void close() {
    storage.close();
  }

  private <T> T read(Supplier<T> work) {
    return guard.call(Direction.READ, patience, Manner.MAY_TRY, work, late -> {});
  }

  private <T> T write(Supplier<T> work) {
    return guard.call(Direction.WRITE, patience, Manner.MAY_TRY, work, late -> {});
  }

  private WriteResult guarded(WriteResult result) {
    return result.holder().isEmpty()
        ? result
        : new WriteResult(result.published(), result.version(), result.holder().map(this::guarded));
  }

  private StoredItem guarded(StoredItem item) {
    if (!(item instanceof StoredItem.Entry stored) || stored.entry().isInvalid()) {
      return item;
    }
    CacheEntry entry = stored.entry();
    Body body = entry.open().body();
    Body guarded = GuardedBody.of(body, guard, patience);
    return guarded == body
        ? item
        : new StoredItem.Entry(CacheEntry.of(entry.head(), guarded, entry.storedSize()));
  }

  /** Leases are taken and given back by writing. */
  private final class GuardedLeases implements Leases {
    private final Leases leases;

    GuardedLeases(Leases leases) {
      this.leases = leases;
    }

    @Override
    public Attempt acquire(String key, Duration duration, Optional<String> seen) {
      return guard.call(
          Direction.WRITE,
          patience,
          Manner.FAILS,
          () -> leases.acquire(key, duration, seen),
          late -> {
            if (late.acquired()) {
              boolean unused = leases.release(late.lease());
            }
          });
    }

    @Override
    public Optional<Lease> find(String key) {
      return read(() -> leases.find(key));
    }

    @Override
    public boolean release(Lease lease) {
      return write(() -> leases.release(lease));
    }

    @Override
    public boolean dismiss(Lease lease) {
      return write(() -> leases.dismiss(lease));
    }
  }
}
