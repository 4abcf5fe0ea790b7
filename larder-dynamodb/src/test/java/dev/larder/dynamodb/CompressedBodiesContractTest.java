package dev.larder.dynamodb;

import dev.larder.serial.Stages;

/** The contract with compressed bodies. */
class CompressedBodiesContractTest extends DynamoDbStorageContract {
  @Override
  DynamoDbCache.Builder cache() {
    return DynamoDbCache.builder().bodyStages(Stages.gzip());
  }
}
