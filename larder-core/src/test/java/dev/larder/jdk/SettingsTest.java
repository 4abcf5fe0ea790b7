package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.CacheSettings;
import dev.larder.http.Expiration;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the settings of a cache make of its client. */
class SettingsTest extends ClientTest {
  private HttpResponse<String> post(BodyPublisher body, String... fields) throws Exception {
    HttpRequest.Builder builder = HttpRequest.newBuilder(origin.uri("/a")).POST(body);
    HttpResponse<String> response =
        client.send(
            (fields.length == 0 ? builder : builder.headers(fields)).build(),
            BodyHandlers.ofString());
    clock.advance(Duration.ofMillis(1));
    return response;
  }

  private HttpResponse<String> post(String body, String type) throws Exception {
    return post(BodyPublishers.ofString(body), "Content-Type", type);
  }

  private void allowPost() {
    settings(CacheSettings.builder().allowableMethods(List.of("GET", "POST")));
    origin.on("/a", "x", "Cache-Control", FRESH);
  }

  private String ttl(String path) throws Exception {
    get(path);
    return status(get(path));
  }

  @Test
  void send_urlExpirations_firstThatMatchesDecides() throws Exception {
    settings(
        CacheSettings.builder()
            .expireAfter(Duration.ofSeconds(1000))
            .urlExpiration(
                Pattern.compile("/img/.*\\.png$"), Expiration.after(Duration.ofSeconds(1)))
            .urlExpiration("127.0.0.1*/img", Expiration.after(Duration.ofSeconds(2)))
            .urlExpiration("*/img/special", Expiration.after(Duration.ofSeconds(3)))
            .urlExpiration("*/live", Expiration.doNotCache())
            .urlExpiration("*/ever", Expiration.never()));
    for (String path : List.of("/img/a.png", "/img/special", "/other", "/live/1", "/ever")) {
      origin.on(path, "x", "Cache-Control", FRESH);
    }
    assertThat(ttl("/img/a.png")).isEqualTo("Larder; hit; ttl=1");
    assertThat(ttl("/img/special")).isEqualTo("Larder; hit; ttl=2");
    assertThat(ttl("/other")).isEqualTo("Larder; hit; ttl=1000");
    assertThat(ttl("/ever")).isEqualTo("Larder; hit");
    assertThat(ttl("/live/1")).isEqualTo("Larder; fwd=bypass");
  }

  @Test
  void send_originFirst_expirationForWhatOriginsLeaveOpen() throws Exception {
    settings(
        CacheSettings.builder()
            .originFirst(true)
            .expireAfter(Duration.ofSeconds(1000))
            .urlExpiration("*/url", Expiration.after(Duration.ofSeconds(500))));
    origin.on("/url", "x", "Cache-Control", FRESH).on("/url2", "x").on("/open", "x");
    assertThat(ttl("/url")).isEqualTo("Larder; hit; ttl=60");
    assertThat(ttl("/url2")).isEqualTo("Larder; hit; ttl=500");
    assertThat(ttl("/open")).isEqualTo("Larder; hit; ttl=1000");
  }

  @Test
  void send_withoutCacheControl_onlyTheUserDecides() throws Exception {
    settings(
        CacheSettings.builder()
            .cacheControl(false)
            .urlExpiration("*/short", Expiration.after(Duration.ofSeconds(5))));
    origin.on("/a", "x", "Cache-Control", "max-age=1, must-revalidate", "Expires", "0");
    origin.on("/short", "x", "Cache-Control", FRESH);
    get("/a");
    get("/short");
    clock.advance(Duration.ofSeconds(5));
    assertThat(status(get("/a"))).isEqualTo("Larder; hit");
    assertThat(isHit(get("/short"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json | {\"a\":1,\"b\":[2]} | { \"b\" : [2], \"a\" : 1 } | true",
        "application/json | {\"a\":1} | {\"a\":2} | false",
        "application/json | [1,2] | [2,1] | false",
        "application/x-www-form-urlencoded | a=%41+b | a=A%20b | true",
        "application/x-www-form-urlencoded | a=1&b=2 | b=2&a=1 | false",
        "application/x-www-form-urlencoded | a=1 | a=2 | false",
        "text/plain | ab | ab | true",
        "text/plain | ab | ba | false",
      })
  void send_post_foundByAnEqualBody(String type, String first, String second, boolean hit)
      throws Exception {
    allowPost();
    post(first, type);
    assertThat(isHit(post(second, type))).isEqualTo(hit);
    assertThat(isHit(get("/a"))).isFalse();
  }

  @Test
  void send_postByDefault_isNotCached() throws Exception {
    origin.on("/a", "x", "Cache-Control", FRESH);
    post("q", "text/plain");
    assertThat(status(post("q", "text/plain"))).isEqualTo("Larder; fwd=method");
  }

  @Test
  void send_postOfUnknownLength_passesTheCacheByAndArrives() throws Exception {
    allowPost();
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> response =
          post(
              BodyPublishers.ofInputStream(
                  () -> new ByteArrayInputStream("q".getBytes(StandardCharsets.UTF_8))));
      assertThat(status(response)).isEqualTo("Larder; fwd=bypass");
    }
    assertThat(cache.count()).isZero();
  }

  @Test
  void send_methodOverride_bodiesAreToldApart() throws Exception {
    settings(CacheSettings.builder().methodOverride(true));
    origin.on("/a", "x", "Cache-Control", FRESH);
    String[] override = {"X-HTTP-Method-Override", "GET"};
    post(BodyPublishers.ofString("one"), override);
    assertThat(isHit(post(BodyPublishers.ofString("one"), override))).isTrue();
    assertThat(isHit(post(BodyPublishers.ofString("two"), override))).isFalse();
    assertThat(isHit(get("/a"))).isFalse();
    assertThat(status(get("/a", "X-HTTP-Method-Override", "DELETE")))
        .isEqualTo("Larder; fwd=method");
  }

  @Test
  void send_methodOverrideNotSet_fieldsDoNotCount() throws Exception {
    origin.on("/a", "x", "Cache-Control", FRESH);
    assertThat(status(post(BodyPublishers.ofString("q"), "X-HTTP-Method-Override", "GET")))
        .isEqualTo("Larder; fwd=method");
  }

  @Test
  void send_allowableCodes_onlyThese() throws Exception {
    settings(
        CacheSettings.builder()
            .allowableCodes(List.of(200, 418))
            .expireAfter(Duration.ofSeconds(60)));
    for (int code : new int[] {200, 418, 404}) {
      origin.on("/" + code, (request, out) -> Origin.reply(out, code, "x", "Cache-Control", FRESH));
    }
    assertThat(ttl("/200")).startsWith("Larder; hit");
    assertThat(ttl("/418")).startsWith("Larder; hit");
    assertThat(ttl("/404")).isEqualTo("Larder; fwd=uri-miss");
  }

  @Test
  void send_alwaysRevalidate_eachUseIsConfirmed() throws Exception {
    settings(CacheSettings.builder().alwaysRevalidate(true));
    origin.on("/a", "x", "Cache-Control", FRESH, "ETag", "\"1\"");
    get("/a");
    origin.on("/a", (request, out) -> Origin.head(out, 304, -1, "ETag", "\"1\""));
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> response = get("/a");
      assertThat(response.body()).isEqualTo("x");
      assertThat(status(response)).isEqualTo("Larder; fwd=request; fwd-status=304; stored");
    }
    assertThat(origin.requests()).isEqualTo(3);
  }

  @Test
  void send_readOnly_readsAndWritesNothing() throws Exception {
    origin.on("/a", "old", "Cache-Control", FRESH, "ETag", "\"1\"").on("/b", "x");
    get("/a");
    settings(CacheSettings.builder().readOnly(true));
    assertThat(isHit(get("/a"))).isTrue();
    origin.on("/b", "x", "Cache-Control", FRESH);
    get("/b");
    assertThat(isHit(get("/b"))).isFalse();

    clock.advance(Duration.ofMillis(1));
    origin.on("/a", "new", "Cache-Control", FRESH);
    post("q", "text/plain");
    assertThat(get("/a").body()).isEqualTo("new");
    assertThat(cache.count()).isEqualTo(1);

    settings(CacheSettings.builder());
    assertThat(get("/a").body()).isEqualTo("old");
  }

  @Test
  void send_readOnlyAndNotModified_notRenewed() throws Exception {
    origin.on("/a", "old", "Cache-Control", FRESH, "ETag", "\"1\"");
    get("/a");
    settings(CacheSettings.builder().readOnly(true));
    origin.on(
        "/a", (request, out) -> Origin.head(out, 304, -1, "ETag", "\"1\"", "Cache-Control", FRESH));
    clock.advance(Duration.ofSeconds(60));
    assertThat(get("/a").body()).isEqualTo("old");
    assertThat(isHit(get("/a"))).isFalse();
  }

  @Test
  void send_onlyIfCached_neverAsks() throws Exception {
    origin.on("/a", "x", "Cache-Control", FRESH);
    get("/a");
    settings(CacheSettings.builder().onlyIfCached(true));
    assertThat(isHit(get("/a"))).isTrue();
    HttpResponse<String> missing = get("/b");
    assertThat(missing.statusCode()).isEqualTo(504);
    assertThat(status(missing)).isEqualTo("Larder; detail=only-if-cached");
    assertThat(post("q", "text/plain").statusCode()).isEqualTo(504);
    clock.advance(Duration.ofSeconds(60));
    assertThat(get("/a").statusCode()).isEqualTo(504);
    assertThat(origin.requests()).isEqualTo(1);
  }

  @Test
  void send_responseFilter_keepsOutBothWays() throws Exception {
    origin.on("/a", "bad", "Cache-Control", FRESH);
    get("/a");
    settings(
        CacheSettings.builder()
            .responseFilter(
                response ->
                    !new String(response.body().bytes(), StandardCharsets.UTF_8).equals("bad")));
    assertThat(isHit(get("/a"))).isFalse();
    clock.advance(Duration.ofMillis(1));
    HttpResponse<String> filtered = get("/a");
    assertThat(filtered.body()).isEqualTo("bad");
    assertThat(CacheInfo.of(filtered).orElseThrow().stored()).isFalse();
    origin.on("/a", "good", "Cache-Control", FRESH);
    clock.advance(Duration.ofMillis(1));
    get("/a");
    assertThat(isHit(get("/a"))).isTrue();
  }

  @Test
  void send_ignoredParameters_doNotTellRequestsApart() throws Exception {
    settings(CacheSettings.builder().ignoredParameters(List.of("session")));
    origin.on("/a", "x", "Cache-Control", FRESH);
    get("/a?q=1&session=2");
    assertThat(isHit(get("/a?session=3&q=1"))).isTrue();
    assertThat(isHit(get("/a?q=1"))).isTrue();
    assertThat(isHit(get("/a?q=2&session=2"))).isFalse();
  }

  @Test
  void send_matchHeaders_tellRequestsApart() throws Exception {
    settings(CacheSettings.builder().matchHeaders(List.of("Accept")));
    origin.on("/a", "x", "Cache-Control", FRESH);
    get("/a", "Accept", "text/html");
    assertThat(isHit(get("/a", "Accept", "text/html"))).isTrue();
    assertThat(isHit(get("/a", "Accept", "text/plain"))).isFalse();
    assertThat(isHit(get("/a"))).isFalse();
  }

  @Test
  void send_sharedCache_asForManyUsers() throws Exception {
    settings(CacheSettings.builder().sharedCache(true));
    origin
        .on("/private", "x", "Cache-Control", "private, max-age=60")
        .on("/shared", "x", "Cache-Control", "max-age=1, s-maxage=60")
        .on("/auth", "x", "Cache-Control", FRESH);
    assertThat(isHit(get("/private"))).isFalse();
    assertThat(ttl("/private")).isEqualTo("Larder; fwd=uri-miss");
    assertThat(ttl("/shared")).isEqualTo("Larder; hit; ttl=60");
    get("/auth", "Authorization", "Basic eA==");
    assertThat(isHit(get("/auth", "Authorization", "Basic eA=="))).isFalse();
    get("/shared", "Authorization", "Basic eA==");
    assertThat(isHit(get("/shared", "Authorization", "Basic eQ=="))).isTrue();
  }

  @Test
  void send_targetedFields_countInsteadOfCacheControl() throws Exception {
    settings(
        CacheSettings.builder().targetedFields(List.of("My-Cache-Control", "CDN-Cache-Control")));
    origin
        .on(
            "/mine",
            "x",
            "Cache-Control",
            "no-store",
            "CDN-Cache-Control",
            "max-age=5",
            "My-Cache-Control",
            "max-age=60")
        .on("/cdn", "x", "Cache-Control", FRESH, "CDN-Cache-Control", "no-store")
        .on("/none", "x", "Cache-Control", FRESH);
    assertThat(ttl("/mine")).isEqualTo("Larder; hit; ttl=60");
    assertThat(ttl("/cdn")).isEqualTo("Larder; fwd=uri-miss");
    assertThat(ttl("/none")).isEqualTo("Larder; hit; ttl=60");
  }
}
