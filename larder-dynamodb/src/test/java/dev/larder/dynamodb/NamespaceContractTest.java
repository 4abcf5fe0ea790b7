package dev.larder.dynamodb;

/** The contract in a namespace. */
class NamespaceContractTest extends DynamoDbStorageContract {
  @Override
  DynamoDbCache.Builder cache() {
    return DynamoDbCache.builder().compression(false).namespace("team.a");
  }

  @Override
  String itemKey(String key) {
    return "team.a\u001F" + key;
  }
}
