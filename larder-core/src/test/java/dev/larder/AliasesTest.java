package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Request;
import dev.larder.http.Response;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AliasesTest extends CacheTest {
  private void chain(int length, String target) {
    for (int i = 1; i <= length; i++) {
      cache.redirects().put("alias" + i, i == length ? target : "alias" + (i + 1));
    }
  }

  @Test
  void getResponse_fiveDeep_found() {
    chain(5, save(URL));
    assertThat(cache.getResponse("alias1").orElseThrow().url()).isEqualTo(URL);
    assertThat(cache.contains("alias1")).isTrue();
  }

  @Test
  void getResponse_sixDeep_miss() {
    chain(6, save(URL));
    assertThat(cache.getResponse("alias1")).isEmpty();
    assertThat(cache.getResponse("alias2")).isPresent();
  }

  @Test
  void getResponse_cycle_miss() {
    chain(3, "alias1");
    cache.redirects().put("self", "self");
    assertThat(cache.getResponse("alias2")).isEmpty();
    assertThat(cache.getResponse("self")).isEmpty();
    assertThat(events).isEmpty();
  }

  @Test
  void getResponse_danglingOrDeletedTarget_miss() {
    String key = save(URL);
    cache.redirects().put("dangling", "nowhere");
    cache.redirects().put("alias", key);
    cache.delete(key);
    assertThat(cache.getResponse("dangling")).isEmpty();
    assertThat(cache.getResponse("alias")).isEmpty();
  }

  @Test
  void saveResponse_withHistory_redirectedRequestsFindIt() {
    Request first = Request.get("http://example.org/1");
    Request second = Request.get("http://example.org/2");
    Request last = Request.get(URL);
    Response response =
        Response.builder()
            .body("x")
            .redirectedFrom(first)
            .redirectedFrom(second)
            .redirectedFrom(last)
            .build();

    String key = cache.saveResponse(last, response).orElseThrow().key();

    assertThat(cache.redirects())
        .isEqualTo(Map.of(cache.createKey(first), key, cache.createKey(second), key));
    assertThat(cache.getResponse(cache.createKey(first)).orElseThrow().url()).isEqualTo(URL);
    assertThat(cache.getResponse(first)).isPresent();
    assertThat(cache.containsUrl("http://example.org/2")).isTrue();
    assertThat(cache.count()).isEqualTo(1);
  }

  @Test
  void delete_alias_targetStays() {
    String key = save(URL);
    cache.redirects().put("alias", key);
    assertThat(cache.delete("alias")).isZero();
    assertThat(cache.redirects()).isEmpty();
    assertThat(cache.contains(key)).isTrue();
  }

  @Test
  void saveResponse_olderThanWhatIsUnderItsAlias_aliasGivesWay() {
    String key = save(URL);
    Response old =
        Response.builder()
            .requested(clock.instant().minusSeconds(60))
            .redirectedFrom(Request.get(URL))
            .body("old")
            .build();
    cache.saveResponse(Request.get("http://example.org/b"), old, SaveOptions.DEFAULT.ifNewer());
    assertThat(cache.getResponse(key).orElseThrow().url()).isEqualTo(URL);
  }

  @Test
  void update_aliasInTheWayOfAnEntry_isNotCopied() {
    String key = save(URL);
    HttpCache other = cache(CacheSettings.builder());
    other.redirects().put(key, "elsewhere");
    other.redirects().put("free", "elsewhere");
    cache.update(other);
    assertThat(cache.getResponse(key)).isPresent();
    assertThat(cache.redirects()).containsOnlyKeys("free");
  }
}
