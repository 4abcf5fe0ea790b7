package dev.larder.dynamodb;

import dev.larder.serial.StageKeys;
import dev.larder.serial.Stages;
import org.junit.jupiter.api.Tag;

/** The contract with encrypted heads and bodies. */
@Tag("layout")
class SealedMetadataContractTest extends DynamoDbStorageContract {
  @Override
  DynamoDbCache.Builder cache() {
    return DynamoDbCache.builder()
        .bodyStages(Stages.aesGcm(StageKeys.of("one", new byte[32])))
        .encryptMetadata(true);
  }
}
