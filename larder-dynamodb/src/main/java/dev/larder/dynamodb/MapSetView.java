package dev.larder.dynamodb;

import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import org.jspecify.annotations.Nullable;

/**
 * A live view of a map without duplicates. Thread-safe.
 *
 * @param <E> the type of element
 */
abstract class MapSetView<E> extends MapView<E> implements Set<E> {
  MapSetView(DynamoDbMap<?> map) {
    super(map);
  }

  /** In one pass over this set, whatever the other one is. */
  @Override
  public boolean equals(@Nullable Object other) {
    if (other == this) {
      return true;
    }
    if (!(other instanceof Set<?> set)) {
      return false;
    }
    int found = 0;
    for (E element : this) {
      if (!set.contains(element)) {
        return false;
      }
      found++;
    }
    return found == set.size();
  }

  @Override
  public int hashCode() {
    int sum = 0;
    for (E element : this) {
      sum += element.hashCode();
    }
    return sum;
  }

  @Override
  public Spliterator<E> spliterator() {
    return Spliterators.spliteratorUnknownSize(
        iterator(), Spliterator.DISTINCT | Spliterator.NONNULL);
  }
}
