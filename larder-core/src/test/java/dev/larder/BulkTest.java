package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.PaceTest.FakeWaiter;
import dev.larder.http.EntryFilter;
import dev.larder.http.Expiration;
import dev.larder.http.Request;
import dev.larder.http.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Bulk operations with options, and dry runs of them, over a storage in memory. */
class BulkTest {
  private static final int ENTRIES = 250;
  private static final String URL = "https://example.org/";

  private final TestClock clock = new TestClock();
  private final List<BulkOptions.Progress> told = new ArrayList<>();
  private final BulkOptions telling = BulkOptions.DEFAULT.segments(3).onProgress(told::add);

  private HttpCache cache() {
    return InMemoryCache.builder().clock(clock).build();
  }

  private HttpCache filled() {
    HttpCache cache = cache();
    for (int i = 0; i < ENTRIES; i++) {
      cache.saveResponse(
          Request.get(URL + i),
          Response.builder().status(i % 2 == 0 ? 200 : 404).header("ETag", "\"" + i + '"').build());
    }
    return cache;
  }

  private static Set<String> keys(HttpCache cache) {
    try (Stream<String> keys = cache.keys()) {
      return new HashSet<>(keys.toList());
    }
  }

  @Test
  void delete_withProgress_tellsEntriesAndAnEnd() {
    HttpCache cache = filled();
    assertThat(cache.bulk(telling).delete(EntryFilter.status(404))).isEqualTo(ENTRIES / 2);
    assertThat(cache.count()).isEqualTo(ENTRIES / 2);
    assertThat(told).hasSizeGreaterThan(1);
    assertThat(told.get(told.size() - 1))
        .isEqualTo(new BulkOptions.Progress("1.*.*.*", ENTRIES / 2));
  }

  @Test
  void forEach_failsAnywhere_isTakenUpWhereItStopped() {
    for (int stop = 1; stop <= 6; stop++) {
      HttpCache cache = filled();
      Set<String> seen = new HashSet<>();
      int failAt = stop * 40;
      told.clear();
      List<String> first = new ArrayList<>();
      assertThatThrownBy(
              () ->
                  cache
                      .bulk(telling.segments(1))
                      .forEach(
                          EntryFilter.all(),
                          entry -> {
                            if (first.size() == failAt) {
                              throw new IllegalStateException("stopped");
                            }
                            first.add(entry.key());
                          }))
          .hasMessage("stopped");
      String token = told.get(told.size() - 1).token();
      long rest =
          cache
              .bulk(BulkOptions.DEFAULT.resumeFrom(token))
              .forEach(EntryFilter.all(), entry -> seen.add(entry.key()));
      assertThat(rest).isEqualTo(ENTRIES - failAt);
      assertThat(seen).doesNotContainAnyElementsOf(first).hasSize(ENTRIES - failAt);
    }
  }

  @Test
  void forEach_segments_eachEntryOnce() {
    HttpCache cache = filled();
    Set<String> seen = ConcurrentHashMap.newKeySet();
    long count =
        cache
            .bulk(telling)
            .forEach(EntryFilter.all(), entry -> assertThat(seen.add(entry.key())).isTrue());
    assertThat(count).isEqualTo(ENTRIES);
    assertThat(seen).isEqualTo(keys(cache));
  }

  @Test
  void resetExpiration_withOptions_changesAll() {
    HttpCache cache = filled();
    assertThat(
            cache
                .bulk(telling)
                .resetExpiration(Expiration.after(Duration.ofMinutes(1)), EntryFilter.all()))
        .isEqualTo(ENTRIES);
    clock.advance(Duration.ofMinutes(2));
    assertThat(cache.bulk(telling).removeExpiredResponses()).isEqualTo(ENTRIES);
    assertThat(cache.count()).isZero();
    assertThatThrownBy(
            () -> cache.bulk(telling).resetExpiration(Expiration.doNotCache(), EntryFilter.all()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void markStale_withOptionsOrDry_tellsWhatWasFresh() {
    HttpCache cache = filled();
    cache.resetExpiration(Expiration.after(Duration.ofDays(1)));
    assertThat(cache.dryRun().markStale(EntryFilter.status(404)).entries()).isEqualTo(ENTRIES / 2);
    assertThat(cache.count(EntryFilter.expired())).isZero();
    assertThat(cache.bulk(telling).markStale(EntryFilter.status(404))).isEqualTo(ENTRIES / 2);
    assertThat(cache.dryRun().markStale(EntryFilter.status(404)).entries()).isZero();
    assertThat(cache.count(EntryFilter.expired())).isEqualTo(ENTRIES / 2);
  }

  @Test
  void updateAndClear_withOptions_copyAndRemoveAll() {
    HttpCache from = filled();
    from.redirects().put("alias", "target");
    HttpCache to = cache();
    assertThat(to.bulk(telling).update(from)).isEqualTo(ENTRIES);
    assertThat(keys(to)).isEqualTo(keys(from));
    assertThat(to.redirects()).containsEntry("alias", "target");
    told.clear();
    to.bulk(telling).clear();
    assertThat(to.count()).isZero();
    assertThat(told).containsExactly(new BulkOptions.Progress("1.*.*.*", 0));
    to.bulk(telling.resumeFrom("1.*.*")).update(from);
    assertThat(to.count()).isZero();
  }

  @Test
  void recreateKeys_withSegments_movesAll() {
    HttpCache cache = filled();
    assertThat(cache.bulk(telling).recreateKeys(KeyMigration.DEFAULT))
        .isEqualTo(new RecreatedKeys(0, ENTRIES, 0, 0));
  }

  @Test
  void options_outOfBounds_areRefused() {
    assertThatThrownBy(() -> BulkOptions.DEFAULT.segments(0)).hasMessageContaining("is 0");
    assertThatThrownBy(() -> BulkOptions.DEFAULT.segments(65)).hasMessageContaining("is 65");
    assertThatThrownBy(() -> BulkOptions.DEFAULT.maxReadUnitsPerSecond(0))
        .hasMessageContaining("maxReadUnitsPerSecond");
    assertThatThrownBy(() -> BulkOptions.DEFAULT.maxWriteUnitsPerSecond(-1))
        .hasMessageContaining("maxWriteUnitsPerSecond");
    assertThatThrownBy(() -> cache().bulk(BulkOptions.DEFAULT.resumeFrom("x")).clear())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"x\" is no token");
  }

  @Test
  void limits_overAStorageThatTells_holdItBack() {
    FaultyStorage storage = new FaultyStorage(filled().storage());
    storage.costOfACall = listener -> listener.consumed(1, 25);
    FakeWaiter waiter = new FakeWaiter();
    HttpCache cache = new TestCache(storage, CacheSettings.standard(), clock);
    BulkOptions limited = BulkOptions.DEFAULT.maxWriteUnitsPerSecond(25).waiter(waiter);
    // A listing and ten batches.
    assertThat(cache.bulk(limited).delete(EntryFilter.all())).isEqualTo(ENTRIES);
    assertThat(waiter.waited()).isEqualTo(Duration.ofSeconds(11));
    cache.bulk(limited.maxReadUnitsPerSecond(0.5)).forEach(EntryFilter.all(), entry -> {});
    assertThat(waiter.waited()).isEqualTo(Duration.ofSeconds(11 + 2));
  }

  @Test
  void limits_behindANearCache_areKeptAndItForgets() {
    FaultyStorage storage = new FaultyStorage(filled().storage());
    storage.costOfACall = listener -> listener.consumed(1, 25);
    FakeWaiter waiter = new FakeWaiter();
    CacheSettings near = CacheSettings.builder().nearCacheBytes(1 << 20).build();
    HttpCache cache = new TestCache(storage, near, clock);
    Request request = Request.get(URL + 7);
    assertThat(cache.getResponse(request)).isPresent();
    assertThat(cache.dryRun().delete(EntryFilter.all()).entries()).isEqualTo(ENTRIES);
    assertThat(cache.getResponse(request)).isPresent();
    cache
        .bulk(BulkOptions.DEFAULT.maxWriteUnitsPerSecond(25).waiter(waiter))
        .delete(EntryFilter.all());
    assertThat(waiter.waited()).isEqualTo(Duration.ofSeconds(11));
    assertThat(cache.getResponse(request)).isEmpty();
  }

  @Test
  void dryRun_ofEachOperation_tellsAndChangesNothing() {
    HttpCache cache = filled();
    cache.redirects().put("alias", "target");
    Set<String> before = keys(cache);
    DryRun dry = cache.dryRun();
    BulkEstimate deleted = dry.delete(EntryFilter.status(404));
    assertThat(deleted.entries()).isEqualTo(ENTRIES / 2);
    assertThat(deleted.sample()).hasSize(10).isSubsetOf(before);
    assertThat(dry.clear().entries()).isEqualTo(ENTRIES);
    assertThat(dry.removeExpiredResponses().entries()).isZero();
    assertThat(dry.resetExpiration(Expiration.never(), EntryFilter.all()).entries())
        .isEqualTo(ENTRIES);
    HttpCache other = cache();
    assertThat(other.dryRun().update(cache).entries()).isEqualTo(ENTRIES);
    assertThat(other.count()).isZero();
    assertThat(dry.recreateKeys().entries()).isZero();
    assertThat(keys(cache)).isEqualTo(before);
    assertThat(cache.count(EntryFilter.valid())).isEqualTo(ENTRIES);
    assertThat(cache.redirects()).hasSize(1);
  }

  @Test
  void dryRun_ofRecreateKeys_tellsWhatWouldMove() {
    HttpCache cache = cache();
    cache.saveResponse(
        Request.get(URL), Response.builder().build(), SaveOptions.DEFAULT.key("elsewhere"));
    assertThat(cache.dryRun().recreateKeys().entries()).isOne();
    assertThat(keys(cache)).containsExactly("elsewhere");
    assertThat(cache.recreateKeys().moved()).isOne();
  }

  @Test
  void estimate_atAPrice_isThatOfItsUnits() {
    BulkEstimate estimate = new BulkEstimate(3, List.of("k"), 2, 8e6, 2e6);
    assertThat(estimate.cost(Prices.ON_DEMAND_US_EAST_1)).isEqualTo(2.25);
    assertThat(estimate.toString()).startsWith("3 entries, such as [k]; 2 requests");
  }

  @Test
  void delete_renewedLongAfterItWasListed_stays() {
    HttpCache cache = filled();
    List<Long> times = new ArrayList<>(List.of(0L, 2_000_000_000L));
    BulkOperations operations =
        new BulkOperations(
            cache.storage(),
            1,
            () -> {
              if (times.size() == 1) {
                cache.saveResponse(Request.get(URL + 7), Response.builder().status(404).build());
              }
              return times.remove(0);
            });
    BulkProgress progress = new BulkProgress(BulkOptions.DEFAULT, 1);
    operations.deleteAll(EntryFilter.url(URL + 7).or(EntryFilter.url(URL + 9)), progress);
    assertThat(progress.entries()).isOne();
    assertThat(cache.containsUrl(URL + 7)).isTrue();
    assertThat(cache.containsUrl(URL + 9)).isFalse();
  }
}
