package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.CacheSettings;
import dev.larder.KeyMigration;
import dev.larder.RecreatedKeys;
import dev.larder.dynamodb.RequestsCacheVectors.Node;
import dev.larder.http.Body;
import dev.larder.http.CachedResponse;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.requestscache.RequestsCache;
import dev.larder.requestscache.RequestsCacheKeys;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.MutableClock;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Keys, settings and items together: a request finds what a Python session stored for the same
 * request, and what a Java program stores lies where that session looks for it.
 */
@ExtendWith(EmbeddedDynamoDbExtension.class)
class RequestsCacheSharingTest {
  private static final MutableClock CLOCK = MutableClock.at("2026-11-22T07:30:00Z");

  /** Credentials that the items hide: requests-cache gives them to anybody, Larder to nobody. */
  private static final Set<String> FOR_SOMEBODY =
      Set.of("redacted-none", "post-json-secret", "post-form");

  private DynamoDbClient client;
  private String table;

  @BeforeEach
  void connect(DynamoDbClient embedded, @EmbeddedDynamoDbExtension.TableName String unique) {
    client = embedded;
    table = unique;
  }

  private DynamoDbCache open(CacheSettings settings) {
    DynamoDbCache cache =
        DynamoDbCache.builder()
            .tableName(table)
            .client(client)
            .clock(CLOCK)
            .ttl(false)
            .format(ItemFormat.REQUESTS_CACHE)
            .settings(settings)
            .build();
    cache.prepare();
    return cache;
  }

  private static List<Node> vectors() {
    return RequestsCacheVectors.load("requests-cache-items.json", "vectors").stream()
        .filter(vector -> !vector.at("items_written").elements().isEmpty())
        .toList();
  }

  private static Node vector(String id) {
    return vectors().stream()
        .filter(vector -> vector.at("id").text().equals(id))
        .findAny()
        .orElseThrow();
  }

  private static CacheSettings.Builder settings(Node vector) {
    Optional<Node> ignored = vector.at("session_settings").find("ignored_parameters");
    return ignored.isPresent()
        ? RequestsCache.settingsBuilder(
            RequestsCacheKeys.builder().ignoredParameters(List.of()).build())
        : RequestsCache.settingsBuilder();
  }

  private static Request request(Node vector) {
    Node request = vector.at("request");
    Headers.Builder headers = Headers.builder();
    request.at("headers").members().forEach((name, value) -> headers.add(name, value.text()));
    return new Request(
        request.at("method").text(),
        URI.create(request.at("url").text()),
        headers.build(),
        Body.of(request.find("body_base64").map(Node::base64).orElse(new byte[0])));
  }

  /** The key under which the session looks. */
  private static String key(Node vector, CacheSettings settings) {
    Request request = request(vector);
    return vector.at("id").text().equals("vary-second")
        ? settings
            .keyFunction()
            .createVariant(request, "Accept-Language", List.of())
            .orElseThrow()
            .value()
        : settings.keyFunction().create(request, List.of()).value();
  }

  @TestFactory
  Stream<DynamicTest> getResponse_everyExchangeOfPython_isFoundByItsRequest() {
    return vectors().stream()
        .map(
            vector ->
                DynamicTest.dynamicTest(
                    vector.at("id").text(), () -> checkFound(vector, vector.at("id").text())));
  }

  private void checkFound(Node vector, String id) {
    DynamoDbCache cache = open(settings(vector).build());
    DynamoDbCache sharing = open(settings(vector).shareAcrossCredentials(true).build());
    assertThat(vector.at("items_written").elements())
        .extracting(item -> item.at("key").at("S").text())
        .contains(key(vector, cache.settings()));
    if (id.equals("json-surrogate")) {
      // No client can put it: the SDK would send a question mark.
      return;
    }
    vector
        .at("items_written")
        .elements()
        .forEach(item -> client.putItem(r -> r.tableName(table).item(item.item())));
    if (id.equals("vary-second")) {
      assertThat(cache.getResponse(vector.at("key").text())).isPresent();
      return;
    }
    Optional<CachedResponse> shared = sharing.getResponse(request(vector));
    assertThat(shared).isPresent();
    assertThat(shared.get().head().status()).isEqualTo(vector.at("original").at("status").number());
    assertThat(shared.get().url()).isNotEmpty();
    assertThat(cache.getResponse(request(vector)).isPresent())
        .isEqualTo(!FOR_SOMEBODY.contains(id));
  }

  /** What both programs write of one exchange, compared where they are to write the same. */
  @TestFactory
  Stream<DynamicTest> saveResponse_everyExchangeOfPython_isWrittenAsPythonDoes() {
    return vectors().stream()
        .filter(vector -> vector.at("responses").elements().size() == 1)
        .filter(vector -> !vector.at("id").text().equals("vary-second"))
        .map(vector -> DynamicTest.dynamicTest(vector.at("id").text(), () -> checkWritten(vector)));
  }

  private void checkWritten(Node vector) {
    DynamoDbCache cache = open(settings(vector).build());
    byte[] raw = vector.at("responses").elements().get(0).at("bytes_base64").base64();
    Node expiry = vector.at("items_written").elements().get(0);
    Map<String, AttributeValue> theirs = get(expiry.item(), "value").m();

    String key = cache.saveResponse(request(vector), response(raw)).orElseThrow().key();

    Map<String, AttributeValue> item =
        client.getItem(r -> r.tableName(table).key(TableGateway.keyOf(key))).item();
    RequestsCacheStrictReader.check(item);
    Map<String, AttributeValue> ours = get(item, "value").m();
    assertThat(key).isEqualTo(vector.at("key").text());
    assertThat(ours.get("status_code")).isEqualTo(theirs.get("status_code"));
    assertThat(ours.get("encoding")).isEqualTo(theirs.get("encoding"));
    assertThat(ours.get("cookies")).isEqualTo(theirs.get("cookies"));
    assertThat(get(get(ours, "request").m(), "method"))
        .isEqualTo(get(get(theirs, "request").m(), "method"));
    assertThat(headers(ours)).isEqualTo(headers(theirs));
    if (theirs.containsKey("_content")) {
      assertThat(ours.get("_content")).isEqualTo(theirs.get("_content"));
    }
  }

  /** Without what says how the body was coded: requests-cache leaves that, and it is wrong then. */
  private static Map<String, AttributeValue> headers(Map<String, AttributeValue> document) {
    Map<String, AttributeValue> headers = new HashMap<>();
    if (document.containsKey("headers")) {
      headers.putAll(get(document, "headers").m());
    }
    headers.replaceAll((name, value) -> AttributeValue.fromS(value.s().trim()));
    headers.keySet().removeAll(List.of("Content-Encoding", "Content-Length"));
    return headers;
  }

  private static Response response(byte[] raw) {
    String text = new String(raw, StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    String[] lines = text.substring(0, end).split("\r\n", -1);
    Response.Builder response =
        Response.builder()
            .status(Integer.parseInt(lines[0].split(" ", -1)[1]))
            .body(Body.of(Arrays.copyOfRange(raw, end + 4, raw.length)));
    for (String line : Arrays.copyOfRange(lines, 1, lines.length)) {
      int colon = line.indexOf(':');
      response.header(line.substring(0, colon), line.substring(colon + 1).trim());
    }
    return response.build();
  }

  /** When the last Python program is gone. */
  @Test
  void recreateKeys_tableOfPython_isFoundByLardersKeys() {
    open(RequestsCache.settings());
    for (String id : List.of("svg", "json-mixed", "expire-after", "post-form", "redacted-none")) {
      Map<String, AttributeValue> item = vector(id).at("items_written").elements().get(0).item();
      client.putItem(r -> r.tableName(table).item(item));
    }
    DynamoDbCache later =
        DynamoDbCache.builder().tableName(table).client(client).clock(CLOCK).build();
    List<KeyMigration.Left> left = new ArrayList<>();

    RecreatedKeys moved = later.recreateKeys(KeyMigration.DEFAULT.onLeft(left::add));

    assertThat(moved.moved()).isEqualTo(3);
    assertThat(moved.redacted()).isEqualTo(2);
    for (String id : List.of("svg", "json-mixed", "expire-after")) {
      CachedResponse found = later.getResponse(request(vector(id))).orElseThrow();
      assertThat(found.key()).hasSize(32);
      assertThat(found.head().status()).isEqualTo(200);
      Map<String, AttributeValue> item =
          client.getItem(r -> r.tableName(table).key(TableGateway.keyOf(found.key()))).item();
      assertThat(item).containsKey("k").doesNotContainKey("value");
    }
    assertThat(later.getResponse(request(vector("expire-after"))).orElseThrow().expires())
        .isPresent();
    assertThat(left)
        .extracting(one -> one.head().key())
        .containsExactlyInAnyOrder(
            vector("post-form").at("key").text(), vector("redacted-none").at("key").text());
    assertThat(later.count()).isEqualTo(5);
    // And back, for Python to read.
    DynamoDbCache again = open(RequestsCache.settings());
    assertThat(again.recreateKeys().moved()).isEqualTo(3);
    for (String id : List.of("svg", "json-mixed", "expire-after")) {
      String key = vector(id).at("key").text();
      RequestsCacheStrictReader.check(
          client.getItem(r -> r.tableName(table).key(TableGateway.keyOf(key))).item());
      assertThat(again.getResponse(request(vector(id)))).isPresent();
    }
  }

  @Test
  void getResponse_randomExchanges_areWhatWasSaved() {
    Random random = new Random(20261124);
    DynamoDbCache cache = open(RequestsCache.settings());
    for (int i = 0; i < 150; i++) {
      Request request = randomRequest(random, i);
      byte[] body = new byte[random.nextInt(300)];
      random.nextBytes(body);
      Response response =
          Response.builder()
              .status(200 + random.nextInt(300))
              .headers(randomHeaders(random))
              .body(Body.of(body))
              .build();
      String key = cache.saveResponse(request, response).orElseThrow().key();

      CachedResponse read = cache.getResponse(request).orElseThrow();
      assertThat(read.head().status()).isEqualTo(response.status());
      assertThat(read.headers()).isEqualTo(response.headers());
      assertThat(read.body().bytes()).isEqualTo(body);
      assertThat(read.expires()).isEmpty();
      RequestsCacheStrictReader.check(
          client.getItem(r -> r.tableName(table).key(TableGateway.keyOf(key))).item());
    }
    assertThat(cache.count()).isEqualTo(150);
  }

  private static Request randomRequest(Random random, int number) {
    List<String> pieces =
        List.of("a=1", "b=%20x", "c", "d=%C3%A9", "token=t", "e=+", "f=", "api_key=k", "g=%2B");
    StringBuilder url =
        new StringBuilder("https://h" + number + ".example/p%2F/\u00e9?n=" + number);
    for (int n = random.nextInt(5); n > 0; n--) {
      url.append('&').append(pieces.get(random.nextInt(pieces.size())));
    }
    List<String> types =
        List.of("application/json", "application/x-www-form-urlencoded", "text/plain");
    List<String> bodies = List.of("", "{\"b\": [1.0], \"a\": null}", "x=1&y=2", "\u00e9");
    Headers headers =
        Headers.of(
            "Content-Type",
            types.get(random.nextInt(types.size())),
            random.nextBoolean() ? "Authorization" : "Accept",
            "v" + random.nextInt(3));
    return new Request(
        List.of("GET", "POST", "PUT").get(random.nextInt(3)),
        URI.create(url.toString()),
        headers,
        Body.of(bodies.get(random.nextInt(bodies.size()))));
  }

  private static Headers randomHeaders(Random random) {
    List<String> names = List.of("X-A", "x-a", "Vary", "Cache-Control", "ETag", "Set-Cookie");
    List<String> values = List.of("", "a=1; Path=/", "max-age=1", "\"q\"", "caf\u00e9", "a, b");
    Headers.Builder headers = Headers.builder();
    for (int n = random.nextInt(6); n > 0; n--) {
      headers.add(
          names.get(random.nextInt(names.size())), values.get(random.nextInt(values.size())));
    }
    return headers.build();
  }

  private static AttributeValue get(Map<String, AttributeValue> map, String name) {
    return Objects.requireNonNull(map.get(name), name);
  }
}
