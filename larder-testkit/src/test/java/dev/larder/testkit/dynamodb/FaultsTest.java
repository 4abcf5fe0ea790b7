package dev.larder.testkit.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

class FaultsTest {
  private final Faults faults = Faults.of(LocalDynamoDb.CLIENT);
  private final DynamoDbClient client = faults.client();
  private final String table = LocalDynamoDb.newTable();

  private boolean isThere(String key) {
    return LocalDynamoDb.CLIENT
        .getItem(request -> request.tableName(table).key(LocalDynamoDb.key(key)))
        .hasItem();
  }

  private void put(String key) {
    LocalDynamoDb.put(client, table, key, "value");
  }

  @Test
  void failNext_twice_failsTwoCallsThatNeverHappened() {
    faults.failNext(2, "PutItem", Faults::throttled);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> put("k")).isInstanceOf(ProvisionedThroughputExceededException.class);
      assertThat(isThere("k")).isFalse();
    }
    put("k");
    assertThat(isThere("k")).isTrue();
    assertThat(faults.calls("PutItem")).isEqualTo(3);
  }

  @Test
  void loseAnswers_once_failsACallThatHappened() {
    faults.loseAnswers(1, "PutItem", Faults::serverError);
    assertThatThrownBy(() -> put("k")).isInstanceOf(InternalServerErrorException.class);
    assertThat(isThere("k")).isTrue();
    put("k");
  }

  @Test
  void failNext_anyOperation_failsTheNextWhichever() {
    faults.failNext(1, Faults.ANY, Faults::serverError);
    faults.failNext(1, "Scan", Faults::throttled);
    assertThatThrownBy(() -> client.scan(request -> request.tableName(table)))
        .isInstanceOf(ProvisionedThroughputExceededException.class);
    assertThatThrownBy(() -> put("k")).isInstanceOf(InternalServerErrorException.class);
    put("k");
    assertThat(faults.calls(Faults.ANY)).isEqualTo(3);
  }

  @Test
  void hooks_beforeAndAfterTheSecondCall_runThenOnly() {
    List<String> seen = new ArrayList<>();
    put("zero");
    faults.beforeCall(2, "PutItem", () -> seen.add("before: " + isThere("two")));
    faults.afterCall(2, "PutItem", () -> seen.add("after: " + isThere("two")));
    put("one");
    assertThat(seen).isEmpty();
    put("two");
    put("three");
    assertThat(seen).containsExactly("before: false", "after: true");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> faults.beforeCall(0, "PutItem", () -> {}));
  }

  @Test
  void beforeCall_hookOrdersAFault_hitsThatCall() {
    faults.beforeCall(1, "PutItem", () -> faults.failNext(1, "PutItem", Faults::throttled));
    assertThatThrownBy(() -> put("k")).isInstanceOf(ProvisionedThroughputExceededException.class);
    assertThat(isThere("k")).isFalse();
  }

  @Test
  void partialBatches_write_handsBackTheRest() {
    faults.partialBatches(1, "BatchWriteItem", 2);
    faults.partialBatches(1, "BatchWriteItem", 0);
    List<WriteRequest> writes = new ArrayList<>();
    for (String key : List.of("a", "b", "c")) {
      writes.add(
          WriteRequest.builder()
              .putRequest(put -> put.item(LocalDynamoDb.item(key, "value")))
              .build());
    }
    BatchWriteItemResponse first =
        client.batchWriteItem(request -> request.requestItems(Map.of(table, writes)));
    assertThat(first.unprocessedItems()).isEqualTo(Map.of(table, writes.subList(2, 3)));
    assertThat(List.of(isThere("a"), isThere("b"), isThere("c")))
        .containsExactly(true, true, false);
    BatchWriteItemResponse second =
        client.batchWriteItem(request -> request.requestItems(first.unprocessedItems()));
    assertThat(second.unprocessedItems()).isEqualTo(first.unprocessedItems());
    BatchWriteItemResponse third =
        client.batchWriteItem(request -> request.requestItems(second.unprocessedItems()));
    assertThat(third.unprocessedItems()).isEmpty();
    assertThat(isThere("c")).isTrue();
  }

  @Test
  void partialBatches_get_handsBackTheRest() {
    List<Map<String, AttributeValue>> keys = new ArrayList<>();
    for (String key : List.of("a", "b", "c")) {
      put(key);
      keys.add(LocalDynamoDb.key(key));
    }
    KeysAndAttributes wanted =
        KeysAndAttributes.builder()
            .keys(keys)
            .consistentRead(true)
            .projectionExpression("#k")
            .expressionAttributeNames(Map.of("#k", "key"))
            .build();
    faults.partialBatches(1, "BatchGetItem", 1).partialBatches(1, "BatchGetItem", 0);
    BatchGetItemResponse first =
        client.batchGetItem(request -> request.requestItems(Map.of(table, wanted)));
    assertThat(first.responses().get(table)).containsExactly(LocalDynamoDb.key("a"));
    assertThat(first.unprocessedKeys())
        .isEqualTo(Map.of(table, wanted.toBuilder().keys(keys.subList(1, 3)).build()));
    BatchGetItemResponse second =
        client.batchGetItem(request -> request.requestItems(first.unprocessedKeys()));
    assertThat(second.responses()).isEmpty();
    assertThat(second.unprocessedKeys()).isEqualTo(first.unprocessedKeys());
    BatchGetItemResponse third =
        client.batchGetItem(request -> request.requestItems(second.unprocessedKeys()));
    assertThat(third.responses().get(table)).hasSize(2);
    assertThat(third.unprocessedKeys()).isEmpty();
  }

  @Test
  void partialBatches_ofAnotherOperation_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> faults.partialBatches(1, "GetItem", 1))
        .withMessageContaining("GetItem");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> faults.partialBatches(1, "BatchGetItem", -1))
        .withMessageContaining("-1");
  }

  @Test
  void reset_ordersLeft_areForgotten() {
    faults.failNext(1, "PutItem", Faults::throttled);
    faults.beforeCall(
        1,
        "PutItem",
        () -> {
          throw new AssertionError("forgotten");
        });
    faults.reset();
    put("k");
    assertThat(faults.calls("PutItem")).isOne();
  }
}
