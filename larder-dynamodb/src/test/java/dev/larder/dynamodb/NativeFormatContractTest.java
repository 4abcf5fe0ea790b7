package dev.larder.dynamodb;

/** The contract in the native layout. */
class NativeFormatContractTest extends DynamoDbStorageContract {
  @Override
  DynamoDbCache.Builder cache() {
    return DynamoDbCache.builder();
  }
}
