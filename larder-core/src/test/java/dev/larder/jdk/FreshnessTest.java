package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.CacheSettings;
import dev.larder.TestClock;
import dev.larder.http.Expiration;
import dev.larder.policy.HttpDates;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FreshnessTest extends ClientTest {
  @Test
  void send_twice_secondFromCache() throws Exception {
    origin.on("/a", "hello", "Cache-Control", FRESH, "ETag", "\"1\"", "Content-Type", "text/plain");

    HttpResponse<String> miss = get("/a");
    clock.advance(Duration.ofSeconds(10));
    HttpResponse<String> hit = get("/a");

    assertThat(status(miss)).isEqualTo("Larder; fwd=uri-miss; stored");
    assertThat(status(hit)).isEqualTo("Larder; hit; ttl=50");
    assertThat(hit.body()).isEqualTo(miss.body()).isEqualTo("hello");
    assertThat(hit.statusCode()).isEqualTo(200);
    assertThat(hit.headers().firstValue("ETag")).contains("\"1\"");
    assertThat(hit.headers().firstValue("Content-Type")).contains("text/plain");
    assertThat(hit.headers().allValues("Age")).containsExactly("10");
    assertThat(hit.request().uri()).isEqualTo(origin.uri("/a"));
    assertThat(hit.uri()).isEqualTo(origin.uri("/a"));
    assertThat(hit.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    assertThat(hit.sslSession()).isEmpty();
    assertThat(hit.previousResponse()).isEmpty();
    assertThat(origin.requests()).isEqualTo(1);
  }

  @Test
  void send_afterExpiry_asksOriginAndStoresAgain() throws Exception {
    origin.on("/a", "old", "Cache-Control", FRESH, "ETag", "\"1\"");
    get("/a");
    origin.on("/a", "new", "Cache-Control", FRESH);

    clock.advance(Duration.ofSeconds(60));
    HttpResponse<String> stale = get("/a");

    assertThat(status(stale)).isEqualTo("Larder; fwd=stale; stored");
    assertThat(stale.body()).isEqualTo("new");
    assertThat(isHit(get("/a"))).isTrue();
    assertThat(get("/a").body()).isEqualTo("new");
  }

  @Test
  void send_expiresField_freshUntilThen() throws Exception {
    String date = HttpDates.format(TestClock.START.minusSeconds(10));
    origin.on(
        "/a", "x", "Date", date, "Expires", HttpDates.format(TestClock.START.plusSeconds(90)));
    get("/a");

    clock.advance(Duration.ofSeconds(89));
    assertThat(isHit(get("/a"))).isTrue();
    clock.advance(Duration.ofSeconds(1));
    assertThat(isHit(get("/a"))).isFalse();
  }

  @Test
  void send_originSendsAge_countsFromThere() throws Exception {
    origin.on("/a", "x", "Cache-Control", FRESH, "Age", "50");
    get("/a");

    clock.advance(Duration.ofSeconds(5));
    HttpResponse<String> hit = get("/a");

    assertThat(hit.headers().allValues("Age")).containsExactly("55");
    assertThat(status(hit)).isEqualTo("Larder; hit; ttl=5");
    clock.advance(Duration.ofSeconds(5));
    assertThat(isHit(get("/a"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no-store, max-age=60",
        "no-cache, max-age=60",
        "max-age=0",
        "max-age=soon",
        "public"
      })
  void send_notStorableByCacheControl_asksOriginEachTime(String cacheControl) throws Exception {
    origin.on("/a", "x", "Cache-Control", cacheControl);

    get("/a");
    assertThat(isHit(get("/a"))).isFalse();
    assertThat(origin.requests()).isEqualTo(2);
  }

  /** RFC 9111 §5.2.2.4, §5.2.2.7: the qualified forms are about the fields they name. */
  @ParameterizedTest
  @ValueSource(strings = {"no-cache=\"x-user\", max-age=60", "private=\"x-user\", max-age=60"})
  void send_qualifiedDirective_isAboutTheNamedFields(String cacheControl) throws Exception {
    origin.on("/a", "x", "Cache-Control", cacheControl, "X-User", "me");
    get("/a");
    HttpResponse<String> hit = get("/a");
    assertThat(isHit(hit)).isTrue();
    assertThat(hit.headers().firstValue("X-User").isPresent())
        .isEqualTo(cacheControl.startsWith("private"));
  }

  @Test
  void send_private_isStored() throws Exception {
    origin.on("/a", "x", "Cache-Control", "private, max-age=60");
    get("/a");
    assertThat(isHit(get("/a"))).isTrue();
  }

  /** RFC 9111 §3: any final status with a lifetime of its own. */
  @ParameterizedTest
  @CsvSource({"200", "203", "301", "302", "404", "410", "500", "599"})
  void send_anyStatusWithExplicitFreshness_isStored(int code) throws Exception {
    origin.on("/a", (request, out) -> Origin.reply(out, code, "x", "Cache-Control", FRESH));

    assertThat(get("/a").statusCode()).isEqualTo(code);
    HttpResponse<String> hit = get("/a");
    assertThat(isHit(hit)).isTrue();
    assertThat(hit.statusCode()).isEqualTo(code);
    assertThat(hit.body()).isEqualTo("x");
  }

  /** What the user says about expiration is not meant for errors. */
  @ParameterizedTest
  @CsvSource({"500", "302", "403"})
  void send_errorWithExpireAfter_isNotStored(int code) throws Exception {
    settings(CacheSettings.builder().expireAfter(Duration.ofMinutes(1)));
    origin.on("/a", (request, out) -> Origin.reply(out, code, "x"));
    get("/a");
    assertThat(isHit(get("/a"))).isFalse();
  }

  /** A 206 without Content-Range is a part of nobody knows what. */
  @Test
  void send_partWithoutRange_isNotStored() throws Exception {
    origin.on("/a", (request, out) -> Origin.reply(out, 206, "x", "Cache-Control", FRESH));
    get("/a");
    assertThat(cache.count()).isZero();
  }

  @Test
  void send_setCookie_storedOnlyWithExplicitFreshness() throws Exception {
    settings(CacheSettings.builder().expireAfter(Duration.ofMinutes(1)));
    origin.on("/bare", "x", "Set-Cookie", "a=b");
    origin.on("/fresh", "x", "Set-Cookie", "a=b", "Cache-Control", FRESH);

    get("/bare");
    get("/fresh");

    assertThat(isHit(get("/bare"))).isFalse();
    assertThat(isHit(get("/fresh"))).isTrue();
  }

  @Test
  void send_expireAfter_outranksOriginButNotNoStore() throws Exception {
    settings(CacheSettings.builder().expireAfter(Duration.ofHours(1)));
    origin.on("/short", "x", "Cache-Control", "no-cache, max-age=1");
    origin.on("/bare", "x");
    origin.on("/never", "x", "Cache-Control", "no-store");
    for (String path : new String[] {"/short", "/bare", "/never"}) {
      get(path);
    }

    clock.advance(Duration.ofMinutes(59));

    assertThat(status(get("/short"))).isEqualTo("Larder; hit; ttl=60");
    assertThat(isHit(get("/bare"))).isTrue();
    assertThat(isHit(get("/never"))).isFalse();
  }

  @Test
  void send_expireAfterDoNotCache_isNotStored() throws Exception {
    settings(CacheSettings.builder().expireAfter(Expiration.doNotCache()));
    origin.on("/a", "x", "Cache-Control", FRESH);
    get("/a");
    assertThat(cache.count()).isZero();
  }

  @Test
  void send_expireAfterNever_hitWithoutTtl() throws Exception {
    settings(CacheSettings.builder().expireAfter(Expiration.never()));
    origin.on("/a", "x");
    get("/a");
    clock.advance(Duration.ofDays(5000));
    assertThat(status(get("/a"))).isEqualTo("Larder; hit");
  }

  @Test
  void send_connectionFields_areNotStored() throws Exception {
    origin.on(
        "/a",
        "x",
        "Cache-Control",
        FRESH,
        "Connection",
        "X-Hop",
        "Keep-Alive",
        "5",
        "X-Hop",
        "1",
        "X-End",
        "2");
    get("/a");

    HttpResponse<String> hit = get("/a");

    assertThat(hit.headers().map()).doesNotContainKeys("Connection", "Keep-Alive", "X-Hop");
    assertThat(hit.headers().firstValue("X-End")).contains("2");
  }

  @Test
  void send_cacheStatusOfAnotherCache_staysInFront() throws Exception {
    origin.on("/a", "x", "Cache-Control", FRESH, "Cache-Status", "cdn; hit");

    assertThat(get("/a").headers().allValues("Cache-Status"))
        .containsExactly("cdn; hit", "Larder; fwd=uri-miss; stored");
    assertThat(get("/a").headers().allValues("Cache-Status"))
        .containsExactly("cdn; hit", "Larder; hit; ttl=60");
  }

  @Test
  void cacheInfo_missHitAndBypass_tellWhatHappened() throws Exception {
    origin.on("/a", "x", "Cache-Control", FRESH).on("/b", "x");

    CacheInfo miss = CacheInfo.of(get("/a")).orElseThrow();
    CacheInfo hit = CacheInfo.of(get("/a")).orElseThrow();

    assertThat(miss.fromCache()).isFalse();
    assertThat(hit.fromCache()).isTrue();
    assertThat(hit.key()).isEqualTo(miss.key());
    assertThat(cache.contains(hit.key())).isTrue();
    assertThat(hit.created()).isEqualTo(TestClock.START);
    assertThat(hit.expires()).contains(TestClock.START.plusSeconds(60)).isEqualTo(miss.expires());
    assertThat(hit.isExpired(TestClock.START.plusSeconds(59))).isFalse();
    assertThat(hit.isExpired(TestClock.START.plusSeconds(60))).isTrue();
    CacheInfo passed = CacheInfo.of(get("/b")).orElseThrow();
    assertThat(passed.fromCache()).isFalse();
    assertThat(passed.stored()).isFalse();
    assertThat(
            CacheInfo.of(HttpClient.newHttpClient().send(request("/b"), BodyHandlers.ofString())))
        .isEmpty();
  }
}
