package dev.larder;

import dev.larder.storage.ResponseStorage;
import java.time.Clock;

/** A cache over a storage that a test brings along. */
public final class TestCache extends HttpCache {
  public TestCache(ResponseStorage storage, CacheSettings settings, Clock clock) {
    super(storage, settings, clock, 1);
  }

  /** A cache whose clients wait for the storage on a timer of the test's. */
  public TestCache(ResponseStorage storage, CacheSettings settings, Clock clock, TestTimer timer) {
    super(storage, settings, clock, 1, Threads.EXECUTOR, timer);
  }
}
