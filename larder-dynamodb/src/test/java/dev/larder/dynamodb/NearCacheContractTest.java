package dev.larder.dynamodb;

import dev.larder.CacheSettings;
import java.time.Duration;
import org.junit.jupiter.api.Tag;

/** The contract with what was read kept in memory, bodies in parts among it. */
@Tag("layout")
class NearCacheContractTest extends DynamoDbStorageContract {
  @Override
  DynamoDbCache.Builder cache() {
    return DynamoDbCache.builder()
        .inlineBodyLimit(1000)
        .settings(
            CacheSettings.builder()
                .nearCacheBytes(8 << 20)
                .nearCacheStaleness(Duration.ofHours(1))
                .build());
  }
}
