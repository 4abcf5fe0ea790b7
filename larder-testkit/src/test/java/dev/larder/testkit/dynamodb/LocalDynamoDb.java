package dev.larder.testkit.dynamodb;

import dev.larder.embedded.EmbeddedDynamoDb;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** DynamoDB Local in this process, one for all tests of this package, and tables in it. */
final class LocalDynamoDb {
  static final EmbeddedDynamoDb SERVER = EmbeddedDynamoDb.inMemory();
  static final DynamoDbClient CLIENT = SERVER.client();
  private static final AtomicInteger TABLES = new AtomicInteger();

  private LocalDynamoDb() {}

  /** A new table with the partition key {@code key}. */
  static String newTable() {
    String name = "table-" + TABLES.incrementAndGet();
    CLIENT.createTable(
        request ->
            request
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(
                    KeySchemaElement.builder().attributeName("key").keyType(KeyType.HASH).build())
                .attributeDefinitions(
                    AttributeDefinition.builder()
                        .attributeName("key")
                        .attributeType(ScalarAttributeType.S)
                        .build()));
    return name;
  }

  static AttributeValue text(String text) {
    return AttributeValue.fromS(text);
  }

  static Map<String, AttributeValue> key(String key) {
    return Map.of("key", text(key));
  }

  static Map<String, AttributeValue> item(String key, String value) {
    return Map.of("key", text(key), "v", text(value), "list", AttributeValue.fromSs(List.of("a")));
  }

  static void put(DynamoDbClient client, String table, String key, String value) {
    client.putItem(request -> request.tableName(table).item(item(key, value)));
  }
}
