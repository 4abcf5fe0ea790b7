package dev.larder;

import dev.larder.dynamodb.DynamoDbCache;
import dev.larder.embedded.EmbeddedDynamoDb;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** Empty caches on a DynamoDB that all tests of this JVM share. */
public final class DynamoDbCaches {
  static final EmbeddedDynamoDb DYNAMO_DB = EmbeddedDynamoDb.inMemory();
  private static final AtomicInteger TABLES = new AtomicInteger();

  private DynamoDbCaches() {}

  public static HttpCache create(CacheSettings settings, Clock clock) {
    String table = "cache-" + TABLES.incrementAndGet();
    createWithoutTimeToLive(table);
    DynamoDbCache cache =
        DynamoDbCache.builder()
            .tableName(table)
            .client(DYNAMO_DB.client())
            .clock(clock)
            .settings(settings)
            .build();
    cache.prepare();
    // On whose timer nobody gives up because the machine has other work.
    return new TestCache(cache.storage(), settings, clock, new TestTimer());
  }

  /** The tests' clock stands in the past, and DynamoDB sweeps by the real one. */
  private static void createWithoutTimeToLive(String table) {
    DYNAMO_DB
        .client()
        .createTable(
            create ->
                create
                    .tableName(table)
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .attributeDefinitions(
                        AttributeDefinition.builder()
                            .attributeName("key")
                            .attributeType(ScalarAttributeType.S)
                            .build())
                    .keySchema(
                        KeySchemaElement.builder()
                            .attributeName("key")
                            .keyType(KeyType.HASH)
                            .build()));
  }
}
