package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.dynamodb.DynamoDbCache;
import dev.larder.http.Body;
import dev.larder.http.CachedResponse;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.storage.StorageException;
import dev.larder.testkit.dynamodb.WireFault;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** DynamoDB takes only some items of each batch, or none for a while, in whatever uses batches. */
@Timeout(120)
class PartialBatchesTest {
  private static final int ENTRIES = 60;

  private static FaultBench bench;

  private DynamoDbCache cache;
  private DynamoDbCache other;

  @BeforeAll
  static void openBench() {
    bench = new FaultBench();
  }

  @AfterAll
  static void closeBench() throws Exception {
    bench.close();
    ReliabilityTable.record("batches that are taken in part, or not at all for a while", bench);
  }

  @BeforeEach
  void open() {
    cache = bench.failing(options -> options);
    other = bench.direct(options -> options);
    other.clear();
  }

  @AfterEach
  void close() throws Exception {
    bench.closeClients();
    bench.proxy.reset();
  }

  /** Takes none of the first three, and then at most this many of each. */
  private void atMost(int items, String operation) {
    bench.cases++;
    bench.proxy.next(3, operation, WireFault.partialBatch(0));
    bench.proxy.always(operation, WireFault.partialBatch(items));
  }

  private static Request request(int index) {
    return Request.get("http://example.com/" + index);
  }

  private static byte[] body(int index) {
    return KnownBody.of("/" + index, 1, KnownBody.SMALL);
  }

  private static Response response(int index) {
    return Response.builder()
        .headers(Headers.of("Cache-Control", "max-age=3600"))
        .body(Body.of(body(index)))
        .build();
  }

  private static void fill(HttpCache target) {
    IntStream.range(0, ENTRIES).forEach(i -> target.saveResponse(request(i), response(i)));
  }

  private void assertAllThere() {
    for (int i = 0; i < ENTRIES; i++) {
      bench.requests++;
      CachedResponse found = other.getResponse(request(i)).orElseThrow();
      if (!Arrays.equals(found.body().bytes(), body(i))) {
        bench.wrongBodies++;
      }
    }
    assertThat(other.count()).isEqualTo(ENTRIES);
  }

  @Test
  void update_writesAll() {
    try (InMemoryCache source = InMemoryCache.builder().clock(bench.clock).build()) {
      fill(source);
      atMost(7, "BatchWriteItem");
      cache.update(source);
    }
    assertAllThere();
  }

  @Test
  void bulkDelete_removesAll() {
    fill(other);
    atMost(7, "BatchWriteItem");
    cache.bulkDelete(
        IntStream.range(0, ENTRIES).mapToObj(i -> cache.createKey(request(i))).toList());
    assertThat(other.count()).isZero();
  }

  @Test
  void clear_removesAll() {
    fill(other);
    atMost(7, "BatchWriteItem");
    cache.clear();
    assertThat(other.count()).isZero();
  }

  @Test
  void removeUnusedParts_removesAll() {
    for (int version = 1; version <= 3; version++) {
      other.saveResponse(
          request(0),
          Response.builder().body(Body.of(KnownBody.of("/0", version, KnownBody.LARGE))).build());
    }
    bench.clock.advance(FaultBench.FRESH.plusMinutes(1));
    atMost(3, "BatchWriteItem");
    assertThat(cache.removeUnusedParts()).isEqualTo(2 * KnownBody.LARGE_PARTS);
    assertThat(other.getResponse(request(0)).orElseThrow().body().bytes())
        .isEqualTo(KnownBody.of("/0", 3, KnownBody.LARGE));
  }

  @Test
  void bulkDelete_nothingIsTaken_saysSoAndCanBeRepeated() {
    fill(other);
    List<String> keys =
        IntStream.range(0, ENTRIES).mapToObj(i -> cache.createKey(request(i))).toList();
    bench.cases++;
    bench.proxy.always("BatchWriteItem", WireFault.partialBatch(0));
    assertThatThrownBy(() -> cache.bulkDelete(keys))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(bench.table)
        .hasMessageContaining("unprocessed");
    bench.proxy.reset();
    cache.bulkDelete(keys);
    assertThat(other.count()).isZero();
  }

  /** A client that knows by what a URL varies reads the list and the variant in one batch. */
  @Test
  void lookUp_ofAVariant_isAHitOrAMissAndNeverAnother() {
    List<String> languages = List.of("en", "de", "fr");
    for (String language : languages) {
      bench.clock.advance(Duration.ofMillis(1));
      assertThat(Exchanges.store(cache, variant(language), variantResponse(language))).isTrue();
    }
    for (int items = 0; items <= 2; items++) {
      bench.cases++;
      for (String language : languages) {
        bench.clock.advance(Duration.ofSeconds(10));
        bench.proxy.next("BatchGetItem", WireFault.partialBatch(items));
        bench.requests++;
        byte[] found = Exchanges.lookUp(cache, variant(language)).orElseThrow().body().bytes();
        if (!Arrays.equals(found, KnownBody.of(language, 1, KnownBody.SMALL))) {
          bench.wrongBodies++;
        }
      }
    }
    assertThat(bench.proxy.requests("BatchGetItem")).isGreaterThan(9);

    bench.proxy.always("BatchGetItem", WireFault.partialBatch(0));
    bench.requests++;
    assertThat(Exchanges.lookUp(cache, variant("en"))).isEmpty();
    bench.proxy.reset();
  }

  private static Request variant(String language) {
    return Request.get("http://example.com/").withHeaders(Headers.of("Accept-Language", language));
  }

  private static Response variantResponse(String language) {
    return Response.builder()
        .headers(Headers.of("Vary", "Accept-Language"))
        .body(Body.of(KnownBody.of(language, 1, KnownBody.SMALL)))
        .build();
  }
}
