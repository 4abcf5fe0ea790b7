package dev.larder.testkit.dynamodb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Carries out the first items of a batch and hands the others back, as DynamoDB does under load.
 */
final class PartialBatch {
  private PartialBatch() {}

  static BatchGetItemResponse get(
      BatchGetItemRequest request, ClientProxy.Operation real, int items) {
    Map<String, KeysAndAttributes> done = new HashMap<>();
    Map<String, KeysAndAttributes> rest = new HashMap<>();
    int left = items;
    for (Map.Entry<String, KeysAndAttributes> table : request.requestItems().entrySet()) {
      List<Map<String, AttributeValue>> keys = table.getValue().keys();
      int now = Math.min(left, keys.size());
      put(done, table.getKey(), table.getValue(), keys.subList(0, now));
      put(rest, table.getKey(), table.getValue(), keys.subList(now, keys.size()));
      left -= now;
    }
    if (done.isEmpty()) {
      return BatchGetItemResponse.builder().responses(Map.of()).unprocessedKeys(rest).build();
    }
    BatchGetItemResponse response =
        (BatchGetItemResponse) real.call(request.toBuilder().requestItems(done).build());
    response
        .unprocessedKeys()
        .forEach(
            (table, more) -> {
              List<Map<String, AttributeValue>> keys = new ArrayList<>(more.keys());
              if (rest.containsKey(table)) {
                keys.addAll(rest.get(table).keys());
              }
              put(rest, table, more, keys);
            });
    return response.toBuilder().unprocessedKeys(rest).build();
  }

  private static void put(
      Map<String, KeysAndAttributes> tables,
      String table,
      KeysAndAttributes like,
      List<Map<String, AttributeValue>> keys) {
    if (!keys.isEmpty()) {
      tables.put(table, like.toBuilder().keys(keys).build());
    }
  }

  static BatchWriteItemResponse write(
      BatchWriteItemRequest request, ClientProxy.Operation real, int items) {
    Map<String, List<WriteRequest>> done = new HashMap<>();
    Map<String, List<WriteRequest>> rest = new HashMap<>();
    int left = items;
    for (Map.Entry<String, List<WriteRequest>> table : request.requestItems().entrySet()) {
      List<WriteRequest> writes = table.getValue();
      int now = Math.min(left, writes.size());
      add(done, table.getKey(), writes.subList(0, now));
      add(rest, table.getKey(), writes.subList(now, writes.size()));
      left -= now;
    }
    if (done.isEmpty()) {
      return BatchWriteItemResponse.builder().unprocessedItems(rest).build();
    }
    BatchWriteItemResponse response =
        (BatchWriteItemResponse) real.call(request.toBuilder().requestItems(done).build());
    response.unprocessedItems().forEach((table, writes) -> add(rest, table, writes));
    return response.toBuilder().unprocessedItems(rest).build();
  }

  private static void add(
      Map<String, List<WriteRequest>> tables, String table, List<WriteRequest> writes) {
    if (!writes.isEmpty()) {
      tables.computeIfAbsent(table, name -> new ArrayList<>()).addAll(writes);
    }
  }
}
