package dev.larder;

/** {@link AliasesTest} in DynamoDB. */
class DynamoDbAliasesTest extends AliasesTest {
  @Override
  HttpCache newCache(CacheSettings settings) {
    return DynamoDbCaches.create(settings, clock);
  }
}
