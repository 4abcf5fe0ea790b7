package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.embedded.EmbeddedDynamoDb;
import dev.larder.testkit.EmbeddedDynamoDbExtension.TableName;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

@ExtendWith(EmbeddedDynamoDbExtension.class)
class EmbeddedDynamoDbExtensionTest {

  @Test
  void parameters_ofOneTest_belongToOneServer(
      EmbeddedDynamoDb dynamo, DynamoDbClient client, URI endpoint) {
    assertThat(client).isSameAs(dynamo.client());
    assertThat(endpoint).isEqualTo(dynamo.endpoint());
  }

  @Test
  void tableName_twoParameters_areTwoTablesDynamoDbTakes(
      DynamoDbClient client, @TableName String one, @TableName String other) {
    create(client, one);
    create(client, other);

    assertThat(client.listTables().tableNames()).contains(one, other);
  }

  /** The extension adds to the resolvers of others; it must not claim their strings. */
  @ParameterizedTest
  @ValueSource(strings = "word")
  void tableName_withoutAnnotation_isLeftToOthers(String word, DynamoDbClient client) {
    assertThat(word).isEqualTo("word");
    assertThat(client.serviceName()).isEqualTo("dynamodb");
  }

  private static void create(DynamoDbClient client, String name) {
    client.createTable(
        table ->
            table
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(
                    KeySchemaElement.builder().attributeName("key").keyType(KeyType.HASH).build())
                .attributeDefinitions(
                    AttributeDefinition.builder()
                        .attributeName("key")
                        .attributeType(ScalarAttributeType.S)
                        .build()));
  }
}
