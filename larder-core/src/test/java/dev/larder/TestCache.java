package dev.larder;

import dev.larder.storage.ResponseStorage;
import java.time.Clock;
import java.util.Map;

/**
 * A cache over a storage that a test brings along. Unless the test asks for another mode, its
 * clients store before they return.
 */
public final class TestCache extends HttpCache {
  /** One where clients do not write behind their callers by default. */
  private static final Map<String, String> LAMBDA = Map.of("AWS_LAMBDA_FUNCTION_NAME", "test");

  public TestCache(ResponseStorage storage, CacheSettings settings, Clock clock) {
    super(storage, settings, clock, 1, Threads.EXECUTOR, Timer.SYSTEM, LAMBDA);
  }

  /** A cache whose clients wait for the storage on a timer of the test's. */
  public TestCache(ResponseStorage storage, CacheSettings settings, Clock clock, TestTimer timer) {
    super(storage, settings, clock, 1, Threads.EXECUTOR, timer, LAMBDA);
  }
}
