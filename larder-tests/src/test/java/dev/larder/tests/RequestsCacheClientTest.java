package dev.larder.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.dynamodb.DynamoDbCache;
import dev.larder.dynamodb.ItemFormat;
import dev.larder.http.Body;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.jdk.CacheInfo;
import dev.larder.jdk.CachingHttpClient;
import dev.larder.requestscache.RequestsCache;
import dev.larder.testkit.Answer;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.EmbeddedDynamoDbExtension.TableName;
import dev.larder.testkit.ScriptedOrigin;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The client with requests-cache's settings and items does what a session of its does. */
@ExtendWith(EmbeddedDynamoDbExtension.class)
class RequestsCacheClientTest {
  private static HttpResponse<String> get(HttpClient client, ScriptedOrigin origin, String path)
      throws Exception {
    return client.send(HttpRequest.newBuilder(origin.uri(path)).build(), BodyHandlers.ofString());
  }

  private static DynamoDbCache cache(DynamoDbClient dynamo, String table) {
    return DynamoDbCache.builder()
        .client(dynamo)
        .tableName(table)
        .format(ItemFormat.REQUESTS_CACHE)
        .settings(RequestsCache.settingsBuilder().storageTimeout(Duration.ofSeconds(30)).build())
        .build();
  }

  private static HttpClient client(DynamoDbCache cache) {
    return CachingHttpClient.builder(cache)
        .delegate(HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL))
        .build();
  }

  /** ITEMS.md: the target's own item, and the same response with history under the first key. */
  @Test
  void redirect_endOfTheChainIsStoredForItsBeginning(DynamoDbClient dynamo, @TableName String table)
      throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.start();
        DynamoDbCache cache = cache(dynamo, table)) {
      cache.prepare();
      origin.respond("/a", Answer.of(302, Headers.of("Location", "/b"), Body.of("moved")));
      origin.respond("/b", Answer.ok("there"));
      HttpClient client = client(cache);

      assertThat(get(client, origin, "/a").body()).isEqualTo("there");
      // What is stored for the beginning of a chain is found when it is in the table.
      cache.flush();
      HttpResponse<String> hit = get(client, origin, "/a");

      assertThat(hit.body()).isEqualTo("there");
      assertThat(hit.uri()).isEqualTo(origin.uri("/b"));
      assertThat(CacheInfo.of(hit).orElseThrow().fromCache()).isTrue();
      assertThat(get(client, origin, "/b").body()).isEqualTo("there");
      assertThat(origin.requests()).hasSize(2);
      assertThat(cache.count()).isEqualTo(2);
      String first = cache.createKey(Request.get(origin.uri("/a")));
      Map<String, AttributeValue> item =
          dynamo
              .getItem(get -> get.tableName(table).key(Map.of("key", AttributeValue.fromS(first))))
              .item();
      assertThat(item.get("value").m().get("history").l()).hasSize(1);
    }
  }

  /** With its defaults everything with status 200 is kept for ever, whatever the origin says. */
  @Test
  void defaults_onlyStatusCounts(DynamoDbClient dynamo, @TableName String table) throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.start();
        DynamoDbCache cache = cache(dynamo, table)) {
      cache.prepare();
      origin.respond("/x", Answer.ok("x").withHeader("Cache-Control", "no-store, max-age=0"));
      origin.respond("/404", Answer.of(404, Headers.of("Cache-Control", "max-age=60")));
      HttpClient client = client(cache);
      for (String path : new String[] {"/x", "/x", "/404", "/404"}) {
        get(client, origin, path);
      }
      assertThat(origin.requests("/x")).hasSize(1);
      assertThat(origin.requests("/404")).hasSize(2);
      assertThat(CacheInfo.of(get(client, origin, "/x")).orElseThrow().expires()).isEmpty();
    }
  }
}
