package dev.larder.dynamodb;

import dev.larder.serial.SerializerPipeline;
import dev.larder.serial.Serializers;
import dev.larder.serial.Stages;
import org.junit.jupiter.api.Tag;

/** The contract with a serializer of the user's choice. */
@Tag("layout")
class BinarySerializerContractTest extends DynamoDbStorageContract {
  @Override
  DynamoDbCache.Builder cache() {
    return DynamoDbCache.builder()
        .serializer(SerializerPipeline.of(Serializers.binary(), Stages.gzip()));
  }
}
