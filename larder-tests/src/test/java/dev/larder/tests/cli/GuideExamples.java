package dev.larder.tests.cli;

import dev.larder.CacheSettings;
import dev.larder.KeyMigration;
import dev.larder.RecreatedKeys;
import dev.larder.dynamodb.DynamoDbCache;
import dev.larder.dynamodb.ItemFormat;
import dev.larder.http.Expiration;
import dev.larder.jdk.CachingHttpClient;
import dev.larder.requestscache.RequestsCache;
import dev.larder.requestscache.RequestsCacheKeys;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;

/** The Java of docs/requests-cache.md, which {@link GuideTest} compares with it. */
@SuppressWarnings("SystemOut")
final class GuideExamples {
  private GuideExamples() {}

  static HttpClient session() {
    var cache =
        DynamoDbCache.builder()
            .tableName("http_cache")
            .settings(RequestsCache.settings())
            .format(ItemFormat.REQUESTS_CACHE)
            .build();
    var client = CachingHttpClient.builder(cache).build();
    return client;
  }

  static CacheSettings settings() {
    var keys =
        RequestsCacheKeys.builder()
            .ignoredParameters(List.of("Authorization", "sid"))
            .contentRootKey("variables")
            .build();
    var settings =
        RequestsCache.settingsBuilder(keys)
            .matchHeaders(List.of("Accept"))
            .expireAfter(Duration.ofMinutes(15))
            .urlExpiration("*.example.org/static", Expiration.never())
            .allowableMethods(List.of("GET", "HEAD", "POST"))
            .allowableCodes(List.of(200, 404))
            .build();
    return settings;
  }

  static long move() {
    var cache = DynamoDbCache.builder().tableName("http_cache").build();
    RecreatedKeys moved =
        cache.recreateKeys(
            KeyMigration.DEFAULT
                .onProgress(progress -> save(progress.token()))
                .onLeft(left -> log(left.head().url() + " stays: " + left.reason())));
    return moved.moved();
  }

  private static void save(String token) {
    System.out.println(token);
  }

  private static void log(String message) {
    System.out.println(message);
  }
}
