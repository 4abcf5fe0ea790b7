package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.CacheSettings;
import dev.larder.TestCache;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A POST succeeds while the storage is down, which comes back with what was there before. */
@Timeout(60)
class OutageTest extends ClientTest {
  private void post() throws Exception {
    origin.on("/a", (request, out) -> Origin.reply(out, 200, ""));
    HttpRequest post =
        HttpRequest.newBuilder(origin.uri("/a")).POST(BodyPublishers.ofString("q")).build();
    client.send(post, BodyHandlers.discarding());
    origin.on("/a", "new", "Cache-Control", FRESH, "Vary", "Accept-Language");
  }

  private void down(boolean isDown) {
    storage.readsFail = isDown;
    storage.writesFail = isDown;
  }

  /** What came in the same millisecond as the POST's response is as old as what came before. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1000})
  void get_afterAPostDuringAnOutage_isNewAndThenCachedAgain(int millis) throws Exception {
    origin.on("/a", "old", "Cache-Control", FRESH);
    get("/a");
    clock.advance(Duration.ofMillis(millis));
    down(true);
    post();
    assertThat(get("/a").body()).isEqualTo("new");
    down(false);

    assertThat(get("/a").body()).isEqualTo("new");
    assertThat(get("/a").body()).isEqualTo("new");
    clock.advance(Duration.ofMillis(1));
    assertThat(get("/a").body()).isEqualTo("new");
    HttpResponse<String> cached = get("/a");
    assertThat(cached.body()).isEqualTo("new");
    assertThat(isHit(cached)).isTrue();
  }

  @Test
  void get_variantAfterAPostDuringAnOutage_isNew() throws Exception {
    for (String language : new String[] {"en", "de"}) {
      origin.on("/a", "old", "Cache-Control", FRESH, "Vary", "Accept-Language");
      get("/a", "Accept-Language", language);
      clock.advance(Duration.ofMillis(1));
    }
    down(true);
    post();
    down(false);
    clock.advance(Duration.ofMillis(1));
    assertThat(get("/a", "Accept-Language", "en").body()).isEqualTo("new");
    clock.advance(Duration.ofMillis(1));
    assertThat(get("/a", "Accept-Language", "de").body()).isEqualTo("new");
    assertThat(isHit(get("/a", "Accept-Language", "en"))).isTrue();
  }

  /** The look-up of any other URL shows that the storage answers again. */
  @Test
  void get_otherProcessAfterTheOutage_isNew() throws Exception {
    origin.on("/a", "old", "Cache-Control", FRESH).on("/b", "b", "Cache-Control", FRESH);
    get("/a");
    clock.advance(Duration.ofMillis(1));
    down(true);
    post();
    down(false);
    get("/b");
    CachingHttpClient other =
        CachingHttpClient.builder(new TestCache(storage, CacheSettings.standard(), clock)).build();
    assertThat(other.send(request("/a"), BodyHandlers.ofString()).body()).isEqualTo("new");
  }

  @Test
  void get_writesStillFail_isNewAsLongAsItTakes() throws Exception {
    origin.on("/a", "old", "Cache-Control", FRESH);
    get("/a");
    clock.advance(Duration.ofMillis(1));
    down(true);
    post();
    storage.readsFail = false;
    for (int i = 0; i < 3; i++) {
      clock.advance(Duration.ofMillis(1));
      assertThat(get("/a").body()).isEqualTo("new");
    }
    storage.writesFail = false;
    get("/a");
    clock.advance(Duration.ofMillis(1));
    get("/a");
    assertThat(isHit(get("/a"))).isTrue();
    assertThat(get("/a").body()).isEqualTo("new");
  }

  @Test
  void close_afterAPostDuringAnOutage_tellsTheOthers() throws Exception {
    origin.on("/a", "old", "Cache-Control", FRESH);
    get("/a");
    clock.advance(Duration.ofMillis(1));
    down(true);
    post();
    down(false);
    storage.outlivesItsCache = true;
    cache.close();
    CachingHttpClient other =
        CachingHttpClient.builder(new TestCache(storage, CacheSettings.standard(), clock)).build();
    assertThat(other.send(request("/a"), BodyHandlers.ofString()).body()).isEqualTo("new");
  }
}
