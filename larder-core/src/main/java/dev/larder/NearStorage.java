package dev.larder;

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
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A storage behind a {@link NearCache}. Several of these may share one, over the same storage or
 * over layers of it.
 *
 * <p><b>What is served from memory:</b> entries with their bodies, directories and aliases. A
 * tombstone, and that nothing is there, count only beside an entry that the same call asks for.
 * Scenario: an entry for everyone is found by a request with credentials, which looks for a variant
 * of its own as well; without the absence of that, each hit would cost a read. By itself an absence
 * is not believed: it would only be turned into a request to the origin, for a response that
 * another process may just have stored.
 *
 * <p>Reads that are {@linkplain ReadOptions#strong() strong} go to the storage, and so do those
 * without the body where there is no entry in memory. What this process writes is not taken from
 * the write: a storage may give back something else, such as a body without its coding.
 *
 * <p><b>Above and beneath a guard.</b> A guarded write may go on when its caller has been told that
 * it has failed, and may not have been made at all. So above a guard there is one of these that
 * reads, and beneath it one that heeds writes, each for as long as it really takes.
 *
 * <p>Thread-safe.
 */
final class NearStorage implements ResponseStorage {
  private final ResponseStorage storage;
  private final NearCache memory;
  private final boolean reads;
  private final boolean writes;
  private final Runnable answered;

  /** A storage behind a memory. */
  NearStorage(ResponseStorage storage, NearCache memory) {
    this(storage, memory, true, true, () -> {});
  }

  private NearStorage(
      ResponseStorage storage, NearCache memory, boolean reads, boolean writes, Runnable answered) {
    this.storage = storage;
    this.memory = memory;
    this.reads = reads;
    this.writes = writes;
    this.answered = answered;
  }

  /**
   * What is read from a guarded storage.
   *
   * @param guarded over what {@link #beneathGuard} makes
   * @param answered runs whenever the storage itself has answered a read
   */
  static NearStorage aboveGuard(ResponseStorage guarded, NearCache memory, Runnable answered) {
    return new NearStorage(guarded, memory, true, false, answered);
  }

  /** What is written to a storage that is guarded. */
  static NearStorage beneathGuard(ResponseStorage storage, NearCache memory) {
    return new NearStorage(storage, memory, false, true, () -> {});
  }

  private <T> T change(String key, Supplier<T> write) {
    return writes ? memory.change(key, write) : write.get();
  }

  private <T> T changeAll(Supplier<T> write) {
    return writes ? memory.changeAll(write) : write.get();
  }

  @Override
  public Optional<StoredItem> read(String key, ReadOptions options) {
    if (!reads) {
      return storage.read(key, options);
    }
    NearCache.@Nullable Held held = options.strong() ? null : memory.get(key);
    if (held != null && countsAlone(held.item())) {
      return Optional.ofNullable(held.item());
    }
    NearCache.Fill fill = memory.beginFill(key);
    Optional<StoredItem> item = storage.read(key, options);
    answered.run();
    return Optional.ofNullable(remember(fill, item.orElse(null), options, false));
  }

  @Override
  public Map<String, StoredItem> readAll(Collection<String> keys, ReadOptions options) {
    if (!reads) {
      return storage.readAll(keys, options);
    }
    Map<String, NearCache.Held> held = new LinkedHashMap<>();
    if (!options.strong()) {
      for (String key : keys) {
        NearCache.@Nullable Held known = memory.get(key);
        if (known != null) {
          held.put(key, known);
        }
      }
      if (held.values().stream().noneMatch(known -> known.item() instanceof StoredItem.Entry)) {
        held.values().removeIf(known -> !countsAlone(known.item()));
      }
    }
    Map<String, StoredItem> found = new LinkedHashMap<>();
    held.forEach(
        (key, known) -> {
          if (known.item() != null) {
            found.put(key, known.item());
          }
        });
    Map<String, NearCache.Fill> fills = new LinkedHashMap<>();
    for (String key : keys) {
      if (!held.containsKey(key)) {
        fills.put(key, memory.beginFill(key));
      }
    }
    if (!fills.isEmpty()) {
      found.putAll(readFromStorage(fills, options));
    }
    return found;
  }

  private Map<String, StoredItem> readFromStorage(
      Map<String, NearCache.Fill> fills, ReadOptions options) {
    Map<String, StoredItem> read = storage.readAll(List.copyOf(fills.keySet()), options);
    answered.run();
    Map<String, StoredItem> found = new LinkedHashMap<>();
    fills.forEach(
        (key, fill) -> {
          StoredItem item = remember(fill, read.get(key), options, true);
          if (item != null) {
            found.put(key, item);
          }
        });
    return found;
  }

  private static boolean countsAlone(@Nullable StoredItem item) {
    return item != null && !(item instanceof StoredItem.Tombstone);
  }

  private static @Nullable StoredItem remember(
      NearCache.Fill fill, @Nullable StoredItem item, ReadOptions options, boolean amongOthers) {
    if (item instanceof StoredItem.Entry entry && options.body()) {
      return fill.with(entry.entry());
    }
    if (item instanceof StoredItem.Entry || (!amongOthers && !countsAlone(item))) {
      fill.withNothing();
    } else {
      fill.with(item);
    }
    return item;
  }

  @Override
  public EntryWriter write(EntryHead head, Precondition precondition) {
    return new Writer(head.key(), storage.write(head, precondition));
  }

  @Override
  public WriteResult write(EntryHead head, Body body, Precondition precondition) {
    return change(head.key(), () -> storage.write(head, body, precondition));
  }

  @Override
  public Optional<WriteResult> writeRedirected(
      EntryHead head,
      Body body,
      Request last,
      List<Redirect> redirects,
      Precondition precondition) {
    return change(
        head.key(), () -> storage.writeRedirected(head, body, last, redirects, precondition));
  }

  @Override
  public long writeAll(Iterator<CachedResponse> responses) {
    return changeAll(() -> storage.writeAll(responses));
  }

  @Override
  public WriteResult put(StoredItem marker, Precondition precondition) {
    return change(marker.key(), () -> storage.put(marker, precondition));
  }

  @Override
  public boolean update(EntryHead head) {
    return change(head.key(), () -> storage.update(head));
  }

  @Override
  public boolean remove(String key, Precondition precondition) {
    return change(key, () -> storage.remove(key, precondition));
  }

  @Override
  public void removeAll(Collection<String> keys) {
    Supplier<Boolean> write = run(() -> storage.removeAll(keys));
    boolean unused = writes ? memory.change(List.copyOf(keys), write) : write.get();
  }

  @Override
  public void clear() {
    changeAll(run(storage::clear));
  }

  @Override
  public void clear(int segment, int segments) {
    changeAll(run(() -> storage.clear(segment, segments)));
  }

  private static Supplier<Boolean> run(Runnable write) {
    return () -> {
      write.run();
      return true;
    };
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
  public void purge(Instant time) {
    changeAll(run(() -> storage.purge(time)));
  }

  @Override
  public boolean isIndexed(EntryFilter filter) {
    return storage.isIndexed(filter);
  }

  @Override
  public Instant purgedBefore() {
    return storage.purgedBefore();
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
  public void prepare() {
    storage.prepare();
  }

  @Override
  public Optional<Leases> leases() {
    return storage.leases();
  }

  @Override
  public ResponseStorage metered(UnitListener listener) {
    return new NearStorage(storage.metered(listener), memory, reads, writes, answered);
  }

  /** It writes nothing that the memory would have to know of. */
  @Override
  public ResponseStorage rehearsal(UnitListener listener) {
    return storage.rehearsal(listener);
  }

  @Override
  public Map<String, OperationStats> stats() {
    return storage.stats();
  }

  @Override
  public void close() {
    memory.close();
    storage.close();
  }

  /** Nothing of the entry is visible before it is committed. */
  private final class Writer implements EntryWriter {
    private final String key;
    private final EntryWriter writer;

    Writer(String key, EntryWriter writer) {
      this.key = key;
      this.writer = writer;
    }

    @Override
    public void write(ByteBuffer bytes) {
      writer.write(bytes);
    }

    @Override
    public WriteResult commit() {
      return change(key, writer::commit);
    }

    @Override
    public void close() {
      writer.close();
    }
  }
}
