package dev.larder.dynamodb;

import dev.larder.serial.StageKeys;
import dev.larder.serial.Stages;

/** The contract with encrypted heads and bodies. */
class SealedMetadataContractTest extends DynamoDbStorageContract {
  @Override
  DynamoDbCache.Builder cache() {
    return DynamoDbCache.builder()
        .bodyStages(Stages.aesGcm(StageKeys.of("one", new byte[32])))
        .encryptMetadata(true);
  }
}
