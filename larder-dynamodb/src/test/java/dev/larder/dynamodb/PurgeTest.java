package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryFilter;
import dev.larder.http.EntryHead;
import dev.larder.http.Expiration;
import dev.larder.http.Response;
import dev.larder.serial.Serializers;
import dev.larder.storage.OperationStats;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.MutableClock;
import dev.larder.testkit.dynamodb.Faults;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Purging a namespace by one write, seen by the process that does it and by others. */
@ExtendWith(EmbeddedDynamoDbExtension.class)
class PurgeTest {
  private final MutableClock clock = MutableClock.at(Entries.START);
  private DynamoDbClient client;
  private String table;
  private DynamoDbCache here;
  private DynamoDbCache there;

  @BeforeEach
  void open(DynamoDbClient embedded, @EmbeddedDynamoDbExtension.TableName String unique) {
    client = embedded;
    table = unique;
    here = builder().build();
    there = builder().build();
    here.prepare();
  }

  private DynamoDbCache.Builder builder() {
    return DynamoDbCache.builder().tableName(table).client(client).clock(clock).segments(2);
  }

  private static void save(DynamoDbCache cache, int... indexes) {
    for (int index : indexes) {
      cache.saveResponse(Entries.request(index), Entries.response("body " + index));
    }
  }

  private static OperationStats cost(DynamoDbCache cache, String operation) {
    return cache.stats().of(operation);
  }

  @Test
  void purge_manyEntries_isOneWrite() {
    save(here, 1, 2, 3);
    clock.advance(Duration.ofSeconds(1));
    OperationStats before = cost(here, "UpdateItem");
    Set<String> others = new HashSet<>(here.stats().operations().keySet());
    others.add("UpdateItem");
    here.purge();
    OperationStats purge = cost(here, "UpdateItem").minus(before);
    assertThat(purge.requests()).isOne();
    assertThat(purge.writeUnits()).isEqualTo(1);
    assertThat(here.stats().operations().keySet()).isEqualTo(others);
  }

  @Test
  void purge_inTheSameCache_hidesEverythingAtOnce() {
    save(here, 1, 2, 3);
    String key = here.createKey(Entries.request(1));
    here.purge();
    assertThat(here.getResponse(Entries.request(1))).isEmpty();
    assertThat(here.contains(key)).isFalse();
    assertThat(here.containsUrl(Entries.url(2))).isFalse();
    assertThat(here.count()).isZero();
    assertThat(here.count(EntryFilter.host("api.example.org"))).isZero();
    assertThat(here.responses()).doesNotContainKey(key);
    assertThat(here.resetExpiration(Expiration.never())).isZero();
    assertThat(here.delete(EntryFilter.valid())).isZero();
    assertThat(here.pollEntry()).isEmpty();
    try (Stream<String> keys = here.keys();
        Stream<CacheEntry> entries = here.filter(EntryFilter.all());
        Stream<String> urls = here.urls()) {
      assertThat(keys).isEmpty();
      assertThat(entries).isEmpty();
      assertThat(urls).isEmpty();
    }
  }

  @Test
  void purge_thenStoring_findsWhatCameAfter() {
    save(here, 1, 2);
    here.purge();
    clock.advance(Duration.ofMillis(1));
    save(here, 2, 3);
    assertThat(here.count()).isEqualTo(2);
    assertThat(here.getResponse(Entries.request(2))).isPresent();
    assertThat(here.getResponse(Entries.request(1))).isEmpty();
    try (Stream<String> keys = here.keys()) {
      assertThat(keys)
          .containsExactlyInAnyOrder(
              here.createKey(Entries.request(2)), here.createKey(Entries.request(3)));
    }
  }

  @Test
  void purge_ofAnotherProcess_isKnownAfterFiveSecondsOfLookingUp() {
    save(here, 1);
    assertThat(there.getResponse(Entries.request(1))).isPresent();
    here.purge();
    clock.advance(NamespaceState.INTERVAL.minusMillis(1));
    assertThat(there.getResponse(Entries.request(1))).isPresent();
    clock.advance(Duration.ofMillis(1));
    assertThat(there.getResponse(Entries.request(1))).isEmpty();
    assertThat(there.contains(Entries.request(1))).isFalse();
    assertThat(there.count()).isZero();
  }

  @Test
  void purge_beforeAnotherProcessStarts_isKnownToItsFirstLookUp() {
    save(here, 1);
    here.purge();
    clock.advance(Duration.ofDays(1));
    assertThat(there.getResponse(Entries.request(1))).isEmpty();
    DynamoDbCache lister = builder().build();
    assertThat(lister.count(EntryFilter.all())).isZero();
  }

  @Test
  void lookUps_whenAskingIsDue_areOneRequestAllTheSame() {
    save(here, 1);
    for (int i = 0; i < 3; i++) {
      assertThat(there.getResponse(Entries.request(1))).isPresent();
      assertThat(there.getResponse(Entries.request(1))).isPresent();
      clock.advance(NamespaceState.INTERVAL);
    }
    assertThat(cost(there, "BatchGetItem").requests()).isEqualTo(3);
    assertThat(cost(there, "GetItem").requests()).isEqualTo(3);
  }

  /** Another cache of the same table, that has asked once, over a client with faults. */
  private DynamoDbCache known(Faults faults) {
    DynamoDbCache cache = builder().client(faults.client()).build();
    assertThat(cache.getResponse(Entries.request(1))).isPresent();
    clock.advance(NamespaceState.INTERVAL);
    return cache;
  }

  @Test
  void lookUpsAndListings_whileAListingHangsAsking_doNotWaitForIt() throws Exception {
    here.purge();
    clock.advance(Duration.ofSeconds(1));
    save(here, 1);
    Faults faults = Faults.of(client);
    DynamoDbCache cache = known(faults);
    CountDownLatch answer = new CountDownLatch(1);
    CompletableFuture<Long> hanging = hanging(cache, faults, answer);
    try {
      assertThat(async(cache::count)).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(1L);
      assertThat(async(() -> cache.getResponse(Entries.request(1))))
          .succeedsWithin(Duration.ofSeconds(10))
          .matches(Optional::isPresent);
      // The look-up has asked along.
      assertThat(cost(cache, "BatchGetItem").requests()).isEqualTo(2);
    } finally {
      answer.countDown();
    }
    assertThat(hanging).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(1L);
  }

  @Test
  void listing_whileTheFirstAskingHangs_asksByItself() {
    save(here, 1);
    here.purge();
    Faults faults = Faults.of(client);
    DynamoDbCache cache = builder().client(faults.client()).build();
    CountDownLatch answer = new CountDownLatch(1);
    CompletableFuture<Long> hanging = hanging(cache, faults, answer);
    try {
      assertThat(async(cache::count)).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(0L);
    } finally {
      answer.countDown();
    }
    assertThat(hanging).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(0L);
  }

  /** A listing that has asked for the state, and is not answered before the latch is open. */
  private static CompletableFuture<Long> hanging(
      DynamoDbCache cache, Faults faults, CountDownLatch answer) {
    CountDownLatch asking = new CountDownLatch(1);
    faults.beforeCall(
        1,
        "GetItem",
        () -> {
          asking.countDown();
          await(answer);
        });
    CompletableFuture<Long> listing = async(cache::count);
    await(asking);
    return listing;
  }

  /** On a thread of its own: the common pool may have one only, which a hanging call holds. */
  private static <T> CompletableFuture<T> async(Supplier<T> call) {
    return CompletableFuture.supplyAsync(call, task -> new Thread(task, "caller").start());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void lookUp_onlyTheStateLeftUnprocessed_doesWithoutItAndAsksASecondLater() {
    save(here, 1);
    Faults faults = Faults.of(client);
    DynamoDbCache cache = known(faults);
    here.purge();
    faults.reset();
    faults.partialBatches(2, "BatchGetItem", 1);
    assertThat(cache.getResponse(Entries.request(1))).isPresent();
    assertThat(faults.calls("BatchGetItem")).isOne();
    // Not every look-up asks meanwhile.
    clock.advance(Duration.ofSeconds(1).minusMillis(1));
    assertThat(cache.getResponse(Entries.request(1))).isPresent();
    assertThat(faults.calls("BatchGetItem")).isOne();
    clock.advance(Duration.ofMillis(1));
    assertThat(cache.getResponse(Entries.request(1))).isPresent();
    assertThat(faults.calls("BatchGetItem")).isEqualTo(2);
    clock.advance(Duration.ofSeconds(1));
    assertThat(cache.getResponse(Entries.request(1))).isEmpty();
    assertThat(faults.calls("BatchGetItem")).isEqualTo(3);
  }

  @Test
  void lookUp_stateLeftUnprocessedAndUnknownOrOld_repeats() {
    save(here, 1);
    here.purge();
    Faults faults = Faults.of(client);
    faults.partialBatches(1, "BatchGetItem", 1);
    DynamoDbCache first = builder().client(faults.client()).build();
    assertThat(first.getResponse(Entries.request(1))).isEmpty();
    assertThat(faults.calls("BatchGetItem")).isEqualTo(2);

    clock.advance(Duration.ofSeconds(1));
    save(here, 1);
    assertThat(first.getResponse(Entries.request(1))).isPresent();
    here.purge();
    clock.advance(NamespaceState.WRITE_INTERVAL);
    faults.partialBatches(1, "BatchGetItem", 1);
    assertThat(first.getResponse(Entries.request(1))).isEmpty();
  }

  @Test
  void purge_responseRequestedBeforeAndStoredAfter_isVoid() {
    Response late = Response.builder().requested(clock.instant()).body("late").build();
    clock.advance(Duration.ofSeconds(1));
    here.purge();
    clock.advance(Duration.ofSeconds(1));
    here.saveResponse(Entries.request(1), late);
    assertThat(here.getResponse(Entries.request(1))).isEmpty();
    assertThat(here.count()).isZero();
  }

  @Test
  void purge_entryRenewedByAProcessThatDoesNotKnowYet_staysVoid() {
    save(here, 1);
    EntryHead head = there.getResponse(Entries.request(1)).orElseThrow().head();
    here.purge();
    clock.advance(Duration.ofSeconds(2));
    assertThat(there.storage().update(head.toBuilder().requested(clock.instant()).build()))
        .isTrue();
    assertThat(here.getResponse(Entries.request(1))).isEmpty();
    assertThat(here.count()).isZero();
  }

  @Test
  void purge_oneNamespace_leavesTheOthers() {
    DynamoDbCache a = builder().namespace("a").build();
    DynamoDbCache b = builder().namespace("b").build();
    save(here, 1);
    save(a, 1);
    save(b, 1);
    a.purge();
    clock.advance(NamespaceState.INTERVAL);
    assertThat(a.count()).isZero();
    assertThat(b.getResponse(Entries.request(1))).isPresent();
    assertThat(here.getResponse(Entries.request(1))).isPresent();
    assertThat(builder().namespace("a").build().getResponse(Entries.request(1))).isEmpty();
    here.purge();
    assertThat(here.count()).isZero();
    assertThat(b.count()).isOne();
  }

  @Test
  void purge_byAProcessWhoseClockIsBehind_doesNotUndoALaterOne() {
    save(here, 1);
    here.purge();
    DynamoDbCache behind = builder().clock(MutableClock.at(Entries.START.minusSeconds(60))).build();
    behind.purge();
    assertThat(behind.getResponse(Entries.request(1))).isEmpty();
    assertThat(builder().build().getResponse(Entries.request(1))).isEmpty();
  }

  @Test
  void clear_afterAPurge_keepsItsTrace() {
    for (String namespace : new String[] {"", "team"}) {
      DynamoDbCache cache = builder().namespace(namespace).build();
      Response late = Response.builder().requested(clock.instant()).body("late").build();
      cache.purge();
      cache.clear();
      DynamoDbCache fresh = builder().namespace(namespace).build();
      fresh.saveResponse(Entries.request(1), late);
      assertThat(fresh.getResponse(Entries.request(1))).as(namespace).isEmpty();
    }
  }

  @Test
  void purge_entriesOfASerializer_areVoid() {
    DynamoDbCache cache = builder().serializer(Serializers.json()).build();
    save(cache, 1);
    cache.purge();
    assertThat(cache.getResponse(Entries.request(1))).isEmpty();
    assertThat(cache.count()).isZero();
    clock.advance(Duration.ofSeconds(1));
    save(cache, 2);
    assertThat(cache.count()).isOne();
  }

  @Test
  void purge_undecodableItemWithoutATime_staysToBeRemoved() {
    client.putItem(
        r ->
            r.tableName(table)
                .item(
                    Map.of(
                        "key", AttributeValue.fromS("odd"),
                        "created", AttributeValue.fromS("1999"))));
    here.purge();
    assertThat(here.count()).isOne();
    assertThat(here.count(EntryFilter.invalid())).isOne();
    assertThat(here.removeExpiredResponses()).isOne();
    assertThat(here.count()).isZero();
  }

  @Test
  void purge_requestsCacheItem_isVoidByItsTime() {
    DynamoDbCache python = builder().format(ItemFormat.REQUESTS_CACHE).build();
    save(python, 1, 2);
    // As Python leaves it: without our attributes beside the value.
    String key = python.createKey(Entries.request(1));
    client.updateItem(
        r ->
            r.tableName(table)
                .key(Map.of("key", AttributeValue.fromS(key)))
                .updateExpression("REMOVE #k, #requested, #created")
                .expressionAttributeNames(
                    Map.of("#k", "k", "#requested", "requested", "#created", "created")));
    assertThat(python.getResponse(key)).isPresent();
    python.purge();
    assertThat(python.getResponse(key)).isEmpty();
    assertThat(python.count()).isZero();
  }

  @Test
  void update_ofAnotherCachesOlderEntries_leavesThemVoid() {
    here.purge();
    EntryHead old =
        EntryHead.builder("old", Entries.request(1), Entries.START.minusSeconds(60))
            .retainUntil(Optional.of(Entries.START.plusSeconds(600)))
            .build();
    here.responses().put("old", new CachedResponse(old, Body.of("old")));
    assertThat(here.getResponse("old")).isEmpty();
  }
}
