package dev.larder;

/** {@link RedactionTest} in DynamoDB. */
class DynamoDbRedactionTest extends RedactionTest {
  @Override
  HttpCache newCache(CacheSettings settings) {
    return DynamoDbCaches.create(settings, clock);
  }
}
