package dev.larder;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryHead;
import dev.larder.storage.EntryWriter;
import dev.larder.storage.Precondition;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.ResponseStorage;
import dev.larder.storage.ScanRequest;
import dev.larder.storage.StoredItem;
import dev.larder.storage.WriteResult;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A storage whose process dies at a chosen call: that call is not carried out, or is carried out
 * and its answer lost, and nothing is called any more.
 */
class CrashingStorage implements ResponseStorage {
  /**
   * Ends what runs as the end of a process does: no handler of the cache's takes it for its own.
   */
  static final class Crash extends Error {
    private static final long serialVersionUID = 1L;
  }

  private final ResponseStorage good;
  private final int at;
  private final boolean carriedOut;
  private int calls;

  CrashingStorage(ResponseStorage good, int at, boolean carriedOut) {
    this.good = good;
    this.at = at;
    this.carriedOut = carriedOut;
  }

  private void before() {
    calls++;
    if (calls > at || (calls == at && !carriedOut)) {
      throw new Crash();
    }
  }

  private <T> T after(T result) {
    if (calls == at) {
      throw new Crash();
    }
    return result;
  }

  @Override
  public Optional<StoredItem> read(String key, ReadOptions options) {
    before();
    return after(good.read(key, options));
  }

  @Override
  public Map<String, StoredItem> readAll(Collection<String> keys, ReadOptions options) {
    before();
    return after(good.readAll(keys, options));
  }

  @Override
  public EntryWriter write(EntryHead head, Precondition precondition) {
    before();
    return after(good.write(head, precondition));
  }

  @Override
  public WriteResult write(EntryHead head, Body body, Precondition precondition) {
    before();
    return after(good.write(head, body, precondition));
  }

  @Override
  public long writeAll(Iterator<CachedResponse> responses) {
    before();
    return after(good.writeAll(responses));
  }

  @Override
  public WriteResult put(StoredItem marker, Precondition precondition) {
    before();
    return after(good.put(marker, precondition));
  }

  @Override
  public boolean update(EntryHead head) {
    before();
    return after(good.update(head));
  }

  @Override
  public boolean remove(String key, Precondition precondition) {
    before();
    return after(good.remove(key, precondition));
  }

  @Override
  public void removeAll(Collection<String> keys) {
    before();
    good.removeAll(keys);
  }

  @Override
  public Stream<CacheEntry> scan(ScanRequest request) {
    before();
    return after(good.scan(request));
  }

  @Override
  public Stream<StoredItem.Alias> aliases() {
    return good.aliases();
  }

  @Override
  public long count() {
    return good.count();
  }

  @Override
  public void clear(int segment, int segments) {
    before();
    good.clear(segment, segments);
  }

  @Override
  public void prepare() {
    good.prepare();
  }

  @Override
  public void close() {
    good.close();
  }
}
