package dev.larder.dynamodb;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An entry as it was when listed. {@code setValue} puts into the map, whatever is there by then,
 * and returns the value this entry had. Not thread-safe.
 *
 * @param <V> the type of value
 */
final class MapEntry<V> implements Map.Entry<String, V> {
  private final DynamoDbMap<V> map;
  private final String key;
  private V value;

  MapEntry(DynamoDbMap<V> map, String key, V value) {
    this.map = map;
    this.key = key;
    this.value = value;
  }

  @Override
  public String getKey() {
    return key;
  }

  @Override
  public V getValue() {
    return value;
  }

  @Override
  public V setValue(V next) {
    map.put(key, next);
    V before = value;
    value = next;
    return before;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Map.Entry<?, ?> entry
        && key.equals(entry.getKey())
        && Objects.equals(value, entry.getValue());
  }

  @Override
  public int hashCode() {
    return key.hashCode() ^ value.hashCode();
  }

  @Override
  public String toString() {
    return key + '=' + value;
  }
}
