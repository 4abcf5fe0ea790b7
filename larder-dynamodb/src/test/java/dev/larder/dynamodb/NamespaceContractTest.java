package dev.larder.dynamodb;

import org.junit.jupiter.api.Tag;

/** The contract in a namespace. */
@Tag("layout")
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
