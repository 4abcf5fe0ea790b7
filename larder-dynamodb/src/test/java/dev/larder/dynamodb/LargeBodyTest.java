package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.CacheOptions;
import dev.larder.CacheStats;
import dev.larder.ClientAccess.Visibility;
import dev.larder.SaveOptions;
import dev.larder.Step;
import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryFilter;
import dev.larder.http.EntryHead;
import dev.larder.http.Expiration;
import dev.larder.http.LarderException;
import dev.larder.storage.EntryTooLargeException;
import dev.larder.storage.EntryWriter;
import dev.larder.storage.OperationStats;
import dev.larder.storage.Precondition;
import dev.larder.storage.ScanRequest;
import dev.larder.storage.StorageException;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.MutableClock;
import dev.larder.testkit.dynamodb.Faults;
import dev.larder.testkit.dynamodb.StaleReads;
import dev.larder.testkit.dynamodb.TtlSweep;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Bodies in parts, and the hazards listed at {@link Parts}, one test or more for each. */
@ExtendWith(EmbeddedDynamoDbExtension.class)
class LargeBodyTest {
  private static final int PART = 1_000;
  private static final int PARTS = 7;
  private static final byte[] OLD = bytes(1, PART * PARTS - 300);
  private static final byte[] NEW = bytes(2, PART * PARTS - 300);
  private static final Expiration HOUR = Expiration.after(Duration.ofHours(1));

  private final MutableClock clock = MutableClock.at(Entries.START);
  private DynamoDbClient client;
  private String table;
  private DynamoDbCache cache;

  @BeforeEach
  void open(DynamoDbClient embedded, @EmbeddedDynamoDbExtension.TableName String unique) {
    client = embedded;
    table = unique;
    cache = options(client).build();
    cache.prepare();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 101, PART - 1, PART, PART + 1, 3 * PART, 20 * PART + 1})
  void body_ofAnyLength_comesBackWholeEitherWayItIsRead(int length) throws IOException {
    byte[] body = bytes(length, length);
    for (boolean streamed : new boolean[] {false, true}) {
      DynamoDbCache reader = options(client).prefetchLimit(streamed ? 0 : 1 << 20).build();
      EntryHead head = save(cache, body, HOUR);
      assertThat(head.length()).isEqualTo(length);
      CachedResponse read = reader.getResponse("k").orElseThrow();
      assertThat(read.body().length()).isEqualTo(length);
      assertThat(read.body().bytes()).isEqualTo(body);
      try (InputStream in = read.body().open()) {
        assertThat(in.readAllBytes()).isEqualTo(body);
        assertThat(in.read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void body_withTheDefaults_mayHaveMegabytes() throws IOException {
    DynamoDbCache usual =
        DynamoDbCache.builder().tableName(table).client(client).clock(clock).build();
    byte[] body = bytes(3, 5_000_000);
    try (EntryWriter writer =
        usual.storage().write(Entries.cached(1, 1).head(), Precondition.none())) {
      for (int i = 0; i < body.length; i += 10_007) {
        writer.write(ByteBuffer.wrap(body, i, Math.min(10_007, body.length - i)));
      }
      assertThat(writer.commit().published()).isTrue();
    }
    assertThat(parts()).hasSize(20);
    assertThat(parts()).allSatisfy(item -> assertThat(ItemSize.of(item)).isLessThan(256 << 10));
    Body read = usual.getResponse("key-1").orElseThrow().body();
    assertThat(read.bytes()).isEqualTo(body);
    try (InputStream in = read.open()) {
      assertThat(in.readAllBytes()).isEqualTo(body);
    }
  }

  @Test
  void renewal_ofALargeEntry_writesItsHeadOnly() {
    DynamoDbCache usual =
        DynamoDbCache.builder().tableName(table).client(client).clock(clock).build();
    EntryHead head = save(usual, bytes(4, 10_000_000), HOUR);
    CacheStats before = usual.stats();
    assertThat(usual.storage().update(head)).isTrue();
    assertThat(usual.resetExpiration(Expiration.after(Duration.ofHours(2)))).isOne();
    assertThat(usual.markStale(EntryFilter.all())).isOne();
    OperationStats cost = usual.stats().minus(before).of("UpdateItem");
    assertThat(cost.requests()).isEqualTo(3);
    assertThat(cost.writeUnits()).isEqualTo(3);
  }

  @Test
  void tornWrite_failureAtAnyStep_leavesOldOrNewComplete() {
    int writes = PARTS + 1;
    for (int step = 1; step <= writes; step++) {
      for (boolean sent : new boolean[] {false, true}) {
        save(cache, OLD, HOUR);
        Faults faults = Faults.of(client);
        faults.beforeCall(
            step,
            "PutItem",
            () -> {
              if (sent) {
                faults.loseAnswers(1, "PutItem", Faults::serverError);
              } else {
                faults.failNext(1, "PutItem", Faults::throttled);
              }
            });
        DynamoDbCache failing = options(faults.client()).build();
        assertThatThrownBy(() -> save(failing, NEW, HOUR)).isInstanceOf(StorageException.class);
        byte[] found = cache.getResponse("k").orElseThrow().body().bytes();
        assertThat(found).isEqualTo(Arrays.equals(found, OLD) ? OLD : NEW);
        assertThat(Arrays.equals(found, NEW) && !(step == writes && sent)).isFalse();
        assertThat(cache.count()).isOne();
      }
    }
  }

  @Test
  void tornRead_entryReplacedHalfWay_theOldBodyGoesOnToItsEnd() throws IOException {
    save(cache, OLD, HOUR);
    Body body = options(client).prefetchLimit(0).build().getResponse("k").orElseThrow().body();
    try (InputStream in = body.open()) {
      byte[] begin = in.readNBytes(10);
      save(cache, NEW, HOUR);
      assertThat(begin).isEqualTo(Arrays.copyOf(OLD, 10));
      assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(OLD, 10, OLD.length));
    }
    assertThat(cache.getResponse("k").orElseThrow().body().bytes()).isEqualTo(NEW);
    assertThat(body.bytes()).isEqualTo(OLD);
  }

  @Test
  void partNotThereYet_isReadStrongly() {
    StaleReads stale = StaleReads.of(client);
    save(options(stale.client()).build(), OLD, HOUR);
    DynamoDbCache reader = options(stale.client()).consistentReads(true).build();
    assertThat(stale.lagging()).isEqualTo(PARTS + 1);
    assertThat(reader.getResponse("k").orElseThrow().body().bytes()).isEqualTo(OLD);
  }

  @Test
  void lostPart_failsAtOnceAndRemovesTheEntry() {
    for (int index = 0; index < PARTS; index++) {
      save(cache, OLD, HOUR);
      losePart(index);
      Body body = cache.getResponse("k").orElseThrow().body();
      assertThatThrownBy(body::open)
          .isInstanceOf(LarderException.class)
          .hasMessageContaining("part " + index + " of " + PARTS)
          .hasMessageContaining("\"k\"")
          .hasMessageContaining(table);
      assertThat(cache.getResponse("k")).isEmpty();
      assertThat(cache.count()).isZero();
      cache.clear();
    }
  }

  @Test
  void lostPart_ofALongBody_breaksTheStreamAndNeverEndsIt() throws IOException {
    DynamoDbCache reader = options(client).prefetchLimit(0).build();
    for (int index = 1; index < PARTS; index++) {
      save(cache, OLD, HOUR);
      losePart(index);
      Body body = reader.getResponse("k").orElseThrow().body();
      try (InputStream in = body.open()) {
        assertThat(in.readNBytes(index * PART)).isEqualTo(Arrays.copyOf(OLD, index * PART));
        assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessageContaining("\"k\"");
        assertThatThrownBy(in::read).isInstanceOf(IOException.class);
      }
      assertThat(reader.getResponse("k")).isEmpty();
      cache.clear();
    }
  }

  @Test
  void lostPart_ofAClient_isAMiss() {
    cache.saveResponse(Entries.request(1), Entries.response(Body.of(OLD)));
    losePart(3);
    assertThat(
            cache
                .forClients()
                .exchange(Entries.request(1), CacheOptions.NONE, Visibility.FULL)
                .begin())
        .isInstanceOf(Step.Forward.class);
    assertThat(cache.contains(Entries.request(1))).isFalse();
  }

  @Test
  void lostPart_entryReplacedMeanwhile_theNewOneStays() {
    save(cache, OLD, HOUR);
    Body old = cache.getResponse("k").orElseThrow().body();
    losePart(2);
    save(cache, NEW, HOUR);
    assertThatThrownBy(old::bytes)
        .isInstanceOf(LarderException.class)
        .hasMessageContaining("replaced or removed");
    assertThat(cache.getResponse("k").orElseThrow().body().bytes()).isEqualTo(NEW);
  }

  @Test
  void lostPart_entryReplacedAtThatMoment_theNewOneStays() {
    save(cache, OLD, HOUR);
    losePart(2);
    Faults faults = Faults.of(client);
    faults.beforeCall(1, "DeleteItem", () -> save(cache, NEW, HOUR));
    Body old = options(faults.client()).build().getResponse("k").orElseThrow().body();
    assertThatThrownBy(old::bytes).isInstanceOf(LarderException.class);
    assertThat(faults.calls("DeleteItem")).isOne();
    assertThat(cache.getResponse("k").orElseThrow().body().bytes()).isEqualTo(NEW);
  }

  @ParameterizedTest
  @ValueSource(strings = {"body", "index", "k", "digest", "length"})
  void damagedPart_countsAsMissing(String attribute) {
    save(cache, OLD, HOUR);
    AttributeValue wrong =
        switch (attribute) {
          case "body" -> AttributeValue.fromB(SdkBytes.fromByteArray(new byte[PART]));
          case "k" -> AttributeValue.fromS("entry");
          case "digest" -> AttributeValue.fromS("?");
          default -> AttributeValue.fromN("5");
        };
    client.updateItem(
        r ->
            r.tableName(table)
                .key(TableGateway.keyOf(part(4)))
                .updateExpression("SET #a = :wrong")
                .expressionAttributeNames(Map.of("#a", attribute))
                .expressionAttributeValues(Map.of(":wrong", wrong)));
    Body body = cache.getResponse("k").orElseThrow().body();
    assertThatThrownBy(body::bytes).isInstanceOf(LarderException.class);
    assertThat(cache.getResponse("k")).isEmpty();
  }

  @Test
  void renewals_longerThanTheReserve_neverLeaveAnEntryWithoutItsBody() {
    EntryHead head = save(cache, OLD, Expiration.after(Duration.ofDays(3)));
    int days = 0;
    while (cache.getResponse("k").isPresent()) {
      TtlSweep.sweep(client, table, clock.instant());
      assertThat(cache.getResponse("k").orElseThrow().body().bytes()).isEqualTo(OLD);
      assertThat(
              cache
                  .storage()
                  .update(
                      head.toBuilder()
                          .retainUntil(Optional.of(clock.instant().plus(Duration.ofDays(10))))
                          .build()))
          .isTrue();
      clock.advance(Duration.ofDays(1));
      days++;
    }
    // 3 days of freshness, 7 to be renewed in, and the reserve.
    assertThat(days).isBetween(40, 41);
    clock.advance(Parts.GRACE.plusSeconds(2));
    TtlSweep.sweep(client, table, clock.instant());
    assertThat(client.scan(r -> r.tableName(table)).items()).isEmpty();
  }

  @Test
  void renewal_toForEver_endsWithTheParts() {
    for (boolean ttl : new boolean[] {true, false}) {
      EntryHead head = save(cache, OLD, HOUR);
      EntryHead forEver =
          head.toBuilder().expires(Optional.empty()).retainUntil(Optional.empty()).build();
      assertThat(options(client).ttl(ttl).build().storage().update(forEver)).isTrue();
      assertThat(cache.getResponse("k").orElseThrow().head().retainUntil())
          .contains(head.retainUntil().orElseThrow().plus(Parts.RESERVE));
    }
  }

  @Test
  void renewal_ofAnEntryKeptForEver_isNotLimited() {
    EntryHead head = save(cache, OLD, Expiration.never());
    var later = clock.instant().plus(Duration.ofDays(300));
    assertThat(cache.storage().update(head.toBuilder().retainUntil(Optional.of(later)).build()))
        .isTrue();
    clock.set(later.minusSeconds(1));
    TtlSweep.sweep(client, table, clock.instant());
    assertThat(cache.getResponse("k").orElseThrow().body().bytes()).isEqualTo(OLD);
  }

  @Test
  void abandonedParts_haveATimeToLiveOrAreDeleted() {
    for (Expiration expiration : List.of(HOUR, Expiration.never())) {
      EntryHead head = save(cache, OLD, expiration);
      try (EntryWriter writer = cache.storage().write(head, Precondition.none())) {
        writer.write(ByteBuffer.wrap(NEW));
      }
      assertThat(cache.storage().write(head, Body.of(NEW), Precondition.absent()).published())
          .isFalse();
      assertThat(cache.getResponse("k").orElseThrow().body().bytes()).isEqualTo(OLD);
      if (head.retainUntil().isPresent()) {
        assertThat(parts()).hasSizeGreaterThan(2 * PARTS);
        assertThat(parts()).allSatisfy(item -> assertThat(item).containsKey("ttl"));
        cache.clear();
      } else {
        assertThat(parts()).hasSize(PARTS);
      }
    }
  }

  @Test
  void unusedParts_ofEntriesKeptForEver_areFoundAndRemoved() {
    DynamoDbCache other = options(client).namespace("other").build();
    save(cache, OLD, Expiration.never());
    save(cache, NEW, Expiration.never());
    save(other, OLD, Expiration.never());
    other.delete("k");
    assertThat(cache.removeUnusedParts()).isZero();
    clock.advance(PartsCollector.YOUNG.plusSeconds(1));
    assertThat(parts()).hasSize(3 * PARTS);
    assertThat(cache.removeUnusedParts()).isEqualTo(PARTS);
    assertThat(cache.getResponse("k").orElseThrow().body().bytes()).isEqualTo(NEW);
    assertThat(other.removeUnusedParts()).isEqualTo(PARTS);
    assertThat(parts()).hasSize(PARTS);
    assertThat(cache.removeUnusedParts()).isZero();
  }

  @Test
  void unusedParts_namespaceThatBeginsLikeAPart_areItsOwnMatter() {
    DynamoDbCache other = options(client).namespace("prod").build();
    save(other, OLD, Expiration.never());
    clock.advance(PartsCollector.YOUNG.plusSeconds(1));
    assertThat(cache.removeUnusedParts()).isZero();
    assertThat(other.getResponse("k").orElseThrow().body().bytes()).isEqualTo(OLD);
  }

  @Test
  void listings_knowNothingOfParts() {
    save(cache, OLD, HOUR);
    assertThat(cache.count()).isOne();
    CacheStats before = cache.stats();
    assertThat(cache.count()).isOne();
    try (Stream<String> keys = cache.keys()) {
      assertThat(keys).containsExactly("k");
    }
    try (Stream<CacheEntry> entries =
        cache.storage().scan(ScanRequest.of(EntryFilter.all()).withBodies())) {
      CacheEntry entry = entries.findFirst().orElseThrow();
      assertThat(entry.head().length()).isEqualTo(OLD.length);
      assertThat(entry.storedSize()).isEqualTo(ItemSize.of(item("k")));
    }
    try (Stream<CacheEntry> invalid = cache.filter(EntryFilter.invalid())) {
      assertThat(invalid).isEmpty();
    }
    assertThat(cache.stats().of("GetItem")).isEqualTo(before.of("GetItem"));
  }

  @Test
  void clear_removesTheNamespacesOwnParts() {
    DynamoDbCache other = options(client).namespace("other").build();
    save(cache, OLD, HOUR);
    save(other, NEW, HOUR);
    cache.clear();
    assertThat(parts()).hasSize(PARTS);
    assertThat(other.getResponse("k").orElseThrow().body().bytes()).isEqualTo(NEW);
    other.clear();
    assertThat(client.scan(r -> r.tableName(table)).items()).isEmpty();
  }

  @Test
  void delete_makesTheEntryAbsentAndLeavesItsPartsToTheirTime() {
    save(cache, OLD, HOUR);
    assertThat(cache.delete("k")).isOne();
    assertThat(cache.getResponse("k")).isEmpty();
    assertThat(cache.count()).isZero();
    clock.advance(Duration.ofDays(60));
    TtlSweep.sweep(client, table, clock.instant());
    assertThat(client.scan(r -> r.tableName(table)).items()).isEmpty();
  }

  @Test
  void tooLarge_isRefusedBeforeAnythingIsSent() {
    DynamoDbCache small = options(client).maxBodyBytes(2 * PART).build();
    assertThatThrownBy(() -> save(small, OLD, HOUR))
        .isInstanceOf(EntryTooLargeException.class)
        .hasMessageContaining("2000");
    assertThat(small.storage().maxBodyBytes()).isEqualTo(2 * PART);
    assertThat(small.stats().operations()).isEmpty();
    save(cache, OLD, HOUR);
    assertThatThrownBy(() -> small.getResponse("k").orElseThrow().body().open())
        .isInstanceOf(LarderException.class)
        .hasMessageContaining("maxBodyBytes");
  }

  @Test
  void options_outOfBounds_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DynamoDbCache.builder().maxBodyBytes(0))
        .withMessageContaining("maxBodyBytes must be between 1 and 1073741824, but is 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DynamoDbCache.builder().inlineBodyLimit(245_761));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DynamoDbCache.builder().prefetchLimit(-1));
  }

  private DynamoDbCache.Builder options(DynamoDbClient using) {
    return DynamoDbCache.builder()
        .tableName(table)
        .client(using)
        .clock(clock)
        .segments(1)
        .inlineBodyLimit(100)
        .partBytes(PART);
  }

  private static EntryHead save(DynamoDbCache into, byte[] body, Expiration expiration) {
    return into.saveResponse(
            Entries.request(1),
            Entries.response(Body.of(body)),
            SaveOptions.DEFAULT.key("k").expiration(expiration))
        .orElseThrow();
  }

  private void losePart(int index) {
    client.deleteItem(r -> r.tableName(table).key(TableGateway.keyOf(part(index))));
  }

  /** The key of a part of the only body there is. */
  private String part(int index) {
    return parts().stream()
        .map(TableGateway::keyOf)
        .filter(key -> key.endsWith(":" + index))
        .findFirst()
        .orElseThrow();
  }

  private List<Map<String, AttributeValue>> parts() {
    return client.scanPaginator(r -> r.tableName(table)).items().stream()
        .filter(item -> Attributes.text(item, "k").equals(Optional.of("part")))
        .toList();
  }

  private Map<String, AttributeValue> item(String key) {
    return client
        .getItem(r -> r.tableName(table).key(TableGateway.keyOf(key)).consistentRead(true))
        .item();
  }

  private static byte[] bytes(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
