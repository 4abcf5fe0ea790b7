package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.SaveOptions;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryFilter;
import dev.larder.http.Expiration;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.serial.Serializers;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.MutableClock;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Whatever DynamoDB is asked for a filter, the answer is what the filter's own test in memory says:
 * random filters, mixed items.
 */
@ExtendWith(EmbeddedDynamoDbExtension.class)
class FilterPushdownTest {
  private static final int FILTERS = 400;

  private final MutableClock clock = MutableClock.at("2026-11-22T08:00:00.000Z");
  private final Random random = new Random(20261122);

  @Test
  void scan_randomFilters_agreesWithTheTestInMemory(
      DynamoDbClient client, @EmbeddedDynamoDbExtension.TableName String table) {
    DynamoDbCache nativeCache = builder(client, table).build();
    DynamoDbCache serialized = builder(client, table).serializer(Serializers.json()).build();
    nativeCache.prepare();
    fill(nativeCache, "n");
    fill(serialized, "s");
    client.putItem(
        r ->
            r.tableName(table)
                .item(
                    Map.of(
                        "key",
                        AttributeValue.fromS("foreign"),
                        "url",
                        AttributeValue.fromS("https://a.example/x"))));
    client.putItem(
        r ->
            r.tableName(table)
                .item(
                    Map.of(
                        "key", AttributeValue.fromS("torso"),
                        "k", AttributeValue.fromS("entry"),
                        "url", AttributeValue.fromS("https://a.example/x"),
                        "expires", AttributeValue.fromN("1"))));
    // Between two milliseconds, where a text cut to three digits and an instant can disagree.
    clock.advance(Duration.ofNanos(500_000));
    Instant now = clock.instant();
    List<CacheEntry> everything = list(serialized, EntryFilter.all());
    assertThat(everything).hasSize(2 * 24 + 2);
    for (int i = 0; i < FILTERS; i++) {
      EntryFilter filter = filter(3);
      assertThat(list(serialized, filter).stream().map(CacheEntry::key))
          .as("%s", filter)
          .containsExactlyInAnyOrderElementsOf(
              everything.stream()
                  .filter(entry -> filter.matches(entry, now))
                  .map(CacheEntry::key)
                  .toList());
    }
  }

  @Test
  void scan_hugeFilter_isLeftToTheTestInMemory(
      DynamoDbClient client, @EmbeddedDynamoDbExtension.TableName String table) {
    DynamoDbCache cache = builder(client, table).build();
    cache.prepare();
    fill(cache, "n");
    EntryFilter filter = EntryFilter.url("https://nowhere.example/");
    for (int i = 0; i < 500; i++) {
      filter = filter.or(EntryFilter.url("https://nowhere.example/" + i));
    }
    assertThat(cache.count(filter.or(EntryFilter.status(404))))
        .isEqualTo(cache.count(EntryFilter.status(404)))
        .isPositive();
  }

  private DynamoDbCache.Builder builder(DynamoDbClient client, String table) {
    return DynamoDbCache.builder().tableName(table).client(client).clock(clock).segments(1);
  }

  /**
   * Entries of every combination of host, method, status and expiration, created a second apart.
   */
  private void fill(DynamoDbCache cache, String prefix) {
    Instant start = clock.instant();
    int index = 0;
    for (String host : List.of("a.example", "b.example:8080")) {
      for (String method : List.of("GET", "POST")) {
        for (int status : new int[] {200, 404}) {
          for (Expiration expiration :
              List.of(
                  Expiration.never(),
                  Expiration.at(start.minusSeconds(5)),
                  Expiration.at(start.plusSeconds(24)))) {
            Request request = Request.of(method, URI.create("https://" + host + "/path/" + index));
            cache.saveResponse(
                request,
                Response.builder().status(status).header("ETag", "\"e\"").build(),
                SaveOptions.DEFAULT.key(prefix + index).expiration(expiration));
            clock.advance(Duration.ofSeconds(1));
            index++;
          }
        }
      }
    }
    clock.set(start.plusSeconds(24));
  }

  private EntryFilter filter(int depth) {
    int choice = random.nextInt(depth == 0 ? 9 : 13);
    return switch (choice) {
      case 0 -> EntryFilter.valid();
      case 1 -> EntryFilter.expired();
      case 2 -> EntryFilter.invalid();
      case 3 -> EntryFilter.olderThan(Duration.ofMillis(random.nextInt(26_000)));
      case 4 -> EntryFilter.url("https://a.example/path/" + random.nextInt(24));
      case 5 ->
          EntryFilter.urlPrefix(random.nextBoolean() ? "https://b" : "https://a.example/path/1");
      case 6 -> EntryFilter.host(random.nextBoolean() ? "A.example" : "b.example");
      case 7 -> EntryFilter.status(random.nextBoolean() ? 200 : 404);
      case 8 -> EntryFilter.method(random.nextBoolean() ? "GET" : "POST");
      case 9 -> filter(depth - 1).not();
      case 10 -> filter(depth - 1).or(filter(depth - 1));
      default -> filter(depth - 1).and(filter(depth - 1));
    };
  }

  private static List<CacheEntry> list(DynamoDbCache cache, EntryFilter filter) {
    try (Stream<CacheEntry> entries = cache.filter(filter)) {
      return entries.toList();
    }
  }
}
