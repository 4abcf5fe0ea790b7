package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.CacheOptions;
import dev.larder.CacheSettings;
import dev.larder.ClientAccess.Visibility;
import dev.larder.SaveOptions;
import dev.larder.Step;
import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryFilter;
import dev.larder.http.Expiration;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.key.CacheKey;
import dev.larder.key.KeyFunction;
import dev.larder.storage.Precondition;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.MutableClock;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * One table with entries in both layouts and those that Python wrote: every method sees them all.
 */
@ExtendWith(EmbeddedDynamoDbExtension.class)
class RequestsCacheMixedTableTest {
  /** Short keys of ambiguous material that leave credentials out, as requests-cache's are. */
  private static final KeyFunction PATH_ONLY =
      new KeyFunction() {
        @Override
        public CacheKey create(Request request, Collection<String> matchHeaders) {
          return new CacheKey("path" + request.uri().getPath(), Optional.empty());
        }

        @Override
        public boolean mayCollide() {
          return true;
        }
      };

  private final MutableClock clock = MutableClock.at("2036-11-22T08:00:00Z");
  private DynamoDbClient client;
  private String table;
  private DynamoDbCache nativeCache;
  private DynamoDbCache sharing;

  @BeforeEach
  void connect(DynamoDbClient embedded, @EmbeddedDynamoDbExtension.TableName String unique) {
    client = embedded;
    table = unique;
    nativeCache = open(ItemFormat.NATIVE, CacheSettings.standard());
    sharing = open(ItemFormat.REQUESTS_CACHE, CacheSettings.standard());
    nativeCache.prepare();
  }

  private DynamoDbCache open(ItemFormat format, CacheSettings settings) {
    return DynamoDbCache.builder()
        .tableName(table)
        .client(client)
        .clock(clock)
        .format(format)
        .settings(settings)
        .segments(2)
        .build();
  }

  /** Six entries, two of each kind, one of which has expired; and one that nobody can read. */
  private void fill() {
    for (String state : List.of("fresh", "stale")) {
      Expiration expiration =
          Expiration.at(clock.instant().plusSeconds(state.equals("fresh") ? 3600 : -1));
      for (DynamoDbCache cache : List.of(nativeCache, sharing)) {
        String kind = cache == sharing ? "shared-" : "native-";
        cache.saveResponse(
            Request.get("https://" + kind + "host.example/" + state),
            Response.builder().header("ETag", "\"e\"").body(kind + state).build(),
            SaveOptions.DEFAULT.key(kind + state).expiration(expiration));
      }
      putPython(
          "python-" + state,
          "https://python-host.example/" + state,
          Map.of(
              "expires",
              AttributeValue.fromS(
                  state.equals("fresh")
                      ? "2036-11-22T09:00:00+00:00"
                      : "2036-11-22T07:59:59+00:00")));
    }
    put(Map.of("key", AttributeValue.fromS("broken"), "value", AttributeValue.fromS("pickled")));
  }

  private void putPython(String key, String url, Map<String, AttributeValue> more) {
    putPython(key, url, Map.of("Accept", AttributeValue.fromS("*/*")), more);
  }

  private void putPython(
      String key,
      String url,
      Map<String, AttributeValue> requestHeaders,
      Map<String, AttributeValue> more) {
    Map<String, AttributeValue> document = new HashMap<>();
    document.put("_content", AttributeValue.fromB(SdkBytes.fromUtf8String(key)));
    document.put("created_at", AttributeValue.fromS("2036-11-22T07:00:00.000001+00:00"));
    document.put("status_code", AttributeValue.fromN("200"));
    document.put("url", AttributeValue.fromS(url));
    document.put(
        "request",
        AttributeValue.fromM(
            Map.of(
                "method",
                AttributeValue.fromS("GET"),
                "url",
                AttributeValue.fromS(url),
                "headers",
                AttributeValue.fromM(requestHeaders))));
    document.putAll(more);
    put(Map.of("key", AttributeValue.fromS(key), "value", AttributeValue.fromM(document)));
  }

  private void put(Map<String, AttributeValue> item) {
    client.putItem(r -> r.tableName(table).item(item));
  }

  private Map<String, AttributeValue> item(String key) {
    return client
        .getItem(r -> r.tableName(table).key(TableGateway.keyOf(key)).consistentRead(true))
        .item();
  }

  private static List<String> keys(DynamoDbCache cache, EntryFilter filter) {
    try (Stream<CacheEntry> entries = cache.filter(filter)) {
      return entries.map(CacheEntry::key).toList();
    }
  }

  @Test
  void listing_seesAllLayouts_andFiltersThem() {
    fill();
    for (DynamoDbCache cache : List.of(nativeCache, sharing)) {
      assertThat(cache.count()).isEqualTo(7);
      assertThat(keys(cache, EntryFilter.valid()))
          .containsExactlyInAnyOrder("native-fresh", "shared-fresh", "python-fresh");
      assertThat(keys(cache, EntryFilter.expired()))
          .containsExactlyInAnyOrder("native-stale", "shared-stale", "python-stale");
      assertThat(keys(cache, EntryFilter.invalid())).containsExactly("broken");
      assertThat(keys(cache, EntryFilter.host("python-host.example")))
          .containsExactlyInAnyOrder("python-fresh", "python-stale");
      assertThat(keys(cache, EntryFilter.url("https://shared-host.example/fresh")))
          .containsExactly("shared-fresh");
      assertThat(keys(cache, EntryFilter.method("GET").and(EntryFilter.status(200)))).hasSize(6);
      assertThat(keys(cache, EntryFilter.olderThan(Duration.ofMinutes(30))))
          .containsExactlyInAnyOrder("python-fresh", "python-stale");
      try (Stream<String> bodies = cache.values().map(r -> r.body().text(StandardCharsets.UTF_8))) {
        assertThat(bodies).hasSize(6).contains("native-fresh", "shared-fresh", "python-fresh");
      }
    }
    assertThat(open(ItemFormat.NATIVE, CacheSettings.standard()).urls()).hasSize(6);
    DynamoDbCache elsewhere =
        DynamoDbCache.builder().tableName(table).client(client).namespace("n").build();
    assertThat(elsewhere.count()).isZero();
  }

  @Test
  void resetExpiration_changesEveryLayoutInPlace() {
    fill();
    assertThat(nativeCache.resetExpiration(Expiration.after(Duration.ofHours(2)))).isEqualTo(6);
    assertThat(keys(sharing, EntryFilter.valid())).hasSize(6);
    for (String key : List.of("python-fresh", "python-stale", "shared-stale")) {
      Map<String, AttributeValue> item = item(key);
      assertThat(Objects.requireNonNull(item.get("value")).m())
          .containsEntry("expires", AttributeValue.fromS("2036-11-22T10:00:00+00:00"));
      assertThat(item.containsKey("k")).isEqualTo(key.startsWith("shared"));
    }
    assertThat(sharing.resetExpiration(Expiration.never())).isEqualTo(6);
    assertThat(item("python-fresh")).doesNotContainKeys("ttl", "ver", "expires");
    assertThat(Objects.requireNonNull(item("python-fresh").get("value")).m())
        .doesNotContainKey("expires");
  }

  @Test
  void deleting_reachesEveryLayout() {
    fill();
    assertThat(nativeCache.delete(EntryFilter.expired().or(EntryFilter.invalid()))).isEqualTo(4);
    assertThat(nativeCache.delete("python-fresh", "nothing")).isEqualTo(1);
    // What stays is no response, and a miss to Python too: there is no value.
    assertThat(item("python-fresh")).doesNotContainKey("value");
    assertThat(sharing.delete("shared-fresh", "native-fresh")).isEqualTo(2);
    assertThat(sharing.count()).isZero();
    fill();
    sharing.clear();
    assertThat(client.scan(r -> r.tableName(table)).count()).isZero();
  }

  @Test
  void pollEntry_takesEachOnce() {
    fill();
    for (int left = 6; left > 0; left--) {
      assertThat(nativeCache.pollEntry()).isPresent();
    }
    assertThat(nativeCache.pollEntry()).isEmpty();
    assertThat(nativeCache.count()).isOne();
  }

  @Test
  void update_itemThatPythonReplacedOrRemoved_isRefused() {
    fill();
    CacheEntry read = entry("python-fresh");
    putPython(
        "python-fresh",
        "https://python-host.example/fresh",
        Map.of("created_at", AttributeValue.fromS("2036-11-22T07:30:00+00:00")));
    Map<String, AttributeValue> before = item("python-fresh");
    assertThat(nativeCache.storage().update(read.head())).isFalse();
    assertThat(item("python-fresh")).isEqualTo(before);
    assertThat(nativeCache.storage().remove("python-fresh", version(read))).isFalse();
    assertThat(nativeCache.storage().remove("python-fresh", version(entry("python-fresh"))))
        .isTrue();
    assertThat(nativeCache.storage().update(read.head())).isFalse();
    assertThat(item("python-fresh")).isEmpty();
  }

  private CacheEntry entry(String key) {
    try (Stream<CacheEntry> entries = nativeCache.filter(EntryFilter.all())) {
      return entries.filter(entry -> entry.key().equals(key)).findAny().orElseThrow();
    }
  }

  private static Precondition version(CacheEntry entry) {
    return Precondition.version(entry.head().version());
  }

  @Test
  void saveIfNewer_overPythonsItem_replacesIt() {
    fill();
    sharing.saveResponse(
        Request.get("https://python-host.example/fresh"),
        Response.builder().body("newer").build(),
        SaveOptions.DEFAULT.key("python-fresh").ifNewer());
    assertThat(sharing.getResponse("python-fresh").orElseThrow().body())
        .isEqualTo(Body.of("newer"));
    // Python knows no conditions; its item drops our attributes and is Python's again.
    putPython("python-fresh", "https://python-host.example/fresh", Map.of());
    assertThat(sharing.getResponse("python-fresh").orElseThrow().body())
        .isEqualTo(Body.of("python-fresh"));
  }

  @Test
  void ttlOver_isAbsent() {
    put(
        Map.of(
            "key", AttributeValue.fromS("over"),
            "ttl", AttributeValue.fromN(Long.toString(clock.instant().getEpochSecond())),
            "value", AttributeValue.fromM(Map.of())));
    assertThat(nativeCache.getResponse("over")).isEmpty();
    assertThat(nativeCache.count()).isZero();
  }

  @Test
  void getResponse_keyThatCollides_onlyTheSameRequestHits() {
    DynamoDbCache cache =
        open(ItemFormat.REQUESTS_CACHE, CacheSettings.builder().keyFunction(PATH_ONLY).build());
    putPython("path/p", "https://a.example/p?a=b+c&z=1&flag", Map.of());
    assertThat(cache.getResponse(Request.get("https://a.example/p?z=1&blank=&a=b%20c&flag")))
        .isPresent();
    for (String other :
        List.of(
            "https://a.example/p?a=b%2Bc&z=1&flag",
            "https://a.example/p?a=b+c&z=1",
            "https://b.example/p?a=b+c&z=1&flag",
            "http://a.example/p?a=b+c&z=1&flag")) {
      assertThat(cache.getResponse(Request.get(other))).as(other).isEmpty();
      assertThat(cache.contains(Request.get(other))).as(other).isFalse();
      assertThat(
              cache
                  .forClients()
                  .exchange(Request.get(other), CacheOptions.NONE, Visibility.FULL)
                  .begin())
          .as(other)
          .isInstanceOf(Step.Forward.class);
    }
    assertThat(cache.contains(Request.of("POST", URI.create("https://a.example/p?a=b+c&z=1&flag"))))
        .isFalse();
    assertThat(cache.contains("path/p")).isTrue();
  }

  @Test
  void getResponse_otherCredentials_missUnlessShared() {
    CacheSettings settings = CacheSettings.builder().keyFunction(PATH_ONLY).build();
    DynamoDbCache cache = open(ItemFormat.REQUESTS_CACHE, settings);
    Request nobody = Request.get("https://a.example/p");
    Request alice = nobody.withHeaders(Headers.of("authorization", "Bearer alice"));
    Request bob = nobody.withHeaders(Headers.of("Authorization", "Bearer bob"));
    cache.saveResponse(alice, Response.builder().body("for alice").build());
    assertThat(item("path/p").get("cred")).isNotNull();
    assertThat(cache.getResponse(alice)).isPresent();
    assertThat(cache.getResponse(bob)).isEmpty();
    assertThat(cache.getResponse(nobody)).isEmpty();

    // What Python stores of a request with credentials is for nobody that it could be told of.
    putPython("path/p", "https://a.example/p", Map.of());
    assertThat(cache.getResponse(alice)).isEmpty();
    assertThat(cache.getResponse(nobody)).isPresent();
    putPython(
        "path/p",
        "https://a.example/p",
        Map.of("Authorization", AttributeValue.fromS("REDACTED")),
        Map.of());
    for (Request request : List.of(nobody, alice, bob)) {
      assertThat(cache.getResponse(request)).isEmpty();
    }
    DynamoDbCache shared =
        open(
            ItemFormat.NATIVE,
            CacheSettings.builder().keyFunction(PATH_ONLY).shareAcrossCredentials(true).build());
    for (Request request : List.of(nobody, alice, bob)) {
      assertThat(shared.getResponse(request)).isPresent();
    }
  }

  @Test
  void getResponse_behindARedirect_theFirstRequestHits() {
    DynamoDbCache cache =
        open(ItemFormat.NATIVE, CacheSettings.builder().keyFunction(PATH_ONLY).build());
    Map<String, AttributeValue> hop =
        Map.of(
            "request",
            AttributeValue.fromM(
                Map.of(
                    "method", AttributeValue.fromS("GET"),
                    "url", AttributeValue.fromS("https://a.example/from"))));
    putPython(
        "path/from",
        "https://a.example/to",
        Map.of("history", AttributeValue.fromL(List.of(AttributeValue.fromM(hop)))));
    assertThat(cache.getResponse(Request.get("https://a.example/from")).orElseThrow().url())
        .isEqualTo("https://a.example/to");
  }
}
