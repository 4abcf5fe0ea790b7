package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.CacheEvent;
import dev.larder.CacheOptions;
import dev.larder.CacheSettings;
import dev.larder.ClientAccess.Visibility;
import dev.larder.Exchange;
import dev.larder.Recording;
import dev.larder.Step;
import dev.larder.http.Body;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.StoredItem;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.EmbeddedDynamoDbExtension.TableName;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Clients of a table do not wait for it when they store. */
@ExtendWith(EmbeddedDynamoDbExtension.class)
@Timeout(120)
class WriteBehindTest {
  private static final Request REQUEST = Request.get("https://example.org/large");

  private final List<CacheEvent> events = new CopyOnWriteArrayList<>();

  private DynamoDbCache cache(DynamoDbClient client, String table) {
    return DynamoDbCache.builder()
        .tableName(table)
        .client(client)
        .settings(CacheSettings.builder().listener(events::add).build())
        .build();
  }

  private static Exchange exchange(DynamoDbCache cache, Request request) {
    return cache.forClients().exchange(request, CacheOptions.NONE, Visibility.FULL);
  }

  private static void store(DynamoDbCache cache, Request request, byte[] body) {
    Exchange exchange = exchange(cache, request);
    exchange.begin();
    Step step = respond(exchange);
    Recording recording = ((Step.Store) step).recording();
    recording.append(Body.of(body).buffer().orElseThrow());
    recording.complete();
    assertThat(exchange.isStored()).isTrue();
  }

  private static Step respond(Exchange exchange) {
    return exchange.onResponse(200, Headers.of("Cache-Control", "max-age=60"));
  }

  private static Optional<byte[]> lookUp(DynamoDbCache cache, Request request) {
    return exchange(cache, request).begin() instanceof Step.Serve serve
        ? Optional.of(serve.answer().body().bytes())
        : Optional.empty();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @Test
  void store_largeBody_isFoundHereAtOnceAndEverywhereAfterFlush(
      DynamoDbClient client, @TableName String table) {
    byte[] body = random(3_000_000);
    DynamoDbCache cache = cache(client, table);
    cache.prepare();
    store(cache, REQUEST, body);
    assertThat(lookUp(cache, REQUEST)).contains(body);

    cache.flush();

    StoredItem stored =
        cache.storage().read(cache.createKey(REQUEST), ReadOptions.HEAD).orElseThrow();
    assertThat(stored).isInstanceOf(StoredItem.Entry.class);
    assertThat(lookUp(cache(client, table), REQUEST)).contains(body);
    assertThat(events).isEmpty();
  }

  @Test
  void store_thenCount_countsIt(DynamoDbClient client, @TableName String table) {
    DynamoDbCache cache = cache(client, table);
    cache.prepare();
    for (int i = 0; i < 20; i++) {
      store(cache, Request.get("https://example.org/" + i), random(100));
    }
    assertThat(cache.count()).isEqualTo(20);
  }

  @Test
  void close_afterStores_hasWrittenThem(DynamoDbClient client, @TableName String table) {
    DynamoDbCache cache = cache(client, table);
    cache.prepare();
    for (int i = 0; i < 20; i++) {
      store(cache, Request.get("https://example.org/" + i), random(100));
    }
    cache.close();
    assertThat(cache(client, table).count()).isEqualTo(20);
  }

  /** The first to look finds that there is no table, which is then being made. */
  @Test
  void store_noTableYet_isAMissAndLaterOnesAreStored(
      DynamoDbClient client, @TableName String table) {
    DynamoDbCache cache = cache(client, table);
    Exchange first = exchange(cache, REQUEST);
    assertThat(first.begin()).isInstanceOf(Step.Forward.class);
    assertThat(respond(first)).isInstanceOf(Step.Pass.class);
    cache.prepare();
    store(cache, Request.get("https://example.org/b"), random(100));
    cache.flush();
    assertThat(lookUp(cache, Request.get("https://example.org/b"))).isPresent();
  }
}
