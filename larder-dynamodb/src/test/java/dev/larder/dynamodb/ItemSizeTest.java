package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.testkit.EmbeddedDynamoDbExtension;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/** The size calculator against DynamoDB's own. */
@ExtendWith(EmbeddedDynamoDbExtension.class)
class ItemSizeTest {
  @Test
  void of_itemOfExactlyTheLimit_isTaken_andOneByteMoreIsRefused(
      DynamoDbClient client, @EmbeddedDynamoDbExtension.TableName String table) {
    DynamoDbCache.builder().tableName(table).client(client).build().prepare();
    Map<String, AttributeValue> item = new HashMap<>();
    item.put("key", AttributeValue.fromS("k\u00E9y\u20AC\uD83D\uDE00"));
    item.put("text", AttributeValue.fromS("caf\u00E9 \u0000 \uD83D\uDE00"));
    item.put("flag", AttributeValue.fromBool(true));
    item.put("tags", AttributeValue.fromSs(List.of("a", "b\u00E9")));
    item.put("body", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[0])));
    int room = (int) (ItemSize.MAX - ItemSize.of(item));
    item.put("body", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[room])));
    assertThat(ItemSize.of(item)).isEqualTo(ItemSize.MAX);
    client.putItem(r -> r.tableName(table).item(item));
    item.put("body", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[room + 1])));
    assertThatThrownBy(() -> client.putItem(r -> r.tableName(table).item(item)))
        .isInstanceOf(DynamoDbException.class)
        .hasMessageContaining("size");
  }

  @Test
  void of_numbersAndNesting_isAnUpperBound(
      DynamoDbClient client, @EmbeddedDynamoDbExtension.TableName String table) {
    DynamoDbCache.builder().tableName(table).client(client).build().prepare();
    Map<String, AttributeValue> item = new HashMap<>();
    item.put("key", AttributeValue.fromS("k"));
    item.put("n", AttributeValue.fromN("1790000000"));
    item.put("negative", AttributeValue.fromN("-12345.678"));
    item.put("ns", AttributeValue.fromNs(List.of("1", "22", "333")));
    item.put(
        "nested",
        AttributeValue.fromM(
            Map.of(
                "a",
                AttributeValue.fromL(
                    List.of(AttributeValue.fromS("x"), AttributeValue.fromNul(true))))));
    int room = (int) (ItemSize.MAX - ItemSize.of(item) - "body".length());
    item.put("body", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[room])));
    client.putItem(r -> r.tableName(table).item(item));
    assertThat(client.getItem(r -> r.tableName(table).key(TableGateway.keyOf("k"))).hasItem())
        .isTrue();
  }
}
