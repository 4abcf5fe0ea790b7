package dev.larder;

/** {@link DeletingTest} in DynamoDB. */
class DynamoDbDeletingTest extends DeletingTest {
  @Override
  HttpCache newCache(CacheSettings settings) {
    return DynamoDbCaches.create(settings, clock);
  }
}
