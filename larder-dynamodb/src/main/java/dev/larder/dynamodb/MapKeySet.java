package dev.larder.dynamodb;

import java.util.Collection;
import java.util.Iterator;
import java.util.Objects;
import java.util.function.Predicate;

/** The keys of a map; no value is transferred. Thread-safe. */
final class MapKeySet extends MapSetView<String> {
  private final DynamoDbMap<?> map;

  MapKeySet(DynamoDbMap<?> map) {
    super(map);
    this.map = map;
  }

  @Override
  public Iterator<String> iterator() {
    return map.keyIterator();
  }

  @Override
  public boolean contains(Object key) {
    return map.containsKey(key);
  }

  @Override
  public boolean remove(Object key) {
    return map.discard(key);
  }

  /** In batches. */
  @Override
  public boolean removeAll(Collection<?> others) {
    return map.bulkDelete(
            others.stream().filter(String.class::isInstance).map(String.class::cast).toList())
        > 0;
  }

  @Override
  public boolean removeIf(Predicate<? super String> filter) {
    Objects.requireNonNull(filter, "filter");
    boolean removed = false;
    for (String key : this) {
      removed |= filter.test(key) && map.discard(key);
    }
    return removed;
  }
}
