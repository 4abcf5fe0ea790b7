package dev.larder.dynamodb;

import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Iterates over a map's items, page by page, seeing each at most once, with or without what is
 * written meanwhile. Not thread-safe.
 *
 * <p>{@code remove()} removes the key and whatever value it has by now, as the JDK's concurrent
 * maps do. It can be called too when {@code next()} has thrown because a value cannot be read; so a
 * program can find such items and be rid of them. After that the iteration goes on.
 *
 * @param <T> what is made of an item
 */
final class MapIterator<T> implements Iterator<T> {
  private final DynamoDbMap<?> map;
  private final MapKeys keys;
  private final Iterator<Map<String, AttributeValue>> items;
  private final BiFunction<String, Map<String, AttributeValue>, T> reader;
  private @Nullable Map<String, AttributeValue> item;
  private @Nullable String key;
  private @Nullable String last;

  MapIterator(
      DynamoDbMap<?> map,
      MapKeys keys,
      Iterator<Map<String, AttributeValue>> items,
      BiFunction<String, Map<String, AttributeValue>, T> reader) {
    this.map = map;
    this.keys = keys;
    this.items = items;
    this.reader = reader;
  }

  @Override
  public boolean hasNext() {
    while (key == null && items.hasNext()) {
      Map<String, AttributeValue> candidate = items.next();
      item = candidate;
      key = keys.toUser(TableGateway.keyOf(candidate)).orElse(null);
    }
    return key != null;
  }

  @Override
  public T next() {
    String next = hasNext() ? key : null;
    Map<String, AttributeValue> from = item;
    if (next == null || from == null) {
      throw new NoSuchElementException();
    }
    last = next;
    key = null;
    item = null;
    return reader.apply(next, from);
  }

  @Override
  public void remove() {
    if (last == null) {
      throw new IllegalStateException(
          "there is no entry to remove before next() and after remove()");
    }
    map.discard(last);
    last = null;
  }
}
