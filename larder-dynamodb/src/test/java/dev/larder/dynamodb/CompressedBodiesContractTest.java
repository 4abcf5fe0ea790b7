package dev.larder.dynamodb;

import dev.larder.serial.Stages;
import org.junit.jupiter.api.Tag;

/** The contract with compressed bodies. */
@Tag("layout")
class CompressedBodiesContractTest extends DynamoDbStorageContract {
  @Override
  DynamoDbCache.Builder cache() {
    return DynamoDbCache.builder().bodyStages(Stages.gzip());
  }
}
