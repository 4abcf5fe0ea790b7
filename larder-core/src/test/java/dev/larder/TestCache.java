package dev.larder;

import dev.larder.storage.ResponseStorage;
import java.time.Clock;
import java.util.Map;

/**
 * A cache over a storage that a test brings along. Unless the test asks for another mode, its
 * clients store before they return.
 */
public final class TestCache extends HttpCache {
  public TestCache(ResponseStorage storage, CacheSettings settings, Clock clock) {
    super(storage, settings, clock, 1, Map.of("AWS_LAMBDA_FUNCTION_NAME", "test"));
  }
}
