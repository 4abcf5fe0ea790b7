package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Body;
import dev.larder.http.EntryFilter;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.storage.Precondition;
import dev.larder.storage.StoredItem;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeletingTest extends CacheTest {
  private static final Request GET = Request.get(URL);

  @Test
  void delete_keys_repeatedAndAbsentOnesAllowed() {
    String a = save(URL);
    String b = save(URL + "b");
    save(URL + "c");
    assertThat(cache.delete(a, a, "absent", b)).isEqualTo(2);
    assertThat(cache.delete(a)).isZero();
    assertThat(cache.count()).isEqualTo(1);
    assertThat(cache.delete(List.of())).isZero();
  }

  @Test
  void delete_thenOlderResponseArrives_isHeldBack() {
    Instant requested = clock.instant();
    Response onItsWay = Response.builder().body("old").requested(requested).build();
    Exchanges.UnderWay underWay = Exchanges.send(cache, GET);
    clock.advance(Duration.ofSeconds(1));
    cache.deleteUrl(URL);
    clock.advance(Duration.ofSeconds(1));

    assertThat(underWay.answer(onItsWay)).isFalse();
    assertThat(cache.saveResponse(GET, onItsWay, SaveOptions.DEFAULT.ifNewer())).isEmpty();
    assertThat(cache.contains(GET)).isFalse();
    assertThat(cache.count()).isZero();
    assertThat(listed(cache.keys())).isEmpty();
    assertThat(Exchanges.store(cache, GET, response("new"))).isTrue();
  }

  @Test
  void delete_muchLater_traceIsGone() {
    Exchanges.UnderWay underWay = Exchanges.send(cache, GET);
    cache.deleteUrl(URL);
    clock.advance(Duration.ofMinutes(15));
    assertThat(underWay.answer(response("old"))).isTrue();
  }

  @Test
  void delete_explicitSaveAfterwards_overwritesTheTrace() {
    cache.deleteUrl(URL);
    assertThat(cache.saveResponse(GET, response("x"))).isPresent();
  }

  @Test
  void bulkDelete_leavesNoTrace() {
    Exchanges.UnderWay underWay = Exchanges.send(cache, GET);
    clock.advance(Duration.ofSeconds(1));
    String key = save(URL);
    clock.advance(Duration.ofSeconds(1));
    cache.bulkDelete(List.of(key, key, "absent"));
    assertThat(cache.count()).isZero();
    assertThat(underWay.answer(response("old"))).isTrue();
  }

  @Test
  void delete_filter_onlyMatching() {
    save(URL);
    save("http://other.example/a");
    assertThat(cache.delete(EntryFilter.host("OTHER.example"))).isEqualTo(1);
    assertThat(listed(cache.urls())).containsExactly(URL);
    assertThat(cache.delete(EntryFilter.all())).isEqualTo(1);
  }

  @Test
  void deleteUrl_directoryOfVariants_allGo() {
    String url = cache.createKey(GET);
    cache.saveResponse(GET, response("1"), SaveOptions.DEFAULT.key(url + "~1"));
    cache.saveResponse(GET, response("2"), SaveOptions.DEFAULT.key(url + "~2"));
    cache
        .storage()
        .put(
            new StoredItem.Directory(
                url,
                "",
                List.of("accept"),
                Set.of(url + "~1", url + "~2", url + "~gone"),
                Optional.empty(),
                Optional.empty()),
            Precondition.none());

    assertThat(cache.deleteUrl(URL)).isEqualTo(2);

    assertThat(cache.count()).isZero();
    Response onItsWay = Response.builder().requested(clock.instant()).build();
    assertThat(cache.saveResponse(GET, onItsWay, SaveOptions.DEFAULT.key(url + "~1").ifNewer()))
        .isEmpty();
  }

  @Test
  void deleteUrl_methods_oneOrAny() {
    Request post = Request.of("POST", URI.create(URL));
    for (String body : List.of("1", "2")) {
      cache.saveResponse(post.withBody(Body.of(body)), response("x"));
    }
    cache.saveResponse(post, response("x"));
    save(URL);
    save(URL + "b");

    assertThat(cache.deleteUrl(URL, "POST")).isEqualTo(1);
    assertThat(cache.containsUrl(URL)).isTrue();
    assertThat(cache.deleteUrl(URL, HttpCache.ANY_METHOD)).isEqualTo(3);
    assertThat(listed(cache.urls())).containsExactly(URL + "b");
  }

  @Test
  void deleteUrls_andRequests_countWhatWasThere() {
    save(URL);
    save(URL + "b");
    save(URL + "c");
    assertThat(cache.deleteUrls(List.of(URL, URL, "HTTP://example.org:80/ab", "http://absent/")))
        .isEqualTo(2);
    assertThat(cache.deleteRequests(List.of(Request.get(URL + "c"), GET))).isEqualTo(1);
  }

  @Test
  void removeExpiredResponses_freshStay() {
    cache.saveResponse(GET, response("x", "Cache-Control", "max-age=1", "ETag", "1"));
    save(URL + "b");
    clock.advance(Duration.ofSeconds(1));
    assertThat(cache.removeExpiredResponses()).isEqualTo(1);
    assertThat(listed(cache.urls())).containsExactly(URL + "b");
  }

  @Test
  void clear_everythingGoes() {
    save(URL);
    cache.redirects().put("a", "b");
    cache.clear();
    assertThat(cache.count()).isZero();
    assertThat(cache.redirects()).isEmpty();
  }

  @Test
  void pollEntry_eachOnceThenEmpty() {
    String a = save(URL);
    String b = save(URL + "b");
    List<String> polled =
        List.of(cache.pollEntry().orElseThrow().key(), cache.pollEntry().orElseThrow().key());
    assertThat(polled).containsExactlyInAnyOrder(a, b);
    assertThat(cache.pollEntry()).isEmpty();
    assertThat(cache.count()).isZero();
  }

  @Test
  void deleteUrl_matchedFields_everyVariantIsFound() {
    HttpCache matching = cache(CacheSettings.builder().matchHeaders(List.of("Accept")));
    for (String accept : List.of("text/plain", "text/html")) {
      matching.saveResponse(
          Request.get(URL).withHeaders(Headers.of("Accept", accept)), response(accept));
    }
    matching.saveResponse(Request.of("POST", URI.create(URL)), response("post"));
    assertThat(matching.deleteUrl(URL)).isEqualTo(2);
    assertThat(matching.count()).isOne();
    assertThat(matching.deleteUrl(URL, HttpCache.ANY_METHOD)).isOne();
  }
}
