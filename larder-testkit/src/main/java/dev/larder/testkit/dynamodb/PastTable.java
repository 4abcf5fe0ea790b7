package dev.larder.testkit.dynamodb;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * A table beside a real one that holds the past state of some keys, and on demand the present state
 * of all others. Guarded by its {@link StaleReads}.
 */
final class PastTable {
  private final DynamoDbClient client;
  private final String realName;
  private final String name;
  private final List<String> keyNames;
  private final Set<Map<String, AttributeValue>> remembered = new HashSet<>();

  PastTable(DynamoDbClient client, String realName) {
    this.client = client;
    this.realName = realName;
    this.name = "past-" + UUID.randomUUID();
    TableDescription real = client.describeTable(r -> r.tableName(realName)).table();
    this.keyNames = real.keySchema().stream().map(KeySchemaElement::attributeName).toList();
    client.createTable(likeness(real));
    client.waiter().waitUntilTableExists(request -> request.tableName(name));
  }

  private CreateTableRequest likeness(TableDescription real) {
    CreateTableRequest.Builder request =
        CreateTableRequest.builder()
            .tableName(name)
            .attributeDefinitions(real.attributeDefinitions())
            .keySchema(real.keySchema())
            .billingMode(BillingMode.PAY_PER_REQUEST);
    if (real.hasGlobalSecondaryIndexes()) {
      request.globalSecondaryIndexes(
          real.globalSecondaryIndexes().stream()
              .map(
                  index ->
                      GlobalSecondaryIndex.builder()
                          .indexName(index.indexName())
                          .keySchema(index.keySchema())
                          .projection(index.projection())
                          .build())
              .toList());
    }
    if (real.hasLocalSecondaryIndexes()) {
      request.localSecondaryIndexes(
          real.localSecondaryIndexes().stream()
              .map(
                  index ->
                      LocalSecondaryIndex.builder()
                          .indexName(index.indexName())
                          .keySchema(index.keySchema())
                          .projection(index.projection())
                          .build())
              .toList());
    }
    return request.build();
  }

  String name() {
    return name;
  }

  int size() {
    return remembered.size();
  }

  boolean holds(Map<String, AttributeValue> key) {
    return remembered.contains(key);
  }

  /** Keeps what is under the key now, unless something earlier is kept. */
  void remember(Map<String, AttributeValue> keyOrItem) {
    Map<String, AttributeValue> key = keyOf(keyOrItem);
    if (!key.keySet().containsAll(keyNames) || remembered.contains(key)) {
      return;
    }
    Map<String, AttributeValue> item =
        client.getItem(request -> request.tableName(realName).key(key).consistentRead(true)).item();
    if (item.isEmpty()) {
      client.deleteItem(request -> request.tableName(name).key(key));
    } else {
      client.putItem(request -> request.tableName(name).item(item));
    }
    remembered.add(key);
  }

  /** Adds the present state of all keys that are not remembered, before a scan or query begins. */
  void completeUnless(boolean begunAlready) {
    if (begunAlready) {
      return;
    }
    Set<Map<String, AttributeValue>> present = new HashSet<>();
    for (Map<String, AttributeValue> item : items(realName)) {
      Map<String, AttributeValue> key = keyOf(item);
      if (!remembered.contains(key)) {
        present.add(key);
        client.putItem(request -> request.tableName(name).item(item));
      }
    }
    for (Map<String, AttributeValue> item : items(name)) {
      Map<String, AttributeValue> key = keyOf(item);
      if (!remembered.contains(key) && !present.contains(key)) {
        client.deleteItem(request -> request.tableName(name).key(key));
      }
    }
  }

  void drop() {
    client.deleteTable(request -> request.tableName(name));
  }

  private Iterable<Map<String, AttributeValue>> items(String table) {
    ScanRequest everything = ScanRequest.builder().tableName(table).consistentRead(true).build();
    return client.scanPaginator(everything).items();
  }

  private Map<String, AttributeValue> keyOf(Map<String, AttributeValue> keyOrItem) {
    Map<String, AttributeValue> key = new HashMap<>(keyOrItem);
    key.keySet().retainAll(keyNames);
    return key;
  }
}
