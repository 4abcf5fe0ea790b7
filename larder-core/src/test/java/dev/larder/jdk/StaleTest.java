package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.CacheOptions;
import dev.larder.CacheSettings;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 5861; RFC 9111 §4.2.4. */
@Timeout(60)
class StaleTest extends ClientTest {
  private static final String WHILE = "max-age=60, stale-while-revalidate=30";
  private static final String IF_ERROR = "max-age=60, stale-if-error=30";

  private void stored(String path, String cacheControl) throws Exception {
    origin.on(path, "old", "Cache-Control", cacheControl, "ETag", "\"1\"");
    get(path);
  }

  /** A client whose background refreshes have all ended. */
  private void afterRefreshes() {
    client.close();
    delegate(HttpClient.newBuilder());
  }

  @Test
  void send_staleWhileRevalidate_servedAtOnceAndRefreshedOnce() throws Exception {
    stored("/a", WHILE);
    CountDownLatch go = new CountDownLatch(1);
    origin.on(
        "/a",
        (request, out) -> {
          go.await();
          Origin.reply(out, 200, "new", "Cache-Control", WHILE);
        });
    clock.advance(Duration.ofSeconds(70));

    for (int i = 0; i < 5; i++) {
      HttpResponse<String> stale = get("/a");
      assertThat(stale.body()).isEqualTo("old");
      assertThat(status(stale)).isEqualTo("Larder; hit; ttl=-10");
      assertThat(CacheInfo.of(stale).orElseThrow().fromCache()).isTrue();
    }
    go.countDown();
    afterRefreshes();

    assertThat(origin.requests()).isEqualTo(2);
    assertThat(origin.received.get(1).field("If-None-Match")).isEqualTo("\"1\"");
    HttpResponse<String> fresh = get("/a");
    assertThat(fresh.body()).isEqualTo("new");
    assertThat(status(fresh)).isEqualTo("Larder; hit; ttl=60");
  }

  @Test
  void send_staleWhileRevalidateAndNotModified_freshAfterwards() throws Exception {
    stored("/a", WHILE);
    origin.on("/a", (request, out) -> Origin.head(out, 304, -1, "ETag", "\"1\""));
    clock.advance(Duration.ofSeconds(70));
    get("/a", "Range", "bytes=0-0", "If-None-Match", "\"9\"");
    afterRefreshes();
    assertThat(origin.received.get(1).field("Range")).isEmpty();
    assertThat(origin.received.get(1).field("If-None-Match")).isEqualTo("\"1\"");
    assertThat(status(get("/a"))).isEqualTo("Larder; hit; ttl=60");
  }

  @Test
  void send_tooStale_waitsForTheOrigin() throws Exception {
    stored("/a", WHILE);
    origin.on("/a", "new", "Cache-Control", WHILE);
    clock.advance(Duration.ofSeconds(91));
    assertThat(get("/a").body()).isEqualTo("new");
  }

  @Test
  void send_asManyRefreshesAsAreAllowed_servedWithoutAnother() throws Exception {
    settings(CacheSettings.builder().backgroundRefreshes(1));
    stored("/a", WHILE);
    stored("/b", WHILE);
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    origin.on(
        "/a",
        (request, out) -> {
          asked.countDown();
          go.await();
          Origin.reply(out, 200, "new", "Cache-Control", WHILE);
        });
    clock.advance(Duration.ofSeconds(70));
    get("/a");
    asked.await();

    assertThat(get("/b").body()).isEqualTo("old");
    go.countDown();
    afterRefreshes();
    assertThat(origin.requests()).isEqualTo(3);

    get("/b");
    afterRefreshes();
    assertThat(origin.requests()).isEqualTo(4);
  }

  @Test
  void send_refreshFails_servedStaleAndTriedAgain() throws Exception {
    stored("/a", WHILE);
    origin.on(
        "/a",
        (request, out) -> {
          throw new IOException("no answer");
        });
    clock.advance(Duration.ofSeconds(70));
    for (int i = 0; i < 3; i++) {
      assertThat(get("/a").body()).isEqualTo("old");
      afterRefreshes();
    }
    origin.on("/a", "new", "Cache-Control", WHILE);
    get("/a");
    afterRefreshes();
    assertThat(get("/a").body()).isEqualTo("new");
  }

  /** What a call says about expiration is meant for what the refresh brings, too. */
  @Test
  void send_refreshOfACallWithExpiration_keepsToIt() throws Exception {
    client =
        client.with(
            CacheOptions.builder()
                .expireAfter(Duration.ofSeconds(60))
                .staleWhileRevalidate(Duration.ofSeconds(30))
                .build());
    origin.on("/a", "old");
    get("/a");
    origin.on("/a", "new");
    clock.advance(Duration.ofSeconds(70));
    assertThat(get("/a").body()).isEqualTo("old");
    client.close();

    HttpResponse<String> fresh = get("/a", "Cache-Control", "only-if-cached");
    assertThat(fresh.body()).isEqualTo("new");
    assertThat(status(fresh)).isEqualTo("Larder; hit; ttl=60");
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void send_originAnswersWithAnError_staleServed(int code) throws Exception {
    stored("/a", IF_ERROR);
    origin.on("/a", (request, out) -> Origin.reply(out, code, "broken"));
    clock.advance(Duration.ofSeconds(70));

    HttpResponse<String> stale = get("/a");

    assertThat(stale.statusCode()).isEqualTo(200);
    assertThat(stale.body()).isEqualTo("old");
    assertThat(status(stale))
        .isEqualTo(
            "Larder; fwd=stale; fwd-status="
                + code
                + "; ttl=-10; detail=\"origin status "
                + code
                + "\"");
    assertThat(stale.headers().allValues("Age")).containsExactly("70");
    assertThat(CacheInfo.of(stale).orElseThrow().fromCache()).isTrue();
    assertThat(CacheInfo.of(stale).orElseThrow().revalidated()).isFalse();
    clock.advance(Duration.ofSeconds(21));
    assertThat(get("/a").statusCode()).isEqualTo(code);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 501})
  void send_originAnswersWithAnotherError_passed(int code) throws Exception {
    stored("/a", IF_ERROR);
    origin.on("/a", (request, out) -> Origin.reply(out, code, "broken"));
    clock.advance(Duration.ofSeconds(70));
    assertThat(get("/a").statusCode()).isEqualTo(code);
  }

  @Test
  void send_originGone_staleServed() throws Exception {
    stored("/a", IF_ERROR);
    HttpRequest request =
        HttpRequest.newBuilder(request("/a"), (name, value) -> true)
            .timeout(Duration.ofSeconds(20))
            .build();
    origin.close();
    clock.advance(Duration.ofSeconds(70));

    HttpResponse<String> stale = client.send(request, BodyHandlers.ofString());

    assertThat(stale.body()).isEqualTo("old");
    assertThat(status(stale))
        .isEqualTo("Larder; fwd=stale; ttl=-10; detail=\"origin unreachable\"");
    clock.advance(Duration.ofSeconds(21));
    assertThatThrownBy(() -> client.send(request, BodyHandlers.ofString()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void send_originHangsUp_staleServed() throws Exception {
    stored("/a", IF_ERROR);
    origin.on(
        "/a",
        (request, out) -> {
          throw new IOException("no answer");
        });
    clock.advance(Duration.ofSeconds(70));
    assertThat(get("/a").body()).isEqualTo("old");
  }

  @Test
  void send_originTooSlow_staleServed() throws Exception {
    stored("/a", IF_ERROR);
    CountDownLatch never = new CountDownLatch(1);
    origin.on("/a", (request, out) -> never.await());
    clock.advance(Duration.ofSeconds(70));
    HttpRequest hurried =
        HttpRequest.newBuilder(origin.uri("/a")).timeout(Duration.ofMillis(300)).build();
    assertThat(client.send(hurried, BodyHandlers.ofString()).body()).isEqualTo("old");
    never.countDown();
  }

  @ParameterizedTest
  @ValueSource(strings = {"must-revalidate", "no-cache"})
  void send_originForbidsStale_errorIsPassed(String directive) throws Exception {
    settings(CacheSettings.builder().staleIfError(true).staleWhileRevalidate(true));
    stored("/a", IF_ERROR + ", " + directive);
    origin.on("/a", (request, out) -> Origin.reply(out, 503, "broken"));
    clock.advance(Duration.ofSeconds(70));
    assertThat(get("/a").statusCode()).isEqualTo(503);
    assertThat(isHit(get("/a", "Cache-Control", "max-stale"))).isFalse();
  }

  @Test
  void send_staleIfErrorOfAnyAge_servedAfterYears() throws Exception {
    settings(CacheSettings.builder().staleIfError(true).maxRetention(Duration.ofDays(9999)));
    stored("/a", FRESH);
    origin.on("/a", (request, out) -> Origin.reply(out, 503, "broken"));
    clock.advance(Duration.ofDays(4000));
    assertThat(get("/a").body()).isEqualTo("old");
  }

  @Test
  void send_staleIfErrorOfTheCall_asLongAsItSays() throws Exception {
    stored("/a", FRESH);
    origin.on("/a", (request, out) -> Origin.reply(out, 503, "broken"));
    clock.advance(Duration.ofSeconds(70));
    assertThat(get("/a").statusCode()).isEqualTo(503);
    client = client.with(CacheOptions.builder().staleIfError(Duration.ofSeconds(9)).build());
    assertThat(get("/a").statusCode()).isEqualTo(503);
    client = client.with(CacheOptions.builder().staleIfError(Duration.ofSeconds(10)).build());
    assertThat(get("/a").statusCode()).isEqualTo(200);
  }

  /** Working offline: what is there is used, as old as it may be. */
  @Test
  void send_onlyIfCachedWithStaleIfError_staleServed() throws Exception {
    stored("/a", FRESH);
    settings(CacheSettings.builder().onlyIfCached(true).staleIfError(Duration.ofSeconds(10)));
    clock.advance(Duration.ofSeconds(70));
    assertThat(status(get("/a"))).isEqualTo("Larder; hit; ttl=-10");
    clock.advance(Duration.ofSeconds(1));
    assertThat(get("/a").statusCode()).isEqualTo(504);
    assertThat(origin.requests()).isEqualTo(1);
  }

  @Test
  void send_maxStale_servedWithoutTheOrigin() throws Exception {
    stored("/a", FRESH);
    clock.advance(Duration.ofSeconds(70));
    HttpResponse<String> stale = get("/a", "Cache-Control", "max-stale=10");
    assertThat(status(stale)).isEqualTo("Larder; hit; ttl=-10");
    assertThat(origin.requests()).isEqualTo(1);
  }
}
