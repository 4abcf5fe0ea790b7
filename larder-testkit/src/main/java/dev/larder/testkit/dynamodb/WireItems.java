package dev.larder.testkit.dynamodb;

import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Loses chosen items, or cuts them short, on their way to DynamoDB and back. */
final class WireItems {
  /** What becomes of an item. */
  enum Change {
    LOSE,
    TRUNCATE
  }

  private static final String KEY = "key";

  private final Predicate<String> keys;
  private final Change change;

  WireItems(Predicate<String> keys, Change change) {
    this.keys = keys;
    this.change = change;
  }

  HttpMessage carryOut(WireExchange exchange) throws IOException {
    return switch (exchange.operation()) {
      case "PutItem" -> putItem(exchange);
      case "BatchWriteItem" -> batchWrite(exchange);
      case "GetItem" -> getItem(exchange);
      case "BatchGetItem" -> batchGet(exchange);
      case "Query", "Scan" -> list(exchange);
      default -> exchange.carryOut();
    };
  }

  private HttpMessage putItem(WireExchange exchange) throws IOException {
    Map<String, @Nullable Object> request = WireJson.parse(exchange.content());
    Map<String, @Nullable Object> item = WireJson.object(request.get("Item"));
    if (!isChosen(item)) {
      return exchange.carryOut();
    }
    if (change == Change.LOSE) {
      return HttpMessage.answer(200, "{}");
    }
    truncate(item);
    return exchange.carryOut(WireJson.write(request));
  }

  private HttpMessage batchWrite(WireExchange exchange) throws IOException {
    Map<String, @Nullable Object> request = WireJson.parse(exchange.content());
    Map<String, @Nullable Object> tables = WireJson.object(request.get("RequestItems"));
    for (Object writes : tables.values()) {
      WireJson.list(writes)
          .removeIf(
              write -> {
                Map<String, @Nullable Object> put =
                    WireJson.object(WireJson.object(write).get("PutRequest"));
                return isGone(WireJson.object(put.get("Item")));
              });
    }
    tables.values().removeIf(writes -> WireJson.list(writes).isEmpty());
    return tables.isEmpty()
        ? HttpMessage.answer(200, "{\"UnprocessedItems\":{}}")
        : exchange.carryOut(WireJson.write(request));
  }

  private HttpMessage getItem(WireExchange exchange) throws IOException {
    HttpMessage response = exchange.carryOut();
    Map<String, @Nullable Object> key =
        WireJson.object(WireJson.parse(exchange.content()).get("Key"));
    Map<String, @Nullable Object> answer = WireJson.parse(response.body());
    if (!isChosen(key) || answer.get("Item") == null) {
      return response;
    }
    if (change == Change.LOSE) {
      answer.remove("Item");
    } else {
      truncate(WireJson.object(answer.get("Item")));
    }
    return response.withBody(WireJson.write(answer));
  }

  private HttpMessage batchGet(WireExchange exchange) throws IOException {
    HttpMessage response = exchange.carryOut();
    Map<String, @Nullable Object> answer = WireJson.parse(response.body());
    for (Object items : WireJson.object(answer.get("Responses")).values()) {
      WireJson.list(items).removeIf(item -> isGone(WireJson.object(item)));
    }
    return response.withBody(WireJson.write(answer));
  }

  private HttpMessage list(WireExchange exchange) throws IOException {
    HttpMessage response = exchange.carryOut();
    Map<String, @Nullable Object> answer = WireJson.parse(response.body());
    List<@Nullable Object> items = WireJson.list(answer.get("Items"));
    items.removeIf(item -> isGone(WireJson.object(item)));
    return response.withBody(WireJson.write(answer));
  }

  /** Does to an item in a list what is to be done; whether it has to leave the list. */
  private boolean isGone(Map<String, @Nullable Object> item) {
    if (!isChosen(item)) {
      return false;
    }
    if (change == Change.TRUNCATE) {
      truncate(item);
    }
    return change == Change.LOSE;
  }

  private boolean isChosen(Map<String, @Nullable Object> item) {
    return WireJson.object(item.get(KEY)).get("S") instanceof String key && keys.test(key);
  }

  private static void truncate(Map<String, @Nullable Object> item) {
    for (Object value : item.values()) {
      Map<String, @Nullable Object> attribute = WireJson.object(value);
      if (attribute.get("B") instanceof String base64) {
        byte[] bytes = Base64.getDecoder().decode(base64);
        byte[] half = Arrays.copyOf(bytes, bytes.length / 2);
        attribute.put("B", Base64.getEncoder().encodeToString(half));
      }
    }
  }
}
