package dev.larder;

/** {@link PublisherRaceTest} in DynamoDB. */
class DynamoDbPublisherRaceTest extends PublisherRaceTest {
  @Override
  HttpCache newCache(CacheSettings settings) {
    return DynamoDbCaches.create(settings, clock);
  }
}
