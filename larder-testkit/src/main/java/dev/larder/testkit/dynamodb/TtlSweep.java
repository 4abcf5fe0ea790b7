package dev.larder.testkit.dynamodb;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;

/**
 * Does at once what DynamoDB's time to live does some time within days, and DynamoDB Local only
 * rarely.
 *
 * <p>An item goes if the attribute is a number, is less than the time in epoch seconds, and is not
 * more than five years before it. Anything else stays, such as an item whose attribute is text. The
 * wall clock plays no part.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html">How
 *     time to live works in DynamoDB</a>
 */
public final class TtlSweep {
  private static final Duration FIVE_YEARS = Duration.ofDays(5 * 365 + 1);

  private TtlSweep() {}

  /**
   * Sweeps a table whose time to live is in the attribute {@code ttl}. Returns how many items went.
   */
  public static int sweep(DynamoDbClient client, String tableName, Instant now) {
    return sweep(client, tableName, "ttl", now);
  }

  /** Sweeps a table whose time to live is in any attribute. Returns how many items went. */
  public static int sweep(DynamoDbClient client, String tableName, String attribute, Instant now) {
    List<String> keyNames =
        client.describeTable(request -> request.tableName(tableName)).table().keySchema().stream()
            .map(KeySchemaElement::attributeName)
            .toList();
    ScanRequest everything =
        ScanRequest.builder().tableName(tableName).consistentRead(true).build();
    int swept = 0;
    for (Map<String, AttributeValue> item : client.scanPaginator(everything).items()) {
      AttributeValue value = item.get(attribute);
      if (value != null && isDue(value, now)) {
        Map<String, AttributeValue> key = new HashMap<>(item);
        key.keySet().retainAll(keyNames);
        swept += delete(client, tableName, key, attribute, value);
      }
    }
    return swept;
  }

  private static boolean isDue(AttributeValue value, Instant now) {
    if (value.n() == null) {
      return false;
    }
    BigDecimal seconds = new BigDecimal(value.n());
    BigDecimal first = BigDecimal.valueOf(now.minus(FIVE_YEARS).getEpochSecond());
    return seconds.compareTo(BigDecimal.valueOf(now.getEpochSecond())) < 0
        && seconds.compareTo(first) >= 0;
  }

  /** Deletes the item unless its time was changed since it was read. */
  private static int delete(
      DynamoDbClient client,
      String tableName,
      Map<String, AttributeValue> key,
      String attribute,
      AttributeValue seen) {
    try {
      client.deleteItem(
          request ->
              request
                  .tableName(tableName)
                  .key(key)
                  .conditionExpression("#ttl = :seen")
                  .expressionAttributeNames(Map.of("#ttl", attribute))
                  .expressionAttributeValues(Map.of(":seen", seen)));
      return 1;
    } catch (ConditionalCheckFailedException changed) {
      return 0;
    }
  }
}
