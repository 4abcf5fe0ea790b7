package dev.larder;

/** {@link LateWriteTest} over DynamoDB. */
class DynamoDbLateWriteTest extends LateWriteTest {
  @Override
  HttpCache newCache(CacheSettings settings) {
    return DynamoDbCaches.create(settings, clock);
  }
}
