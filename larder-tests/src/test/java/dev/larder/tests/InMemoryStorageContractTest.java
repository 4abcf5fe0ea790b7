package dev.larder.tests;

import dev.larder.InMemoryCache;
import dev.larder.storage.ResponseStorage;
import dev.larder.testkit.ResponseStorageContract;
import java.time.Clock;
import java.util.OptionalLong;

/** The contract of every storage, in memory. */
class InMemoryStorageContractTest extends ResponseStorageContract {
  @Override
  protected ResponseStorage newStorage(Clock clock) {
    return InMemoryCache.builder().maxBytes(32 << 20).clock(clock).build().storage();
  }

  @Override
  protected OptionalLong tooLargeBodyBytes() {
    return OptionalLong.of(33L << 20);
  }
}
