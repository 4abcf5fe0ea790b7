package dev.larder.requestscache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.CacheOptions;
import dev.larder.ClientAccess.Visibility;
import dev.larder.Exchange;
import dev.larder.InMemoryCache;
import dev.larder.Step;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Variants of a URL lie where requests-cache looks for them: it knows no directories. */
class VariantsTest {
  private final InMemoryCache cache =
      InMemoryCache.builder().settings(RequestsCache.settings()).build();

  private static Request request(String language) {
    return Request.get("http://h/a").withHeaders(Headers.of("Accept-Language", language));
  }

  private Exchange exchange(Request request) {
    return cache.forClients().exchange(request, CacheOptions.NONE, Visibility.FULL);
  }

  private void store(String language) {
    Exchange exchange = exchange(request(language));
    assertThat(exchange.begin()).isInstanceOf(Step.Forward.class);
    Step step = exchange.onResponse(200, Headers.of("Vary", "Accept-Language"));
    exchange.settle();
    Step.Store store = (Step.Store) step;
    store.recording().append(StandardCharsets.UTF_8.encode(language));
    store.recording().complete();
    assertThat(exchange.isStored()).isTrue();
  }

  private String answer(String language) {
    Step step = exchange(request(language)).begin();
    return step instanceof Step.Serve serve
        ? serve.answer().body().text(StandardCharsets.UTF_8)
        : "asks the origin";
  }

  @Test
  void secondVariant_liesUnderAKeyOfItsOwn_bothAreFound() {
    store("en");
    store("fr");
    assertThat(answer("en")).isEqualTo("en");
    assertThat(answer("fr")).isEqualTo("fr");
    assertThat(answer("de")).isEqualTo("asks the origin");
    try (var keys = cache.keys()) {
      assertThat(keys).hasSize(2).contains(cache.createKey(request("en")));
    }
  }

  @Test
  void head_isAnotherRequest() {
    store("en");
    Request get = request("en");
    Request head = new Request("HEAD", get.uri(), get.headers(), get.body());
    assertThat(exchange(head).begin()).isInstanceOf(Step.Forward.class);
  }
}
