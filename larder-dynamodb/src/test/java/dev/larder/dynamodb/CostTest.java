package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.CacheOptions;
import dev.larder.CacheStats;
import dev.larder.ClientAccess.Visibility;
import dev.larder.Exchange;
import dev.larder.SaveOptions;
import dev.larder.http.Body;
import dev.larder.http.Expiration;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.storage.OperationStats;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.MutableClock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * What single operations cost in requests and capacity units by the size of what is stored, so
 * without compression, beside what requests-cache pays for them.
 */
@ExtendWith(EmbeddedDynamoDbExtension.class)
class CostTest {
  private final MutableClock clock = MutableClock.at(Entries.START);
  private DynamoDbCache cache;
  private CacheStats before = CacheStats.NONE;

  @BeforeEach
  void open(DynamoDbClient client, @EmbeddedDynamoDbExtension.TableName String table) {
    cache =
        DynamoDbCache.builder()
            .tableName(table)
            .client(client)
            .clock(clock)
            .segments(1)
            .compression(false)
            .build();
    cache.prepare();
    mark();
  }

  @Test
  void open_existingTable_costsNothing(DynamoDbClient client) {
    // requests-cache: 2 control-plane requests each time.
    DynamoDbCache again =
        DynamoDbCache.builder().tableName(cache.tableName()).client(client).build();
    assertThat(again.stats()).isEqualTo(CacheStats.NONE);
    assertThat(again.getResponse("absent")).isEmpty();
    assertThat(again.stats().operations().keySet()).containsExactly("BatchGetItem");
  }

  @Test
  void hit_ofABodyInItsEntry_isOneRequest() {
    // requests-cache: 0.5 units for 2 KB.
    Map<Integer, Double> units = Map.of(2_000, 0.5, 15_000, 2.0);
    units.forEach(
        (bytes, expected) -> {
          save(bytes);
          mark();
          assertThat(cache.getResponse(Entries.request(bytes))).isPresent();
          assertThat(cost("GetItem").requests()).isOne();
          assertThat(cost("GetItem").readUnits()).isEqualTo(expected);
          assertOnly("GetItem");
        });
  }

  @Test
  void store_isOneRequest() {
    // requests-cache: 2 units for 2 KB.
    save(2000);
    assertThat(cost("PutItem").requests()).isOne();
    assertThat(cost("PutItem").writeUnits()).isLessThanOrEqualTo(3);
    assertOnly("PutItem");
  }

  @Test
  void contains_isOneRequestForTheHead() {
    save(20_000);
    mark();
    assertThat(cache.contains(Entries.request(20_000))).isTrue();
    assertThat(cache.contains("absent")).isFalse();
    assertThat(cost("GetItem").requests()).isEqualTo(2);
    assertOnly("GetItem");
  }

  @Test
  void delete_present_isOneRequest() {
    // requests-cache reads every alias besides: 51 requests with 50 of them.
    save(2000);
    for (int i = 0; i < 50; i++) {
      cache.redirects().put("alias-" + i, cache.createKey(Entries.request(2000)));
    }
    mark();
    assertThat(cache.delete(cache.createKey(Entries.request(2000)))).isOne();
    assertThat(cost("PutItem").requests()).isOne();
    assertOnly("PutItem");
    mark();
    assertThat(cache.getResponse("alias-7")).isEmpty();
    assertThat(cost("GetItem").requests()).isEqualTo(2);
  }

  @Test
  void resetExpiration_isOneScanAndOneUpdateForEach() {
    save(2000);
    save(2001);
    mark();
    assertThat(cache.resetExpiration(Expiration.after(Duration.ofDays(1)))).isEqualTo(2);
    assertThat(cost("Scan").requests()).isOne();
    assertThat(cost("UpdateItem").requests()).isEqualTo(2);
    assertOnly("Scan", "UpdateItem");
  }

  private void save(int bytes) {
    cache.saveResponse(
        Entries.request(bytes), Entries.response(Body.of(Entries.json(bytes, bytes))));
    // Past the time in which own writes are read strongly, at twice the price.
    clock.advance(RecentWrites.WINDOW);
  }

  private void mark() {
    // Asks for purges, which is one more item to read every five seconds.
    assertThat(cache.contains("absent")).isFalse();
    before = cache.stats();
  }

  private OperationStats cost(String operation) {
    return cache.stats().minus(before).of(operation);
  }

  private void assertOnly(String... operations) {
    assertThat(cache.stats().minus(before).operations().keySet())
        .containsExactlyInAnyOrder(operations);
  }

  @Test
  void writeAll_largeEntries_goInRequestsThatGetThrough(DynamoDbClient client) {
    cache =
        DynamoDbCache.builder()
            .tableName(cache.tableName())
            .client(client)
            .inlineBodyLimit(240 << 10)
            .compression(false)
            .build();
    assertThat(cache.storage().writeAll(Entries.many(15, 200_000))).isEqualTo(15);
    assertThat(cost("BatchWriteItem").requests()).isEqualTo(3);
  }

  @Test
  void invalidation_ofAClient_isOneRequest() {
    Exchange delete =
        cache
            .forClients()
            .exchange(
                Request.of("DELETE", Entries.request(1).uri()), CacheOptions.NONE, Visibility.FULL);
    delete.begin();
    delete.onResponse(204, Headers.empty());
    delete.settle();
    assertThat(cost("PutItem").requests()).isOne();
    assertOnly("PutItem");
  }

  @Test
  void refusedWrite_isCountedByWhatIsInTheWay() {
    save(10_000);
    mark();
    Response older =
        Response.builder().requested(clock.instant().minusSeconds(60)).body("older").build();
    assertThat(cache.saveResponse(Entries.request(10_000), older, SaveOptions.DEFAULT.ifNewer()))
        .isEmpty();
    assertThat(cost("PutItem").writeUnits()).isEqualTo(11);
  }
}
