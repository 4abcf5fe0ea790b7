package dev.larder.jdk;

import dev.larder.CacheSettings;
import dev.larder.DynamoDbCaches;
import dev.larder.HttpCache;

/** {@link SecrecyTest} in DynamoDB. */
class DynamoDbSecrecyTest extends SecrecyTest {
  @Override
  HttpCache newCache(CacheSettings settings) {
    return DynamoDbCaches.create(settings, clock);
  }
}
