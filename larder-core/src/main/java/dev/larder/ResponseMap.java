package dev.larder;

import dev.larder.http.CachedResponse;
import dev.larder.http.EntryFilter;
import dev.larder.http.EntryHead;
import dev.larder.storage.Precondition;
import dev.larder.storage.ScanRequest;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The decodable responses of a cache by key. */
final class ResponseMap extends StorageMap<CachedResponse> {
  private static final EntryFilter DECODABLE = EntryFilter.invalid().not();

  private final HttpCache cache;

  ResponseMap(HttpCache cache) {
    this.cache = cache;
  }

  @Override
  public @Nullable CachedResponse get(@Nullable Object key) {
    return key instanceof String text ? cache.getResponse(text).orElse(null) : null;
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return key instanceof String text && cache.contains(text);
  }

  /** Stores the response under this key, whatever key its head names. */
  @Override
  public @Nullable CachedResponse put(String key, CachedResponse response) {
    CachedResponse previous = get(key);
    EntryHead head = response.head();
    EntryHead moved =
        key.equals(head.key()) ? head : head.toBuilder().key(key).digest(Optional.empty()).build();
    cache.ready(() -> cache.storage().write(moved, response.body(), Precondition.none()));
    return previous;
  }

  @Override
  public @Nullable CachedResponse remove(@Nullable Object key) {
    CachedResponse previous = get(key);
    if (previous != null && key instanceof String text) {
      cache.delete(text);
    }
    return previous;
  }

  @Override
  public int size() {
    return (int) Math.min(Integer.MAX_VALUE, cache.count(DECODABLE));
  }

  @Override
  public void clear() {
    cache.clear();
  }

  @Override
  Stream<Entry<String, CachedResponse>> entries() {
    return cache
        .ready(() -> cache.storage().scan(ScanRequest.of(DECODABLE).withBodies()))
        .map(entry -> Map.entry(entry.key(), entry.open()));
  }
}
