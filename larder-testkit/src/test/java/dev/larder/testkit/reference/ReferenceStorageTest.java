package dev.larder.testkit.reference;

import dev.larder.http.CacheEntry;
import dev.larder.storage.ResponseStorage;
import dev.larder.storage.StoredItem;
import dev.larder.testkit.ResponseStorageContract;
import java.time.Clock;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The contract suite passes on a storage that is right. */
class ReferenceStorageTest extends ResponseStorageContract {
  @Override
  protected ResponseStorage newStorage(Clock clock) {
    return new ReferenceStorage(clock);
  }

  @Override
  protected OptionalInt maxKeyBytes() {
    return OptionalInt.of(ReferenceStorage.MAX_KEY_BYTES);
  }

  @Override
  protected OptionalLong tooLargeBodyBytes() {
    return OptionalLong.of(ReferenceStorage.MAX_BODY_BYTES + 1);
  }

  @Override
  protected boolean storeUndecodable(ResponseStorage storage, String key) {
    ReferenceStorage reference = (ReferenceStorage) storage;
    synchronized (reference) {
      reference.items.put(
          key, new StoredItem.Entry(CacheEntry.invalid(key, "put there by a test", -1)));
    }
    return true;
  }
}
