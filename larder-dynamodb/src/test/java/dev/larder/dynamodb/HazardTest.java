package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.SaveOptions;
import dev.larder.embedded.EmbeddedDynamoDb;
import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryFilter;
import dev.larder.http.EntryHead;
import dev.larder.http.Expiration;
import dev.larder.http.Response;
import dev.larder.serial.Serializers;
import dev.larder.storage.Precondition;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.StorageException;
import dev.larder.storage.StoredItem;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.MutableClock;
import dev.larder.testkit.dynamodb.Faults;
import dev.larder.testkit.dynamodb.StaleReads;
import dev.larder.testkit.dynamodb.TtlSweep;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The hazards listed at {@link DynamoDbStorage}, one test or more for each. */
@ExtendWith(EmbeddedDynamoDbExtension.class)
class HazardTest {
  private final MutableClock clock = MutableClock.at(Entries.START);
  private DynamoDbClient client;
  private String table;
  private DynamoDbCache cache;

  @BeforeEach
  void open(DynamoDbClient embedded, @EmbeddedDynamoDbExtension.TableName String unique) {
    client = embedded;
    table = unique;
    cache = cache(client);
    cache.prepare();
  }

  @Test
  void ghostItem_entrySweptBeforeItsUpdate_staysGone() {
    EntryHead head = save("k", "body", Expiration.after(Duration.ofHours(1)));
    clock.advance(Duration.ofDays(30));
    assertThat(TtlSweep.sweep(client, table, clock.instant())).isOne();
    assertThat(
            cache
                .storage()
                .update(
                    head.toBuilder()
                        .expires(Optional.empty())
                        .retainUntil(Optional.empty())
                        .build()))
        .isFalse();
    assertThat(itemCount()).isZero();
  }

  @Test
  void ghostItem_sweptDuringResetExpiration_isNotBroughtBack() {
    save("k", "body", Expiration.after(Duration.ofHours(1)));
    Faults faults = Faults.of(client);
    faults.beforeCall(
        1,
        "UpdateItem",
        () -> client.deleteItem(r -> r.tableName(table).key(TableGateway.keyOf("k"))));
    assertThat(cache(faults.client()).resetExpiration(Expiration.never())).isZero();
    assertThat(itemCount()).isZero();
  }

  @Test
  void mixedEntry_updateForAnOlderVersion_isRefused() {
    EntryHead first = save("k", "first", Expiration.after(Duration.ofHours(1)));
    save("k", "second", Expiration.never());
    assertThat(cache.storage().update(first)).isFalse();
    assertThat(cache.getResponse("k").orElseThrow().expires()).isEmpty();
  }

  @Test
  void mixedEntry_replacedDuringResetExpiration_theNewOneIsReset() {
    save("k", "first", Expiration.after(Duration.ofHours(1)));
    Faults faults = Faults.of(client);
    faults.beforeCall(
        1, "UpdateItem", () -> save("k", "second", Expiration.after(Duration.ofHours(2))));
    assertThat(cache(faults.client()).resetExpiration(Expiration.never())).isOne();
    assertThat(text("k")).isEqualTo("second");
    assertThat(cache.getResponse("k").orElseThrow().expires()).isEmpty();
  }

  @Test
  void becomingNeverExpiring_timeToLiveIsRemoved() {
    save("k", "body", Expiration.after(Duration.ofHours(1)));
    assertThat(cache.resetExpiration(Expiration.never())).isOne();
    clock.advance(Duration.ofDays(1000));
    assertThat(TtlSweep.sweep(client, table, clock.instant())).isZero();
    assertThat(text("k")).isEqualTo("body");
  }

  @Test
  void unsweptItem_pastItsTime_isAbsentAndCanBeWrittenOver() {
    EntryHead old = save("k", "old", Expiration.after(Duration.ofSeconds(10)));
    clock.advance(Duration.ofDays(30));
    assertThat(itemCount()).isOne();
    assertThat(cache.getResponse("k")).isEmpty();
    assertThat(cache.contains("k")).isFalse();
    assertThat(cache.count()).isZero();
    assertThat(cache.storage().update(old)).isFalse();
    assertThat(cache.storage().write(old, Body.of("new"), Precondition.absent()).published())
        .isTrue();
  }

  @Test
  void ttlOff_nothingIsEverPastItsTime() {
    DynamoDbCache withoutTtl =
        DynamoDbCache.builder().tableName(table).client(client).clock(clock).ttl(false).build();
    withoutTtl.saveResponse(
        Entries.request(1),
        Entries.response("body"),
        SaveOptions.DEFAULT.key("k").expiration(Expiration.after(Duration.ofSeconds(1))));
    clock.advance(Duration.ofDays(1000));
    assertThat(TtlSweep.sweep(client, table, clock.instant())).isZero();
    assertThat(withoutTtl.getResponse("k").orElseThrow().isExpired(clock.instant())).isTrue();
  }

  @Test
  void readAfterWrite_replicasLagBehind_ownWritesAreSeen() {
    StaleReads stale = StaleReads.of(client);
    DynamoDbCache writer = cache(stale.client());
    save(writer, "k", "one", Expiration.never());
    assertThat(writer.getResponse("k").orElseThrow().body().text(StandardCharsets.UTF_8))
        .isEqualTo("one");
    assertThat(writer.contains("k")).isTrue();
    assertThat(writer.storage().readAll(List.of("k", "other"), ReadOptions.DEFAULT))
        .containsOnlyKeys("k");
    assertThat(writer.delete("k")).isOne();
    assertThat(writer.getResponse("k")).isEmpty();
    assertThat(writer.contains("k")).isFalse();
  }

  @Test
  void readAfterWrite_byAnotherProcess_mayLagUnlessReadsAreConsistent() {
    StaleReads stale = StaleReads.of(client);
    save(cache(stale.client()), "k", "one", Expiration.never());
    assertThat(cache(stale.client()).getResponse("k")).isEmpty();
    DynamoDbCache consistent =
        DynamoDbCache.builder()
            .tableName(table)
            .client(stale.client())
            .clock(clock)
            .consistentReads(true)
            .build();
    assertThat(consistent.getResponse("k")).isPresent();
    stale.catchUp();
    assertThat(cache(stale.client()).getResponse("k")).isPresent();
  }

  @Test
  void readAfterWrite_whenReplicasHaveHadTime_isEventualAgain() {
    save("k", "one", Expiration.never());
    double before = cache.stats().total().readUnits();
    cache.getResponse("k");
    clock.advance(RecentWrites.WINDOW);
    cache.getResponse("k");
    assertThat(cache.stats().total().readUnits() - before).isEqualTo(1.0 + 0.5);
  }

  @Test
  void lostAnswer_ofAConditionalWrite_countsAsPublished(EmbeddedDynamoDb dynamo) {
    try (FaultyHttp http = new FaultyHttp();
        DynamoDbClient faulty =
            dynamo.configure(DynamoDbClient.builder()).httpClient(http).build()) {
      http.loseAnswer("PutItem");
      assertThat(
              cache(faulty)
                  .saveResponse(
                      Entries.request(1), Entries.response("body"), SaveOptions.DEFAULT.ifNewer()))
          .isPresent();
      assertThat(cache.getResponse(Entries.request(1))).isPresent();
    }
  }

  @Test
  void lostAnswer_ofARemoval_thePolledEntryIsDelivered(EmbeddedDynamoDb dynamo) {
    save("k", "body", Expiration.never());
    try (FaultyHttp http = new FaultyHttp();
        DynamoDbClient faulty =
            dynamo.configure(DynamoDbClient.builder()).httpClient(http).build()) {
      http.loseAnswer("DeleteItem");
      assertThat(cache(faulty).pollEntry().orElseThrow().key()).isEqualTo("k");
      assertThat(cache(faulty).pollEntry()).isEmpty();
    }
  }

  @Test
  void anothersItem_ofAMapOnTheSameTable_isNeitherSeenNorTouched() {
    try (DynamoDbMap<String> map =
        DynamoDbMap.builder(Serializers.string()).tableName(table).client(client).build()) {
      map.put("k", "the map's");
      assertThat(cache.getResponse("k")).isEmpty();
      assertThat(cache.count()).isZero();
      for (SaveOptions options :
          List.of(SaveOptions.DEFAULT.key("k"), SaveOptions.DEFAULT.key("k").ifNewer())) {
        assertThatThrownBy(
                () -> cache.saveResponse(Entries.request(1), Entries.response("x"), options))
            .isInstanceOf(StorageException.class)
            .hasMessageContaining("DynamoDbMap")
            .hasMessageContaining("keyPrefix");
      }
      cache.clear();
      assertThat(map).containsEntry("k", "the map's");
    }
  }

  @Test
  void lateBody_entryReplacedAfterListing_failsInsteadOfMixing() {
    save("k", "first", Expiration.never());
    CacheEntry listed;
    try (Stream<CacheEntry> entries = cache.filter(EntryFilter.all())) {
      listed = entries.findFirst().orElseThrow();
    }
    assertThat(listed.open().body().text(StandardCharsets.UTF_8)).isEqualTo("first");
    save("k", "second", Expiration.never());
    assertThatThrownBy(() -> listed.open().body().bytes())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("\"k\"")
        .hasMessageContaining("replaced");
  }

  @Test
  void deletion_whileAResponseIsOnItsWay_holdsItBack() {
    Response onItsWay = Response.builder().requested(clock.instant()).body("old").build();
    clock.advance(Duration.ofSeconds(1));
    assertThat(cache.deleteUrl(Entries.url(1))).isZero();
    assertThat(cache.saveResponse(Entries.request(1), onItsWay, SaveOptions.DEFAULT.ifNewer()))
        .isEmpty();
    clock.advance(Duration.ofSeconds(1));
    Response later = Response.builder().requested(clock.instant()).body("new").build();
    assertThat(cache.saveResponse(Entries.request(1), later, SaveOptions.DEFAULT.ifNewer()))
        .isPresent();
  }

  @Test
  void slowResponse_requestedBeforeTheStoredOne_doesNotReplaceIt() {
    Response slow = Response.builder().requested(clock.instant()).body("slow").build();
    clock.advance(Duration.ofSeconds(1));
    Response fast = Response.builder().requested(clock.instant()).body("fast").build();
    assertThat(cache.saveResponse(Entries.request(1), fast, SaveOptions.DEFAULT.ifNewer()))
        .isPresent();
    assertThat(cache.saveResponse(Entries.request(1), slow, SaveOptions.DEFAULT.ifNewer()))
        .isEmpty();
    assertThat(
            cache
                .storage()
                .read(cache.createKey(Entries.request(1)), ReadOptions.DEFAULT)
                .orElseThrow())
        .isInstanceOfSatisfying(
            StoredItem.Entry.class,
            item ->
                assertThat(item.entry().open().body().text(StandardCharsets.UTF_8))
                    .isEqualTo("fast"));
  }

  private DynamoDbCache cache(DynamoDbClient using) {
    return DynamoDbCache.builder().tableName(table).client(using).clock(clock).segments(1).build();
  }

  private EntryHead save(String key, String body, Expiration expiration) {
    return save(cache, key, body, expiration);
  }

  private static EntryHead save(
      DynamoDbCache into, String key, String body, Expiration expiration) {
    return into.saveResponse(
            Entries.request(1),
            Entries.response(body),
            SaveOptions.DEFAULT.key(key).expiration(expiration))
        .orElseThrow();
  }

  private String text(String key) {
    return cache.getResponse(key).orElseThrow().body().text(StandardCharsets.UTF_8);
  }

  private int itemCount() {
    return client.scan(r -> r.tableName(table).consistentRead(true)).count();
  }
}
