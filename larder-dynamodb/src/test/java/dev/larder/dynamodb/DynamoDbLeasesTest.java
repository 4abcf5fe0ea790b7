package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.embedded.EmbeddedDynamoDb;
import dev.larder.storage.Leases;
import dev.larder.storage.Leases.Lease;
import dev.larder.storage.StorageException;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.EmbeddedDynamoDbExtension.TableName;
import dev.larder.testkit.MutableClock;
import dev.larder.testkit.dynamodb.TtlSweep;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** How leases lie in a table, and the hazards told in {@link DynamoDbLeases}. */
@NullUnmarked
@ExtendWith(EmbeddedDynamoDbExtension.class)
class DynamoDbLeasesTest {
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
  private static final Optional<String> NOBODY = Optional.empty();

  /** Ahead of the real one, by which DynamoDB sweeps. */
  private final MutableClock clock = MutableClock.at("2030-01-01T00:00:00.120Z");

  private final FaultyHttp http = new FaultyHttp();
  private DynamoDbClient client;
  private DynamoDbClient faulty;
  private String table;
  private Leases ours;
  private Leases others;

  @BeforeEach
  void open(EmbeddedDynamoDb dynamo, DynamoDbClient embedded, @TableName String unique) {
    client = embedded;
    table = unique;
    faulty = dynamo.configure(DynamoDbClient.builder()).httpClient(http).build();
    others = leases(cache(client, ""));
    ours = leases(cache(faulty, ""));
  }

  @AfterEach
  void close() {
    faulty.close();
    http.close();
  }

  private DynamoDbCache cache(DynamoDbClient with, String namespace) {
    DynamoDbCache cache =
        DynamoDbCache.builder()
            .tableName(table)
            .client(with)
            .clock(clock)
            .namespace(namespace)
            .build();
    cache.prepare();
    return cache;
  }

  private static Leases leases(DynamoDbCache cache) {
    return cache.storage().leases().orElseThrow();
  }

  private Map<String, AttributeValue> item(String key) {
    return new HashMap<>(
        client
            .getItem(r -> r.tableName(table).key(TableGateway.keyOf(key)).consistentRead(true))
            .item());
  }

  @Test
  void acquire_item_isAsTheFormatSays() {
    Lease lease = ours.acquire("k", Duration.ofMillis(1500), NOBODY).lease();
    assertThat(item("\u0001lk"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "key", AttributeValue.fromS("\u0001lk"),
                "k", AttributeValue.fromS("lease"),
                "v", AttributeValue.fromN("1"),
                "token", AttributeValue.fromS(lease.token()),
                "duration", AttributeValue.fromN("1500"),
                // The start, 1.5 seconds and an hour, rounded up.
                "ttl", AttributeValue.fromN("1893459602")));
    ours.dismiss(lease);
    assertThat(item("\u0001lk")).containsEntry("dismissed", AttributeValue.fromBool(true));
  }

  @Test
  void lostAnswer_ofTakingALease_itIsTheCallers() {
    http.loseAnswer("PutItem");
    Leases.Attempt attempt = ours.acquire("k", TEN_SECONDS, NOBODY);
    assertThat(attempt.acquired()).isTrue();
    assertThat(others.find("k")).contains(attempt.lease());
    assertThat(others.acquire("k", TEN_SECONDS, NOBODY).lease()).isEqualTo(attempt.lease());
  }

  @Test
  void lostAnswer_ofGivingALeaseBack_itWasTheCallers() {
    Lease lease = ours.acquire("k", TEN_SECONDS, NOBODY).lease();
    http.loseAnswer("DeleteItem");
    assertThat(ours.release(lease)).isTrue();
    assertThat(others.find("k")).isEmpty();
  }

  @Test
  void lostAnswer_ofDismissing_itWasTheCallers() {
    Lease lease = ours.acquire("k", TEN_SECONDS, NOBODY).lease();
    http.loseAnswer("UpdateItem");
    assertThat(ours.dismiss(lease)).isTrue();
    assertThat(others.find("k").map(Lease::dismissed)).contains(true);
  }

  @Test
  void acquire_neverArrives_fails() {
    http.always(
        (operation, send) -> {
          throw new IOException("not sent");
        });
    assertThatThrownBy(() -> ours.acquire("k", TEN_SECONDS, NOBODY))
        .isInstanceOf(StorageException.class);
    assertThat(others.find("k")).isEmpty();
  }

  @Test
  void sweptWhileHeld_theNextHoldsIt_andTheOldHolderGivesNothingBack() {
    Lease first = ours.acquire("k", TEN_SECONDS, NOBODY).lease();
    clock.advance(Duration.ofHours(2));
    assertThat(TtlSweep.sweep(client, table, clock.instant())).isOne();
    Lease second = others.acquire("k", TEN_SECONDS, NOBODY).lease();
    assertThat(ours.release(first)).isFalse();
    assertThat(ours.dismiss(first)).isFalse();
    assertThat(others.find("k")).contains(second);
  }

  /** The clocks of two processes may be years apart: whose lease it is does not depend on them. */
  @Test
  void acquire_byAProcessWhoseClockIsYearsAhead_isRefused() {
    Lease lease = ours.acquire("k", TEN_SECONDS, NOBODY).lease();
    clock.advance(Duration.ofDays(1000));
    assertThat(others.acquire("k", TEN_SECONDS, NOBODY).acquired()).isFalse();
    assertThat(others.find("k")).contains(lease);
    assertThat(others.acquire("k", TEN_SECONDS, Optional.of(lease.token())).acquired()).isTrue();
  }

  @Test
  void clear_leases_goWithTheirNamespaceOnly() {
    DynamoDbCache a = cache(client, "a");
    Lease inNamespace = leases(a).acquire("k", TEN_SECONDS, NOBODY).lease();
    Lease plain = others.acquire("k", TEN_SECONDS, NOBODY).lease();
    assertThat(plain).isNotEqualTo(inNamespace);
    a.clear();
    assertThat(leases(a).find("k")).isEmpty();
    assertThat(others.find("k")).contains(plain);
  }

  @Test
  void acquire_keyWithoutRoomBesideIt_isRefusedBeforeItIsSent() {
    String key = "k".repeat(ItemKeys.MAX_BYTES - 1);
    assertThatThrownBy(() -> ours.acquire(key, TEN_SECONDS, NOBODY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2048");
    assertThat(ours.acquire(key.substring(1), TEN_SECONDS, NOBODY).acquired()).isTrue();
  }

  @Test
  void acquire_foreignItemInItsPlace_saysSo() {
    client.putItem(r -> r.tableName(table).item(TableGateway.keyOf("\u0001lk")));
    assertThatThrownBy(() -> ours.acquire("k", TEN_SECONDS, NOBODY))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("delete it");
  }
}
