package dev.larder;

import dev.larder.storage.Precondition;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.StoredItem;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The aliases of a cache, key to key. */
final class RedirectMap extends StorageMap<String> {
  private final HttpCache cache;

  RedirectMap(HttpCache cache) {
    this.cache = cache;
  }

  @Override
  public @Nullable String get(@Nullable Object key) {
    return key instanceof String text
        ? cache
            .ready(() -> cache.storage().read(text, ReadOptions.HEAD))
            .filter(StoredItem.Alias.class::isInstance)
            .map(item -> ((StoredItem.Alias) item).target())
            .orElse(null)
        : null;
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return get(key) != null;
  }

  @Override
  public @Nullable String put(String key, String target) {
    String previous = get(key);
    cache.ready(
        () -> {
          cache.storage().put(cache.alias(key, target), Precondition.none());
          return true;
        });
    return previous;
  }

  @Override
  public @Nullable String remove(@Nullable Object key) {
    String previous = get(key);
    if (previous != null && key instanceof String text) {
      cache.ready(() -> cache.storage().remove(text, Precondition.none()));
    }
    return previous;
  }

  @Override
  public int size() {
    try (Stream<Entry<String, String>> entries = entries()) {
      return (int) Math.min(Integer.MAX_VALUE, entries.count());
    }
  }

  /** Removes the aliases, and nothing else of the cache. */
  @Override
  public void clear() {
    try (Stream<Entry<String, String>> entries = entries()) {
      entries.map(Entry::getKey).forEach(this::remove);
    }
  }

  @Override
  Stream<Entry<String, String>> entries() {
    return cache
        .ready(() -> cache.storage().aliases())
        .map(alias -> Map.entry(alias.key(), alias.target()));
  }
}
