package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.http.CachedResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MapViewsTest extends CacheTest {
  @Test
  void responses_readsAndWrites_goToTheCache() {
    Map<String, CachedResponse> responses = cache.responses();
    assertThat(responses).isEmpty();
    String key = save(URL);

    assertThat(responses).hasSize(1).containsOnlyKeys(key);
    assertThat(responses.containsKey("other")).isFalse();
    assertThat(responses.get("other")).isNull();
    CachedResponse response = Objects.requireNonNull(responses.get(key));
    assertThat(response.url()).isEqualTo(URL);

    assertThat(responses.put("copy", response)).isNull();
    assertThat(cache.getResponse("copy").orElseThrow().body().text(StandardCharsets.UTF_8))
        .isEqualTo("body of " + URL);
    assertThat(cache.getResponse("copy").orElseThrow().head().digest()).isEmpty();
    assertThat(responses.remove(key)).isEqualTo(response);
    assertThat(responses.remove(key)).isNull();
    assertThat(responses.keySet()).containsExactly("copy");
    responses.clear();
    assertThat(cache.count()).isZero();
  }

  @Test
  void responses_iteratorRemove_deletes() {
    save(URL);
    String kept = save(URL + "b");
    for (Iterator<CachedResponse> i = cache.responses().values().iterator(); i.hasNext(); ) {
      if (i.next().url().equals(URL)) {
        i.remove();
        assertThatThrownBy(i::remove).isInstanceOf(IllegalStateException.class);
      }
    }
    assertThat(listed(cache.keys())).containsExactly(kept);
    cache.responses().keySet().removeIf(key -> key.equals(kept));
    assertThat(cache.count()).isZero();
  }

  @Test
  void redirects_readsAndWrites_goToTheCache() {
    Map<String, String> redirects = cache.redirects();
    String key = save(URL);
    assertThat(redirects.put("a", "b")).isNull();
    assertThat(redirects.put("a", key)).isEqualTo("b");
    assertThat(redirects.get(key)).isNull();
    assertThat(redirects).hasSize(1).containsEntry("a", key);
    assertThat(cache.getResponse("a")).isPresent();
    assertThat(redirects.remove(key)).isNull();
    assertThat(redirects.remove("a")).isEqualTo(key);
    redirects.put("c", "d");
    redirects.clear();
    assertThat(redirects).isEmpty();
    assertThat(cache.count()).isEqualTo(1);
  }

  @Test
  void toString_manyEntries_listsNothing() {
    save(URL);
    assertThat(cache.responses().toString()).doesNotContain("example");
    List<String> keys = new ArrayList<>(cache.responses().keySet());
    assertThat(keys).hasSize(1);
  }
}
