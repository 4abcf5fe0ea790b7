package dev.larder;

/** {@link MarkStaleTest} in DynamoDB. */
class DynamoDbMarkStaleTest extends MarkStaleTest {
  @Override
  HttpCache newCache(CacheSettings settings) {
    return DynamoDbCaches.create(settings, clock);
  }
}
