package dev.larder.dynamodb;

import java.util.Iterator;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Reads a scan that begins with the first question and not before, and begins again if the table
 * had to be created first. Holds one page. Not thread-safe.
 */
final class MapListing implements Iterator<Map<String, AttributeValue>> {
  private final MapTable table;
  private final Supplier<Stream<Map<String, AttributeValue>>> scan;
  private @Nullable Iterator<Map<String, AttributeValue>> begun;

  MapListing(MapTable table, Supplier<Stream<Map<String, AttributeValue>>> scan) {
    this.table = table;
    this.scan = scan;
  }

  @Override
  public boolean hasNext() {
    return items().hasNext();
  }

  @Override
  public Map<String, AttributeValue> next() {
    return items().next();
  }

  private Iterator<Map<String, AttributeValue>> items() {
    Iterator<Map<String, AttributeValue>> items = begun;
    if (items == null) {
      items = table.ready(this::begin);
      begun = items;
    }
    return items;
  }

  /** Reads the first page, since only that shows whether the table is there. */
  private Iterator<Map<String, AttributeValue>> begin() {
    Iterator<Map<String, AttributeValue>> items = scan.get().iterator();
    boolean unused = items.hasNext();
    return items;
  }
}
