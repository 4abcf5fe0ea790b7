package dev.larder;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryHead;
import dev.larder.storage.EntryWriter;
import dev.larder.storage.Leases;
import dev.larder.storage.Precondition;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.ResponseStorage;
import dev.larder.storage.ScanRequest;
import dev.larder.storage.StorageException;
import dev.larder.storage.StoredItem;
import dev.larder.storage.UnitListener;
import dev.larder.storage.WriteResult;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A storage whose reads or writes fail while a test says so, and work otherwise. */
public final class FaultyStorage implements ResponseStorage {
  private final ResponseStorage good;
  private boolean local;
  public volatile boolean readsFail;
  public volatile boolean writesFail;

  /** Whether it goes on when a cache over it is closed, as a table does. */
  public volatile boolean outlivesItsCache;

  /** Whether a cache over it was closed. */
  public volatile boolean closed;

  /** What becomes of the bodies that are read. */
  public volatile UnaryOperator<Body> bodies = body -> body;

  /** Runs on the thread of every read and write. */
  public volatile Runnable onEachCall = () -> {};

  /** Runs before each marker is put, as what another process does at that moment. */
  public volatile Runnable beforePut = () -> {};

  /** What {@link #leases()} tells a cache that is built from then on. */
  public volatile Optional<Leases> leases = Optional.empty();

  /** What each call consumes, told to whoever meters. */
  public volatile Consumer<UnitListener> costOfACall = listener -> {};

  public FaultyStorage(TestClock clock) {
    this(InMemoryCache.builder().clock(clock).build().storage());
  }

  public FaultyStorage(ResponseStorage good) {
    this.good = good;
    this.local = good.isLocal();
  }

  /** This storage as if it were far away; before a cache is made of it. */
  public FaultyStorage remote() {
    local = false;
    return this;
  }

  @Override
  public ResponseStorage metered(UnitListener listener) {
    FaultyStorage view = new FaultyStorage(good);
    view.onEachCall = () -> costOfACall.accept(listener);
    return view;
  }

  private StoredItem withBody(StoredItem item) {
    if (!(item instanceof StoredItem.Entry stored) || stored.entry().isInvalid()) {
      return item;
    }
    CacheEntry entry = stored.entry();
    Body body = bodies.apply(entry.open().body());
    return new StoredItem.Entry(CacheEntry.of(entry.head(), body, entry.storedSize()));
  }

  /** Breaks bodies that are read off behind this many bytes; leaves them whole if negative. */
  public void breakBodiesAt(long bytes) {
    bodies = bytes < 0 ? body -> body : body -> new BrokenBody(body, bytes);
  }

  private ResponseStorage reading() {
    onEachCall.run();
    if (readsFail) {
      throw new StorageException("reading fails");
    }
    return good;
  }

  private ResponseStorage writing() {
    onEachCall.run();
    if (writesFail) {
      throw new StorageException("writing fails");
    }
    return good;
  }

  @Override
  public Optional<StoredItem> read(String key, ReadOptions options) {
    return reading().read(key, options).map(this::withBody);
  }

  private record BrokenBody(Body whole, long breaksAt) implements Body {
    @Override
    public long length() {
      return whole.length();
    }

    @Override
    public InputStream open() {
      InputStream good = new ByteArrayInputStream(whole.bytes(), 0, (int) breaksAt);
      return new SequenceInputStream(
          good,
          new InputStream() {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
              return read();
            }

            @Override
            public int read() throws IOException {
              throw new IOException("a part of the body is lost");
            }
          });
    }
  }

  @Override
  public Map<String, StoredItem> readAll(Collection<String> keys, ReadOptions options) {
    Map<String, StoredItem> found = new LinkedHashMap<>();
    reading().readAll(keys, options).forEach((key, item) -> found.put(key, withBody(item)));
    return found;
  }

  @Override
  public EntryWriter write(EntryHead head, Precondition precondition) {
    return writing().write(head, precondition);
  }

  @Override
  public long writeAll(Iterator<CachedResponse> responses) {
    return writing().writeAll(responses);
  }

  @Override
  public WriteResult put(StoredItem marker, Precondition precondition) {
    beforePut.run();
    return writing().put(marker, precondition);
  }

  @Override
  public boolean update(EntryHead head) {
    return writing().update(head);
  }

  @Override
  public boolean remove(String key, Precondition precondition) {
    return writing().remove(key, precondition);
  }

  @Override
  public void removeAll(Collection<String> keys) {
    writing().removeAll(keys);
  }

  @Override
  public Stream<CacheEntry> scan(ScanRequest request) {
    return reading().scan(request);
  }

  @Override
  public Stream<StoredItem.Alias> aliases() {
    return reading().aliases();
  }

  @Override
  public long count() {
    return reading().count();
  }

  @Override
  public void clear(int segment, int segments) {
    writing().clear(segment, segments);
  }

  @Override
  public void purge(Instant time) {
    writing().purge(time);
  }

  @Override
  public Instant purgedBefore() {
    return good.purgedBefore();
  }

  @Override
  public Optional<Leases> leases() {
    return leases;
  }

  @Override
  public boolean isLocal() {
    return local;
  }

  @Override
  public void prepare() {
    good.prepare();
  }

  @Override
  public void close() {
    closed = true;
    if (!outlivesItsCache) {
      good.close();
    }
  }
}
