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
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.serial.SerializerPipeline;
import dev.larder.serial.Serializers;
import dev.larder.serial.Stage;
import dev.larder.serial.StageKeys;
import dev.larder.serial.Stages;
import dev.larder.storage.OperationStats;
import dev.larder.storage.StorageException;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.MutableClock;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexUpdate;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

/** Listings by host and URL through the index: the same answers, without reading the table. */
class IndexTest {
  /**
   * One of its own, and without time to live: DynamoDB Local sweeps each table that has it on one
   * of ten threads, and never comes to building an index when there are none left.
   */
  private static final EmbeddedDynamoDb DYNAMO_DB = EmbeddedDynamoDb.inMemory();

  private final MutableClock clock = MutableClock.at(Entries.START);
  private final List<Duration> waits = new ArrayList<>();
  private final Random random = new Random(20261125);
  private final DynamoDbClient client = DYNAMO_DB.client();
  private final String table = EmbeddedDynamoDbExtension.uniqueTableName();

  @AfterAll
  static void stop() {
    DYNAMO_DB.close();
  }

  private DynamoDbCache.Builder builder() {
    return DynamoDbCache.builder()
        .tableName(table)
        .client(client)
        .clock(clock)
        .segments(3)
        .sleeper(this::rest);
  }

  /** Short, but not nothing: DynamoDB Local is to build the index meanwhile. */
  private void rest(Duration wait) {
    waits.add(wait);
    LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
  }

  private DynamoDbCache indexed() {
    DynamoDbCache first = builder().index(true).ttl(false).build();
    first.prepare();
    assertThat(first.addIndex()).isZero();
    return builder().index(true).build();
  }

  private static void createTable(DynamoDbCache.Builder builder) {
    builder.ttl(false).build().prepare();
  }

  /** What verify() says of the index; that the tables have no time to live is on purpose. */
  private static List<String> problems(DynamoDbCache cache) {
    return cache.verify().stream().filter(each -> !each.contains("time to live")).toList();
  }

  private static OperationStats cost(DynamoDbCache cache, String operation) {
    return cache.stats().operations().getOrDefault(operation, OperationStats.NONE);
  }

  private static void save(DynamoDbCache cache, String key, String method, String url) {
    cache.saveResponse(
        Request.of(method, URI.create("https://made.example/")),
        Response.builder().url(URI.create(url)).body("body of " + url).build(),
        SaveOptions.DEFAULT.key(key));
  }

  private static List<String> keys(DynamoDbCache cache, EntryFilter filter) {
    try (Stream<CacheEntry> entries = cache.filter(filter)) {
      return entries.map(CacheEntry::key).toList();
    }
  }

  @Test
  void filter_byHostOrUrl_readsNoTable() {
    DynamoDbCache cache = indexed();
    for (int i = 0; i < 20; i++) {
      save(cache, "a" + i, "GET", "https://a.example/items/" + i);
      save(cache, "b" + i, "GET", "https://b.example/items/" + i);
    }
    assertThat(keys(cache, EntryFilter.host("A.example")))
        .hasSize(20)
        .allMatch(k -> k.startsWith("a"));
    assertThat(cache.count(EntryFilter.urlPrefix("https://b.example/items/1"))).isEqualTo(11);
    try (Stream<String> urls = cache.urls(EntryFilter.url("https://a.example/items/7"))) {
      assertThat(urls).containsExactly("https://a.example/items/7");
    }
    assertThat(cache.resetExpiration(Expiration.never(), EntryFilter.host("a.example")))
        .isEqualTo(20);
    assertThat(cache.delete(EntryFilter.host("a.example"))).isEqualTo(20);
    assertThat(cost(cache, "Scan").requests()).isZero();
    assertThat(cache.count()).isEqualTo(20);
    assertThat(cache.count(EntryFilter.host("a.example"))).isZero();
  }

  @Test
  void filter_openingABody_readsIt() {
    DynamoDbCache cache = indexed();
    save(cache, "k", "GET", "https://a.example/x");
    try (Stream<CacheEntry> entries = cache.filter(EntryFilter.host("a.example"))) {
      assertThat(entries.map(entry -> entry.open().body().text(StandardCharsets.UTF_8)))
          .containsExactly("body of https://a.example/x");
    }
  }

  @Test
  void filter_anyFilter_agreesWithTheTestInMemory() {
    DynamoDbCache cache = indexed();
    DynamoDbCache serialized = builder().serializer(Serializers.json()).build();
    List<String> urls =
        List.of(
            "https://a.example/",
            "https://a.example",
            "https://a.example?q=1",
            "http://A.Example:8080/Path/1",
            "https://user:secret@a.example/Path/2",
            "https://b.a.example/Path/1?x=%20#f",
            "https://aa.example/",
            "https://[::1]:8443/Path",
            "https://10.0.0.1/Path",
            "https://1.0.0.10/Path",
            "https://xn--mnchen-3ya.example/Path",
            "https://a.example/" + "ä".repeat(700),
            "https://a.example/" + "ä".repeat(700) + "b",
            "https://a.example/" + "€".repeat(400) + "/1",
            "https://a.example/" + "😀".repeat(300) + "/1",
            "https://" + "a".repeat(1_200) + ".example/x",
            "urn:isbn:0451450523",
            "/relative");
    for (int i = 0; i < urls.size(); i++) {
      for (String method : List.of("GET", "POST")) {
        save(random.nextInt(3) == 0 ? serialized : cache, method + i, method, urls.get(i));
        clock.advance(Duration.ofMillis(random.nextInt(400)));
      }
    }
    Instant now = clock.instant();
    List<CacheEntry> everything;
    try (Stream<CacheEntry> entries = serialized.filter(EntryFilter.all())) {
      everything = entries.toList();
    }
    assertThat(everything).hasSize(2 * urls.size());
    for (int i = 0; i < 60; i++) {
      EntryFilter filter = filter(urls, 2);
      assertThat(keys(serialized, filter))
          .as("%s", filter)
          .containsExactlyInAnyOrderElementsOf(
              everything.stream()
                  .filter(entry -> filter.matches(entry, now))
                  .map(CacheEntry::key)
                  .toList());
    }
    assertThat(cost(serialized, "Query").requests()).isGreaterThan(200);
  }

  private EntryFilter filter(List<String> urls, int depth) {
    String url = urls.get(random.nextInt(urls.size()));
    return switch (random.nextInt(depth == 0 ? 6 : 12)) {
      case 0, 1 -> EntryFilter.host(random.nextBoolean() ? EntryHead.hostOf(url) : "A.EXAMPLE");
      case 2 -> EntryFilter.url(url);
      case 3 -> EntryFilter.urlPrefix(url.substring(0, random.nextInt(url.length() + 1)));
      case 4 -> EntryFilter.method(random.nextBoolean() ? "GET" : "POST");
      case 5 -> random.nextBoolean() ? EntryFilter.status(200) : EntryFilter.valid();
      case 6 -> filter(urls, depth - 1).not();
      case 7, 8 -> filter(urls, depth - 1).or(filter(urls, depth - 1));
      default -> filter(urls, depth - 1).and(filter(urls, depth - 1));
    };
  }

  @Test
  void update_ofAnEntryInTheIndex_writesNothingIntoIt() {
    String other = EmbeddedDynamoDbExtension.uniqueTableName();
    createTable(builder().tableName(other));
    DynamoDbCache plain = builder().tableName(other).build();
    DynamoDbCache cache = indexed();
    double[] units = new double[2];
    int i = 0;
    for (DynamoDbCache each : List.of(plain, cache)) {
      save(each, "k", "GET", "https://a.example/x");
      EntryHead head = each.getResponse("k").orElseThrow().head();
      OperationStats before = cost(each, "UpdateItem");
      clock.advance(Duration.ofSeconds(1));
      EntryHead renewed =
          head.toBuilder()
              .requested(clock.instant())
              .responded(clock.instant())
              .expires(Optional.of(clock.instant().plusSeconds(60)))
              .retainUntil(Optional.of(clock.instant().plusSeconds(600)))
              .build();
      assertThat(each.storage().update(renewed)).isTrue();
      units[i++] = cost(each, "UpdateItem").minus(before).writeUnits();
    }
    assertThat(units[1]).isEqualTo(units[0]).isPositive();
    assertThat(cost(cache, "PutItem").writeUnits())
        .isGreaterThan(cost(plain, "PutItem").writeUnits());
    assertThat(cache.count(EntryFilter.host("a.example"))).isOne();
  }

  @Test
  void addIndex_existingTable_findsWhatWasThereAndWhatOthersStore() {
    DynamoDbCache cache = builder().index(true).build();
    DynamoDbCache other = builder().build();
    createTable(builder());
    save(other, "before", "GET", "https://a.example/before");
    assertThat(problems(cache)).singleElement().asString().contains("addIndex()");
    assertThat(keys(cache, EntryFilter.host("a.example"))).containsExactly("before");
    assertThat(cost(cache, "Query").requests()).isZero();

    assertThat(cache.addIndex()).isOne();
    assertThat(waits).contains(IndexBuilder.SETTLING);
    assertThat(problems(cache)).isEmpty();
    clock.advance(NamespaceState.WRITE_INTERVAL);
    // Neither has the option, and the second has looked up nothing yet.
    save(other, "after", "GET", "https://a.example/after");
    save(builder().build(), "new", "GET", "https://a.example/new");
    assertThat(keys(cache, EntryFilter.host("a.example")))
        .containsExactlyInAnyOrder("before", "after", "new");
    assertThat(cost(cache, "Query").requests()).isPositive();
    assertThat(cache.addIndex()).isZero();
  }

  @Test
  void addIndex_whileOthersDoNotKnowYet_isNotUsedBefore() {
    DynamoDbCache slow = builder().build();
    createTable(builder());
    DynamoDbCache cache =
        builder()
            .index(true)
            .sleeper(
                wait -> {
                  rest(wait);
                  if (wait.equals(IndexBuilder.SETTLING)) {
                    save(slow, "meanwhile", "GET", "https://a.example/meanwhile");
                  }
                })
            .build();
    save(slow, "before", "GET", "https://a.example/before");
    assertThat(cache.addIndex()).isEqualTo(2);
    assertThat(keys(cache, EntryFilter.host("a.example")))
        .containsExactlyInAnyOrder("before", "meanwhile");
  }

  /** A client whose puts are slow: another process does this before each. */
  private DynamoDbClient beforeEachPut(Runnable action) {
    return FaultyClient.answering(
        client,
        "putItem",
        PutItemRequest.class,
        request -> {
          action.run();
          return client.putItem(request);
        });
  }

  @Test
  void prepare_othersStoreBeforeTheStateIsThere_listsWhatIsNotInTheIndex() {
    DynamoDbCache other = builder().build();
    DynamoDbClient slow =
        beforeEachPut(() -> save(other, "meanwhile", "GET", "https://a.example/meanwhile"));
    createTable(builder().index(true).client(slow));
    DynamoDbCache cache = builder().index(true).build();
    save(other, "unknowing", "GET", "https://a.example/unknowing");
    save(cache, "knowing", "GET", "https://a.example/knowing");
    assertThat(keys(cache, EntryFilter.host("a.example")))
        .containsExactlyInAnyOrder("meanwhile", "unknowing", "knowing");
    assertThat(cost(cache, "Query").requests()).isZero();
    assertThat(problems(cache)).singleElement().asString().contains("addIndex()");

    assertThat(cache.addIndex()).isEqualTo(2);
    assertThat(keys(cache, EntryFilter.host("a.example"))).hasSize(3);
    assertThat(cost(cache, "Query").requests()).isPositive();
  }

  @Test
  void prepare_purgedBeforeTheStateIsThere_staysPurged() {
    DynamoDbCache other = builder().build();
    DynamoDbClient slow =
        beforeEachPut(
            () -> {
              save(other, "old", "GET", "https://a.example/old");
              other.purge();
            });
    createTable(builder().index(true).client(slow));
    DynamoDbCache cache = builder().index(true).build();
    assertThat(cache.getResponse("old")).isEmpty();
    assertThat(cache.addIndex()).isOne();
    assertThat(cache.getResponse("old")).isEmpty();
    assertThat(keys(cache, EntryFilter.host("a.example"))).isEmpty();
  }

  @Test
  void addIndex_requestsCacheItems_saysSoAndListsThem() {
    DynamoDbCache cache = builder().build();
    createTable(builder());
    client.putItem(r -> r.tableName(table).item(Map.of("key", AttributeValue.fromS("python"))));
    save(cache, "ours", "GET", "https://a.example/x");
    assertThatThrownBy(cache::addIndex)
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("1 items of requests-cache")
        .hasMessageContaining(table);
    assertThat(keys(cache, EntryFilter.host("a.example"))).containsExactly("ours");
    assertThat(cost(cache, "Query").requests()).isZero();
    cache.removeExpiredResponses();
    assertThat(cache.addIndex()).isZero();
    assertThat(keys(cache, EntryFilter.host("a.example"))).containsExactly("ours");
    assertThat(cost(cache, "Query").requests()).isPositive();
  }

  /** An entry of exactly this size as an item that is not in the index. */
  private void saveOfSize(DynamoDbCache cache, String key, int bytes) {
    String url = "https://a.example/" + key;
    cache.saveResponse(
        Request.get(url),
        Response.builder().body(Body.of(new byte[300_000])).build(),
        SaveOptions.DEFAULT.key(key));
    Map<String, AttributeValue> first = new HashMap<>(item(key));
    first.keySet().removeAll(Set.of("shard", "place"));
    cache.saveResponse(
        Request.get(url),
        Response.builder().body(Body.of(new byte[300_000 + bytes - size(first)])).build(),
        SaveOptions.DEFAULT.key(key));
  }

  private static int size(Map<String, AttributeValue> item) {
    return Math.toIntExact(ItemSize.of(item));
  }

  private Map<String, AttributeValue> item(String key) {
    return client
        .getItem(r -> r.tableName(table).key(TableGateway.keyOf(key)).consistentRead(true))
        .item();
  }

  @Test
  void addIndex_entryWithoutRoomForItsPlace_isListedAllTheSame() {
    DynamoDbCache cache = builder().serializer(Serializers.binary()).build();
    createTable(builder());
    save(cache, "small", "GET", "https://a.example/small");
    saveOfSize(cache, "large", ItemSize.MAX - 20);
    assertThat(size(item("large"))).isEqualTo(ItemSize.MAX - 20);
    assertThat(cache.addIndex()).isEqualTo(2);
    // Those to come have room, too.
    saveOfSize(cache, "later", ItemSize.MAX - 20);
    clock.advance(NamespaceState.WRITE_INTERVAL);
    assertThat(keys(cache, EntryFilter.host("a.example")))
        .containsExactlyInAnyOrder("small", "large", "later");
    assertThat(keys(cache, EntryFilter.host("b.example"))).isEmpty();
    assertThat(cost(cache, "Query").requests()).isPositive();
    assertThat(cache.markStale(EntryFilter.url("https://a.example/large"))).isOne();
    assertThat(cache.delete(EntryFilter.host("a.example"))).isEqualTo(3);
  }

  @Test
  void addIndex_entryWithoutAnyRoom_namesItAndAddsTheOthers() {
    DynamoDbCache cache = builder().serializer(Serializers.binary()).build();
    createTable(builder());
    saveOfSize(cache, "full", ItemSize.MAX);
    save(cache, "small", "GET", "https://a.example/small");
    assertThatThrownBy(cache::addIndex)
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("1 that leave no room for it in 400 KB [full]")
        .hasMessageContaining("1 entries were");
    assertThat(keys(cache, EntryFilter.host("a.example")))
        .containsExactlyInAnyOrder("full", "small");
    assertThat(cost(cache, "Query").requests()).isZero();
    cache.delete("full");
    assertThat(cache.addIndex()).isZero();
    assertThat(keys(cache, EntryFilter.host("a.example"))).containsExactly("small");
    assertThat(cost(cache, "Query").requests()).isPositive();
  }

  @Test
  void addIndex_tableDescribedAsItWasBefore_asksAgain() {
    createTable(builder());
    AtomicInteger stale = new AtomicInteger(4);
    DynamoDbClient lagging =
        FaultyClient.answering(
            client,
            "describeTable",
            DescribeTableRequest.class,
            request -> {
              DescribeTableResponse now = client.describeTable(request);
              return stale.getAndDecrement() > 0
                  ? now.toBuilder()
                      .table(now.table().toBuilder().globalSecondaryIndexes(List.of()).build())
                      .build()
                  : now;
            });
    DynamoDbCache cache = builder().client(lagging).build();
    save(cache, "k", "GET", "https://a.example/x");
    assertThat(cache.addIndex()).isOne();
    // As another process that has not heard of it.
    stale.set(2);
    assertThat(cache.addIndex()).isZero();
    stale.set(100);
    assertThatThrownBy(cache::addIndex)
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("try again later");
  }

  @Test
  void serializerThatMayHide_writesNoPlacesAndHasNoIndex() {
    indexed();
    Stage aes = Stages.aesGcm(StageKeys.of("one", new byte[32]));
    DynamoDbCache.Builder hiding =
        builder().serializer(SerializerPipeline.of(Serializers.json(), aes));
    DynamoDbCache cache = hiding.build();
    save(cache, "k", "GET", "https://hidden.example/x");
    assertThat(item("k")).doesNotContainKeys("shard", "place");
    assertThat(client.scan(r -> r.tableName(table)).items().toString()).doesNotContain("hidden");
    assertThat(keys(cache, EntryFilter.host("hidden.example"))).containsExactly("k");
    assertThat(cache.markStale(EntryFilter.all())).isOne();
    assertThat(item("k")).doesNotContainKeys("shard", "place");
    assertThat(cost(cache, "Query").requests()).isZero();
    assertThatThrownBy(cache::addIndex)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Serializers.json()");
    assertThatThrownBy(() -> hiding.index(true).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("serializer(..)");
  }

  @Test
  void verify_namespaceIndexedByOthers_asksForTheRightToSearch() {
    indexed();
    try (FaultyHttp http = new FaultyHttp();
        DynamoDbClient denied =
            DYNAMO_DB.configure(DynamoDbClient.builder()).httpClient(http).build()) {
      http.always(
          (operation, send) ->
              operation.equals("Query")
                  ? FaultyHttp.error(400, "AccessDeniedException", "not authorized")
                  : send.call());
      assertThat(problems(builder().client(denied).build()))
          .singleElement()
          .asString()
          .contains("dynamodb:Query");
      // Another namespace has no index, and asks none.
      assertThat(problems(builder().client(denied).namespace("team").build())).isEmpty();
    }
  }

  @Test
  void filter_indexDeleted_readsTheTable() {
    DynamoDbCache cache = indexed();
    save(cache, "k", "GET", "https://a.example/x");
    client.updateTable(
        r ->
            r.tableName(table)
                .globalSecondaryIndexUpdates(
                    GlobalSecondaryIndexUpdate.builder()
                        .delete(d -> d.indexName(PlaceIndex.NAME))
                        .build()));
    assertThat(keys(cache, EntryFilter.host("a.example"))).containsExactly("k");
    assertThat(problems(cache)).singleElement().asString().contains("no usable index");
  }

  @Test
  void filter_namespaces_areApart() {
    DynamoDbCache empty = indexed();
    DynamoDbCache team = builder().namespace("team").build();
    save(empty, "k", "GET", "https://a.example/x");
    save(team, "k", "GET", "https://a.example/x");
    assertThat(cost(team, "Query").requests()).isZero();
    assertThat(team.addIndex()).isOne();
    assertThat(team.delete(EntryFilter.host("a.example"))).isOne();
    assertThat(cost(team, "Query").requests()).isPositive();
    assertThat(keys(empty, EntryFilter.host("a.example"))).containsExactly("k");
  }

  @Test
  void filter_voidAndExpiredEntries_areLeftOut() {
    DynamoDbCache cache = indexed();
    save(cache, "purged", "GET", "https://a.example/purged");
    cache.purge();
    clock.advance(Duration.ofSeconds(1));
    cache.saveResponse(
        Request.get("https://a.example/over"),
        Response.builder().build(),
        SaveOptions.DEFAULT.key("over").expiration(Expiration.after(Duration.ofSeconds(1))));
    clock.advance(Duration.ofDays(60));
    save(cache, "alive", "GET", "https://a.example/alive");
    assertThat(keys(cache, EntryFilter.host("a.example"))).containsExactly("alive");
  }

  @Test
  void build_indexForRequestsCache_isRefused() {
    assertThatThrownBy(() -> builder().index(true).format(ItemFormat.REQUESTS_CACHE).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("index(true)");
  }
}
