package dev.larder.dynamodb;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;

/** Makes tables of any key schema. */
final class RawTable {
  private RawTable() {}

  /**
   * Creates a table without time to live.
   *
   * @param keys each an attribute's name, its role and its type, such as {@code "key HASH S"}
   */
  static void create(DynamoDbClient client, String table, String... keys) {
    List<KeySchemaElement> schema = new ArrayList<>();
    List<AttributeDefinition> attributes = new ArrayList<>();
    for (String key : keys) {
      String[] parts = key.split(" ", 3);
      schema.add(KeySchemaElement.builder().attributeName(parts[0]).keyType(parts[1]).build());
      attributes.add(
          AttributeDefinition.builder().attributeName(parts[0]).attributeType(parts[2]).build());
    }
    client.createTable(
        r ->
            r.tableName(table)
                .billingMode("PAY_PER_REQUEST")
                .keySchema(schema)
                .attributeDefinitions(attributes));
  }
}
