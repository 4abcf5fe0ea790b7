package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.storage.OperationStats;
import dev.larder.storage.StorageException;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.EmbeddedDynamoDbExtension.TableName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

@NullUnmarked
@ExtendWith(EmbeddedDynamoDbExtension.class)
class TableGatewayTest {
  private final List<Duration> waits = new ArrayList<>();
  private DynamoDbClient client;
  private String table;
  private TableGateway gateway;

  @BeforeEach
  void open(DynamoDbClient embedded, @TableName String name) {
    client = embedded;
    table = name;
    gateway = over(embedded);
    gateway.prepare();
    waits.clear();
  }

  private TableGateway over(DynamoDbClient some) {
    LazyClient lazy = LazyClient.given(some);
    Backoff.Sleeper sleeper = waits::add;
    return new TableGateway(
        table,
        lazy,
        new TableSetup(table, true, true, lazy, sleeper),
        new Backoff(sleeper),
        new CapacityMeter(false));
  }

  private static Map<String, AttributeValue> item(String key, String value) {
    return Map.of("key", AttributeValue.fromS(key), "value", AttributeValue.fromS(value));
  }

  private static List<Map<String, AttributeValue>> items(int count, String value) {
    return IntStream.range(0, count).mapToObj(i -> item("k" + i, value)).toList();
  }

  private OperationStats stats(TableGateway of, String operation) {
    return of.stats().getOrDefault(operation, OperationStats.NONE);
  }

  @Test
  void putAll_moreThanABatch_writesAllInBatchesOf25() {
    gateway.putAll(items(60, "v"));
    assertThat(gateway.count(r -> r)).isEqualTo(60);
    assertThat(stats(gateway, "BatchWriteItem").requests()).isEqualTo(3);
    assertThat(stats(gateway, "BatchWriteItem").writeUnits()).isEqualTo(60);
  }

  @Test
  void putAll_sameKeyTwice_theLaterCounts() {
    gateway.putAll(List.of(item("k", "first"), item("k", "second")));
    assertThat(gateway.get("k", true, List.of())).contains(item("k", "second"));
  }

  @Test
  void deleteAll_duplicatesAndAbsentKeys_removesWhatIsThere() {
    gateway.putAll(items(30, "v"));
    List<String> keys =
        Stream.concat(
                IntStream.range(0, 40).mapToObj(i -> "k" + i),
                IntStream.range(0, 40).mapToObj(i -> "k" + i))
            .toList();
    gateway.deleteAll(keys);
    assertThat(gateway.count(r -> r)).isZero();
  }

  @Test
  void getAll_moreThanABatchAndDuplicates_findsThoseThatAreThere() {
    gateway.putAll(items(120, "v"));
    List<String> keys = IntStream.range(0, 260).mapToObj(i -> "k" + i % 130).toList();
    assertThat(gateway.getAll(keys, true, List.of())).hasSize(120);
    assertThat(stats(gateway, "BatchGetItem").requests()).isEqualTo(2);
    // The service bills absent keys too; the emulator does not.
    assertThat(stats(gateway, "BatchGetItem").readUnits()).isBetween(120.0, 130.0);
  }

  @Test
  void getAll_projected_transfersOnlyThat() {
    gateway.putAll(items(2, "v"));
    assertThat(gateway.getAll(List.of("k0"), false, List.of("key")).get("k0"))
        .containsOnlyKeys("key");
    assertThat(gateway.get("k1", false, List.of("value")))
        .contains(Map.of("value", AttributeValue.fromS("v")));
  }

  @Test
  void getAll_moreThan16MB_repeatsWhatIsLeft() {
    gateway.putAll(items(50, "x".repeat(390_000)));
    List<String> keys = IntStream.range(0, 50).mapToObj(i -> "k" + i).toList();
    assertThat(gateway.getAll(keys, false, List.of())).hasSize(50);
    assertThat(stats(gateway, "BatchGetItem").requests()).isGreaterThan(1);
    assertThat(waits).isNotEmpty();
  }

  /** Takes only the first items of each batch. */
  private TableGateway takingWrites(int most) {
    return over(
        FaultyClient.answering(
            client,
            "batchWriteItem",
            BatchWriteItemRequest.class,
            request -> {
              List<WriteRequest> all = request.requestItems().get(table);
              int taken = Math.min(most, all.size());
              if (taken > 0) {
                client.batchWriteItem(
                    request.toBuilder().requestItems(Map.of(table, all.subList(0, taken))).build());
              }
              return BatchWriteItemResponse.builder()
                  .unprocessedItems(
                      taken == all.size()
                          ? Map.of()
                          : Map.of(table, all.subList(taken, all.size())))
                  .build();
            }));
  }

  @Test
  void putAll_takenInPart_repeatsTheRestAfterShortWaits() {
    takingWrites(10).putAll(items(60, "v"));
    assertThat(gateway.count(r -> r)).isEqualTo(60);
    assertThat(waits)
        .hasSize(4)
        .allSatisfy(wait -> assertThat(wait).isBetween(Duration.ZERO, Duration.ofMillis(50)));
  }

  @Test
  void deleteAll_takenInPart_repeatsTheRest() {
    gateway.putAll(items(20, "v"));
    takingWrites(7).deleteAll(IntStream.range(0, 20).mapToObj(i -> "k" + i).toList());
    assertThat(gateway.count(r -> r)).isZero();
  }

  @Test
  void putAll_neverTaken_givesUpAndSaysHowManyAreLeft() {
    assertThatThrownBy(() -> takingWrites(0).putAll(items(20, "v")))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("20 items")
        .hasMessageContaining(table)
        .hasMessageContaining("throttled");
    assertThat(waits).hasSize(Backoff.MAX_IDLE_ROUNDS);
  }

  @Test
  void getAll_takenInPart_repeatsTheRest() {
    gateway.putAll(items(30, "v"));
    AtomicInteger rounds = new AtomicInteger();
    TableGateway slow =
        over(
            FaultyClient.answering(
                client,
                "batchGetItem",
                BatchGetItemRequest.class,
                request -> {
                  KeysAndAttributes wanted = request.requestItems().get(table);
                  List<Map<String, AttributeValue>> keys = wanted.keys();
                  int taken = rounds.incrementAndGet() % 2 == 1 ? 0 : Math.min(9, keys.size());
                  BatchGetItemResponse.Builder answer =
                      taken == 0
                          ? BatchGetItemResponse.builder()
                          : client
                              .batchGetItem(
                                  r ->
                                      r.requestItems(
                                          Map.of(
                                              table,
                                              wanted.toBuilder()
                                                  .keys(keys.subList(0, taken))
                                                  .build())))
                              .toBuilder();
                  return answer
                      .unprocessedKeys(
                          taken == keys.size()
                              ? Map.of()
                              : Map.of(
                                  table,
                                  wanted.toBuilder()
                                      .keys(keys.subList(taken, keys.size()))
                                      .build()))
                      .build();
                }));
    List<String> keys = IntStream.range(0, 30).mapToObj(i -> "k" + i).toList();
    assertThat(slow.getAll(keys, true, List.of())).hasSize(30);
    assertThat(rounds).hasValue(8);
  }

  @Test
  void putAll_interruptedWhileWaiting_saysSoAndKeepsTheInterrupt() {
    LazyClient lazy = LazyClient.given(client);
    Backoff.Sleeper interrupted =
        wait -> {
          throw new InterruptedException();
        };
    TableGateway slow =
        new TableGateway(
            table,
            LazyClient.given(
                FaultyClient.answering(
                    client,
                    "batchWriteItem",
                    BatchWriteItemRequest.class,
                    request ->
                        BatchWriteItemResponse.builder()
                            .unprocessedItems(request.requestItems())
                            .build())),
            new TableSetup(table, true, true, lazy, interrupted),
            new Backoff(interrupted),
            new CapacityMeter(false));
    assertThatThrownBy(() -> slow.putAll(items(1, "v")))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void put_condition_tellsWhatIsInTheWay() {
    Expression absent = new Expression();
    String condition = absent.missing("key");
    assertThat(gateway.put(item("k", "first"), condition, absent).done()).isTrue();
    TableGateway.Outcome outcome = gateway.put(item("k", "second"), condition, absent);
    assertThat(outcome.done()).isFalse();
    assertThat(outcome.holder()).isEqualTo(item("k", "first"));
    assertThat(outcome.repeated()).isFalse();
    assertThat(stats(gateway, "PutItem").failures()).isZero();
  }

  @Test
  void put_returnOld_tellsWhatWasReplaced() {
    Expression none = new Expression();
    assertThat(gateway.put(item("k", "a"), "", none, true).holder()).isEmpty();
    assertThat(gateway.put(item("k", "b"), "", none, true).holder()).isEqualTo(item("k", "a"));
    assertThat(gateway.put(item("k", "c"), "", none).holder()).isEmpty();
  }

  @Test
  void update_condition_changesOrTellsWhatIsInTheWay() {
    gateway.put(item("k", "a"), "", new Expression());
    Expression fits = new Expression();
    String change = "SET " + fits.name("value") + " = " + fits.value("b");
    assertThat(gateway.update("k", change, fits.equal("value", "a"), fits).done()).isTrue();
    Expression fitsNot = new Expression();
    String again = "SET " + fitsNot.name("value") + " = " + fitsNot.value("c");
    TableGateway.Outcome outcome = gateway.update("k", again, fitsNot.equal("value", "a"), fitsNot);
    assertThat(outcome.done()).isFalse();
    assertThat(outcome.holder()).isEqualTo(item("k", "b"));
  }

  @Test
  void delete_conditionAndReturnOld_tellsWhatWasOrIsThere() {
    gateway.put(item("k", "a"), "", new Expression());
    Expression other = new Expression();
    TableGateway.Outcome refused = gateway.delete("k", other.equal("value", "b"), other, true);
    assertThat(refused.done()).isFalse();
    assertThat(refused.holder()).isEqualTo(item("k", "a"));
    TableGateway.Outcome removed = gateway.delete("k", "", new Expression(), true);
    assertThat(removed.done()).isTrue();
    assertThat(removed.holder()).isEqualTo(item("k", "a"));
    assertThat(gateway.delete("k", "", new Expression(), true).holder()).isEmpty();
  }

  @Test
  void scan_moreThanAPage_readsAsFarAsAsked() {
    gateway.putAll(items(300, "x".repeat(5_000)));
    try (Stream<Map<String, AttributeValue>> some = gateway.scan(r -> r)) {
      assertThat(some.limit(3)).hasSize(3);
    }
    assertThat(stats(gateway, "Scan").requests()).isEqualTo(1);
    assertThat(gateway.scan(r -> r).map(TableGateway::keyOf).distinct()).hasSize(300);
    assertThat(gateway.count(r -> r)).isEqualTo(300);
    assertThat(stats(gateway, "Scan").requests()).isEqualTo(1 + 2 + 2);
  }

  @Test
  void stats_singleRequests_areUnitsAsDynamoDbCounts() {
    gateway.put(item("k", "x".repeat(9_000)), "", new Expression());
    gateway.get("k", false, List.of());
    gateway.get("k", true, List.of());
    gateway.get("absent", false, List.of());
    assertThat(stats(gateway, "PutItem").writeUnits()).isEqualTo(9);
    assertThat(stats(gateway, "GetItem").readUnits()).isEqualTo(1.5 + 3 + 0.5);
    assertThat(stats(gateway, "GetItem").requests()).isEqualTo(3);
    assertThat(stats(gateway, "GetItem").time()).isPositive();
  }

  @Test
  void get_failing_countsAsFailure() {
    client.deleteTable(r -> r.tableName(table));
    TableGateway strict =
        new TableGateway(
            table,
            LazyClient.given(client),
            new TableSetup(table, false, true, LazyClient.given(client), waits::add),
            new Backoff(waits::add),
            new CapacityMeter(false));
    assertThatThrownBy(() -> strict.get("k", true, List.of())).isInstanceOf(StorageException.class);
    assertThat(stats(strict, "GetItem").failures()).isEqualTo(1);
  }
}
