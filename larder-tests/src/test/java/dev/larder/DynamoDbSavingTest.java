package dev.larder;

/** {@link SavingTest} in DynamoDB. */
class DynamoDbSavingTest extends SavingTest {
  @Override
  HttpCache newCache(CacheSettings settings) {
    return DynamoDbCaches.create(settings, clock);
  }
}
