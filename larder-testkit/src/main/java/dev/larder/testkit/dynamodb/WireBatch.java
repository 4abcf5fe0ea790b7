package dev.larder.testkit.dynamodb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the first items of a batch on the wire and hands the others back, as DynamoDB does
 * under load.
 */
final class WireBatch {
  private WireBatch() {}

  static HttpMessage partial(WireExchange exchange, int items) throws IOException {
    return switch (exchange.operation()) {
      case "BatchGetItem" -> partial(exchange, items, "UnprocessedKeys");
      case "BatchWriteItem" -> partial(exchange, items, "UnprocessedItems");
      default -> exchange.carryOut();
    };
  }

  private static HttpMessage partial(WireExchange exchange, int items, String unprocessed)
      throws IOException {
    Map<String, @Nullable Object> request = WireJson.parse(exchange.content());
    Map<String, @Nullable Object> done = new LinkedHashMap<>();
    Map<String, @Nullable Object> rest = new LinkedHashMap<>();
    int left = items;
    for (Map.Entry<String, @Nullable Object> table :
        WireJson.object(request.get("RequestItems")).entrySet()) {
      List<@Nullable Object> all = elements(table.getValue());
      int now = Math.min(left, all.size());
      put(done, table.getKey(), table.getValue(), all.subList(0, now));
      put(rest, table.getKey(), table.getValue(), all.subList(now, all.size()));
      left -= now;
    }
    if (done.isEmpty()) {
      Map<String, @Nullable Object> answer = new LinkedHashMap<>();
      answer.put(unprocessed, rest);
      return HttpMessage.answer(200, "{}").withBody(WireJson.write(answer));
    }
    request.put("RequestItems", done);
    HttpMessage response = exchange.carryOut(WireJson.write(request));
    Map<String, @Nullable Object> answer = WireJson.parse(response.body());
    // What the endpoint itself left comes on top.
    WireJson.object(answer.get(unprocessed))
        .forEach(
            (table, more) -> {
              List<@Nullable Object> both = new ArrayList<>(elements(more));
              both.addAll(elements(rest.get(table)));
              put(rest, table, more, both);
            });
    answer.put(unprocessed, rest);
    return response.withBody(WireJson.write(answer));
  }

  /** The keys or writes of one table. */
  private static List<@Nullable Object> elements(@Nullable Object ofTable) {
    return ofTable instanceof Map<?, ?>
        ? WireJson.list(WireJson.object(ofTable).get("Keys"))
        : WireJson.list(ofTable);
  }

  private static void put(
      Map<String, @Nullable Object> tables,
      String table,
      @Nullable Object like,
      List<@Nullable Object> elements) {
    if (elements.isEmpty()) {
      return;
    }
    if (like instanceof Map<?, ?>) {
      Map<String, @Nullable Object> ofTable = new LinkedHashMap<>(WireJson.object(like));
      ofTable.put("Keys", new ArrayList<>(elements));
      tables.put(table, ofTable);
    } else {
      tables.put(table, new ArrayList<>(elements));
    }
  }
}
