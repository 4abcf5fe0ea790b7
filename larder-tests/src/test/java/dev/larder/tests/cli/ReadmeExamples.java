package dev.larder.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.BulkEstimate;
import dev.larder.BulkOptions;
import dev.larder.CacheOptions;
import dev.larder.CacheStats;
import dev.larder.Prices;
import dev.larder.dynamodb.DynamoDbCache;
import dev.larder.dynamodb.DynamoDbMap;
import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryFilter;
import dev.larder.http.Expiration;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.jdk.CacheInfo;
import dev.larder.jdk.CachingHttpClient;
import dev.larder.serial.Serializers;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.EmbeddedDynamoDbExtension.TableName;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The Java of README.md, which {@link ReadmeTest} compares with it. */
@SuppressWarnings("SystemOut")
final class ReadmeExamples {
  private ReadmeExamples() {}

  static String client(HttpRequest request) throws IOException, InterruptedException {
    var cache = DynamoDbCache.builder().tableName("http_cache").region("eu-central-1").build();
    var client = CachingHttpClient.builder(cache).build();
    var answer = client.send(request, BodyHandlers.ofString());
    return answer.body();
  }

  static String refreshed(CachingHttpClient client, HttpRequest request)
      throws IOException, InterruptedException {
    var options = CacheOptions.builder().refresh(true).build();
    var renewed = client.with(options).send(request, BodyHandlers.ofString());
    return renewed.body();
  }

  static boolean isHit(HttpResponse<String> answer) {
    boolean hit = CacheInfo.of(answer).map(CacheInfo::fromCache).orElse(false);
    return hit;
  }

  static String management(DynamoDbCache cache) {
    long entries = cache.count();
    try (Stream<CacheEntry> found = cache.filter(EntryFilter.host("example.org"))) {
      found.forEach(entry -> System.out.println(entry.head().url() + " " + entry.head().expires()));
    }
    boolean there = cache.containsUrl("https://example.org/a");
    long deleted = cache.deleteUrl("https://example.org/a");
    cache.delete(EntryFilter.olderThan(Duration.ofDays(30)).and(EntryFilter.status(404)));
    cache.markStale(EntryFilter.urlPrefix("https://example.org/prices/"));
    cache.resetExpiration(
        Expiration.after(Duration.ofHours(1)), EntryFilter.urlPrefix("https://example.org/api/"));
    cache.removeExpiredResponses();
    cache.verify().forEach(System.out::println);
    return entries + " " + there + " " + deleted;
  }

  static void costs(DynamoDbCache cache) {
    CacheStats spent = cache.stats();
    System.out.println(spent + "\nUSD " + spent.cost(Prices.ON_DEMAND_US_EAST_1));
    BulkEstimate estimate = cache.dryRun().delete(EntryFilter.host("example.org"));
    System.out.println(estimate + "\nUSD " + estimate.cost(Prices.ON_DEMAND_US_EAST_1));
    BulkOptions gently =
        BulkOptions.DEFAULT
            .maxReadUnitsPerSecond(100)
            .maxWriteUnitsPerSecond(50)
            .onProgress(reached -> System.out.println(reached.entries()));
    cache.bulk(gently).delete(EntryFilter.host("example.org"));
  }

  static void map() {
    try (DynamoDbMap<String> pantry =
        DynamoDbMap.builder(Serializers.string()).tableName("pantry").build()) {
      pantry.merge("apples", "1", (have, more) -> Integer.toString(Integer.parseInt(have) + 1));
    }
  }

  @ExtendWith(EmbeddedDynamoDbExtension.class)
  static class PantryTest {
    @Test
    void store_thenGet_isThere(DynamoDbClient dynamo, @TableName String table) {
      try (var cache = DynamoDbCache.builder().client(dynamo).tableName(table).build()) {
        cache.saveResponse(
            Request.get("https://example.org/a"),
            Response.builder().body(Body.of("apple")).build());
        assertThat(cache.containsUrl("https://example.org/a")).isTrue();
      }
    }
  }
}
