package dev.larder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Body;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryFilter;
import dev.larder.http.EntryHead;
import dev.larder.http.Expiration;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MarkStaleTest extends CacheTest {
  private static final Request GET = Request.get(URL);

  private static Request inLanguage(String language) {
    return new Request("GET", GET.uri(), Headers.of("Accept-Language", language), Body.empty());
  }

  /** Whether the origin is asked, although it has said how long the response is fresh. */
  private static boolean isAsked(HttpCache cache, Request request) {
    return Exchanges.lookUp(cache, request).isEmpty();
  }

  private static boolean isAnsweredAfterFailure(HttpCache cache) {
    return Exchanges.send(cache, GET).exchange().onFailure(new ConnectException()).isPresent();
  }

  private static void store(HttpCache cache, Request request, String... fields) {
    assertThat(Exchanges.store(cache, request, response("x", fields))).isTrue();
  }

  @Test
  void markStale_freshByItsFields_isValidatedAndThenFreshAgain() {
    store(cache, GET, "ETag", "\"1\"");
    assertThat(isAsked(cache, GET)).isFalse();
    clock.advance(Duration.ofSeconds(1));

    assertThat(cache.markStale(cache.createKey(GET))).isEqualTo(1);

    assertThat(isAsked(cache, GET)).isTrue();
    Exchange exchange = Exchanges.send(cache, GET).exchange();
    Step step = exchange.onResponse(304, Headers.of("ETag", "\"1\""));
    exchange.settle();
    assertThat(step).isInstanceOf(Step.Serve.class);
    assertThat(((Step.Serve) step).answer().body().text(UTF_8)).isEqualTo("x");
    assertThat(isAsked(cache, GET)).isFalse();
  }

  @Test
  void markStale_entry_changesNothingButItsExpiration() {
    String key = save(URL);
    CachedResponse before = cache.getResponse(key).orElseThrow();
    clock.advance(Duration.ofSeconds(1));

    cache.markStale(key);

    CachedResponse after = cache.getResponse(key).orElseThrow();
    EntryHead expected = before.head().toBuilder().expires(after.expires()).build();
    assertThat(after.expires()).contains(clock.instant());
    assertThat(after.head()).isEqualTo(expected);
    assertThat(after.body().bytes()).isEqualTo(before.body().bytes());
  }

  @Test
  void markStale_filter_marksWhatMatchesAndIsFresh() {
    save(URL);
    save(URL + "b");
    String other = save("http://other.example/");
    EntryFilter filter = EntryFilter.host("example.org");

    assertThat(cache.markStale(filter)).isEqualTo(2);
    assertThat(cache.markStale(filter)).isZero();
    assertThat(cache.count(EntryFilter.expired())).isEqualTo(2);
    assertThat(cache.getResponse(other).orElseThrow().isExpired(clock.instant())).isFalse();
  }

  @Test
  void markStale_neverExpiring_isExpiredAndKept() {
    String key =
        cache
            .saveResponse(GET, response("x"), SaveOptions.DEFAULT.expiration(Expiration.never()))
            .orElseThrow()
            .key();

    assertThat(cache.markStale(List.of(key, key))).isEqualTo(1);

    assertThat(isAsked(cache, GET)).isTrue();
    clock.advance(Duration.ofDays(1000));
    assertThat(cache.getResponse(key)).isPresent();
  }

  /** RFC 5861 §4, counted from then on. */
  @Test
  void markStale_staleIfError_isServedAfterAFailureForThatLong() {
    store(cache, GET, "Cache-Control", "stale-if-error=60");
    cache.markStale(EntryFilter.all());

    clock.advance(Duration.ofSeconds(60));
    assertThat(isAnsweredAfterFailure(cache)).isTrue();
    clock.advance(Duration.ofSeconds(1));
    assertThat(isAnsweredAfterFailure(cache)).isFalse();
  }

  /** It is not the user who has said how long it is fresh, so its origin's word counts. */
  @Test
  void markStale_mustRevalidate_isNeverServedStale() {
    HttpCache lenient = cache(CacheSettings.builder().staleIfError(true));
    store(lenient, GET);
    lenient.markStale(EntryFilter.all());
    assertThat(isAnsweredAfterFailure(lenient)).isTrue();

    HttpCache strict = cache(CacheSettings.builder().staleIfError(true));
    store(strict, GET, "Cache-Control", "must-revalidate");
    strict.markStale(EntryFilter.all());
    assertThat(isAnsweredAfterFailure(strict)).isFalse();
  }

  @Test
  void markStale_variants_areAllStale() {
    for (String language : List.of("en", "de")) {
      store(cache, inLanguage(language), "Vary", "Accept-Language");
      clock.advance(Duration.ofMillis(1));
    }
    assertThat(isAsked(cache, inLanguage("en"))).isFalse();

    assertThat(cache.markStale(cache.createKey(GET))).isEqualTo(2);

    assertThat(isAsked(cache, inLanguage("en"))).isTrue();
    assertThat(isAsked(cache, inLanguage("de"))).isTrue();
  }

  @Test
  void markStale_alias_marksWhatItLeadsTo() {
    String key = save(URL);
    cache.redirects().put("alias", key);

    assertThat(cache.markStale("alias", "absent")).isEqualTo(1);
    assertThat(cache.getResponse(key).orElseThrow().isExpired(clock.instant())).isTrue();
  }
}
