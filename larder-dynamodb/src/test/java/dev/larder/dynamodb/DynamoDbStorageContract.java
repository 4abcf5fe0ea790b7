package dev.larder.dynamodb;

import dev.larder.storage.ResponseStorage;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.ResponseStorageContract;
import java.time.Clock;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The contract of every storage on a real DynamoDB, each test on a table of its own. */
@ExtendWith(EmbeddedDynamoDbExtension.class)
abstract class DynamoDbStorageContract extends ResponseStorageContract {
  private DynamoDbClient client;
  private String table;

  @BeforeEach
  void connect(DynamoDbClient embedded, @EmbeddedDynamoDbExtension.TableName String unique) {
    client = embedded;
    table = unique;
  }

  /** The cache whose storage is tested. */
  abstract DynamoDbCache.Builder cache();

  /** What the item of a user's key is called. */
  String itemKey(String key) {
    return key;
  }

  @Override
  protected ResponseStorage newStorage(Clock clock) {
    ResponseStorage storage =
        cache().tableName(table).client(client).clock(clock).build().storage();
    storage.prepare();
    return storage;
  }

  @Override
  protected OptionalInt maxKeyBytes() {
    return OptionalInt.of(ItemKeys.MAX_BYTES - itemKey("").length());
  }

  @Override
  protected OptionalLong tooLargeBodyBytes() {
    return OptionalLong.of(33L << 20);
  }

  @Override
  protected boolean storeUndecodable(ResponseStorage storage, String key) {
    Map<String, AttributeValue> item =
        Map.of(
            "key",
            AttributeValue.fromS(itemKey(key)),
            "k",
            AttributeValue.fromS("entry"),
            "ver",
            AttributeValue.fromN("1"));
    client.putItem(r -> r.tableName(table).item(item));
    return true;
  }
}
