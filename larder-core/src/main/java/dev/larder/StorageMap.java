package dev.larder;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A map whose content is in a storage: nothing is held here, iterating lists the storage lazily.
 *
 * @param <V> the type of value
 */
abstract class StorageMap<V> extends AbstractMap<String, V> {
  /** Lists what is there now. */
  abstract Stream<Entry<String, V>> entries();

  @Override
  public boolean isEmpty() {
    try (Stream<Entry<String, V>> entries = entries()) {
      return entries.findAny().isEmpty();
    }
  }

  @Override
  public Set<Entry<String, V>> entrySet() {
    return new EntrySet();
  }

  /** Lists nothing: there may be millions of entries. */
  @Override
  public String toString() {
    return getClass().getSimpleName();
  }

  private final class EntrySet extends AbstractSet<Entry<String, V>> {
    @Override
    public Iterator<Entry<String, V>> iterator() {
      return new RemovingIterator(entries().iterator());
    }

    @Override
    public int size() {
      return StorageMap.this.size();
    }

    @Override
    public boolean isEmpty() {
      return StorageMap.this.isEmpty();
    }

    @Override
    public void clear() {
      StorageMap.this.clear();
    }
  }

  private final class RemovingIterator implements Iterator<Entry<String, V>> {
    private final Iterator<Entry<String, V>> entries;
    private @Nullable String last;

    RemovingIterator(Iterator<Entry<String, V>> entries) {
      this.entries = entries;
    }

    @Override
    public boolean hasNext() {
      return entries.hasNext();
    }

    @Override
    public Entry<String, V> next() {
      Entry<String, V> next = entries.next();
      last = next.getKey();
      return next;
    }

    @Override
    public void remove() {
      if (last == null) {
        throw new IllegalStateException(
            "there is no entry to remove before next() and after remove()");
      }
      StorageMap.this.remove(last);
      last = null;
    }
  }
}
