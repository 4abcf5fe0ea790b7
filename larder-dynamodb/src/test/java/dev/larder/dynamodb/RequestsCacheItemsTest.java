package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.dynamodb.RequestsCacheVectors.Node;
import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryFilter;
import dev.larder.http.EntryHead;
import dev.larder.serial.Utf8;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.MutableClock;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Every item that the real requests-cache wrote is read from a real table as requests-cache itself
 * reads it. Where the two differ on purpose (decision record 0011) the test says so.
 */
@ExtendWith(EmbeddedDynamoDbExtension.class)
class RequestsCacheItemsTest {
  /** Before all of them expire; DynamoDB Local must not sweep them by its own clock either. */
  private static final MutableClock CLOCK = MutableClock.at("2026-11-22T07:30:00Z");

  @TestFactory
  Stream<DynamicTest> read_everyItemVector_isWhatRequestsCacheReads(
      DynamoDbClient client, @EmbeddedDynamoDbExtension.TableName String table) {
    DynamoDbCache cache =
        DynamoDbCache.builder().tableName(table).client(client).clock(CLOCK).ttl(false).build();
    cache.prepare();
    return RequestsCacheVectors.load("requests-cache-items.json", "vectors").stream()
        .flatMap(
            vector ->
                vector.at("items_written").elements().stream()
                    .map(
                        written ->
                            DynamicTest.dynamicTest(
                                vector.at("id").text() + " " + written.at("key").at("S").text(),
                                () -> check(vector, written.item(), cache, client, table))));
  }

  private static void check(
      Node vector,
      Map<String, AttributeValue> item,
      DynamoDbCache cache,
      DynamoDbClient client,
      String table) {
    String key = get(item, "key").s();
    CacheEntry direct = new RequestsCacheReader(CLOCK).read(key, item);
    checkEntry(vector, item, direct, true);
    if (!isStorable(get(item, "value"))) {
      // The SDK would write a question mark for the unpaired surrogate.
      return;
    }
    client.putItem(r -> r.tableName(table).item(item));
    CachedResponse stored = cache.getResponse(key).orElseThrow();
    checkEntry(vector, item, CacheEntry.of(stored.head(), stored.body(), -1), false);
    try (Stream<CacheEntry> all = cache.filter(EntryFilter.invalid().not())) {
      CacheEntry listed = all.filter(e -> e.key().equals(key)).findAny().orElseThrow();
      assertThat(listed.head()).isEqualTo(stored.head());
      assertThat(listed.open().body().bytes()).hasSameSizeAs(stored.body().bytes());
    }
  }

  private static void checkEntry(
      Node vector, Map<String, AttributeValue> item, CacheEntry entry, boolean ordered) {
    assertThat(entry.problem()).isEmpty();
    EntryHead head = entry.head();
    String key = entry.key();
    Map<String, AttributeValue> document = get(item, "value").m();
    Node withoutUjson = vector.at("read_back").at(key);
    Node expected =
        withoutUjson.at("found").bool() ? withoutUjson : vector.at("read_back_with_ujson").at(key);

    assertThat(head.status()).isEqualTo(expected.at("status").number());
    assertThat(head.url()).isEqualTo(expected.at("url").text());
    assertThat(head.created())
        .isEqualTo(
            PythonDates.parse(get(document, "created_at").s()).truncatedTo(ChronoUnit.MILLIS));
    assertThat(head.expires())
        .isEqualTo(
            expected
                .find("expires")
                .map(time -> PythonDates.parse(time.text()).truncatedTo(ChronoUnit.MILLIS)));
    assertThat(head.explicit()).isTrue();

    byte[] body = entry.open().body().bytes();
    assertThat(head.length()).isEqualTo(body.length);
    checkHeaders(expected, head, body.length);
    if (withoutUjson.at("found").bool()) {
      byte[] theirs = expected.find("body_base64").map(Node::base64).orElse(new byte[0]);
      if (ordered) {
        assertThat(body).isEqualTo(theirs);
      } else {
        // DynamoDB returns members in an order of its own.
        assertThat(body).hasSameSizeAs(theirs);
      }
    } else {
      checkNumbers(vector, body);
    }
    boolean asSent = expected.at("headers").value().toString().indexOf("Content-Encoding") < 0;
    assertThat(head.exact()).isEqualTo(document.containsKey("_content") && asSent);
  }

  /** Those that requests-cache gives, with Content-Encoding dropped and Content-Length right. */
  private static void checkHeaders(Node expected, EntryHead head, int length) {
    Map<String, String> theirs = new TreeMap<>();
    expected
        .at("headers")
        .elements()
        .forEach(
            line ->
                theirs.put(line.elements().get(0).text(), line.elements().get(1).text().trim()));
    Map<String, String> ours = new TreeMap<>();
    head.headers().fields().forEach(field -> ours.put(field.name(), field.value()));
    theirs.remove("Content-Encoding");
    if (theirs.containsKey("Content-Length")) {
      theirs.put("Content-Length", head.method().equals("HEAD") ? "123" : Integer.toString(length));
    }
    assertThat(ours).isEqualTo(theirs);
  }

  /** Without ujson such items are never readable; ours has the numbers that the origin sent. */
  private static void checkNumbers(Node vector, byte[] body) {
    Object sent = tree(PythonJson.parse(originalBody(vector)), true);
    String text = new String(body, StandardCharsets.US_ASCII);
    assertThat(tree(PythonJson.parse(text), true)).isEqualTo(sent);
    Node ujson = vector.at("read_back_with_ujson").members().values().iterator().next();
    String theirs = new String(ujson.at("body_base64").base64(), StandardCharsets.UTF_8);
    assertThat(tree(PythonJson.parse(text), false))
        .as("as doubles, what ujson reads")
        .isEqualTo(tree(PythonJson.parse(theirs), false));
  }

  private static String originalBody(Node vector) {
    byte[] response = vector.at("responses").elements().get(0).at("bytes_base64").base64();
    String text = new String(response, StandardCharsets.UTF_8);
    return text.substring(text.indexOf("\r\n\r\n") + 4);
  }

  private static Object tree(AttributeValue value, boolean exact) {
    return switch (value.type()) {
      case M -> {
        Map<String, Object> members = new LinkedHashMap<>();
        value.m().forEach((name, member) -> members.put(name, tree(member, exact)));
        yield members;
      }
      case L -> value.l().stream().map(element -> tree(element, exact)).toList();
      case N -> exact ? new BigDecimal(value.n()).stripTrailingZeros() : Double.valueOf(value.n());
      case S -> "\"" + value.s();
      default -> value.toString();
    };
  }

  private static boolean isStorable(AttributeValue value) {
    return switch (value.type()) {
      case S -> Utf8.isWellFormed(value.s());
      case M -> value.m().values().stream().allMatch(RequestsCacheItemsTest::isStorable);
      case L -> value.l().stream().allMatch(RequestsCacheItemsTest::isStorable);
      default -> true;
    };
  }

  @TestFactory
  Stream<DynamicTest> read_everyProbe_isAsForgivingAndNeverAsFragile(
      DynamoDbClient client, @EmbeddedDynamoDbExtension.TableName String table) {
    DynamoDbCache cache =
        DynamoDbCache.builder().tableName(table).client(client).clock(CLOCK).ttl(false).build();
    cache.prepare();
    return RequestsCacheVectors.load("requests-cache-probes.json", "probes").stream()
        .map(
            probe ->
                DynamicTest.dynamicTest(
                    probe.at("id").text(), () -> checkProbe(probe, cache, client, table)));
  }

  private static void checkProbe(
      Node probe, DynamoDbCache cache, DynamoDbClient client, String table) {
    String key = probe.at("id").text();
    client.putItem(r -> r.tableName(table).item(probe.at("item").item()));
    Optional<CachedResponse> found = cache.getResponse(key);
    boolean response = probe.at("result").text().equals("response");
    assertThat(found.isPresent()).isEqualTo(response);
    assertThat(cache.contains(key)).isEqualTo(response);
    assertThat(keys(cache, EntryFilter.all())).contains(key);
    assertThat(keys(cache, EntryFilter.invalid()).contains(key)).isEqualTo(!response);
    if (response) {
      checkResponse(probe.at("response"), found.orElseThrow());
    }
  }

  private static void checkResponse(Node theirs, CachedResponse ours) {
    int status = new BigDecimal(theirs.at("status_code").text()).intValue();
    assertThat(ours.head().status()).isEqualTo(status);
    assertThat(ours.head().url()).isEqualTo(theirs.find("url").map(Node::text).orElse(""));
    String text = ours.body().text(StandardCharsets.UTF_8);
    if (ours.headers().first("Content-Type").filter("application/json"::equals).isPresent()) {
      String json = theirs.at("text").text();
      assertThat(text).hasSameSizeAs(json);
      if (!json.isEmpty()) {
        assertThat(tree(PythonJson.parse(text), true))
            .isEqualTo(tree(PythonJson.parse(json), true));
      }
    } else {
      assertThat(text).isEqualTo(theirs.at("text").text());
    }
    String created = theirs.at("created_at").text().toLowerCase(Locale.ROOT);
    if (created.contains("2026, 1, 2, 3, 4, 5, 678901")) {
      assertThat(ours.head().created()).isEqualTo("2026-01-02T03:04:05.678Z");
    }
  }

  private static AttributeValue get(Map<String, AttributeValue> map, String name) {
    return Objects.requireNonNull(map.get(name), name);
  }

  private static List<String> keys(DynamoDbCache cache, EntryFilter filter) {
    try (Stream<CacheEntry> entries = cache.filter(filter)) {
      return entries.map(CacheEntry::key).toList();
    }
  }

  @Test
  void read_jsonSerializer_textOrBytes_isRead(
      DynamoDbClient client, @EmbeddedDynamoDbExtension.TableName String table) {
    String json =
        """
        {
          "created_at": "2026-11-22T07:00:00+00:00", "elapsed": 0.25, "encoding": "utf-8",
          "expires": "2026-11-22T08:00:00.500000+00:00",
          "headers": {"Content-Type": "%s", "Content-Length": "99"},
          "reason": "OK", "status_code": 200, "url": "http://localhost/j", %s,
          "request": {"method": "POST", "url": "http://localhost/j", "headers": {}, "body": "Xk~0{Zv"}
        }
        """;
    DynamoDbCache cache =
        DynamoDbCache.builder().tableName(table).client(client).clock(CLOCK).ttl(false).build();
    cache.prepare();
    String text =
        json.formatted("application/json", "\"_decoded_content\": {\"f\": 1e+100, \"i\": 1}");
    String bytes = json.formatted("image/png", "\"_content\": \"Xk~0{Zy<MXa%^NF\"");
    client.putItem(
        r ->
            r.tableName(table)
                .item(
                    Map.of("key", AttributeValue.fromS("t"), "value", AttributeValue.fromS(text))));
    client.putItem(
        r ->
            r.tableName(table)
                .item(
                    Map.of(
                        "key",
                        AttributeValue.fromS("b"),
                        "value",
                        AttributeValue.fromB(SdkBytes.fromUtf8String(bytes)))));
    CachedResponse decoded = cache.getResponse("t").orElseThrow();
    assertThat(decoded.body()).isEqualTo(Body.of("{\"f\": 1e+100, \"i\": 1}"));
    assertThat(decoded.head().request().body()).isEqualTo(Body.of("hello"));
    assertThat(decoded.head().requested()).isEqualTo("2026-11-22T06:59:59.750Z");
    assertThat(decoded.head().expires()).contains(Instant.parse("2026-11-22T08:00:00.500Z"));
    assertThat(cache.getResponse("b").orElseThrow().body()).isEqualTo(Body.of("hello world!"));
    for (String key : List.of("t", "b")) {
      EntryHead later =
          cache.getResponse(key).orElseThrow().head().toBuilder().expires(Optional.empty()).build();
      assertThat(cache.storage().update(later)).isTrue();
      CachedResponse after = cache.getResponse(key).orElseThrow();
      assertThat(after.head().expires()).isEmpty();
      assertThat(after.head().version()).isEqualTo(later.version());
      assertThat(after.body().length()).isEqualTo(later.length());
    }
  }
}
