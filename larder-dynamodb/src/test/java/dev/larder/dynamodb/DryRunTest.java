package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.larder.BulkEstimate;
import dev.larder.BulkOptions;
import dev.larder.CacheSettings;
import dev.larder.CacheStats;
import dev.larder.DryRun;
import dev.larder.KeyMigration;
import dev.larder.SaveOptions;
import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryFilter;
import dev.larder.http.Expiration;
import dev.larder.storage.OperationStats;
import dev.larder.storage.Precondition;
import dev.larder.storage.ResponseStorage;
import dev.larder.storage.ScanRequest;
import dev.larder.storage.StorageException;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.EmbeddedDynamoDbExtension.TableName;
import dev.larder.testkit.MutableClock;
import dev.larder.testkit.dynamodb.RequestLog;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What dry runs tell, against what the same operation then consumes. */
@ExtendWith(EmbeddedDynamoDbExtension.class)
class DryRunTest {
  private static final int ENTRIES = 60;

  private final MutableClock clock = MutableClock.at(Entries.START);
  private DynamoDbClient client;
  private RequestLog log;
  private String table;
  private DynamoDbCache cache;

  @BeforeEach
  void fill(DynamoDbClient embedded, @TableName String name) {
    client = embedded;
    table = name;
    log = RequestLog.of(embedded);
    cache = open(CacheSettings.standard(), name);
    cache.prepare();
    for (int i = 0; i < ENTRIES; i++) {
      save(i, 500 + 97 * i);
    }
    // One compressed, and one in parts.
    cache.saveResponse(Entries.request(1_000), Entries.response(Body.of(Entries.issues(20))));
    save(1_001, 600_000);
    settle();
  }

  /** What was written is read eventually, and the next operation need not ask for purges. */
  private void settle() {
    clock.advance(RecentWrites.WINDOW);
    assertThat(cache.count()).isPositive();
    log.reset();
  }

  private DynamoDbCache open(CacheSettings settings, String name) {
    return DynamoDbCache.builder()
        .tableName(name)
        .client(log.client())
        .clock(clock)
        .settings(settings)
        .segments(2)
        .build();
  }

  private void save(int number, int bytes) {
    byte[] body = new byte[bytes];
    new Random(number).nextBytes(body);
    cache.saveResponse(
        Entries.request(number),
        Entries.response(Body.of(body)),
        SaveOptions.DEFAULT.expiration(Expiration.after(Duration.ofHours(1 + number % 3))));
  }

  /** Nothing but reads since the last time. */
  private void assertNothingWritten() {
    Set<String> operations =
        log.calls().stream().map(RequestLog.Call::operation).collect(Collectors.toSet());
    assertThat(operations).isNotEmpty().isSubsetOf("Scan", "GetItem", "BatchGetItem");
    log.reset();
  }

  private void assertForetold(BulkEstimate estimate, DynamoDbCache of, Runnable operation) {
    assertNothingWritten();
    CacheStats before = of.stats();
    operation.run();
    OperationStats spent = of.stats().minus(before).total();
    assertThat(estimate.requests()).isEqualTo(spent.requests());
    assertThat(estimate.readUnits()).isEqualTo(spent.readUnits());
    assertThat(estimate.writeUnits()).isEqualTo(spent.writeUnits());
    log.reset();
  }

  @Test
  void delete_someOrAll_isForetoldExactly() {
    EntryFilter some = EntryFilter.urlPrefix(Entries.request(1).uri().toString());
    assertForetold(cache.dryRun().delete(some), cache, () -> cache.delete(some));
    EntryFilter negated = EntryFilter.status(404).not();
    BulkEstimate rest = cache.dryRun().delete(negated);
    assertThat(rest.entries()).isEqualTo(cache.count());
    assertThat(rest.sample()).hasSize(10);
    assertForetold(rest, cache, () -> cache.delete(negated));
    assertThat(cache.count()).isZero();
  }

  @Test
  void removeExpiredResponses_isForetoldExactly() {
    clock.advance(Duration.ofMinutes(90));
    settle();
    BulkEstimate estimate = cache.dryRun().removeExpiredResponses();
    assertThat(estimate.entries()).isPositive().isEqualTo(cache.count(EntryFilter.expired()));
    assertForetold(estimate, cache, cache::removeExpiredResponses);
  }

  @Test
  void resetExpiration_isForetoldExactly() {
    Expiration day = Expiration.after(Duration.ofDays(1));
    BulkEstimate estimate = cache.dryRun().resetExpiration(day, EntryFilter.all());
    assertThat(estimate.entries()).isEqualTo(ENTRIES + 2);
    assertForetold(estimate, cache, () -> cache.resetExpiration(day));
  }

  @Test
  void markStale_isForetoldExactly() {
    BulkEstimate estimate = cache.dryRun().markStale(EntryFilter.all());
    assertThat(estimate.entries()).isEqualTo(ENTRIES + 2);
    assertForetold(estimate, cache, () -> cache.markStale(EntryFilter.all()));
  }

  @Test
  void clear_isForetoldExactlyWithPartsAndMarkers() {
    cache.redirects().put("alias", "target");
    settle();
    BulkEstimate estimate = cache.dryRun().clear();
    assertThat(estimate.entries()).isEqualTo(ENTRIES + 2);
    assertForetold(estimate, cache, cache::clear);
    assertThat(client.scan(r -> r.tableName(table)).count()).isZero();
  }

  @Test
  void update_isForetoldExactly(@TableName String other) {
    DynamoDbCache copy = open(CacheSettings.standard(), other);
    copy.prepare();
    settle();
    assertThat(copy.count()).isZero();
    log.reset();
    BulkEstimate estimate = copy.dryRun().update(cache);
    assertThat(estimate.entries()).isEqualTo(ENTRIES + 2);
    assertNothingWritten();
    CacheStats before = copy.stats().plus(cache.stats());
    assertThat(copy.update(cache)).isEqualTo(ENTRIES + 2);
    OperationStats spent = copy.stats().plus(cache.stats()).minus(before).total();
    assertThat(estimate.requests()).isEqualTo(spent.requests());
    assertThat(estimate.readUnits()).isEqualTo(spent.readUnits());
    assertThat(estimate.writeUnits()).isEqualTo(spent.writeUnits());
  }

  @Test
  void recreateKeys_isForetoldToAFewUnits() {
    CacheSettings matching = CacheSettings.builder().matchHeaders(List.of("Accept")).build();
    DynamoDbCache changed = open(matching, table);
    BulkEstimate estimate = changed.dryRun().recreateKeys();
    assertThat(estimate.entries()).isEqualTo(ENTRIES + 2);
    assertNothingWritten();
    CacheStats before = changed.stats();
    assertThat(changed.recreateKeys(KeyMigration.DEFAULT).moved()).isEqualTo(ENTRIES + 2);
    OperationStats spent = changed.stats().minus(before).total();
    // A scan may come upon what it has moved itself.
    assertThat((double) estimate.requests())
        .isCloseTo((double) spent.requests(), within(spent.requests() * 0.5));
    assertThat(estimate.writeUnits()).isCloseTo(spent.writeUnits(), within(10.0));
  }

  @Test
  void metered_everyOperation_tellsWhatTheStatisticsSay() {
    DoubleAdder reads = new DoubleAdder();
    DoubleAdder writes = new DoubleAdder();
    ResponseStorage metered =
        cache
            .storage()
            .metered(
                (readUnits, writeUnits) -> {
                  reads.add(readUnits);
                  writes.add(writeUnits);
                });
    CacheStats before = cache.stats();
    try (Stream<CacheEntry> entries =
        metered.scan(ScanRequest.of(EntryFilter.all()).withBodies())) {
      entries.map(CacheEntry::open).forEach(response -> response.body().bytes());
    }
    String key = cache.createKey(Entries.request(7));
    metered.removeAll(List.of(key, cache.createKey(Entries.request(8))));
    assertThat(metered.remove(key, Precondition.version("none"))).isFalse();
    OperationStats spent = cache.stats().minus(before).total();
    assertThat(reads.sum()).isPositive().isEqualTo(spent.readUnits());
    assertThat(writes.sum()).isPositive().isEqualTo(spent.writeUnits());
    // What the view has written, the cache reads strongly.
    before = cache.stats();
    assertThat(cache.getResponse(key)).isEmpty();
    assertThat(cache.stats().minus(before).total().readUnits()).isOne();
  }

  @Test
  void operations_onAMissingTable_tellNothingAndCreateNone(@TableName String missing) {
    String other = missing + "-other";
    try (DynamoDbCache none = open(CacheSettings.standard(), missing);
        DynamoDbCache source = open(CacheSettings.standard(), other)) {
      DryRun dry = none.dryRun();
      List<BulkEstimate> estimates =
          List.of(
              dry.delete(EntryFilter.host("a.example")),
              dry.removeExpiredResponses(),
              dry.clear(),
              dry.resetExpiration(Expiration.never(), EntryFilter.all()),
              dry.markStale(EntryFilter.all()),
              dry.update(source),
              dry.recreateKeys());
      assertThat(estimates)
          .allSatisfy(
              estimate -> {
                assertThat(estimate.entries()).isZero();
                assertThat(estimate.requests()).isZero();
                assertThat(estimate.writeUnits()).isZero();
              });
      assertThat(dry.update(cache).entries()).isEqualTo(ENTRIES + 2);
    }
    assertThat(client.listTablesPaginator().tableNames())
        .contains(table)
        .doesNotContain(missing, other);
  }

  @Test
  void delete_onAMissingTableThatWouldNotBeCreated_failsAsTheOperationWould(
      @TableName String missing) {
    DynamoDbCache none =
        DynamoDbCache.builder().tableName(missing).client(client).createTable(false).build();
    assertThatThrownBy(() -> none.dryRun().delete(EntryFilter.all()))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("does not exist");
  }

  @Test
  void limits_ofADryRun_areForReadsOnly() {
    BulkEstimate estimate =
        cache
            .dryRun(BulkOptions.DEFAULT.segments(1).maxWriteUnitsPerSecond(0.001))
            .delete(EntryFilter.all());
    assertThat(estimate.writeUnits()).isGreaterThan(ENTRIES);
    assertNothingWritten();
  }
}
