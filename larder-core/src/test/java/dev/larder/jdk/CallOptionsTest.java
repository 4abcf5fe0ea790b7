package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.CacheOptions;
import dev.larder.CacheSettings;
import dev.larder.http.Expiration;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What one call wants: {@code client.with(options)}. */
class CallOptionsTest extends ClientTest {
  private HttpResponse<String> get(CacheOptions.Builder options) throws Exception {
    CachingHttpClient plain = client;
    client = plain.with(options.build());
    try {
      return get("/a");
    } finally {
      client = plain;
      clock.advance(Duration.ofMillis(1));
    }
  }

  @Test
  void expireAfter_outranksUrlAndSettingsAndOrigin() throws Exception {
    settings(
        CacheSettings.builder()
            .expireAfter(Duration.ofSeconds(1000))
            .urlExpiration("*/a", Expiration.after(Duration.ofSeconds(500))));
    origin.on("/a", "x", "Cache-Control", FRESH);
    get(CacheOptions.builder().expireAfter(Duration.ofSeconds(7)));
    assertThat(status(get("/a"))).isEqualTo("Larder; hit; ttl=6");
  }

  @Test
  void expireAfter_originFirst_originOutranksIt() throws Exception {
    settings(CacheSettings.builder().originFirst(true));
    origin.on("/a", "x", "Cache-Control", FRESH);
    get(CacheOptions.builder().expireAfter(Duration.ofSeconds(7)));
    assertThat(status(get("/a"))).isEqualTo("Larder; hit; ttl=59");
  }

  @Test
  void expireAfterDoNotCache_neitherLookedUpNorStored() throws Exception {
    origin.on("/a", "old", "Cache-Control", FRESH);
    get("/a");
    origin.on("/a", "new", "Cache-Control", FRESH);
    HttpResponse<String> passed = get(CacheOptions.builder().expireAfter(Expiration.doNotCache()));
    assertThat(passed.body()).isEqualTo("new");
    assertThat(status(passed)).isEqualTo("Larder; fwd=bypass");
    assertThat(get("/a").body()).isEqualTo("old");
  }

  @Test
  void onlyIfCached_hitOr504() throws Exception {
    origin.on("/a", "x", "Cache-Control", FRESH);
    assertThat(get(CacheOptions.builder().onlyIfCached(true)).statusCode()).isEqualTo(504);
    assertThat(origin.requests()).isZero();
    get("/a");
    assertThat(isHit(get(CacheOptions.builder().onlyIfCached(true)))).isTrue();
  }

  @Test
  void refresh_asksWhetherItStillHolds() throws Exception {
    origin.on("/a", "x", "Cache-Control", FRESH, "ETag", "\"1\"");
    get("/a");
    origin.on("/a", (request, out) -> Origin.head(out, 304, -1, "ETag", "\"1\""));
    clock.advance(Duration.ofSeconds(10));

    HttpResponse<String> validated = get(CacheOptions.builder().refresh(true));

    assertThat(validated.body()).isEqualTo("x");
    assertThat(status(validated)).isEqualTo("Larder; fwd=request; fwd-status=304; stored");
    assertThat(CacheInfo.of(validated).orElseThrow().revalidated()).isTrue();
    assertThat(origin.received.get(1).field("If-None-Match")).isEqualTo("\"1\"");
    assertThat(status(get("/a"))).isEqualTo("Larder; hit; ttl=59");
  }

  @Test
  void refresh_changed_replaced() throws Exception {
    origin.on("/a", "old", "Cache-Control", FRESH, "ETag", "\"1\"");
    get("/a");
    clock.advance(Duration.ofMillis(1));
    origin.on("/a", "new", "Cache-Control", FRESH, "ETag", "\"2\"");
    assertThat(get(CacheOptions.builder().refresh(true)).body()).isEqualTo("new");
    assertThat(get("/a").body()).isEqualTo("new");
  }

  @Test
  void forceRefresh_replacesWithoutACondition() throws Exception {
    origin.on("/a", "old", "Cache-Control", FRESH, "ETag", "\"1\"");
    get("/a");
    clock.advance(Duration.ofMillis(1));
    origin.on("/a", "new", "Cache-Control", FRESH, "ETag", "\"1\"");

    HttpResponse<String> replaced = get(CacheOptions.builder().forceRefresh(true));

    assertThat(replaced.body()).isEqualTo("new");
    assertThat(status(replaced)).isEqualTo("Larder; fwd=request; stored");
    assertThat(origin.received.get(1).field("If-None-Match")).isEmpty();
    assertThat(get("/a").body()).isEqualTo("new");
    assertThat(origin.requests()).isEqualTo(2);
  }

  @Test
  void disabled_neitherReadNorWritten() throws Exception {
    origin.on("/a", "old", "Cache-Control", FRESH);
    get("/a");
    origin.on("/a", "new", "Cache-Control", FRESH);
    HttpResponse<String> passed = get(CacheOptions.builder().disabled(true));
    assertThat(passed.body()).isEqualTo("new");
    assertThat(status(passed)).isEqualTo("Larder; fwd=bypass");
    assertThat(get("/a").body()).isEqualTo("old");
  }

  @Test
  void with_isAView() throws Exception {
    origin.on("/a", "x", "Cache-Control", FRESH);
    CachingHttpClient other = client.with(CacheOptions.builder().onlyIfCached(true).build());
    get("/a");
    assertThat(isHit(other.send(request("/a"), BodyHandlers.discarding()))).isTrue();
    assertThat(other.with(CacheOptions.NONE).version()).isEqualTo(client.version());
  }

  @Test
  void staleWhileRevalidate_ofTheCall() throws Exception {
    origin.on("/a", "old", "Cache-Control", FRESH, "ETag", "\"1\"");
    get("/a");
    origin.on("/a", "new", "Cache-Control", FRESH);
    clock.advance(Duration.ofSeconds(70));
    assertThat(get(CacheOptions.builder().staleWhileRevalidate(Duration.ofSeconds(10))).body())
        .isEqualTo("old");
    client.close();
    assertThat(get(CacheOptions.builder().onlyIfCached(true)).body()).isEqualTo("new");
  }
}
