package dev.larder.requestscache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.CacheOptions;
import dev.larder.CacheSettings;
import dev.larder.ClientAccess.Visibility;
import dev.larder.InMemoryCache;
import dev.larder.Step;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Different requests with one key, as requests-cache has them, must not get each other's response.
 */
class CollisionsTest {
  private final InMemoryCache cache =
      InMemoryCache.builder()
          .settings(CacheSettings.builder().keyFunction(RequestsCacheKeys.create()).build())
          .build();

  @ParameterizedTest
  @CsvSource({
    "http://h/?q=a+b, http://h/?q=a%2Bb",
    "http://h/a/b, http://h/a%2Fb",
    "http://h/%FF, http://h/%FE"
  })
  void lookUp_anotherUrlWithTheSameKey_isAMiss(String stored, String asked) {
    cache.saveResponse(Request.get(stored), Response.builder().body("of " + stored).build());
    assertThat(cache.createKey(Request.get(asked))).isEqualTo(cache.createKey(Request.get(stored)));
    assertThat(cache.getResponse(Request.get(stored))).isPresent();
    assertThat(cache.getResponse(Request.get(asked))).isEmpty();
    assertThat(cache.contains(Request.get(asked))).isFalse();
    assertThat(
            cache
                .forClients()
                .exchange(Request.get(asked), CacheOptions.NONE, Visibility.FULL)
                .begin())
        .isInstanceOf(Step.Forward.class);
  }

  @Test
  void lookUp_anotherUsersRequest_isAMiss() {
    Request alice =
        Request.get("http://h/me").withHeaders(Headers.of("Authorization", "Bearer alice"));
    Request bob = Request.get("http://h/me").withHeaders(Headers.of("authorization", "Bearer bob"));
    cache.saveResponse(alice, Response.builder().body("alice's").build());
    assertThat(cache.createKey(bob)).isEqualTo(cache.createKey(alice));
    assertThat(cache.getResponse(alice)).isPresent();
    assertThat(cache.getResponse(bob)).isEmpty();
    assertThat(cache.getResponse(Request.get("http://h/me"))).isEmpty();
  }
}
