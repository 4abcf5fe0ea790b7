package dev.larder.dynamodb;

import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * A live view of a map. What the JDK's base class does by asking for the size first, which counts
 * the whole table, is done here in one pass. Thread-safe.
 *
 * @param <E> the type of element
 */
abstract class MapView<E> extends AbstractCollection<E> {
  private final DynamoDbMap<?> map;

  MapView(DynamoDbMap<?> map) {
    this.map = map;
  }

  /** Removes what matches, each element only as long as it is the one that was tested. */
  @Override
  public abstract boolean removeIf(Predicate<? super E> filter);

  @Override
  public int size() {
    return map.size();
  }

  @Override
  public boolean isEmpty() {
    return map.isEmpty();
  }

  @Override
  public void clear() {
    map.clear();
  }

  @Override
  public boolean removeAll(Collection<?> others) {
    return !others.isEmpty() && removeIf(others::contains);
  }

  @Override
  public boolean retainAll(Collection<?> others) {
    Objects.requireNonNull(others, "collection");
    return removeIf(element -> !others.contains(element));
  }

  @Override
  public Object[] toArray() {
    return all().toArray();
  }

  @Override
  public <T> T[] toArray(T[] array) {
    return all().toArray(array);
  }

  @Override
  public <T> T[] toArray(IntFunction<T[]> generator) {
    return all().toArray(generator);
  }

  /** Of unknown size; asks for the first page when the first element is wanted. */
  @Override
  public Spliterator<E> spliterator() {
    return Spliterators.spliteratorUnknownSize(iterator(), Spliterator.NONNULL);
  }

  /** Names the map and reads nothing. */
  @Override
  public String toString() {
    return getClass().getSimpleName() + " of " + map;
  }

  private List<E> all() {
    List<E> all = new ArrayList<>();
    iterator().forEachRemaining(all::add);
    return all;
  }
}
