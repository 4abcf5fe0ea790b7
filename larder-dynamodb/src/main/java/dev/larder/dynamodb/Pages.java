package dev.larder.dynamodb;

import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The pages of a listing, each asked for with the key where the one before ended. The first is read
 * at once. Not thread-safe.
 *
 * @param <P> the answer that brings a page
 */
final class Pages<P> implements Iterator<P> {
  private final Function<Map<String, AttributeValue>, P> fetch;
  private final Function<P, Map<String, AttributeValue>> end;
  private @Nullable P ahead;
  private Map<String, AttributeValue> start = Map.of();
  private boolean more = true;

  /**
   * The pages.
   *
   * @param fetch reads the page behind a key; behind an empty one, the first
   * @param end the key where a page ended; empty if it was the last
   */
  Pages(
      Function<Map<String, AttributeValue>, P> fetch,
      Function<P, Map<String, AttributeValue>> end) {
    this.fetch = fetch;
    this.end = end;
    this.ahead = fetchNext();
  }

  Stream<P> stream() {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED | Spliterator.NONNULL),
        false);
  }

  @Override
  public boolean hasNext() {
    return ahead != null || more;
  }

  @Override
  public P next() {
    P page = ahead == null ? fetchNext() : ahead;
    ahead = null;
    return page;
  }

  private P fetchNext() {
    if (!more) {
      throw new NoSuchElementException();
    }
    P page = fetch.apply(start);
    start = end.apply(page);
    more = !start.isEmpty();
    return page;
  }
}
