package dev.larder;

/** {@link MapViewsTest} in DynamoDB. */
class DynamoDbMapViewsTest extends MapViewsTest {
  @Override
  HttpCache newCache(CacheSettings settings) {
    return DynamoDbCaches.create(settings, clock);
  }
}
