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
    this(storage, settings, clock, Map.of("AWS_LAMBDA_FUNCTION_NAME", "test"));
  }

  private TestCache(
      ResponseStorage storage,
      CacheSettings settings,
      Clock clock,
      Map<String, String> environment) {
    super(storage, settings, clock, 1, environment);
  }

  /** One whose clients store behind their callers, if the settings leave that open. */
  public static TestCache behind(ResponseStorage storage, CacheSettings settings, Clock clock) {
    return new TestCache(storage, settings, clock, Map.of());
  }
}
