package dev.larder.dynamodb;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The item keys of a map for one who will need only a few: begins with a page of one item, where a
 * usual page is 1 MB, and so costs one read unit and not 256. As the limit of a page counts items
 * of others too, each page is larger than the last; a table mostly of others is read in few
 * requests all the same. Not thread-safe.
 */
final class MapSampling implements Iterator<String> {
  private static final int GROWTH = 4;
  private static final int MAX_LIMIT = 4_096;

  private final MapTable table;
  private final MapKeys keys;
  private Iterator<String> page = List.<String>of().iterator();
  private Map<String, AttributeValue> after = Map.of();
  private int limit = 1;
  private boolean more = true;

  MapSampling(MapTable table, MapKeys keys) {
    this.table = table;
    this.keys = keys;
  }

  @Override
  public boolean hasNext() {
    while (more && !page.hasNext()) {
      List<Map<String, AttributeValue>> items = table.some(limit, after);
      more = items.size() == limit;
      if (more) {
        after = TableGateway.keyOf(TableGateway.keyOf(items.get(limit - 1)));
      }
      limit = Math.min(MAX_LIMIT, limit * GROWTH);
      page =
          items.stream()
              .filter(MapItems::isOurs)
              .map(TableGateway::keyOf)
              .filter(key -> keys.toUser(key).isPresent())
              .iterator();
    }
    return page.hasNext();
  }

  @Override
  public String next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return page.next();
  }
}
