package dev.larder.storage;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryHead;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads like another storage and writes nothing: every write ends as if it had taken place. */
final class RehearsalStorage implements ResponseStorage {
  private static final String NO_VERSION = "rehearsal";

  private final ResponseStorage read;

  RehearsalStorage(ResponseStorage read) {
    this.read = read;
  }

  @Override
  public Optional<StoredItem> read(String key, ReadOptions options) {
    return read.read(key, options);
  }

  @Override
  public Map<String, StoredItem> readAll(Collection<String> keys, ReadOptions options) {
    return read.readAll(keys, options);
  }

  @Override
  public EntryWriter write(EntryHead head, Precondition precondition) {
    return new EntryWriter() {
      @Override
      public void write(ByteBuffer bytes) {
        bytes.position(bytes.limit());
      }

      @Override
      public WriteResult commit() {
        return WriteResult.published(NO_VERSION);
      }

      @Override
      public void close() {
        // Nothing was opened.
      }
    };
  }

  @Override
  public WriteResult write(EntryHead head, Body body, Precondition precondition) {
    return WriteResult.published(NO_VERSION);
  }

  @Override
  public long writeAll(Iterator<CachedResponse> responses) {
    long count = 0;
    while (responses.hasNext()) {
      responses.next();
      count++;
    }
    return count;
  }

  @Override
  public WriteResult put(StoredItem marker, Precondition precondition) {
    return WriteResult.published(NO_VERSION);
  }

  @Override
  public boolean update(EntryHead head) {
    return true;
  }

  @Override
  public boolean remove(String key, Precondition precondition) {
    return true;
  }

  @Override
  public void removeAll(Collection<String> keys) {
    // As if they were gone.
  }

  @Override
  public Stream<CacheEntry> scan(ScanRequest request) {
    return read.scan(request);
  }

  @Override
  public Stream<String> keys() {
    return read.keys();
  }

  @Override
  public Stream<StoredItem.Alias> aliases() {
    return read.aliases();
  }

  @Override
  public long count() {
    return read.count();
  }

  @Override
  public void clear(int segment, int segments) {
    // As if it were empty.
  }

  @Override
  public void purge(Instant time) {
    // As if nothing had been older.
  }

  @Override
  public Instant purgedBefore() {
    return read.purgedBefore();
  }

  @Override
  public long maxBodyBytes() {
    return read.maxBodyBytes();
  }

  @Override
  public boolean isLocal() {
    return read.isLocal();
  }

  @Override
  public void prepare() {
    read.prepare();
  }

  @Override
  public void close() {
    // It is another's.
  }
}
