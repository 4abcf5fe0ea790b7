package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.CacheStats;
import dev.larder.SaveOptions;
import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.Expiration;
import dev.larder.http.LarderException;
import dev.larder.storage.OperationStats;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.StoredItem;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.MutableClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** An entry and the parts of its body are read in one trip once it is known where they are. */
@ExtendWith(EmbeddedDynamoDbExtension.class)
class RememberedPartsTest {
  private static final byte[] OLD = bytes(1, 100_000);
  private static final byte[] NEW = bytes(2, 90_000);
  private static final String KEY = "k";

  private final MutableClock clock = MutableClock.at(Entries.START);
  private DynamoDbClient client;
  private String table;
  private DynamoDbCache cache;
  private DynamoDbCache other;

  @BeforeEach
  void open(DynamoDbClient embedded, @EmbeddedDynamoDbExtension.TableName String unique) {
    client = embedded;
    table = unique;
    cache = open();
    other = open();
    cache.prepare();
  }

  private DynamoDbCache open() {
    return DynamoDbCache.builder()
        .tableName(table)
        .client(client)
        .clock(clock)
        .partBytes(30_000)
        .build();
  }

  @Test
  void hit_again_isOneRequestForTheSameUnits() {
    save(other, OLD);
    OperationStats first = cost(() -> assertThat(read()).isEqualTo(OLD));
    assertThat(first.requests()).isEqualTo(5);

    for (int times = 0; times < 3; times++) {
      OperationStats again = cost(() -> assertThat(read()).isEqualTo(OLD));
      assertThat(again.requests()).isOne();
      assertThat(again.readUnits()).isEqualTo(first.readUnits());
    }
  }

  @Test
  void hit_replacedByAnotherProcess_isTheNewOneAndTheNextIsOneRequestAgain() {
    save(other, OLD);
    read();
    save(other, NEW);

    OperationStats wrong = cost(() -> assertThat(read()).isEqualTo(NEW));
    OperationStats right = cost(() -> assertThat(read()).isEqualTo(NEW));

    assertThat(right.requests()).isOne();
    // The old parts were read for nothing.
    assertThat(wrong.readUnits()).isBetween(right.readUnits() + 10, right.readUnits() + 15);
  }

  @Test
  void hit_replacedByAnotherProcessWithAShortBody_isThat() {
    save(other, OLD);
    read();
    save(other, new byte[] {1});

    assertThat(read()).containsExactly(1);
  }

  @Test
  void hit_deletedByAnotherProcess_isNone() {
    save(other, OLD);
    read();
    other.delete(KEY);

    assertThat(cache.getResponse(KEY)).isEmpty();
  }

  @Test
  void hit_partLost_failsAndRemovesTheEntry() {
    save(other, OLD);
    read();
    String lost =
        client.scan(scan -> scan.tableName(table)).items().stream()
            .map(TableGateway::keyOf)
            .filter(key -> !key.equals(KEY))
            .findFirst()
            .orElseThrow();
    client.deleteItem(delete -> delete.tableName(table).key(TableGateway.keyOf(lost)));

    assertThatThrownBy(this::read).isInstanceOf(LarderException.class).hasMessageContaining("part");
    assertThat(other.getResponse(KEY)).isEmpty();
  }

  /** Its origin is about to be asked, and may send another body. */
  @Test
  void look_expired_doesNotReadTheParts() {
    save(other, OLD);
    read();
    clock.advance(Duration.ofHours(2));

    assertThat(cost(() -> cache.getResponse(KEY)).readUnits()).isEqualTo(0.5);
  }

  @Test
  void look_bodyNotRead_readsThePartsForNothingOnce() {
    save(other, OLD);
    read();

    assertThat(cost(() -> cache.getResponse(KEY)).readUnits()).isGreaterThan(10);
    assertThat(cost(() -> cache.getResponse(KEY)).readUnits()).isEqualTo(0.5);
  }

  @Test
  void contains_remembered_readsTheHeadOnly() {
    save(other, OLD);
    read();

    assertThat(cost(() -> assertThat(cache.contains(KEY)).isTrue()).readUnits()).isEqualTo(0.5);
  }

  /** The entry is read strongly then; its parts, which never change, are not. */
  @Test
  void hit_justWrittenByThisProcess_doesNotPayTwiceForTheParts() {
    save(other, OLD);
    double usual = cost(this::read).readUnits();
    cache.saveResponse(
        Entries.request(1),
        Entries.response(Body.of(NEW)),
        SaveOptions.DEFAULT.key(KEY).expiration(Expiration.after(Duration.ofHours(1))));

    assertThat(cost(this::read).readUnits()).isLessThanOrEqualTo(usual + 1);
    assertThat(cost(this::read).readUnits()).isLessThanOrEqualTo(usual + 1);
  }

  @Test
  void hit_longBody_isReadAsBefore() {
    byte[] body = bytes(3, (1 << 20) + 1);
    DynamoDbCache usual =
        DynamoDbCache.builder().tableName(table).client(client).clock(clock).build();
    save(other, body);
    for (int times = 0; times < 2; times++) {
      CacheStats before = usual.stats();
      assertThat(usual.getResponse(KEY).orElseThrow().body().bytes()).isEqualTo(body);
      assertThat(usual.stats().minus(before).total().requests()).isEqualTo(35 + 1);
    }
  }

  @Test
  void readAll_severalEntries_isOneRequest() {
    save(other, OLD);
    save(other, "k2", NEW);
    List<String> keys = List.of(KEY, "k2", "absent");
    cost(() -> openAll(keys));

    assertThat(cost(() -> openAll(keys)).requests()).isOne();
    assertThat(cost(() -> openAll(keys)).requests()).isOne();
  }

  private void openAll(List<String> keys) {
    Map<String, StoredItem> items = cache.storage().readAll(keys, ReadOptions.DEFAULT);
    assertThat(items).containsOnlyKeys(KEY, "k2");
    assertThat(body(items.get(KEY))).isEqualTo(OLD);
    assertThat(body(items.get("k2"))).isEqualTo(NEW);
  }

  private static byte[] body(@Nullable StoredItem item) {
    CacheEntry entry = ((StoredItem.Entry) Objects.requireNonNull(item)).entry();
    return entry.open().body().bytes();
  }

  private byte[] read() {
    return cache.getResponse(KEY).orElseThrow().body().bytes();
  }

  private void save(DynamoDbCache to, byte[] body) {
    save(to, KEY, body);
  }

  private void save(DynamoDbCache to, String key, byte[] body) {
    clock.advance(Duration.ofMillis(1));
    to.saveResponse(
        Entries.request(1),
        Entries.response(Body.of(body)),
        SaveOptions.DEFAULT.key(key).expiration(Expiration.after(Duration.ofHours(1))));
  }

  private OperationStats cost(Runnable work) {
    // So that it is not this work which looks whether the namespace has been purged.
    cache.contains("absent");
    CacheStats before = cache.stats();
    work.run();
    return cache.stats().minus(before).total();
  }

  private static byte[] bytes(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
