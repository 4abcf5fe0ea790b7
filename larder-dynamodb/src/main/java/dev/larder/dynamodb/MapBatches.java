package dev.larder.dynamodb;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What a map does with many keys at once. A batch that writes looks first, strongly, as many keys
 * as one request takes, since DynamoDB's batches know no conditions. Thread-safe.
 *
 * @param <V> the type of value
 */
final class MapBatches<V> {
  private static final int LOOK = TableGateway.READ_BATCH;

  private final MapTable table;
  private final MapKeys keys;
  private final MapItems<V> items;

  MapBatches(MapTable table, MapKeys keys, MapItems<V> items) {
    this.table = table;
    this.keys = keys;
    this.items = items;
  }

  Map<String, V> getAll(Collection<String> wanted) {
    Map<String, String> itemKeys = new LinkedHashMap<>();
    for (String key : wanted) {
      keys.find(key).ifPresent(itemKey -> itemKeys.put(key, itemKey));
    }
    Map<String, Map<String, AttributeValue>> found = table.loadAll(itemKeys.values());
    Map<String, V> values = new LinkedHashMap<>();
    itemKeys.forEach(
        (key, itemKey) ->
            Optional.ofNullable(found.get(itemKey))
                .filter(MapItems::isOurs)
                .ifPresent(item -> values.put(key, items.read(key, item))));
    return values;
  }

  void putAll(Map<? extends String, ? extends V> all) {
    Map<String, Map<String, AttributeValue>> batch = new HashMap<>();
    for (Map.Entry<? extends String, ? extends V> entry : all.entrySet()) {
      batch.put(entry.getKey(), items.write(keys, entry.getKey(), entry.getValue()));
      if (batch.size() == LOOK) {
        put(batch);
        batch.clear();
      }
    }
    if (!batch.isEmpty()) {
      put(batch);
    }
  }

  private void put(Map<String, Map<String, AttributeValue>> batch) {
    Map<String, Map<String, AttributeValue>> there =
        table.loadKinds(batch.values().stream().map(TableGateway::keyOf).toList());
    batch.forEach(
        (key, item) ->
            items.refuseForeign(key, there.getOrDefault(TableGateway.keyOf(item), Map.of())));
    table.writeAll(batch.values());
  }

  /** Removes what is there and of a map; returns how many. */
  int removeAll(Collection<String> unwanted) {
    List<String> itemKeys =
        unwanted.stream().map(keys::find).flatMap(Optional::stream).distinct().toList();
    int found = 0;
    for (int from = 0; from < itemKeys.size(); from += LOOK) {
      List<String> look = itemKeys.subList(from, Math.min(from + LOOK, itemKeys.size()));
      List<String> ours =
          table.loadKinds(look).values().stream()
              .filter(MapItems::isOurs)
              .map(TableGateway::keyOf)
              .toList();
      table.removeAll(ours.iterator());
      found += ours.size();
    }
    return found;
  }
}
