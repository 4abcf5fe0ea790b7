package dev.larder.testkit.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class TtlSweepTest {
  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");

  private final String table = LocalDynamoDb.newTable();

  private void put(String key, String attribute, AttributeValue value) {
    Map<String, AttributeValue> item = new HashMap<>(LocalDynamoDb.item(key, "value"));
    item.put(attribute, value);
    LocalDynamoDb.CLIENT.putItem(request -> request.tableName(table).item(item));
  }

  private static AttributeValue seconds(Instant time) {
    return AttributeValue.fromN(String.valueOf(time.getEpochSecond()));
  }

  private Set<String> keys() {
    return LocalDynamoDb.CLIENT.scanPaginator(r -> r.tableName(table)).items().stream()
        .map(item -> item.get("key").s())
        .collect(Collectors.toSet());
  }

  @Test
  void sweep_itemsOfEveryKind_deletesThoseThatAreDue() {
    put("past", "ttl", seconds(NOW.minusSeconds(1)));
    put("four years past", "ttl", seconds(NOW.minus(Duration.ofDays(4 * 365))));
    put("six years past", "ttl", seconds(NOW.minus(Duration.ofDays(6 * 365))));
    put("now", "ttl", seconds(NOW));
    put("future", "ttl", seconds(NOW.plusSeconds(1)));
    put("text", "ttl", LocalDynamoDb.text("1"));
    put("other attribute", "expires", seconds(NOW.minusSeconds(1)));
    assertThat(TtlSweep.sweep(LocalDynamoDb.CLIENT, table, NOW)).isEqualTo(2);
    assertThat(keys())
        .containsExactlyInAnyOrder("six years past", "now", "future", "text", "other attribute");
    assertThat(TtlSweep.sweep(LocalDynamoDb.CLIENT, table, "expires", NOW)).isEqualTo(1);
    assertThat(keys()).doesNotContain("other attribute");
  }

  @Test
  void sweep_moreThanAPage_goesThroughAll() {
    for (int i = 0; i < 40; i++) {
      int number = i;
      LocalDynamoDb.CLIENT.putItem(
          request ->
              request
                  .tableName(table)
                  .item(
                      Map.of(
                          "key", LocalDynamoDb.text("key-" + number),
                          "v", LocalDynamoDb.text("x".repeat(50_000)),
                          "ttl", seconds(NOW.minusSeconds(1)))));
    }
    assertThat(TtlSweep.sweep(LocalDynamoDb.CLIENT, table, NOW)).isEqualTo(40);
    assertThat(keys()).isEmpty();
  }

  @Test
  void sweep_itemKeptLongerMeanwhile_staysThere() {
    put("k", "ttl", seconds(NOW.minusSeconds(1)));
    Faults faults = Faults.of(LocalDynamoDb.CLIENT);
    faults.beforeCall(1, "DeleteItem", () -> put("k", "ttl", seconds(NOW.plusSeconds(60))));
    assertThat(TtlSweep.sweep(faults.client(), table, NOW)).isZero();
    assertThat(keys()).containsExactly("k");
  }
}
