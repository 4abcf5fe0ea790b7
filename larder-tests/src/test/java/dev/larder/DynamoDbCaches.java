package dev.larder;

import dev.larder.dynamodb.DynamoDbCache;
import dev.larder.embedded.EmbeddedDynamoDb;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;

/** Empty caches on a DynamoDB that all tests of this JVM share. */
public final class DynamoDbCaches {
  private static final EmbeddedDynamoDb DYNAMO_DB = EmbeddedDynamoDb.inMemory();
  private static final AtomicInteger TABLES = new AtomicInteger();

  private DynamoDbCaches() {}

  public static HttpCache create(CacheSettings settings, Clock clock) {
    DynamoDbCache cache =
        DynamoDbCache.builder()
            .tableName("cache-" + TABLES.incrementAndGet())
            .client(DYNAMO_DB.client())
            .clock(clock)
            .settings(settings)
            .build();
    cache.prepare();
    return cache;
  }
}
