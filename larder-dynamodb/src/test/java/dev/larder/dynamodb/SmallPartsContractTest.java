package dev.larder.dynamodb;

import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;

/** The contract with almost every body in parts, of which each but the shortest has many. */
@Tag("layout")
class SmallPartsContractTest extends DynamoDbStorageContract {
  @Override
  DynamoDbCache.Builder cache() {
    return DynamoDbCache.builder().inlineBodyLimit(100).partBytes(1024).maxBodyBytes(300_000);
  }

  @Override
  protected OptionalLong tooLargeBodyBytes() {
    return OptionalLong.of(300_001);
  }
}
