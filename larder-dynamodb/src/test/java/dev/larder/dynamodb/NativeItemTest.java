package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.CacheSettings;
import dev.larder.SaveOptions;
import dev.larder.http.Body;
import dev.larder.http.Expiration;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.serial.Serializers;
import dev.larder.serial.Stages;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.MutableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What is in the table, as the console shows it: decision record 0004, attribute by attribute. */
@ExtendWith(EmbeddedDynamoDbExtension.class)
class NativeItemTest {
  private final MutableClock clock = MutableClock.at("2026-11-22T08:00:00.120Z");
  private DynamoDbClient client;
  private String table;

  @BeforeEach
  void connect(DynamoDbClient embedded, @EmbeddedDynamoDbExtension.TableName String unique) {
    client = embedded;
    table = unique;
  }

  @Test
  void entry_allAttributes_areFlatAndReadable() {
    DynamoDbCache cache = open(DynamoDbCache.builder());
    Request request =
        Request.get("https://user:pw@API.example.org:8443/a?api_key=s3cret&q=1")
            .withHeaders(
                Headers.of("Accept", "application/json", "Authorization", "Bearer s3cret"));
    Response response =
        Response.builder()
            .header("Content-Type", "application/json")
            .header("ETag", "\"v1\"")
            .header("Set-Cookie", "a=1")
            .header("set-cookie", "b=2")
            .body("{\"n\": 1.50}")
            .requested(clock.instant().minusMillis(100))
            .build();
    cache.saveResponse(
        request, response, SaveOptions.DEFAULT.expiration(Expiration.after(Duration.ofHours(1))));
    Map<String, AttributeValue> item = new HashMap<>(item(cache.createKey(request)));
    assertThat(take(item, "ver")).hasSize(16);
    assertThat(take(item, "digest")).hasSize(43);
    assertThat(take(item, "key")).matches("[0-9a-f]{32}");
    assertThat(item)
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("k", s("entry")),
                Map.entry("v", n("1")),
                Map.entry("url", s("https://REDACTED@API.example.org:8443/a?api_key=REDACTED&q=1")),
                Map.entry("host", s("api.example.org")),
                Map.entry("method", s("GET")),
                Map.entry("status", n("200")),
                Map.entry(
                    "headers",
                    s(
                        "Content-Type: application/json\nETag: \"v1\"\nSet-Cookie: a=1\nset-cookie: b=2")),
                Map.entry("request", s("Accept: application/json\nAuthorization: REDACTED")),
                Map.entry("created", s("2026-11-22T08:00:00.120Z")),
                Map.entry("requested", s("2026-11-22T08:00:00.020Z")),
                Map.entry("responded", s("2026-11-22T08:00:00.120Z")),
                Map.entry("expires", s("2026-11-22T09:00:00.120Z")),
                Map.entry("explicit", AttributeValue.fromBool(true)),
                Map.entry("length", n("11")),
                // An hour and 7 days of revalidationRetention, rounded up to a second.
                Map.entry("ttl", n("1795942801")),
                Map.entry("body", s("{\"n\": 1.50}"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"plain", "caf\u00E9 \uD83D\uDE00", "line\r\n\ttab", "\uFEFF{\"bom\": true}"})
  void body_readableText_isText(String text) {
    DynamoDbCache cache = open(DynamoDbCache.builder());
    save(cache, Body.of(text));
    assertThat(attribute("body").s()).isEqualTo(text);
    assertThat(cache.getResponse("k").orElseThrow().body()).isEqualTo(Body.of(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"caf\u00E9", "\u0000", "a\u001Bb"})
  void body_othersThanReadableText_isBinary(String latin1) {
    DynamoDbCache cache = open(DynamoDbCache.builder());
    byte[] bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
    save(cache, Body.of(bytes));
    assertThat(attribute("body").b().asByteArray()).isEqualTo(bytes);
    assertThat(cache.getResponse("k").orElseThrow().body()).isEqualTo(Body.of(bytes));
  }

  @Test
  void body_decodeContentOff_isBinary() {
    DynamoDbCache cache = open(DynamoDbCache.builder().decodeContent(false));
    save(cache, Body.of("text"));
    assertThat(attribute("body").b().asUtf8String()).isEqualTo("text");
  }

  @Test
  void body_withStages_isReadByCachesWithoutThem() {
    save(open(DynamoDbCache.builder().bodyStages(Stages.gzip())), Body.of("text ".repeat(1000)));
    assertThat(attribute("encoding").s()).isEqualTo("gzip");
    assertThat(attribute("body").b().asByteArray()).hasSizeLessThan(200);
    assertThat(open(DynamoDbCache.builder()).getResponse("k").orElseThrow().body())
        .isEqualTo(Body.of("text ".repeat(1000)));
  }

  @Test
  void serialized_readsBothItsOwnAndTheNativeLayout() {
    save(open(DynamoDbCache.builder()), Body.of("native"));
    DynamoDbCache serialized = open(DynamoDbCache.builder().serializer(Serializers.json()));
    assertThat(serialized.getResponse("k").orElseThrow().body()).isEqualTo(Body.of("native"));
    save(serialized, Body.of("serialized"));
    assertThat(item("k").keySet())
        .containsExactlyInAnyOrder("key", "k", "v", "ver", "requested", "value");
    assertThat(attribute("value").b().asUtf8String()).startsWith("LRD1{");
    assertThat(serialized.getResponse("k").orElseThrow().body()).isEqualTo(Body.of("serialized"));
    // Without the serializer it is a miss and invalid, not an empty response.
    assertThat(open(DynamoDbCache.builder()).getResponse("k")).isEmpty();
  }

  @Test
  void namespaces_inOneTable_seeAndClearOnlyThemselves() {
    DynamoDbCache plain = open(DynamoDbCache.builder());
    DynamoDbCache a = open(DynamoDbCache.builder().namespace("a"));
    DynamoDbCache ab = open(DynamoDbCache.builder().namespace("ab"));
    for (DynamoDbCache cache : new DynamoDbCache[] {plain, a, ab}) {
      save(cache, Body.of(cache == plain ? "plain" : cache == a ? "a" : "ab"));
      cache.redirects().put("alias", "k");
    }
    assertThat(plain.getResponse("alias").orElseThrow().body()).isEqualTo(Body.of("plain"));
    assertThat(a.getResponse("alias").orElseThrow().body()).isEqualTo(Body.of("a"));
    assertThat(ab.count()).isOne();
    a.clear();
    assertThat(a.count()).isZero();
    assertThat(a.redirects()).isEmpty();
    assertThat(plain.getResponse("alias")).isPresent();
    plain.clear();
    assertThat(plain.count()).isZero();
    assertThat(ab.getResponse("alias")).isPresent();
    assertThat(client.scan(r -> r.tableName(table)).count()).isEqualTo(2);
  }

  private DynamoDbCache open(DynamoDbCache.Builder builder) {
    DynamoDbCache cache =
        builder
            .tableName(table)
            .client(client)
            .clock(clock)
            .settings(CacheSettings.standard())
            .build();
    cache.prepare();
    return cache;
  }

  private static void save(DynamoDbCache cache, Body body) {
    cache.saveResponse(
        Request.get("https://example.org/"),
        Response.builder().body(body).build(),
        SaveOptions.DEFAULT.key("k"));
  }

  private AttributeValue attribute(String name) {
    return Objects.requireNonNull(item("k").get(name));
  }

  private static String take(Map<String, AttributeValue> item, String name) {
    return Objects.requireNonNull(item.remove(name)).s();
  }

  private Map<String, AttributeValue> item(String key) {
    return client
        .getItem(r -> r.tableName(table).key(TableGateway.keyOf(key)).consistentRead(true))
        .item();
  }

  private static AttributeValue s(String text) {
    return AttributeValue.fromS(text);
  }

  private static AttributeValue n(String number) {
    return AttributeValue.fromN(number);
  }
}
