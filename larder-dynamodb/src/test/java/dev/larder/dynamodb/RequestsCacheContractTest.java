package dev.larder.dynamodb;

/** The contract in the layout of requests-cache. */
class RequestsCacheContractTest extends DynamoDbStorageContract {
  @Override
  DynamoDbCache.Builder cache() {
    return DynamoDbCache.builder().format(ItemFormat.REQUESTS_CACHE);
  }
}
