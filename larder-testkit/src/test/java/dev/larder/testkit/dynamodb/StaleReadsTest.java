package dev.larder.testkit.dynamodb;

import static dev.larder.testkit.dynamodb.LocalDynamoDb.CLIENT;
import static dev.larder.testkit.dynamodb.LocalDynamoDb.item;
import static dev.larder.testkit.dynamodb.LocalDynamoDb.key;
import static dev.larder.testkit.dynamodb.LocalDynamoDb.put;
import static dev.larder.testkit.dynamodb.LocalDynamoDb.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

class StaleReadsTest {
  private final StaleReads stale = StaleReads.of(CLIENT);
  private final DynamoDbClient client = stale.client();
  private final String table = LocalDynamoDb.newTable();

  @AfterEach
  void dropPastTables() {
    stale.catchUp();
    assertThat(CLIENT.listTables().tableNames()).noneMatch(name -> name.startsWith("past-"));
  }

  private String get(String key, boolean strong) {
    Map<String, AttributeValue> item =
        client.getItem(r -> r.tableName(table).key(key(key)).consistentRead(strong)).item();
    return item.isEmpty() ? "nothing" : item.get("v").s();
  }

  private Set<String> scan(boolean strong) {
    Set<String> found = new TreeSet<>();
    client
        .scanPaginator(r -> r.tableName(table).consistentRead(strong).limit(3))
        .items()
        .forEach(item -> found.add(item.get("key").s() + '=' + item.get("v").s()));
    return found;
  }

  private List<String> batchGet(boolean strong, String... keys) {
    List<Map<String, AttributeValue>> wanted = Stream.of(keys).map(LocalDynamoDb::key).toList();
    KeysAndAttributes request =
        KeysAndAttributes.builder().keys(wanted).consistentRead(strong).build();
    List<String> found = new ArrayList<>();
    client
        .batchGetItem(r -> r.requestItems(Map.of(table, request)))
        .responses()
        .forEach(
            (name, items) -> {
              assertThat(name).isEqualTo(table);
              items.forEach(item -> found.add(item.get("key").s() + '=' + item.get("v").s()));
            });
    return found;
  }

  private List<String> query(String key, boolean strong) {
    return client
        .query(
            r ->
                r.tableName(table)
                    .consistentRead(strong)
                    .keyConditionExpression("#k = :k")
                    .expressionAttributeNames(Map.of("#k", "key"))
                    .expressionAttributeValues(Map.of(":k", text(key))))
        .items()
        .stream()
        .map(item -> item.get("v").s())
        .toList();
  }

  /** Each writes "new" under "old" and "absent", and deletes "gone". */
  static Stream<Consumer<StaleReadsTest>> writers() {
    return Stream.of(
        test -> {
          put(test.client, test.table, "old", "new");
          put(test.client, test.table, "absent", "new");
          test.client.deleteItem(r -> r.tableName(test.table).key(key("gone")));
        },
        test -> {
          for (String key : List.of("old", "absent")) {
            test.client.updateItem(
                r ->
                    r.tableName(test.table)
                        .key(key(key))
                        .updateExpression("SET v = :new")
                        .expressionAttributeValues(Map.of(":new", text("new"))));
          }
          test.client.deleteItem(r -> r.tableName(test.table).key(key("gone")));
        },
        test ->
            test.client.batchWriteItem(
                r ->
                    r.requestItems(
                        Map.of(
                            test.table,
                            List.of(
                                WriteRequest.builder()
                                    .putRequest(p -> p.item(item("old", "new")))
                                    .build(),
                                WriteRequest.builder()
                                    .putRequest(p -> p.item(item("absent", "new")))
                                    .build(),
                                WriteRequest.builder()
                                    .deleteRequest(d -> d.key(key("gone")))
                                    .build())))),
        test ->
            test.client.transactWriteItems(
                r ->
                    r.transactItems(
                        TransactWriteItem.builder()
                            .put(p -> p.tableName(test.table).item(item("absent", "new")))
                            .build(),
                        TransactWriteItem.builder()
                            .update(
                                u ->
                                    u.tableName(test.table)
                                        .key(key("old"))
                                        .updateExpression("SET v = :new")
                                        .expressionAttributeValues(Map.of(":new", text("new"))))
                            .build(),
                        TransactWriteItem.builder()
                            .delete(d -> d.tableName(test.table).key(key("gone")))
                            .build())));
  }

  @ParameterizedTest
  @MethodSource("writers")
  void reads_afterWrites_seeThePastUntilCatchUp(Consumer<StaleReadsTest> writer) {
    put(client, table, "old", "before");
    put(client, table, "gone", "before");
    put(client, table, "other", "untouched");
    stale.catchUp();

    writer.accept(this);
    writer.accept(this);
    assertThat(stale.lagging()).isEqualTo(3);
    assertThat(get("old", false)).isEqualTo("before");
    assertThat(get("absent", false)).isEqualTo("nothing");
    assertThat(get("gone", false)).isEqualTo("before");
    assertThat(get("other", false)).isEqualTo("untouched");
    assertThat(batchGet(false, "old", "absent", "gone", "other"))
        .containsExactlyInAnyOrder("old=before", "gone=before", "other=untouched");
    assertThat(query("old", false)).containsExactly("before");
    assertThat(query("absent", false)).isEmpty();
    assertThat(scan(false)).containsExactly("gone=before", "old=before", "other=untouched");

    assertSeesTheTruth(true);
    stale.catchUp();
    assertThat(stale.lagging()).isZero();
    assertSeesTheTruth(false);
  }

  private void assertSeesTheTruth(boolean strong) {
    assertThat(get("old", strong)).isEqualTo("new");
    assertThat(get("absent", strong)).isEqualTo("new");
    assertThat(get("gone", strong)).isEqualTo("nothing");
    assertThat(batchGet(strong, "old", "absent", "gone", "other"))
        .containsExactlyInAnyOrder("old=new", "absent=new", "other=untouched");
    assertThat(query("old", strong)).containsExactly("new");
    assertThat(scan(strong)).containsExactly("absent=new", "old=new", "other=untouched");
  }

  @Test
  void reads_ofOthersWrites_seeThemAtOnce() {
    put(client, table, "mine", "one");
    put(CLIENT, table, "theirs", "one");
    put(CLIENT, table, "mine", "overwritten");
    assertThat(get("mine", false)).isEqualTo("nothing");
    assertThat(get("theirs", false)).isEqualTo("one");
    assertThat(scan(false)).containsExactly("theirs=one");
    CLIENT.deleteItem(r -> r.tableName(table).key(key("theirs")));
    assertThat(scan(false)).isEmpty();
    assertThat(scan(true)).containsExactly("mine=overwritten");
  }

  @Test
  void scan_withFilterProjectionAndCount_isDynamoDbsOwn() {
    for (int i = 0; i < 10; i++) {
      put(client, table, "key-" + i, i % 2 == 0 ? "even" : "odd");
    }
    stale.catchUp();
    put(client, table, "key-0", "odd");
    assertThat(
            client
                .scan(
                    r ->
                        r.tableName(table)
                            .select("COUNT")
                            .filterExpression("v = :v")
                            .expressionAttributeValues(Map.of(":v", text("even"))))
                .count())
        .isEqualTo(5);
    assertThat(client.scan(r -> r.tableName(table).projectionExpression("v")).items())
        .hasSize(10)
        .allSatisfy(item -> assertThat(item).containsOnlyKeys("v"));
    assertThat(
            client
                .getItem(r -> r.tableName(table).key(key("key-0")).projectionExpression("v"))
                .item())
        .isEqualTo(Map.of("v", text("even")));
  }
}
