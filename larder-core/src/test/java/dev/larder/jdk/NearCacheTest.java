package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.CacheSettings;
import dev.larder.HttpCache;
import dev.larder.TestCache;
import dev.larder.http.EntryFilter;
import dev.larder.http.Expiration;
import dev.larder.http.Request;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A client of a cache that keeps in memory what it has read. */
class NearCacheTest extends ClientTest {
  private final AtomicInteger calls = new AtomicInteger();

  @BeforeEach
  void countCalls() {
    storage.remote();
    settings(CacheSettings.builder().nearCacheBytes(1 << 20));
    storage.onEachCall = calls::incrementAndGet;
  }

  @Test
  void get_hit_costsNothingAtTheStorage() throws Exception {
    origin.on("/a", "x", "Cache-Control", FRESH);
    get("/a");
    get("/a");
    calls.set(0);
    storage.readsFail = true;

    assertThat(isHit(get("/a"))).isTrue();
    assertThat(get("/a").body()).isEqualTo("x");
    assertThat(calls).hasValue(0);
    assertThat(events).isEmpty();
  }

  /** Each looks for a variant of its own, too. */
  @Test
  void get_hitOnWhatIsForEveryoneWithCredentials_costsNothingAtTheStorage() throws Exception {
    origin.on("/a", "x", "Cache-Control", "public, max-age=60");
    get("/a");
    get("/a", "Authorization", "Bearer 1");
    calls.set(0);

    assertThat(isHit(get("/a", "Authorization", "Bearer 1"))).isTrue();
    assertThat(calls).hasValue(0);
  }

  @Test
  void get_hitOnAVariant_costsNothingAtTheStorage() throws Exception {
    storeVariants("x");
    calls.set(0);

    assertThat(isHit(get("/a", "Accept-Language", "en"))).isTrue();
    assertThat(isHit(get("/a", "Accept-Language", "de"))).isTrue();
    assertThat(calls).hasValue(0);
  }

  @Test
  void get_afterAPost_isNewInEveryVariant() throws Exception {
    storeVariants("old");
    origin.on("/a", (request, out) -> Origin.reply(out, 200, ""));
    client.send(
        HttpRequest.newBuilder(origin.uri("/a")).POST(HttpRequest.BodyPublishers.noBody()).build(),
        BodyHandlers.discarding());
    origin.on("/a", "new", "Cache-Control", FRESH, "Vary", "Accept-Language");

    clock.advance(Duration.ofMillis(1));
    assertThat(get("/a", "Accept-Language", "en").body()).isEqualTo("new");
    clock.advance(Duration.ofMillis(1));
    assertThat(get("/a", "Accept-Language", "de").body()).isEqualTo("new");
  }

  private void storeVariants(String body) throws Exception {
    for (int times = 0; times < 3; times++) {
      for (String language : List.of("en", "de")) {
        origin.on("/a", body, "Cache-Control", FRESH, "Vary", "Accept-Language");
        get("/a", "Accept-Language", language);
        clock.advance(Duration.ofMillis(1));
      }
    }
  }

  @Test
  void get_validatedByThisProcess_isFreshAtOnce() throws Exception {
    origin.on(
        "/a",
        (request, out) -> {
          boolean known =
              request.fields().stream().anyMatch(line -> line.startsWith("If-None-Match"));
          Origin.reply(
              out, known ? 304 : 200, known ? "" : "x", "ETag", "\"1\"", "Cache-Control", FRESH);
        });
    get("/a");
    get("/a");
    clock.advance(Duration.ofMinutes(2));
    get("/a");

    assertThat(isHit(get("/a"))).isTrue();
    assertThat(origin.requests()).isEqualTo(2);
  }

  static Stream<Consumer<HttpCache>> deletions() {
    return Stream.of(
        cache -> cache.keys().toList().forEach(cache::delete),
        cache -> cache.delete(EntryFilter.all()),
        cache -> cache.bulkDelete(cache.keys().toList()),
        HttpCache::pollEntry,
        HttpCache::clear,
        cache -> cache.responses().clear(),
        cache -> cache.keys().toList().forEach(key -> cache.responses().remove(key)));
  }

  @ParameterizedTest
  @MethodSource("deletions")
  void get_deleted_isAMissAtOnce(Consumer<HttpCache> deletion) throws Exception {
    origin.on("/a", "x", "Cache-Control", FRESH);
    get("/a");
    get("/a");

    deletion.accept(cache);

    assertThat(isHit(get("/a"))).isFalse();
  }

  @Test
  void get_expirationReset_isExpiredAtOnce() throws Exception {
    origin.on("/a", "x", "Cache-Control", FRESH);
    get("/a");
    get("/a");

    cache.resetExpiration(Expiration.immediately());

    assertThat(isHit(get("/a"))).isFalse();
  }

  @Test
  void get_anotherProcessDeleted_isAMissAfterTheStaleness() throws Exception {
    origin.on("/a", "x", "Cache-Control", FRESH);
    get("/a");
    get("/a");
    HttpCache other = new TestCache(storage, CacheSettings.standard(), clock);
    other.delete(other.createKey(Request.get(origin.uri("/a"))));

    clock.advance(Duration.ofSeconds(5));
    assertThat(isHit(get("/a"))).isTrue();
    clock.advance(Duration.ofMillis(1));
    assertThat(isHit(get("/a"))).isFalse();
  }
}
