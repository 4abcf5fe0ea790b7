package dev.larder.dynamodb;

import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The values of a map. Thread-safe.
 *
 * @param <V> the type of value
 */
final class MapValues<V> extends MapView<V> {
  private final DynamoDbMap<V> map;

  MapValues(DynamoDbMap<V> map) {
    super(map);
    this.map = map;
  }

  @Override
  public Iterator<V> iterator() {
    Iterator<Map.Entry<String, V>> entries = map.entryIterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return entries.hasNext();
      }

      @Override
      public V next() {
        return entries.next().getValue();
      }

      @Override
      public void remove() {
        entries.remove();
      }
    };
  }

  @Override
  public boolean contains(@Nullable Object value) {
    for (V candidate : this) {
      if (DynamoDbMap.same(candidate, value)) {
        return true;
      }
    }
    return false;
  }

  /** Removes one entry of this value. */
  @Override
  public boolean remove(@Nullable Object value) {
    for (Map.Entry<String, V> entry : map.entrySet()) {
      if (DynamoDbMap.same(entry.getValue(), value)
          && map.remove(entry.getKey(), entry.getValue())) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean removeIf(Predicate<? super V> filter) {
    Objects.requireNonNull(filter, "filter");
    return map.entrySet().removeIf(entry -> filter.test(entry.getValue()));
  }
}
