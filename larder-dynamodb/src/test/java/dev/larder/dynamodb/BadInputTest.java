package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.CacheEvent;
import dev.larder.CacheOptions;
import dev.larder.CacheSettings;
import dev.larder.ClientAccess.Visibility;
import dev.larder.Exchange;
import dev.larder.HttpCache;
import dev.larder.InMemoryCache;
import dev.larder.Recording;
import dev.larder.SaveOptions;
import dev.larder.Step;
import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryFilter;
import dev.larder.http.Expiration;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.storage.EntryTooLargeException;
import dev.larder.storage.StorageException;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.dynamodb.Faults;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;

/**
 * What a user gets who gives Larder what it cannot use: one message that says what is wrong and how
 * to mend it.
 */
@ExtendWith(EmbeddedDynamoDbExtension.class)
class BadInputTest {
  @Test
  void unknownTable_creationOff_namesTheTableAndTheOption(
      DynamoDbClient client, @EmbeddedDynamoDbExtension.TableName String table) {
    DynamoDbCache cache =
        DynamoDbCache.builder().tableName(table).client(client).createTable(false).build();
    for (Runnable call :
        List.<Runnable>of(
            () -> cache.getResponse("k"), cache::count, cache::clear, cache::prepare)) {
      assertThatThrownBy(call::run)
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(table)
          .hasMessageContaining("createTable");
    }
    assertThat(cache.verify()).singleElement().asString().contains("does not exist");
    // A client goes on without it.
    assertThat(
            cache
                .forClients()
                .exchange(Request.get("https://example.org/"), CacheOptions.NONE, Visibility.FULL)
                .begin())
        .isInstanceOf(Step.Forward.class);
    assertThat(isStored(cache, Request.get("https://example.org/b"), Body.of("x"))).isFalse();
  }

  @Test
  void unknownTable_creationOn_isCreatedOnFirstUse(
      DynamoDbClient client, @EmbeddedDynamoDbExtension.TableName String table) {
    DynamoDbCache cache = DynamoDbCache.builder().tableName(table).client(client).build();
    assertThat(cache.getResponse("k")).isEmpty();
    assertThat(cache.verify()).isEmpty();
  }

  @Test
  void unknownTable_creationOn_listingsAndCopiesWaitForIt(
      DynamoDbClient client, @EmbeddedDynamoDbExtension.TableName String table) {
    for (Consumer<DynamoDbCache> first :
        List.<Consumer<DynamoDbCache>>of(
            cache -> assertThat(cache.keys()).isEmpty(),
            cache -> assertThat(cache.count(EntryFilter.valid())).isZero(),
            cache -> assertThat(cache.values()).isEmpty(),
            cache -> assertThat(cache.redirects()).isEmpty(),
            cache -> assertThat(cache.resetExpiration(Expiration.never())).isZero())) {
      String fresh = EmbeddedDynamoDbExtension.uniqueTableName();
      first.accept(DynamoDbCache.builder().tableName(fresh).client(client).build());
    }
    DynamoDbCache missing = DynamoDbCache.builder().tableName(table).client(client).build();
    try (InMemoryCache full = InMemoryCache.create()) {
      full.saveResponse(Request.get("https://example.org/"), Entries.response("x"));
      assertThat(missing.update(full)).isOne();
      String other = EmbeddedDynamoDbExtension.uniqueTableName();
      assertThat(full.update(DynamoDbCache.builder().tableName(other).client(client).build()))
          .isZero();
    }
  }

  @Test
  void unknownTable_creationDenied_isTriedOnceAndNotByEveryRequest(
      DynamoDbClient client, @EmbeddedDynamoDbExtension.TableName String table) {
    AwsErrorDetails denied =
        AwsErrorDetails.builder()
            .errorCode("AccessDeniedException")
            .errorMessage("not authorized")
            .build();
    Faults faults = Faults.of(client);
    faults.failNext(
        100, "CreateTable", () -> DynamoDbException.builder().awsErrorDetails(denied).build());
    DynamoDbCache cache = DynamoDbCache.builder().tableName(table).client(faults.client()).build();
    assertThatThrownBy(cache::prepare)
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("no permission for dynamodb:CreateTable")
        .hasMessageContaining(table);
    for (int i = 0; i < 10; i++) {
      assertThat(
              cache
                  .forClients()
                  .exchange(
                      Request.get("https://example.org/" + i), CacheOptions.NONE, Visibility.FULL)
                  .begin())
          .isInstanceOf(Step.Forward.class);
    }
    assertThat(faults.calls("CreateTable")).isOne();
  }

  @Test
  void noCredentials_saysHowToGiveThem(
      @EmbeddedDynamoDbExtension.TableName String table, URI endpoint) {
    try (DynamoDbCache cache =
        DynamoDbCache.builder()
            .tableName(table)
            .region("eu-central-1")
            .endpoint(endpoint)
            .credentials(SystemPropertyCredentialsProvider.create())
            .build()) {
      assertThatThrownBy(() -> cache.getResponse("k"))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("no AWS credentials")
          .hasMessageContaining("AWS_ACCESS_KEY_ID")
          .hasMessageContaining(table);
    }
  }

  @Test
  void wrongEndpoint_saysWhatCannotBeReached() throws Exception {
    int closedPort;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closedPort = socket.getLocalPort();
    }
    try (DynamoDbCache cache =
        DynamoDbCache.builder()
            .region("eu-central-1")
            .endpoint(URI.create("http://127.0.0.1:" + closedPort))
            .credentials(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
            .build()) {
      assertThatThrownBy(() -> cache.getResponse("k"))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("cannot be reached")
          .hasMessageContaining("check the endpoint")
          .hasMessageContaining("http_cache");
    }
  }

  @Test
  void wrongKeySchema_saysWhichOneIsNeeded(
      DynamoDbClient client, @EmbeddedDynamoDbExtension.TableName String table) {
    client.createTable(
        r ->
            r.tableName(table)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(
                    AttributeDefinition.builder().attributeName("pk").attributeType("S").build(),
                    AttributeDefinition.builder().attributeName("sk").attributeType("S").build())
                .keySchema(
                    KeySchemaElement.builder().attributeName("pk").keyType("HASH").build(),
                    KeySchemaElement.builder().attributeName("sk").keyType("RANGE").build()));
    DynamoDbCache cache = DynamoDbCache.builder().tableName(table).client(client).build();
    for (Runnable call :
        List.<Runnable>of(
            () -> cache.getResponse("k"),
            () -> cache.saveResponse(Request.get("https://example.org/"), Entries.response("x")))) {
      assertThatThrownBy(call::run)
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(table)
          .hasMessageContaining("partition key named \"key\"");
    }
    assertThat(cache.verify())
        .anySatisfy(
            problem ->
                assertThat(problem).contains("pk (HASH, S), sk (RANGE, S)", "partition key"));
  }

  @Test
  void undecodableItem_isAMissAndListedAndDeleted(
      DynamoDbClient client, @EmbeddedDynamoDbExtension.TableName String table) {
    List<CacheEvent> events = new ArrayList<>();
    DynamoDbCache cache =
        DynamoDbCache.builder()
            .tableName(table)
            .client(client)
            .settings(CacheSettings.builder().listener(events::add).build())
            .build();
    cache.saveResponse(Request.get("https://example.org/"), Entries.response("good"));
    put(
        client,
        table,
        Map.of("key", s("foreign"), "value", AttributeValue.fromM(Map.of("status_code", s("x")))));
    put(client, table, Map.of("key", s("torso"), "k", s("entry"), "v", AttributeValue.fromN("1")));
    put(
        client,
        table,
        Map.of("key", s("future"), "k", s("entry"), "v", AttributeValue.fromN("99")));
    put(client, table, Map.of("key", s("odd"), "k", AttributeValue.fromN("7")));
    put(client, table, Map.of("key", s("foreign-ttl"), "ttl", s("tomorrow")));

    assertThat(cache.getResponse("foreign")).isEmpty();
    assertThat(cache.getResponse("torso")).isEmpty();
    assertThat(events).extracting(CacheEvent::type).containsOnly(CacheEvent.Type.UNDECODABLE);
    assertThat(events).extracting(CacheEvent::key).containsExactly("foreign", "torso");
    try (var invalid = cache.filter(EntryFilter.invalid())) {
      assertThat(invalid.map(CacheEntry::key))
          .containsExactlyInAnyOrder("foreign", "torso", "future", "foreign-ttl");
    }
    try (var urls = cache.urls()) {
      assertThat(urls).containsExactly("https://example.org/");
    }
    assertThat(cache.resetExpiration(Expiration.never())).isOne();
    assertThat(cache.delete(EntryFilter.expired())).isZero();
    assertThat(cache.delete(EntryFilter.invalid())).isEqualTo(4);
    assertThat(cache.count()).isOne();
  }

  @Test
  void undecodableBody_isListedAndDeletedAsInvalid(
      DynamoDbClient client, @EmbeddedDynamoDbExtension.TableName String table) {
    DynamoDbCache cache = DynamoDbCache.builder().tableName(table).client(client).build();
    for (String key : List.of("good", "no-body", "other-stage", "cut-off")) {
      cache.saveResponse(
          Request.get("https://example.org/"),
          Entries.response("body"),
          SaveOptions.DEFAULT.key(key).expiration(Expiration.never()));
    }
    change(client, table, "no-body", "REMOVE body", Map.of());
    change(client, table, "other-stage", "SET encoding = :x", Map.of(":x", s("rot13")));
    change(client, table, "cut-off", "SET body = :x", Map.of(":x", s("bo")));
    for (String key : List.of("no-body", "other-stage", "cut-off")) {
      assertThat(cache.getResponse(key)).as(key).isEmpty();
    }
    assertThat(cache.count(EntryFilter.invalid())).isEqualTo(3);
    assertThat(cache.removeExpiredResponses()).isEqualTo(3);
    try (var keys = cache.keys()) {
      assertThat(keys).containsExactly("good");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\u0001lease", "a\u001Fb", "\uD800"})
  void impossibleKeys_areRefusedBeforeAnythingIsSent(String key) {
    try (DynamoDbCache cache = DynamoDbCache.builder().region("eu-central-1").build()) {
      assertThatThrownBy(() -> cache.getResponse(key)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(
              () ->
                  cache.saveResponse(
                      Request.get("https://example.org/"),
                      Entries.response("x"),
                      SaveOptions.DEFAULT.key(key)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void oversizedKey_isRefusedNamingTheLimit() {
    try (DynamoDbCache cache = DynamoDbCache.builder().region("eu-central-1").build()) {
      assertThatThrownBy(() -> cache.delete("\u00E9".repeat(1025)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("2050 bytes")
          .hasMessageContaining("2048");
    }
  }

  @Test
  void oversizedEntry_isRefusedAndWhatWasThereStays(
      DynamoDbClient client, @EmbeddedDynamoDbExtension.TableName String table) {
    List<CacheEvent> events = new ArrayList<>();
    DynamoDbCache cache =
        DynamoDbCache.builder()
            .tableName(table)
            .client(client)
            .settings(CacheSettings.builder().listener(events::add).build())
            .build();
    Request request = Request.get("https://example.org/large");
    cache.saveResponse(request, Entries.response("small"));
    Body large = Body.of(new byte[(32 << 20) + 1]);
    assertThatThrownBy(() -> cache.saveResponse(request, Entries.response(large)))
        .isInstanceOf(EntryTooLargeException.class)
        .hasMessageContaining(cache.createKey(request))
        .hasMessageContaining("33554432")
        .hasMessageContaining(table);
    Response largeHead =
        Response.builder().header("X-Large", "x".repeat(ItemSize.MAX)).body("small").build();
    assertThatThrownBy(() -> cache.saveResponse(request, largeHead))
        .isInstanceOf(EntryTooLargeException.class)
        .hasMessageContaining(cache.createKey(request))
        .hasMessageContaining("409600")
        .hasMessageContaining(table);
    assertThat(isStored(cache, request, large)).isFalse();
    assertThat(events).extracting(CacheEvent::type).containsExactly(CacheEvent.Type.TOO_LARGE);
    assertThat(cache.getResponse(request).orElseThrow().body()).isEqualTo(Body.of("small"));
  }

  @Test
  void resetExpiration_entryTooNearTheLimitForALongerHead_doesNotEndItForTheOthers(
      DynamoDbClient client, @EmbeddedDynamoDbExtension.TableName String table) {
    DynamoDbCache cache =
        DynamoDbCache.builder().tableName(table).client(client).segments(1).build();
    SaveOptions never = SaveOptions.DEFAULT.expiration(Expiration.never());
    Request request = Request.get("https://example.org/");
    cache.saveResponse(request, Entries.response(""), never.key("full"));
    long head =
        ItemSize.of(client.getItem(r -> r.tableName(table).key(TableGateway.keyOf("full"))).item());
    // An expiration and a time to live no longer fit beside this field.
    int room = (int) (ItemSize.MAX - head - "\nX-Large: ".length() - 10);
    Response large =
        Response.builder()
            .headers(Entries.response("").headers())
            .header("X-Large", "x".repeat(room))
            .build();
    cache.saveResponse(request, large, never.key("full"));
    cache.saveResponse(request, Entries.response("small"), never.key("small"));
    assertThat(cache.resetExpiration(Expiration.after(Duration.ofHours(1)))).isOne();
    assertThat(cache.getResponse("small").orElseThrow().expires()).isPresent();
    assertThat(cache.getResponse("full").orElseThrow().expires()).isEmpty();
    assertThat(cache.getResponse("full").orElseThrow().headers().first("X-Large").orElseThrow())
        .hasSize(room);
  }

  @Test
  void maxBodyBytes_isWhatIsAskedForOrCanFit() {
    try (DynamoDbCache usual = DynamoDbCache.builder().region("eu-central-1").build();
        DynamoDbCache small =
            DynamoDbCache.builder().region("eu-central-1").maxBodyBytes(1_000).build();
        DynamoDbCache oneItem =
            DynamoDbCache.builder()
                .region("eu-central-1")
                .format(ItemFormat.REQUESTS_CACHE)
                .build()) {
      assertThat(usual.storage().maxBodyBytes()).isEqualTo(32 << 20);
      assertThat(small.storage().maxBodyBytes()).isEqualTo(1_000);
      assertThat(oneItem.storage().maxBodyBytes()).isEqualTo(ItemSize.MAX);
    }
  }

  @Test
  void contradictingOptions_areRefused(DynamoDbClient client) {
    assertThatThrownBy(() -> DynamoDbCache.builder().client(client).region("eu-central-1").build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("client(..)");
    assertThatThrownBy(() -> DynamoDbCache.builder().tableName("x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"x\"");
    assertThatThrownBy(() -> DynamoDbCache.builder().namespace("a b"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DynamoDbCache.builder().segments(0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static AttributeValue s(String text) {
    return AttributeValue.fromS(text);
  }

  private static void change(
      DynamoDbClient client,
      String table,
      String key,
      String update,
      Map<String, AttributeValue> values) {
    client.updateItem(
        r -> {
          r.tableName(table).key(TableGateway.keyOf(key)).updateExpression(update);
          if (!values.isEmpty()) {
            r.expressionAttributeValues(values);
          }
        });
  }

  private static void put(DynamoDbClient client, String table, Map<String, AttributeValue> item) {
    client.putItem(r -> r.tableName(table).item(item));
  }

  /** Whether a client stores a fresh response with this body. */
  private static boolean isStored(HttpCache cache, Request request, Body body) {
    Exchange exchange = cache.forClients().exchange(request, CacheOptions.NONE, Visibility.FULL);
    exchange.begin();
    Step step = exchange.onResponse(200, Headers.of("Cache-Control", "max-age=60"));
    if (!(step instanceof Step.Store store)) {
      return false;
    }
    Recording recording = store.recording();
    recording.append(body.buffer().orElseThrow());
    recording.complete();
    return exchange.isStored();
  }
}
