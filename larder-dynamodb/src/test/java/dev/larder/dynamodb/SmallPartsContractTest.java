package dev.larder.dynamodb;

import java.util.OptionalLong;

/** The contract with almost every body in parts, of which each but the shortest has many. */
class SmallPartsContractTest extends DynamoDbStorageContract {
  @Override
  DynamoDbCache.Builder cache() {
    return DynamoDbCache.builder().inlineBodyLimit(100).partBytes(256).maxBodyBytes(300_000);
  }

  @Override
  protected OptionalLong tooLargeBodyBytes() {
    return OptionalLong.of(300_001);
  }
}
