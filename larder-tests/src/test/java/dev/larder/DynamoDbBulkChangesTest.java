package dev.larder;

/** {@link BulkChangesTest} in DynamoDB. */
class DynamoDbBulkChangesTest extends BulkChangesTest {
  @Override
  HttpCache newCache(CacheSettings settings) {
    return DynamoDbCaches.create(settings, clock);
  }
}
