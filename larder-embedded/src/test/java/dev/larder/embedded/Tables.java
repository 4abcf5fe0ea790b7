package dev.larder.embedded;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** A table of words, for the tests here. */
final class Tables {
  static final String WORDS = "words";

  private Tables() {}

  static void create(DynamoDbClient client) {
    client.createTable(
        table ->
            table
                .tableName(WORDS)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(
                    KeySchemaElement.builder().attributeName("key").keyType(KeyType.HASH).build())
                .attributeDefinitions(
                    AttributeDefinition.builder()
                        .attributeName("key")
                        .attributeType(ScalarAttributeType.S)
                        .build()));
  }

  static void put(DynamoDbClient client, String key) {
    client.putItem(put -> put.tableName(WORDS).item(Map.of("key", AttributeValue.fromS(key))));
  }

  static boolean has(DynamoDbClient client, String key) {
    return client
        .getItem(get -> get.tableName(WORDS).key(Map.of("key", AttributeValue.fromS(key))))
        .hasItem();
  }

  /** Counts a word up, on condition that it is there: an update with two expressions. */
  static void count(DynamoDbClient client, String key) {
    client.updateItem(
        update ->
            update
                .tableName(WORDS)
                .key(Map.of("key", AttributeValue.fromS(key)))
                .conditionExpression("attribute_exists(#key)")
                .updateExpression("ADD uses :one")
                .expressionAttributeNames(Map.of("#key", "key"))
                .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1"))));
  }
}
