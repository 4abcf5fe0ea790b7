package dev.larder.dynamodb;

import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * The entries of a map. Thread-safe.
 *
 * @param <V> the type of value
 */
final class MapEntrySet<V> extends MapSetView<Map.Entry<String, V>> {
  private final DynamoDbMap<V> map;

  MapEntrySet(DynamoDbMap<V> map) {
    super(map);
    this.map = map;
  }

  @Override
  public Iterator<Map.Entry<String, V>> iterator() {
    return map.entryIterator();
  }

  @Override
  public boolean contains(Object element) {
    if (!(element instanceof Map.Entry<?, ?> entry)
        || entry.getKey() == null
        || entry.getValue() == null) {
      return false;
    }
    V value = map.get(entry.getKey());
    return value != null && DynamoDbMap.same(value, entry.getValue());
  }

  @Override
  public boolean remove(Object element) {
    return element instanceof Map.Entry<?, ?> entry
        && entry.getKey() != null
        && map.remove(entry.getKey(), entry.getValue());
  }

  /** One by one, since each is removed only if its value is still there. */
  @Override
  public boolean removeAll(Collection<?> others) {
    boolean removed = false;
    for (Object other : others) {
      removed |= remove(other);
    }
    return removed;
  }

  @Override
  public boolean removeIf(Predicate<? super Map.Entry<String, V>> filter) {
    Objects.requireNonNull(filter, "filter");
    boolean removed = false;
    for (Map.Entry<String, V> entry : this) {
      V value = entry.getValue();
      removed |= filter.test(entry) && map.remove(entry.getKey(), value);
    }
    return removed;
  }
}
