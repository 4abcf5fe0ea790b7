package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.CacheSettings;
import dev.larder.SaveOptions;
import dev.larder.http.Body;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryHead;
import dev.larder.http.Expiration;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.serial.Serializers;
import dev.larder.serial.StageContext;
import dev.larder.serial.Stages;
import dev.larder.storage.EntryTooLargeException;
import dev.larder.storage.Precondition;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.MutableClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What format(REQUESTS_CACHE) writes, field by field, as requests-cache's strict reader needs it.
 */
@ExtendWith(EmbeddedDynamoDbExtension.class)
class RequestsCacheWritingTest {
  private final MutableClock clock = MutableClock.at("2036-11-22T08:00:00.120Z");
  private DynamoDbClient client;
  private String table;
  private DynamoDbCache cache;

  @BeforeEach
  void connect(DynamoDbClient embedded, @EmbeddedDynamoDbExtension.TableName String unique) {
    client = embedded;
    table = unique;
    cache = open(ItemFormat.REQUESTS_CACHE);
    cache.prepare();
  }

  private DynamoDbCache open(ItemFormat format) {
    return DynamoDbCache.builder()
        .tableName(table)
        .client(client)
        .clock(clock)
        .format(format)
        .settings(CacheSettings.standard())
        .build();
  }

  private Map<String, AttributeValue> item(String key) {
    return client
        .getItem(r -> r.tableName(table).key(TableGateway.keyOf(key)).consistentRead(true))
        .item();
  }

  private Map<String, AttributeValue> document(String key) {
    Map<String, AttributeValue> item = item(key);
    RequestsCacheStrictReader.check(item);
    return Objects.requireNonNull(item.get("value")).m();
  }

  private void save(Request request, Response response) {
    cache.saveResponse(request, response, SaveOptions.DEFAULT.key("k"));
  }

  @Test
  void write_everything_isTheDocumentThatPythonReads() {
    Request request =
        new Request(
            "POST",
            URI.create("https://api.example.org/a?api_key=s3cret&q=1"),
            Headers.of("Accept", "text/html", "accept", "*/*", "Authorization", "Bearer s3cret"),
            Body.of("q=1"));
    Response response =
        Response.builder()
            .header("Content-Type", "text/plain; charset=\"utf-8\"")
            .header("Set-Cookie", "a=1")
            .header("set-cookie", "b=2")
            .header("X-Empty", "")
            .body("h\u00e9llo")
            .requested(clock.instant().minusMillis(250))
            .responded(clock.instant().minusMillis(130))
            .build();
    cache.saveResponse(
        request,
        response,
        SaveOptions.DEFAULT
            .key("k")
            .expiration(Expiration.at(Instant.parse("2036-11-22T09:00:00Z"))));

    assertThat(document("k"))
        .containsExactlyInAnyOrderEntriesOf(
            members(
                "_content", b("h\u00e9llo"),
                "status_code", n("200"),
                "reason", s("OK"),
                "url", s("https://api.example.org/a?api_key=REDACTED&q=1"),
                "headers",
                    m(
                        "Content-Type", s("text/plain; charset=\"utf-8\""),
                        "Set-Cookie", s("a=1, b=2"),
                        "X-Empty", s("")),
                "cookies", m("a", s("1"), "b", s("2")),
                "encoding", s("utf-8"),
                "created_at", s("2036-11-22T08:00:00.120000+00:00"),
                "expires", s("2036-11-22T09:00:00+00:00"),
                "elapsed", n("0.12"),
                "request",
                    m(
                        "method", s("POST"),
                        "url", s("https://api.example.org/a?api_key=REDACTED&q=1"),
                        "headers", m("Accept", s("text/html, */*"), "Authorization", s("REDACTED")),
                        "body", b("q=1"))));
    assertThat(Objects.requireNonNull(item("k").get("ttl")).n()).isEqualTo("2110957200");
  }

  @Test
  void write_onlyWhatMustBe_leavesDefaultsOut() {
    save(Request.get("https://example.org/"), Response.builder().status(299).build());
    assertThat(document("k").keySet())
        .containsExactlyInAnyOrder(
            "_content", "status_code", "reason", "url", "created_at", "request");
    assertThat(document("k")).containsEntry("_content", b("")).containsEntry("reason", s(""));
    assertThat(item("k")).doesNotContainKey("ttl");
  }

  @ParameterizedTest
  @CsvSource({
    "text/html, ISO-8859-1",
    "text/json, ISO-8859-1",
    "application/json, utf-8",
    "'application/json; charset=''UTF-16''', UTF-16",
    "text/plain; Charset=koi8-r; x=y, koi8-r",
    "text/plain; charset=a; charset=b, b",
    "text/plain;\tcharset=a, a",
    "'text/plain; \"charset\" = \"a\" ', a",
    "text/plain; xcharset=a; charset, ISO-8859-1",
    "text/plain; charset=, ''",
    "charset=a, ",
    "Text/plain, ",
    "application/problem+json, ",
    "image/png, "
  })
  void write_encoding_isWhatPythonTakes(String contentType, String encoding) {
    save(
        Request.get("https://example.org/"),
        Response.builder().header("Content-Type", contentType).body("x").build());
    assertThat(Optional.ofNullable(document("k").get("encoding")).map(AttributeValue::s))
        .isEqualTo(Optional.ofNullable(encoding));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "X-GZIP", "deflate", "bare", "deflate, gzip"})
  void write_contentCoding_isRemoved(String coding) {
    byte[] plain = "{\"n\": 1.50}".repeat(50).getBytes(StandardCharsets.US_ASCII);
    byte[] sent =
        switch (coding) {
          case "deflate" -> deflated(plain, false);
          case "bare" -> deflated(plain, true);
          case "deflate, gzip" -> gzip(deflated(plain, false));
          default -> gzip(plain);
        };
    save(
        Request.get("https://example.org/"),
        Response.builder()
            .header("Content-Encoding", coding.equals("bare") ? "deflate" : coding)
            .header("Content-Length", Integer.toString(sent.length))
            .header("ETag", "\"e\"")
            .body(Body.of(sent))
            .build());
    assertThat(document("k"))
        .containsEntry("_content", AttributeValue.fromB(SdkBytes.fromByteArray(plain)))
        .containsEntry("headers", m("Content-Length", s("550"), "ETag", s("\"e\"")));
    CachedResponse read = cache.getResponse("k").orElseThrow();
    assertThat(read.body()).isEqualTo(Body.of(plain));
    assertThat(read.headers()).isEqualTo(Headers.of("Content-Length", "550", "ETag", "\"e\""));
    assertThat(read.head().exact()).isFalse();

    // A 304 repeats the coding of the representation that the origin has.
    Headers renewed =
        Headers.of("Content-Encoding", "gzip", "Content-Length", "9", "ETag", "\"e\"");
    assertThat(cache.storage().update(read.head().toBuilder().headers(renewed).build())).isTrue();
    assertThat(cache.getResponse("k").orElseThrow().headers())
        .isEqualTo(Headers.of("Content-Length", "550", "ETag", "\"e\""));
    assertThat(document("k")).containsKey("_content");
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "compress", "gzip"})
  void write_codingThatCannotBeUndone_staysAsItIs(String coding) {
    Headers headers = Headers.of("Content-Encoding", coding, "Content-Length", "9");
    save(
        Request.get("https://example.org/"),
        Response.builder().headers(headers).body("not coded").build());
    CachedResponse read = cache.getResponse("k").orElseThrow();
    assertThat(read.headers()).isEqualTo(headers);
    assertThat(read.body()).isEqualTo(Body.of("not coded"));
    assertThat(read.head().exact()).isTrue();
  }

  @Test
  void write_tooLargeWithoutItsCoding_isRefused() {
    byte[] bomb = gzip(new byte[10 << 20]);
    Response response =
        Response.builder().header("Content-Encoding", "gzip").body(Body.of(bomb)).build();
    assertThatThrownBy(() -> save(Request.get("https://example.org/"), response))
        .isInstanceOf(EntryTooLargeException.class)
        .hasMessageContaining("\"k\"")
        .hasMessageContaining("content coding");
    assertThat(cache.count()).isZero();
  }

  @Test
  void update_expiration_reachesPythonToo() {
    save(Request.get("https://example.org/"), Response.builder().body("x").build());
    cache.resetExpiration(Expiration.after(Duration.ofHours(1)));
    assertThat(document("k")).containsEntry("expires", s("2036-11-22T09:00:00.120000+00:00"));
    // Whatever a cache itself writes, it changes entries in the layout they have.
    DynamoDbCache nativeCache = open(ItemFormat.NATIVE);
    nativeCache.resetExpiration(Expiration.never());
    assertThat(document("k")).doesNotContainKey("expires").containsKey("_content");
    assertThat(cache.getResponse("k").orElseThrow().head().expires()).isEmpty();
    nativeCache.saveResponse(
        Request.get("https://example.org/"),
        Response.builder().body("y").build(),
        SaveOptions.DEFAULT.key("n"));
    assertThat(cache.resetExpiration(Expiration.immediately())).isEqualTo(2);
    assertThat(item("n")).doesNotContainKey("value").containsKey("expires");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "a=1; Path=/; HttpOnly | a=1",
        "a= 1=2 ;Secure | a=1=2",
        "a= | a=",
        "=1 | -",
        "no cookie | -",
        "a=\"quoted\" | a=\"quoted\"",
        "a=1; Max-Age=0 | -",
        "a=1; max-age=-1; Expires=Thu, 01 Jan 2037 00:00:00 GMT | -",
        "a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT | a=1",
        "a=1; Expires=Thu, 01-Jan-1970 00:00:00 GMT | -",
        "a=1; Expires=Thu, 01 Jan 2037 00:00:00 GMT | a=1",
        "a=1; Expires=soon; Max-Age=x | a=1",
        "session_token=s3cret | -"
      })
  void write_setCookie_isACookieWhileItLasts(String line, @Nullable String cookie) {
    save(
        Request.get("https://example.org/"),
        Response.builder().header("Set-Cookie", line).header("Set-Cookie", "z=0").build());
    Map<String, AttributeValue> expected = new HashMap<>(Map.of("z", s("0")));
    if (cookie != null) {
      int equals = cookie.indexOf('=');
      expected.put(cookie.substring(0, equals), s(cookie.substring(equals + 1)));
    }
    assertThat(document("k")).containsEntry("cookies", AttributeValue.fromM(expected));
  }

  @Test
  void write_cookieThatALaterLineEnds_isNone() {
    save(
        Request.get("https://example.org/"),
        Response.builder()
            .header("Set-Cookie", "a=1")
            .header("Set-Cookie", "a=; Max-Age=0")
            .build());
    assertThat(document("k")).doesNotContainKey("cookies");
  }

  /**
   * Two items, as requests-cache writes them; the hops in between are aliases, which it ignores.
   */
  @Test
  void write_redirects_areAnItemUnderTheFirstRequestToo() {
    Request first =
        Request.get("https://a.example/1?api_key=s3cret")
            .withHeaders(Headers.of("Accept", "*/*", "Authorization", "Bearer s3cret"));
    Request second = Request.get("https://a.example/2");
    Request last = Request.get("https://b.example/3");
    Response response =
        Response.builder()
            .header("Content-Type", "text/plain")
            .body("arrived")
            .redirectedFrom(
                first,
                Response.builder()
                    .status(301)
                    .header("Location", "/2?token=s3cret")
                    .header("Content-Encoding", "gzip")
                    .header("Set-Cookie", "a=1")
                    .body(Body.of(gzip("moved".getBytes(StandardCharsets.US_ASCII))))
                    .build())
            .redirectedFrom(second)
            .build();

    EntryHead saved = cache.saveResponse(last, response).orElseThrow();

    assertThat(saved.key()).isEqualTo(cache.createKey(last));
    assertThat(document(saved.key())).doesNotContainKey("history");
    Map<String, AttributeValue> document = document(cache.createKey(first));
    assertThat(document)
        .containsEntry("_content", b("arrived"))
        .containsEntry("url", s("https://b.example/3"))
        .containsEntry("request", m("method", s("GET"), "url", s("https://b.example/3")));
    assertThat(document.get("history"))
        .isEqualTo(
            AttributeValue.fromL(
                List.of(
                    m(
                        "_content", b("moved"),
                        "status_code", n("301"),
                        "reason", s("Moved Permanently"),
                        "url", s("https://a.example/1?api_key=REDACTED"),
                        "headers", m("Location", s("/2?token=REDACTED"), "Set-Cookie", s("a=1")),
                        "cookies", m("a", s("1")),
                        "created_at", s("2036-11-22T08:00:00.120000+00:00"),
                        "request",
                            m(
                                "method", s("GET"),
                                "url", s("https://a.example/1?api_key=REDACTED"),
                                "headers", m("Accept", s("*/*"), "Authorization", s("REDACTED")))),
                    m(
                        "_content", b(""),
                        "status_code", n("302"),
                        "reason", s("Found"),
                        "url", s("https://a.example/2"),
                        "headers", m("Location", s("https://b.example/3")),
                        "created_at", s("2036-11-22T08:00:00.120000+00:00"),
                        "request", m("method", s("GET"), "url", s("https://a.example/2"))))));
    assertThat(item(cache.createKey(second))).doesNotContainKey("value").containsKey("target");
    assertThat(cache.count()).isEqualTo(2);
    for (Request request : List.of(first, second, last)) {
      CachedResponse found = cache.getResponse(request).orElseThrow();
      assertThat(found.url()).isEqualTo("https://b.example/3");
      assertThat(found.body()).isEqualTo(Body.of("arrived"));
    }
    // What is changed later leaves the chain as it is.
    assertThat(cache.resetExpiration(Expiration.after(Duration.ofHours(1)))).isEqualTo(2);
    assertThat(document(cache.createKey(first)).get("history")).isEqualTo(document.get("history"));
    // To a reader of Python's items the first request is the one that was asked.
    Map<String, AttributeValue> asPython = new HashMap<>(item(cache.createKey(first)));
    asPython.keySet().retainAll(List.of("key", "value"));
    client.putItem(r -> r.tableName(table).item(asPython));
    assertThat(cache.getResponse(cache.createKey(first)).orElseThrow().head().request().uri())
        .hasToString("https://a.example/1?api_key=REDACTED");
  }

  @Test
  void write_redirectsThatDoNotFit_areAnAlias() {
    Response response =
        Response.builder()
            .body(Body.of(new byte[380_000]))
            .redirectedFrom(
                Request.get("https://a.example/1"),
                Response.builder().status(302).body(Body.of(new byte[50_000])).build())
            .build();
    Request last = Request.get("https://b.example/3");
    assertThat(cache.saveResponse(last, response)).isPresent();
    assertThat(cache.count()).isOne();
    assertThat(cache.getResponse(Request.get("https://a.example/1"))).isPresent();
  }

  @Test
  void write_redirectsToItself_isOneItem() {
    Request request = Request.get("https://a.example/1");
    cache.saveResponse(request, Response.builder().body("x").redirectedFrom(request).build());
    assertThat(cache.count()).isOne();
    assertThat(cache.redirects()).isEmpty();
  }

  @Test
  void write_randomResponses_readBackTheSame() {
    Random random = new Random(20261123);
    for (int i = 0; i < 150; i++) {
      EntryHead head = RequestsCacheStrictReader.randomHead("k" + i, random, clock.instant());
      byte[] body = new byte[random.nextInt(400)];
      random.nextBytes(body);
      String version = cache.storage().write(head, Body.of(body), Precondition.none()).version();
      CachedResponse read = cache.getResponse("k" + i).orElseThrow();
      assertThat(read.body().bytes()).isEqualTo(body);
      assertThat(read.head())
          .isEqualTo(head.toBuilder().version(version).length(body.length).build());
      document("k" + i);
    }
  }

  @Test
  void build_withWhatPythonCannotRead_isRefused() {
    for (DynamoDbCache.Builder builder :
        List.of(
            DynamoDbCache.builder().namespace("n"),
            DynamoDbCache.builder().serializer(Serializers.json()),
            DynamoDbCache.builder().bodyStages(Stages.gzip()))) {
      assertThatThrownBy(() -> builder.format(ItemFormat.REQUESTS_CACHE).build())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("REQUESTS_CACHE");
    }
  }

  private static byte[] gzip(byte[] bytes) {
    return Stages.gzip().encode(bytes, StageContext.NONE);
  }

  private static byte[] deflated(byte[] bytes, boolean bare) {
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(6, bare);
    try (OutputStream out = new DeflaterOutputStream(target, deflater)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    } finally {
      deflater.end();
    }
    return target.toByteArray();
  }

  private static AttributeValue s(String text) {
    return AttributeValue.fromS(text);
  }

  private static AttributeValue n(String number) {
    return AttributeValue.fromN(number);
  }

  private static AttributeValue b(String text) {
    return AttributeValue.fromB(SdkBytes.fromUtf8String(text));
  }

  private static AttributeValue m(Object... namesAndValues) {
    return AttributeValue.fromM(members(namesAndValues));
  }

  private static Map<String, AttributeValue> members(Object... namesAndValues) {
    Map<String, AttributeValue> map = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], (AttributeValue) namesAndValues[i + 1]);
    }
    return map;
  }
}
