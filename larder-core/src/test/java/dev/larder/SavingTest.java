package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.http.Body;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryFilter;
import dev.larder.http.EntryHead;
import dev.larder.http.Expiration;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.key.CacheKey;
import dev.larder.storage.EntryTooLargeException;
import dev.larder.storage.StorageException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Saving, and finding again. */
class SavingTest extends CacheTest {
  private static final Request GET = Request.get(URL);

  private String body(Request request) {
    return cache.getResponse(request).orElseThrow().body().text(StandardCharsets.UTF_8);
  }

  @Test
  void saveResponse_thenGet_everythingIsThere() {
    Response response =
        Response.builder()
            .status(203)
            .header("Cache-Control", "max-age=60")
            .header("ETag", "\"1\"")
            .body("text")
            .url(URI.create("http://example.org/final"))
            .requested(TestClock.START.minusSeconds(2))
            .responded(TestClock.START.minusSeconds(1))
            .build();

    EntryHead saved = cache.saveResponse(GET, response).orElseThrow();
    CachedResponse found = cache.getResponse(GET).orElseThrow();

    assertThat(found.head()).isEqualTo(saved);
    assertThat(found.status()).isEqualTo(203);
    assertThat(found.url()).isEqualTo("http://example.org/final");
    assertThat(found.request()).isEqualTo(GET);
    assertThat(found.created()).isEqualTo(TestClock.START);
    assertThat(found.head().requested()).isEqualTo(TestClock.START.minusSeconds(2));
    assertThat(found.expires()).contains(TestClock.START.plusSeconds(58));
    assertThat(found.head().explicit()).isFalse();
    assertThat(found.head().retainUntil())
        .contains(TestClock.START.plusSeconds(58).plus(Duration.ofDays(7)));
    assertThat(found.head().length()).isEqualTo(4);
    assertThat(found.head().version()).isNotEmpty();
    assertThat(found.key()).isEqualTo(cache.createKey(GET));
    assertThat(cache.getResponse(found.key())).contains(found);
  }

  @Test
  void saveResponse_originSaysNothing_neverExpires() {
    EntryHead head = cache.saveResponse(GET, response("x")).orElseThrow();
    assertThat(head.expires()).isEmpty();
    assertThat(head.explicit()).isTrue();
    assertThat(head.retainUntil()).isEmpty();
  }

  @Test
  void saveResponse_expirations_optionsThenSettingsThenOrigin() {
    HttpCache hourly = cache(CacheSettings.builder().expireAfter(Duration.ofHours(1)));
    Response response = response("x", "Cache-Control", "max-age=60");
    SaveOptions daily = SaveOptions.DEFAULT.expiration(Expiration.after(Duration.ofDays(1)));

    assertThat(cache.saveResponse(GET, response).orElseThrow().expires())
        .contains(TestClock.START.plusSeconds(60));
    assertThat(hourly.saveResponse(GET, response).orElseThrow().expires())
        .contains(TestClock.START.plusSeconds(3600));
    assertThat(hourly.saveResponse(GET, response, daily).orElseThrow().expires())
        .contains(TestClock.START.plus(Duration.ofDays(1)));
  }

  @Test
  void saveResponse_doNotCache_nothingStored() {
    SaveOptions options = SaveOptions.DEFAULT.expiration(Expiration.doNotCache());
    assertThat(cache.saveResponse(GET, response("x"), options)).isEmpty();
    assertThat(cache.count()).isZero();
  }

  @Test
  void saveResponse_ownKey_foundByItAndNotByRequest() {
    cache.saveResponse(GET, response("x"), SaveOptions.DEFAULT.key("mine"));
    assertThat(cache.getResponse("mine")).isPresent();
    assertThat(cache.getResponse(GET)).isEmpty();
    assertThat(cache.contains("mine")).isTrue();
  }

  @Test
  void saveResponse_again_overwritesEvenWithOlder() {
    cache.saveResponse(GET, response("new"));
    Response older =
        Response.builder().body("old").requested(TestClock.START.minusSeconds(9)).build();
    assertThat(cache.saveResponse(GET, older)).isPresent();
    assertThat(body(GET)).isEqualTo("old");
  }

  @Test
  void saveResponse_ifNewer_keepsWhatWasRequestedLater() {
    cache.saveResponse(GET, response("new"));
    Response older =
        Response.builder().body("old").requested(TestClock.START.minusSeconds(9)).build();
    assertThat(cache.saveResponse(GET, older, SaveOptions.DEFAULT.ifNewer())).isEmpty();
    assertThat(body(GET)).isEqualTo("new");
  }

  @Test
  void getResponse_expired_stillThereUntilRetained() {
    cache.saveResponse(GET, response("x", "Cache-Control", "max-age=60", "ETag", "\"1\""));
    clock.advance(Duration.ofDays(7).plusSeconds(59));
    assertThat(cache.getResponse(GET).orElseThrow().isExpired(clock.instant())).isTrue();
    assertThat(cache.count()).isEqualTo(1);
    clock.advance(Duration.ofSeconds(1));
    assertThat(cache.getResponse(GET)).isEmpty();
    assertThat(cache.contains(GET)).isFalse();
    assertThat(cache.count()).isZero();
    assertThat(listed(cache.keys())).isEmpty();
  }

  @Test
  void contains_requestsAndUrls_byMethod() {
    cache.saveResponse(Request.of("POST", URI.create(URL)), response("x"));
    assertThat(cache.contains(GET)).isFalse();
    assertThat(cache.containsUrl(URL)).isFalse();
    assertThat(cache.containsUrl(URL, "POST")).isTrue();
    assertThat(cache.contains(GET.withHeaders(Headers.of("a", "b")))).isFalse();
    save(URL);
    assertThat(cache.containsUrl("HTTP://EXAMPLE.ORG:80/a")).isTrue();
    assertThat(cache.contains("no such key")).isFalse();
  }

  @Test
  void getResponse_keysCollide_digestKeepsApart() {
    HttpCache colliding =
        cache(
            CacheSettings.builder()
                .keyFunction(
                    (request, fields) ->
                        new CacheKey("same", Optional.of(request.uri().toString()))));
    colliding.saveResponse(GET, response("a"));
    Request other = Request.get("http://example.org/b");
    assertThat(colliding.getResponse(GET)).isPresent();
    assertThat(colliding.getResponse(other)).isEmpty();
    assertThat(colliding.contains(other)).isFalse();
    assertThat(Exchanges.lookUp(colliding, other)).isEmpty();
    assertThat(Exchanges.lookUp(colliding, GET)).isPresent();
  }

  @Test
  void createKey_matchHeaders_takePart() {
    HttpCache matching = cache(CacheSettings.builder().matchHeaders(List.of("Accept")));
    Request plain = GET.withHeaders(Headers.of("accept", "text/plain"));
    assertThat(matching.createKey(plain)).isNotEqualTo(matching.createKey(GET));
    assertThat(cache.createKey(plain)).isEqualTo(cache.createKey(GET));
    assertThat(cache.createKey(plain, List.of("ACCEPT"))).isEqualTo(matching.createKey(plain));
  }

  @Test
  void saveResponse_largerThanTheCache_refusedWithLimit() {
    HttpCache small = InMemoryCache.builder().maxBytes(2000).clock(clock).build();
    Response large = Response.builder().body(Body.of(new byte[2000])).build();
    assertThatThrownBy(() -> small.saveResponse(GET, large))
        .isInstanceOf(EntryTooLargeException.class)
        .hasMessageContaining("2000")
        .hasMessageContaining("maxBytes");
  }

  @Test
  void store_tooLarge_eventInsteadOfException() {
    HttpCache small =
        InMemoryCache.builder()
            .maxBytes(2000)
            .clock(clock)
            .settings(CacheSettings.builder().listener(events::add).build())
            .build();
    Response large = Response.builder().body(Body.of(new byte[2000])).build();
    assertThat(Exchanges.store(small, GET, large)).isFalse();
    assertThat(events).extracting(CacheEvent::type).containsExactly(CacheEvent.Type.TOO_LARGE);
  }

  @Test
  void saveResponse_manyBytes_leastUsedMakeRoom() {
    HttpCache small = InMemoryCache.builder().maxBytes(100_000).clock(clock).build();
    for (int i = 0; i < 200; i++) {
      Response response = Response.builder().body(Body.of(new byte[5000])).build();
      small.saveResponse(Request.get(URL + i), response);
    }
    assertThat(small.count()).isBetween(5L, 20L);
    try (var values = small.filter(EntryFilter.all())) {
      assertThat(values.mapToLong(entry -> entry.storedSize()).sum()).isLessThanOrEqualTo(100_000);
    }
  }

  @Test
  void close_thenUse_fails() {
    cache.close();
    cache.close();
    assertThatThrownBy(() -> cache.getResponse(GET))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> cache.update(cache(CacheSettings.builder())))
        .isInstanceOf(StorageException.class);
    assertThat(Exchanges.lookUp(cache, GET)).isEmpty();
    assertThat(events).extracting(CacheEvent::type).containsExactly(CacheEvent.Type.READ_FAILED);
  }

  @Test
  void saveResponse_instantsBeyondWhatCanBeStored_areBounded() {
    EntryHead head =
        cache
            .saveResponse(
                GET, response("x"), SaveOptions.DEFAULT.expiration(Expiration.at(Instant.MAX)))
            .orElseThrow();
    assertThat(head.expires()).contains(Instant.parse("9999-12-31T23:59:59.999Z"));
  }
}
