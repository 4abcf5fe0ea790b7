package dev.larder.testkit.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;

class ClientProxyTest {
  private final RequestLog log = RequestLog.of(LocalDynamoDb.CLIENT);
  private final DynamoDbClient client = log.client();
  private final String table = LocalDynamoDb.newTable();

  @Test
  void calls_inEveryForm_arriveAtTheInterceptor() {
    client.getItem(GetItemRequest.builder().tableName(table).key(LocalDynamoDb.key("k")).build());
    client.getItem(request -> request.tableName(table).key(LocalDynamoDb.key("k")));
    client.listTables();
    client.listTablesPaginator().tableNames().forEach(name -> assertThat(name).isNotEmpty());
    client.scanPaginator(request -> request.tableName(table)).items().forEach(item -> {});
    client.waiter().waitUntilTableExists(request -> request.tableName(table));
    assertThat(log.calls().stream().map(RequestLog.Call::operation))
        .containsExactly("GetItem", "GetItem", "ListTables", "ListTables", "Scan", "DescribeTable");
    assertThat(log).hasToString("[GetItem, GetItem, ListTables, ListTables, Scan, DescribeTable]");
  }

  @Test
  void calls_thatFail_throwWhatTheClientThrows() {
    assertThatThrownBy(
            () ->
                client.getItem(
                    request -> request.tableName("no-such-table").key(LocalDynamoDb.key("k"))))
        .isInstanceOf(ResourceNotFoundException.class);
    assertThat(log.calls("GetItem").get(0).failure())
        .containsInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void objectMethods_work() {
    assertThat(Set.of(client, LocalDynamoDb.CLIENT)).contains(client).hasSize(2);
    assertThat(client).isNotEqualTo(RequestLog.of(LocalDynamoDb.CLIENT).client());
    assertThat(client.toString()).isNotEmpty();
  }

  @Test
  void units_ofCallsThatAskForThem_areSummed() {
    client.putItem(
        request ->
            request
                .tableName(table)
                .item(LocalDynamoDb.item("k", "x".repeat(3000)))
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL));
    LocalDynamoDb.put(client, table, "other", "not asked for");
    client.getItem(
        request ->
            request
                .tableName(table)
                .key(LocalDynamoDb.key("k"))
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL));
    client.batchGetItem(
        request ->
            request
                .requestItems(
                    Map.of(
                        table,
                        KeysAndAttributes.builder()
                            .keys(List.of(LocalDynamoDb.key("k"), LocalDynamoDb.key("other")))
                            .consistentRead(true)
                            .build()))
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL));
    assertThat(log.writeUnits()).isEqualTo(3);
    assertThat(log.readUnits()).isEqualTo(2.5);
    assertThat(log.count("PutItem")).isEqualTo(2);
    log.reset();
    assertThat(log.count()).isZero();
    assertThat(log.writeUnits()).isZero();
  }
}
