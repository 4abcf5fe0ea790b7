package dev.larder.dynamodb;

import org.junit.jupiter.api.Tag;

/** The contract in the layout of requests-cache. */
@Tag("layout")
class RequestsCacheContractTest extends DynamoDbStorageContract {
  @Override
  DynamoDbCache.Builder cache() {
    return DynamoDbCache.builder().format(ItemFormat.REQUESTS_CACHE);
  }
}
