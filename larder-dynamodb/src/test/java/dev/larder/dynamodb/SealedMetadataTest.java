package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.CacheEvent;
import dev.larder.CacheSettings;
import dev.larder.SaveOptions;
import dev.larder.http.Body;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryFilter;
import dev.larder.http.EntryHead;
import dev.larder.http.Expiration;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.serial.Serializers;
import dev.larder.serial.Stage;
import dev.larder.serial.StageKeys;
import dev.larder.serial.Stages;
import dev.larder.storage.OperationStats;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.EmbeddedDynamoDbExtension.TableName;
import dev.larder.testkit.MutableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Encrypted heads against someone who can read and write the table. */
@ExtendWith(EmbeddedDynamoDbExtension.class)
class SealedMetadataTest {
  private static final StageKeys KEYS = StageKeys.of("one", new byte[32]);
  private static final Request REQUEST =
      Request.get("https://hidden-host.example/hidden-path?hidden-query=1")
          .withHeaders(Headers.of("Accept", "hidden/request"));

  private final List<CacheEvent> events = new ArrayList<>();
  private final MutableClock clock = MutableClock.at(Entries.START);
  private DynamoDbClient client;
  private String table;

  @BeforeEach
  void connect(DynamoDbClient embedded, @TableName String unique) {
    client = embedded;
    table = unique;
  }

  private DynamoDbCache.Builder builder(Stage... stages) {
    CacheSettings settings = CacheSettings.builder().listener(events::add).build();
    return DynamoDbCache.builder()
        .tableName(table)
        .client(client)
        .clock(clock)
        .settings(settings)
        .bodyStages(stages);
  }

  private DynamoDbCache sealed(StageKeys keys) {
    DynamoDbCache cache = builder(Stages.gzip(), Stages.aesGcm(keys)).encryptMetadata(true).build();
    cache.prepare();
    return cache;
  }

  private static Response response(Body body) {
    return Response.builder()
        .status(203)
        .header("Content-Type", "text/hidden-type")
        .header("ETag", "\"hidden-etag\"")
        .header("Content-Location", "https://other-host.example/")
        .body(body)
        .build();
  }

  private List<Map<String, AttributeValue>> items() {
    return client.scan(r -> r.tableName(table).consistentRead(true)).items();
  }

  /** Everything in the table, bytes as the characters they would be. */
  private String dump() {
    StringBuilder text = new StringBuilder();
    for (Map<String, AttributeValue> item : items()) {
      item.forEach(
          (name, value) -> {
            text.append(name).append('=').append(value).append('\n');
            if (value.b() != null) {
              text.append(new String(value.b().asByteArray(), StandardCharsets.ISO_8859_1));
            }
          });
    }
    return text.toString();
  }

  private void assertNothingShows() {
    assertThat(dump())
        .doesNotContainIgnoringCase("hidden")
        .doesNotContain("other-host", "GET ", "Accept", "ETag", "2030-");
  }

  @Test
  void table_afterSavingAndRenewing_showsNothing() {
    DynamoDbCache cache = sealed(KEYS);
    Body body = Body.of("hidden body ".repeat(20_000));
    cache.saveResponse(REQUEST, response(Body.of("hidden body")));
    cache.saveResponse(
        Request.get("https://hidden-host.example/large"),
        Response.builder().body(Body.of(new byte[] {1})).build());
    DynamoDbCache inParts =
        builder(Stages.aesGcm(KEYS)).encryptMetadata(true).inlineBodyLimit(100).build();
    inParts.saveResponse(Request.get("https://hidden-host.example/parts"), response(body));
    assertNothingShows();
    assertThat(cache.resetExpiration(Expiration.at(Entries.START.plus(Duration.ofDays(1_500)))))
        .isEqualTo(3);
    assertNothingShows();
    assertThat(items()).anySatisfy(item -> assertThat(item).containsKey(Attributes.PARTS));
    CachedResponse back =
        inParts.getResponse(Request.get("https://hidden-host.example/parts")).orElseThrow();
    assertThat(back.body().bytes()).isEqualTo(body.bytes());
  }

  @Test
  void item_ofAnEntry_hasTheseAttributesOnly() {
    DynamoDbCache cache = sealed(KEYS);
    cache.saveResponse(
        REQUEST,
        response(Body.of("body")),
        SaveOptions.DEFAULT.expiration(Expiration.after(Duration.ofHours(1))));
    assertThat(items().get(0).keySet())
        .isEqualTo(
            Set.of(
                "key",
                "k",
                "v",
                "ver",
                "requested",
                "ttl",
                "length",
                "encoding",
                "stored",
                "body",
                "sealed",
                "sealedRequest"));
  }

  @Test
  void head_readAgain_isWhatWasSaved() {
    DynamoDbCache cache = sealed(KEYS);
    EntryHead saved =
        cache
            .saveResponse(
                REQUEST,
                response(Body.of("body")),
                SaveOptions.DEFAULT.expiration(Expiration.after(Duration.ofHours(1))))
            .orElseThrow();
    CachedResponse read = sealed(KEYS).getResponse(REQUEST).orElseThrow();
    assertThat(read.head().toBuilder().retainUntil(saved.retainUntil()).build()).isEqualTo(saved);
    assertThat(read.body()).isEqualTo(Body.of("body"));
  }

  @Test
  void filters_ofEveryKind_runHere() {
    DynamoDbCache cache = sealed(KEYS);
    cache.saveResponse(REQUEST, response(Body.of("body")));
    cache.saveResponse(Request.get("https://elsewhere.example/"), Response.builder().build());
    assertThat(cache.count(EntryFilter.host("hidden-host.example"))).isOne();
    assertThat(cache.count(EntryFilter.urlPrefix("https://hidden-host.example/"))).isOne();
    assertThat(cache.count(EntryFilter.status(203))).isOne();
    assertThat(cache.count(EntryFilter.method("GET"))).isEqualTo(2);
    assertThat(cache.count(EntryFilter.invalid())).isZero();
    assertThat(cache.delete(EntryFilter.host("hidden-host.example"))).isOne();
    assertThat(cache.count()).isOne();
  }

  @Test
  void renewal_ofAHead_isOneConditionalUpdate() {
    DynamoDbCache cache = sealed(KEYS);
    EntryHead head = cache.saveResponse(REQUEST, response(Body.of("body"))).orElseThrow();
    EntryHead renewed = head.toBuilder().headers(Headers.of("X-New", "hidden")).build();
    assertThat(cache.storage().update(renewed)).isTrue();
    OperationStats updates = cache.stats().of("UpdateItem");
    assertThat(updates.requests()).isOne();
    assertThat(cache.stats().of("GetItem").requests()).isZero();
    CachedResponse read = cache.getResponse(REQUEST).orElseThrow();
    assertThat(read.head().headers()).isEqualTo(renewed.headers());
    assertThat(read.head().url()).isEqualTo(head.url());
    cache.saveResponse(REQUEST, response(Body.of("newer")));
    assertThat(cache.storage().update(renewed)).isFalse();
    assertNothingShows();
  }

  @Test
  void wrongKey_isAMissWithAnEventAndListedAsInvalid() {
    sealed(KEYS).saveResponse(REQUEST, response(Body.of("body")));
    DynamoDbCache other = sealed(StageKeys.of("two", new byte[32]));
    assertThat(other.getResponse(REQUEST)).isEmpty();
    assertThat(events).extracting(CacheEvent::type).containsExactly(CacheEvent.Type.UNDECODABLE);
    assertThat(events.get(0).message()).contains("metadata cannot be decrypted", "\"one\"");
    assertThat(other.count(EntryFilter.invalid())).isOne();
    DynamoDbCache rotated =
        sealed(StageKeys.of("two", new byte[32]).withOlder("one", new byte[32]));
    assertThat(rotated.getResponse(REQUEST)).isPresent();
  }

  @Test
  void withoutTheOption_isInvalidAndCannotBeRenewed() {
    EntryHead head = sealed(KEYS).saveResponse(REQUEST, response(Body.of("body"))).orElseThrow();
    DynamoDbCache plain = builder(Stages.aesGcm(KEYS)).build();
    assertThat(plain.getResponse(REQUEST)).isEmpty();
    assertThat(plain.count(EntryFilter.invalid())).isOne();
    assertThat(plain.storage().update(head)).isFalse();
    assertNothingShows();
  }

  @Test
  void plainEntry_isRefused() {
    DynamoDbCache plain = builder(Stages.aesGcm(KEYS)).build();
    plain.prepare();
    EntryHead head = plain.saveResponse(REQUEST, response(Body.of("body"))).orElseThrow();
    DynamoDbCache cache = sealed(KEYS);
    assertThat(cache.getResponse(REQUEST)).isEmpty();
    assertThat(cache.count(EntryFilter.invalid())).isOne();
    assertThat(cache.storage().update(head)).isFalse();
  }

  @Test
  void sealedAttributes_movedOrSwapped_doNotOpen() {
    DynamoDbCache cache = sealed(KEYS);
    String key = cache.createKey(REQUEST);
    cache.saveResponse(REQUEST, response(Body.of("body")));
    Map<String, AttributeValue> item = items().get(0);
    put(item, "key", AttributeValue.fromS("stolen"));
    assertThat(cache.getResponse("stolen")).isEmpty();
    put(item, "sealed", Objects.requireNonNull(item.get("sealedRequest")));
    assertThat(cache.getResponse(key)).isEmpty();
    put(item, "ver", AttributeValue.fromS("another"));
    assertThat(cache.getResponse(key)).isEmpty();
    put(item, "requested", AttributeValue.fromS("2030-01-01T00:00:00.000Z"));
    assertThat(cache.getResponse(key).orElseThrow().head().requested()).isEqualTo(Entries.START);
  }

  @Test
  void sealedAttributes_copiedToAnotherNamespace_doNotOpen() {
    DynamoDbCache.Builder builder =
        builder(Stages.aesGcm(KEYS)).encryptMetadata(true).namespace("team");
    DynamoDbCache team = builder.build();
    team.prepare();
    team.saveResponse(REQUEST, response(Body.of("body")), SaveOptions.DEFAULT.key("k"));
    assertThat(team.getResponse("k")).isPresent();
    put(items().get(0), "key", AttributeValue.fromS("other\u001Fk"));
    assertThat(builder.namespace("other").build().getResponse("k")).isEmpty();
    assertThat(events)
        .singleElement()
        .asString()
        .contains("metadata cannot be decrypted", "moved from another place");
  }

  private void put(Map<String, AttributeValue> item, String name, AttributeValue value) {
    Map<String, AttributeValue> changed = new HashMap<>(item);
    changed.put(name, value);
    client.putItem(r -> r.tableName(table).item(changed));
  }

  @Test
  void build_withWhatExcludesIt_saysWhatToDo() {
    assertThatThrownBy(() -> DynamoDbCache.builder().encryptMetadata(true).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Stages.aesGcm");
    assertThatThrownBy(
            () ->
                DynamoDbCache.builder()
                    .encryptMetadata(true)
                    .serializer(Serializers.json())
                    .build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("leave out serializer");
    assertThatThrownBy(
            () ->
                DynamoDbCache.builder()
                    .encryptMetadata(true)
                    .format(ItemFormat.REQUESTS_CACHE)
                    .build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("format");
  }
}
