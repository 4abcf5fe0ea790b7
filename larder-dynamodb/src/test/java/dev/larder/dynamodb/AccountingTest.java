package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.embedded.EmbeddedDynamoDb;
import dev.larder.http.Body;
import dev.larder.storage.OperationStats;
import dev.larder.storage.StorageException;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.EmbeddedDynamoDbExtension.TableName;
import dev.larder.testkit.MutableClock;
import dev.larder.testkit.dynamodb.Faults;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** What is known of each request: bytes, repeats, throttles, latency, units of indexes. */
@ExtendWith(EmbeddedDynamoDbExtension.class)
class AccountingTest {
  private static final int BYTES = 10_000;

  private static DynamoDbCache cache(DynamoDbClient client, String table) {
    return DynamoDbCache.builder()
        .tableName(table)
        .client(client)
        .clock(MutableClock.at(Entries.START))
        .compression(false)
        .build();
  }

  /** So that the next look-up need not. */
  private static void askForPurges(DynamoDbCache cache) {
    assertThat(cache.count()).isZero();
  }

  private static void save(DynamoDbCache cache) {
    cache.saveResponse(Entries.request(1), Entries.response(Body.of(Entries.json(BYTES, BYTES))));
  }

  @Test
  void bytes_ofItems_areCountedBothWays(DynamoDbClient client, @TableName String table) {
    DynamoDbCache cache = cache(client, table);
    cache.prepare();
    askForPurges(cache);
    save(cache);
    assertThat(cache.getResponse(Entries.request(1))).isPresent();
    long size = ItemSize.of(client.scan(r -> r.tableName(table)).items().get(0));
    assertThat(cache.stats().of("PutItem").bytesSent()).isEqualTo(size).isGreaterThan(BYTES);
    assertThat(cache.stats().of("PutItem").bytesReceived()).isZero();
    assertThat(cache.stats().of("GetItem").bytesReceived()).isEqualTo(size);
    assertThat(cache.stats().of("GetItem").bytesSent()).isZero();
    cache.storage().writeAll(Entries.many(30, BYTES));
    assertThat(cache.stats().of("BatchWriteItem").bytesSent()).isGreaterThan(30 * BYTES);
    assertThat(cache.count()).isEqualTo(31);
    assertThat(cache.stats().of("Scan").bytesReceived()).isZero();
  }

  @Test
  void latency_ofEachRequest_isRecorded(DynamoDbClient client, @TableName String table) {
    DynamoDbCache cache = cache(client, table);
    cache.prepare();
    save(cache);
    OperationStats put = cache.stats().of("PutItem");
    assertThat(put.latencies().count()).isOne();
    assertThat(put.time()).isPositive().isLessThanOrEqualTo(put.latencies().max());
  }

  @Test
  void throttles_ofAClientThatWasGiven_areThoseThatEndedARequest(
      DynamoDbClient client, @TableName String table) {
    Faults faults = Faults.of(client);
    DynamoDbCache cache = cache(faults.client(), table);
    cache.prepare();
    askForPurges(cache);
    faults.failNext(1, "GetItem", Faults::throttled);
    assertThatThrownBy(() -> cache.getResponse("k")).isInstanceOf(StorageException.class);
    faults.failNext(1, "GetItem", Faults::serverError);
    assertThatThrownBy(() -> cache.getResponse("k")).isInstanceOf(StorageException.class);
    OperationStats get = cache.stats().of("GetItem");
    assertThat(get.failures()).isEqualTo(2);
    assertThat(get.throttles()).isOne();
  }

  @Test
  void repeats_ofAClientOfOurs_areCountedThoughTheRequestSucceeds(
      EmbeddedDynamoDb dynamo, @TableName String table) {
    CapacityMeter meter = new CapacityMeter(true);
    try (FaultyHttp http = new FaultyHttp();
        DynamoDbClient client =
            dynamo
                .configure(DynamoDbClient.builder())
                .httpClient(http)
                .overrideConfiguration(
                    ClientOverrideConfiguration.builder()
                        .addMetricPublisher(new AttemptMetrics(meter))
                        .build())
                .build()) {
      LazyClient lazy = LazyClient.given(client);
      Backoff.Sleeper sleeper = wait -> {};
      TableGateway gateway =
          new TableGateway(
              table,
              lazy,
              new TableSetup(table, true, true, lazy, sleeper),
              new Backoff(sleeper),
              meter);
      gateway.prepare();
      http.once(
          "GetItem",
          (operation, send) ->
              FaultyHttp.error(400, "ProvisionedThroughputExceededException", "too many requests"));
      assertThat(gateway.get("absent", false, List.of())).isEmpty();
      http.once("GetItem", (operation, send) -> FaultyHttp.error(500, "InternalServerError", "?"));
      assertThat(gateway.get("absent", false, List.of())).isEmpty();
      OperationStats get = meter.snapshot().getOrDefault("GetItem", OperationStats.NONE);
      assertThat(get.requests()).isEqualTo(2);
      assertThat(get.retries()).isEqualTo(2);
      assertThat(get.throttles()).isOne();
      assertThat(get.failures()).isZero();
    }
  }

  @Test
  void aClientOfOurs_reportsToItsMeter(EmbeddedDynamoDb dynamo, @TableName String table) {
    DynamoDbCache cache =
        DynamoDbCache.builder()
            .tableName(table)
            .endpoint(dynamo.endpoint())
            .region(Region.US_EAST_1)
            .credentials(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("larder", "larder")))
            .build();
    try (cache) {
      cache.prepare();
      assertThat(cache.getResponse("absent")).isEmpty();
      assertThat(cache.stats().total().requests()).isOne();
      assertThat(cache.stats().total().retries()).isZero();
      assertThat(cache.stats().total().failures()).isZero();
    }
  }

  @Test
  void total_ofATableWithAnIndex_includesTheIndex(DynamoDbClient client, @TableName String table) {
    GlobalSecondaryIndex byNs =
        GlobalSecondaryIndex.builder()
            .indexName("byNs")
            .keySchema(key("ns"))
            .projection(p -> p.projectionType(ProjectionType.ALL))
            .build();
    client.createTable(
        r ->
            r.tableName(table)
                .billingMode("PAY_PER_REQUEST")
                .attributeDefinitions(text("key"), text("ns"))
                .keySchema(key("key"))
                .globalSecondaryIndexes(byNs));
    Map<String, AttributeValue> item =
        Map.of("key", AttributeValue.fromS("k"), "ns", AttributeValue.fromS("n"));
    ConsumedCapacity detailed =
        client
            .putItem(
                r ->
                    r.tableName(table)
                        .item(item)
                        .returnConsumedCapacity(ReturnConsumedCapacity.INDEXES))
            .consumedCapacity();
    ConsumedCapacity total =
        client
            .putItem(
                r ->
                    r.tableName(table)
                        .item(Map.of("key", AttributeValue.fromS("l"), "ns", item.get("ns")))
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL))
            .consumedCapacity();
    assertThat(detailed.globalSecondaryIndexes().values())
        .singleElement()
        .extracting(index -> index.capacityUnits())
        .isEqualTo(1.0);
    assertThat(total.capacityUnits())
        .isEqualTo(detailed.table().capacityUnits() + 1)
        .isEqualTo(Usage.written(total, Map.of()).writeUnits());
  }

  private static AttributeDefinition text(String name) {
    return AttributeDefinition.builder()
        .attributeName(name)
        .attributeType(ScalarAttributeType.S)
        .build();
  }

  private static KeySchemaElement key(String name) {
    return KeySchemaElement.builder().attributeName(name).keyType(KeyType.HASH).build();
  }
}
