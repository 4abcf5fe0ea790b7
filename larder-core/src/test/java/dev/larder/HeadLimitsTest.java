package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import org.junit.jupiter.api.Test;

/** Heads that are passed on, but not stored. */
class HeadLimitsTest extends CacheTest {
  @Test
  void onResponse_megabyteOfFields_notStoredAndTold() {
    refuses(response("x", "a", "y".repeat(1 << 20)));
  }

  @Test
  void onResponse_tooManyLines_notStoredAndTold() {
    Headers.Builder lines = Headers.builder();
    for (int i = 0; i < 10_001; i++) {
      lines.add("a", "");
    }
    refuses(Response.builder().headers(lines.build()).build());
  }

  private void refuses(Response response) {
    assertThat(Exchanges.store(cache, Request.get(URL), response)).isFalse();
    assertThat(cache.count()).isZero();
    assertThat(events).extracting(CacheEvent::type).containsExactly(CacheEvent.Type.TOO_LARGE);
  }

  @Test
  void onResponse_manyFieldsButNotTooMany_stored() {
    assertThat(Exchanges.store(cache, Request.get(URL), response("x", "a", "y".repeat(100_000))))
        .isTrue();
  }
}
