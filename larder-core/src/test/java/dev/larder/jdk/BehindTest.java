package dev.larder.jdk;

import dev.larder.CacheSettings;
import dev.larder.HttpCache;
import dev.larder.TestCache;
import org.junit.jupiter.api.Nested;

/** What holds for clients that store before they return holds for those that store later. */
class BehindTest {
  private static HttpCache behind(ClientTest test, CacheSettings settings) {
    return TestCache.behind(test.storage, settings, test.clock);
  }

  @Nested
  class Collapse extends CollapseTest {
    @Override
    HttpCache newCache(CacheSettings settings) {
      return behind(this, settings);
    }
  }

  @Nested
  class Invalidation extends InvalidationTest {
    @Override
    HttpCache newCache(CacheSettings settings) {
      return behind(this, settings);
    }
  }

  @Nested
  class LateAnswers extends LateAnswersTest {
    @Override
    HttpCache newCache(CacheSettings settings) {
      return behind(this, settings);
    }
  }

  @Nested
  class Parts extends PartsTest {
    @Override
    HttpCache newCache(CacheSettings settings) {
      return behind(this, settings);
    }
  }

  @Nested
  class Post extends PostTest {
    @Override
    HttpCache newCache(CacheSettings settings) {
      return behind(this, settings);
    }
  }

  @Nested
  class Secrecy extends SecrecyTest {
    @Override
    HttpCache newCache(CacheSettings settings) {
      return behind(this, settings);
    }
  }

  @Nested
  class Stale extends StaleTest {
    @Override
    HttpCache newCache(CacheSettings settings) {
      return behind(this, settings);
    }
  }

  @Nested
  class Validation extends ValidationTest {
    @Override
    HttpCache newCache(CacheSettings settings) {
      return behind(this, settings);
    }
  }

  @Nested
  class Vary extends VaryTest {
    @Override
    HttpCache newCache(CacheSettings settings) {
      return behind(this, settings);
    }
  }
}
