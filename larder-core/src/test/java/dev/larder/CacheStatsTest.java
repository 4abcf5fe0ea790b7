package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.ClientAccess.Visibility;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.storage.Latencies;
import dev.larder.storage.OperationStats;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What is counted, and what it costs. */
class CacheStatsTest {
  private static final Request GET = Request.get("https://example.org/a");
  private static final Response BODY =
      Response.builder().header("ETag", "\"1\"").body("body").build();

  private final TestClock clock = new TestClock();
  private HttpCache cache = cache(settings -> {});

  private HttpCache cache(Consumer<CacheSettings.Builder> change) {
    CacheSettings.Builder settings = CacheSettings.builder();
    change.accept(settings);
    return new TestCache(new FaultyStorage(clock), settings.build(), clock);
  }

  private Exchange begun(Request request, CacheOptions options) {
    Exchange exchange = cache.forClients().exchange(request, options, Visibility.FULL);
    exchange.begin();
    return exchange;
  }

  private ClientStats clients() {
    return cache.stats().clients();
  }

  private static ClientStats stats(long hits, long stale, long revalidated, long misses) {
    return new ClientStats(hits, stale, revalidated, misses, 0, 0, 0, 0, 0, Map.of());
  }

  @Test
  void clients_missThenHit_countedWithWhatIsStored() {
    assertThat(Exchanges.store(cache, GET, BODY)).isTrue();
    ClientStats afterMiss = clients();
    assertThat(afterMiss).isEqualTo(new ClientStats(0, 0, 0, 1, 0, 0, 0, 1, 0, Map.of()));
    assertThat(Exchanges.lookUp(cache, GET)).isPresent();
    assertThat(clients().minus(afterMiss)).isEqualTo(stats(1, 0, 0, 0));
    assertThat(clients().requests()).isEqualTo(2);
  }

  @Test
  void clients_confirmedByTheOrigin_isRevalidated() {
    Exchanges.store(cache, GET, BODY);
    clock.advance(Duration.ofHours(2));
    ClientStats before = clients();
    Exchanges.send(cache, GET).answer(Response.builder().status(304).build());
    assertThat(clients().minus(before)).isEqualTo(stats(0, 0, 1, 0));
  }

  @Test
  void clients_originFails_isStaleOrAMiss() {
    cache = cache(settings -> settings.staleIfError(Duration.ofDays(1)));
    Exchanges.store(cache, GET, BODY);
    clock.advance(Duration.ofHours(2));
    ClientStats before = clients();
    assertThat(begun(GET, CacheOptions.NONE).onFailure(new IOException("down"))).isPresent();
    assertThat(begun(GET, CacheOptions.NONE).onResponse(503, Headers.empty()))
        .isInstanceOf(Step.Serve.class);
    assertThat(clients().minus(before)).isEqualTo(stats(0, 2, 0, 0));
    Request other = Request.get("https://example.org/b");
    assertThat(begun(other, CacheOptions.NONE).onFailure(new IOException("down"))).isEmpty();
    assertThat(clients().minus(before)).isEqualTo(stats(0, 2, 0, 1));
  }

  @Test
  void clients_staleWhileRevalidate_theRefreshIsNoRequestOfACaller() {
    cache = cache(settings -> settings.staleWhileRevalidate(Duration.ofDays(1)));
    Exchanges.store(cache, GET, BODY);
    clock.advance(Duration.ofHours(2));
    ClientStats before = clients();
    Exchange caller = begun(GET, CacheOptions.NONE);
    Exchange refresh = caller.refresh().orElseThrow();
    refresh.beginRefresh();
    refresh.onResponse(304, Headers.of("Cache-Control", "max-age=60"));
    refresh.settle();
    assertThat(clients().minus(before))
        .isEqualTo(new ClientStats(0, 1, 0, 0, 0, 0, 1, 0, 0, Map.of()));
  }

  @Test
  void clients_notForTheCache_isBypassed() {
    Exchanges.invalidate(cache, URI.create("https://example.org/a"));
    begun(GET, CacheOptions.builder().disabled(true).build()).onResponse(200, Headers.empty());
    assertThat(clients()).isEqualTo(new ClientStats(0, 0, 0, 0, 2, 0, 0, 0, 0, Map.of()));
  }

  @Test
  void clients_onlyIfCachedAndNothingThere_isAMiss() {
    begun(GET, CacheOptions.builder().onlyIfCached(true).build());
    assertThat(clients()).isEqualTo(stats(0, 0, 0, 1));
  }

  @Test
  void clients_whoFollowAnother_areHitsAndCollapsed() {
    Exchanges.UnderWay leader = Exchanges.send(cache, GET);
    Exchange follower = cache.forClients().exchange(GET, CacheOptions.NONE, Visibility.FULL);
    assertThat(follower.begin()).isInstanceOf(Step.Follow.class);
    leader.answer(BODY);
    Exchanges.await(() -> Exchanges.followers(cache) == 0);
    ClientStats before = clients();
    assertThat(follower.resume()).isInstanceOf(Step.Serve.class);
    assertThat(clients().minus(before))
        .isEqualTo(new ClientStats(1, 0, 0, 0, 0, 1, 0, 0, 0, Map.of()));
  }

  @Test
  void clients_whatIsNotStored_isSkippedWithItsEvent() {
    cache = cache(settings -> settings.maxBodyBytes(3));
    assertThat(Exchanges.store(cache, GET, BODY)).isFalse();
    Exchange announced = begun(GET, CacheOptions.NONE);
    announced.onResponse(200, Headers.of("Cache-Control", "max-age=60", "Content-Length", "10"));
    assertThat(clients())
        .isEqualTo(
            new ClientStats(0, 0, 0, 2, 0, 0, 0, 0, 2, Map.of(CacheEvent.Type.TOO_LARGE, 2L)));
  }

  @Test
  void clients_brokenOffOrRefusedByTheFilter_isSkipped() {
    cache = cache(settings -> settings.responseFilter(response -> false));
    Exchanges.store(cache, GET, BODY);
    Step step =
        begun(GET, CacheOptions.NONE).onResponse(200, Headers.of("Cache-Control", "max-age=60"));
    ((Step.Store) step).recording().append(ByteBuffer.wrap(new byte[3]));
    ((Step.Store) step).recording().drop();
    assertThat(clients()).isEqualTo(new ClientStats(0, 0, 0, 2, 0, 0, 0, 0, 2, Map.of()));
  }

  @Test
  void clients_storageFails_isAMissAndAnEvent() {
    FaultyStorage storage = new FaultyStorage(clock);
    cache = new TestCache(storage, CacheSettings.standard(), clock);
    storage.readsFail = true;
    Exchanges.store(cache, GET, BODY);
    // What could not be read is left alone.
    assertThat(clients())
        .isEqualTo(
            new ClientStats(0, 0, 0, 1, 0, 0, 0, 0, 0, Map.of(CacheEvent.Type.READ_FAILED, 1L)));
    storage.readsFail = false;
    storage.writesFail = true;
    Exchanges.store(cache, GET, BODY);
    assertThat(clients())
        .isEqualTo(
            new ClientStats(
                0,
                0,
                0,
                2,
                0,
                0,
                0,
                0,
                1,
                Map.of(CacheEvent.Type.READ_FAILED, 1L, CacheEvent.Type.WRITE_FAILED, 1L)));
    assertThat(clients().toString()).contains("2 misses", "1 skipped", "1 READ_FAILED");
  }

  private static OperationStats operation(long requests, double readUnits, double writeUnits) {
    return new OperationStats(requests, 0, 0, 0, readUnits, writeUnits, 0, 0, Latencies.NONE);
  }

  private static CacheStats of(Map<String, OperationStats> operations) {
    return new CacheStats(operations, ClientStats.NONE);
  }

  @Test
  void cost_atAPrice_isThatOfAllUnits() {
    CacheStats stats = of(Map.of("Scan", operation(1, 8e6, 0), "PutItem", operation(2, 0, 2e6)));
    assertThat(stats.cost(Prices.ON_DEMAND_US_EAST_1)).isEqualTo(1.0 + 1.25);
    assertThat(stats.cost(new Prices(0, 0, 0))).isZero();
    assertThat(stats.total()).isEqualTo(operation(3, 8e6, 2e6));
    assertThat(Prices.ON_DEMAND_US_EAST_1.ofStorage(4L << 30)).isEqualTo(1.0);
  }

  @Test
  void prices_noPrice_isRefused() {
    assertThatThrownBy(() -> new Prices(-1, 0, 0)).hasMessageContaining("readsPerMillion");
    assertThatThrownBy(() -> new Prices(0, Double.NaN, 0)).hasMessageContaining("writesPerMillion");
    assertThatThrownBy(() -> new Prices(0, 0, Double.POSITIVE_INFINITY))
        .hasMessageContaining("storagePerGigabyteMonth");
  }

  @Test
  void plusAndMinus_byOperation_areEachOthersReverse() {
    CacheStats one = of(Map.of("Scan", operation(1, 2, 0)));
    CacheStats other = of(Map.of("Scan", operation(2, 3, 0), "PutItem", operation(1, 0, 1)));
    assertThat(one.plus(other).minus(one)).isEqualTo(other);
    assertThat(one.plus(other).minus(other)).isEqualTo(one);
    assertThat(one.minus(one)).isEqualTo(CacheStats.NONE);
    assertThat(one.of("PutItem")).isEqualTo(OperationStats.NONE);
  }

  @Test
  void toString_isALineForEach() {
    assertThat(of(Map.of("Scan", operation(1, 2, 0))).toString().lines())
        .hasSize(2)
        .last()
        .asString()
        .startsWith("Scan: 1 requests (0 retries, 0 failed, 0 throttled), 2.0 read and 0.0 write");
  }
}
