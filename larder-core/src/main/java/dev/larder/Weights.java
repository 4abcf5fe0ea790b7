package dev.larder;

import dev.larder.http.CacheEntry;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.storage.StoredItem;
import java.util.Collection;

/** About how many bytes of memory items take: their texts and bodies, and the objects around. */
final class Weights {
  /** A node of a cache, an item, and what it consists of. */
  private static final long ITEM = 200;

  private Weights() {}

  /** Of what is kept under a key. */
  static long of(String key, StoredItem item) {
    return key.length() + of(item);
  }

  private static long of(StoredItem item) {
    if (item instanceof StoredItem.Entry entry) {
      return of(entry.entry());
    }
    if (item instanceof StoredItem.Directory directory) {
      return ITEM + texts(directory.vary()) + texts(directory.variants());
    }
    return item instanceof StoredItem.Alias alias ? ITEM + alias.target().length() : ITEM;
  }

  private static long of(CacheEntry entry) {
    return entry.isInvalid() ? ITEM : head(entry.head()) + entry.open().body().length();
  }

  /** Of all of an entry but its body. */
  static long head(EntryHead head) {
    long size = 2 * ITEM + head.url().length() + head.request().body().length();
    return size + fields(head.headers()) + fields(head.request().headers());
  }

  private static long fields(Headers headers) {
    return headers.fields().stream()
        .mapToLong(field -> 48L + field.name().length() + field.value().length())
        .sum();
  }

  private static long texts(Collection<String> texts) {
    return texts.stream().mapToLong(text -> 48L + text.length()).sum();
  }
}
