package dev.larder;

import dev.larder.storage.ResponseStorage;
import dev.larder.testkit.ResponseStorageContract;
import java.time.Clock;
import java.time.Duration;
import java.util.OptionalLong;

/** The contract of every storage, behind a near cache. */
class NearStorageContractTest extends ResponseStorageContract {
  @Override
  protected ResponseStorage newStorage(Clock clock) {
    ResponseStorage storage =
        InMemoryCache.builder().maxBytes(32 << 20).clock(clock).build().storage();
    return new NearStorage(storage, new NearCache(8 << 20, Duration.ofHours(1), clock));
  }

  @Override
  protected OptionalLong tooLargeBodyBytes() {
    return OptionalLong.of(33L << 20);
  }
}
