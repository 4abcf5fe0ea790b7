package dev.larder.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.embedded.EmbeddedDynamoDb;
import dev.larder.http.Body;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.requestscache.RequestsCacheKeys;
import dev.larder.testkit.Answer;
import dev.larder.testkit.ScriptedOrigin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class GetTest {
  @TempDir private static Path home;
  private static EmbeddedDynamoDb owner;

  private ScriptedOrigin origin;

  /** Holds the database open, so that each run is a guest and need not start a server. */
  @BeforeAll
  static void open() {
    owner = EmbeddedDynamoDb.inFile(home.resolve("dynamodb"));
  }

  @AfterAll
  static void close() {
    owner.close();
  }

  @BeforeEach
  void start() {
    origin = ScriptedOrigin.start();
  }

  @AfterEach
  void stop() {
    origin.close();
  }

  @Test
  void get_twice_isAMissAndThenAHit() {
    origin.respond("/a", fresh("apples"));

    Cli.Result first = get("/a");
    Cli.Result second = get("/a");

    assertThat(first.text()).isEqualTo("apples");
    assertThat(first.said("miss")).isEqualTo("not in the cache; fetched and stored");
    assertThat(second.text()).isEqualTo("apples");
    assertThat(second.said("hit")).startsWith("stored ");
    assertThat(second.said("key")).isEqualTo(first.said("key")).matches("[0-9a-f]{32}");
    assertThat(second.said("expires")).contains(", in 59 min");
    assertThat(second.said("cost"))
        .startsWith("1 request to DynamoDB, 0.5 read and 0 write units; ");
    assertThat(first.code() + second.code()).isZero();
    assertThat(origin.count()).isEqualTo(1);
  }

  @Test
  void get_anyBytes_writesThemExactly() {
    byte[] bytes = new byte[100_000];
    new Random(7).nextBytes(bytes);
    origin.respond(
        "/b", Answer.of(200, Headers.of("Cache-Control", "max-age=3600"), Body.of(bytes)));

    assertThat(get("/b").out()).isEqualTo(bytes);
    assertThat(get("/b").out()).isEqualTo(bytes);
    assertThat(origin.count()).isEqualTo(1);
  }

  @Test
  void get_quietly_saysNothing() {
    origin.respond("/q", fresh("x"));

    assertThat(get("/q", "--quiet").err()).isEmpty();
  }

  @Test
  void get_includingTheHead_writesItBeforeTheBody() {
    origin.respond("/i", fresh("body").withHeader("X-Shelf", "4"));

    assertThat(get("/i", "-i").text())
        .startsWith("HTTP 200\r\n")
        .containsIgnoringCase("x-shelf: 4\r\n")
        .contains("Larder; fwd=uri-miss; stored\r\n")
        .endsWith("\r\n\r\nbody");
    assertThat(get("/i", "--include").text()).contains("Larder; hit").endsWith("\r\n\r\nbody");
  }

  @Test
  void get_intoAFile_writesNothingToStandardOutput(@TempDir Path directory) {
    origin.respond("/o", fresh("pears"));
    Path file = directory.resolve("out");

    Cli.Result result = get("/o", "-o", file.toString());

    assertThat(result.code()).isZero();
    assertThat(result.out()).isEmpty();
    assertThat(file).hasContent("pears");
  }

  @Test
  void get_intoAFileThatCannotBe_failsWithOneMessage(@TempDir Path directory) {
    origin.respond("/o", fresh("pears"));

    assertFails(
        get("/o", "-o", directory.resolve("no/such/file").toString()),
        "cannot write to " + directory);
  }

  @Test
  void get_withHeaderFields_sendsThem() {
    origin.respond("/h", fresh("x"));

    get("/h", "-H", "Accept: text/plain", "-H", "X-Empty:", "-H", "X-Colon: a: b");

    Headers sent = origin.requests().get(0).headers();
    assertThat(sent.first("Accept")).contains("text/plain");
    assertThat(sent.first("X-Empty")).contains("");
    assertThat(sent.first("X-Colon")).contains("a: b");
  }

  @Test
  void get_expireAfter_outranksTheOrigin() {
    origin.respond("/e", Answer.ok("x"));

    assertThat(get("/e").said("miss")).endsWith("fetched, not stored");
    assertThat(get("/e", "--expire-after", "7d").said("expires")).contains(", in 6 d 23 h");
    assertThat(get("/e").err()).startsWith("hit ");
    assertThat(origin.count()).isEqualTo(2);
  }

  @Test
  void get_expireAfterNever_saysSo() {
    origin.respond("/n", Answer.ok("x"));

    assertThat(get("/n", "--expire-after", "never").said("expires")).isEqualTo("never");
  }

  @Test
  void get_expired_fetchesAnew() {
    origin.respond("/x", Answer.ok("x").withHeader("ETag", "\"1\""));

    get("/x", "--expire-after", "immediately");

    assertThat(get("/x").said("miss")).isEqualTo("in the cache, but expired; fetched and stored");
    assertThat(origin.count()).isEqualTo(2);
  }

  @Test
  void get_expiredAndConfirmed_saysSo() {
    origin.enqueue(
        "/v",
        Answer.ok("x").withHeader("ETag", "\"1\""),
        Answer.of(304, Headers.of("ETag", "\"1\"", "Cache-Control", "max-age=60")));

    get("/v", "--expire-after", "immediately");
    Cli.Result confirmed = get("/v");

    assertThat(confirmed.text()).isEqualTo("x");
    assertThat(confirmed.said("hit")).endsWith("; confirmed by the origin");
  }

  @Test
  void get_onlyIfCached_neverAsksTheOrigin() {
    origin.respond("/c", fresh("x"));

    Cli.Result absent = get("/c", "--only-if-cached");
    get("/c");
    Cli.Result present = get("/c", "--only-if-cached");

    assertThat(absent.code()).isEqualTo(22);
    assertThat(absent.said("miss")).isEqualTo("not in the cache; the origin was not asked");
    assertThat(present.code()).isZero();
    assertThat(present.text()).isEqualTo("x");
    assertThat(origin.count()).isEqualTo(1);
  }

  @Test
  void get_errorOfTheOrigin_is22AndWritesTheBody() {
    origin.respond("/404", Answer.of(404, Headers.empty(), Body.of("no such shelf")));

    Cli.Result result = get("/404");

    assertThat(result.code()).isEqualTo(22);
    assertThat(result.text()).isEqualTo("no such shelf");
  }

  @Test
  void get_redirect_isNotFollowed() {
    origin.respond("/r", Answer.of(302, Headers.of("Location", "/elsewhere")));

    assertThat(get("/r").code()).isZero();
    assertThat(origin.count()).isEqualTo(1);
  }

  @Test
  void get_credentials_areCachedForThemOnly() {
    origin.respond("/s", fresh("x"));

    get("/s", "-H", "Authorization: Bearer 1");

    assertThat(get("/s", "-H", "Authorization: Bearer 1").err()).startsWith("hit ");
    assertThat(get("/s", "-H", "Authorization: Bearer 2").said("miss"))
        .isEqualTo("in the cache for other request fields; fetched and stored");
    assertThat(get("/s").said("miss")).endsWith("fetched and stored");
    assertThat(origin.count()).isEqualTo(3);
  }

  @Test
  void get_otherTableOrNamespace_isAnotherCache() {
    origin.respond("/t", fresh("x"));

    get("/t");
    get("/t", "--table", "other");
    get("/t", "--namespace", "other");

    assertThat(origin.count()).isEqualTo(3);
    assertThat(get("/t", "--table", "other").err()).startsWith("hit ");
    assertThat(get("/t", "--namespace", "other").err()).startsWith("hit ");
  }

  /** Keys and items are what the Python library makes of the same request. */
  @Test
  void get_formatRequestsCache_usesItsKeysAndItems() {
    origin.respond("/py", fresh("apples"));
    String[] options = {"--format", "requests-cache", "--table", "python"};

    Cli.Result first = get("/py", options);
    Cli.Result second = get("/py", options);

    String key =
        RequestsCacheKeys.create()
            .create(Request.get(origin.uri("/py").toString()), List.of())
            .value();
    assertThat(first.said("key")).isEqualTo(key).matches("[0-9a-f]{16}");
    // Its sessions keep everything for ever, whatever origins say.
    assertThat(first.said("expires")).isEqualTo("never");
    assertThat(second.err()).startsWith("hit ");
    assertThat(second.text()).isEqualTo("apples");
    Map<String, AttributeValue> item =
        owner
            .client()
            .getItem(r -> r.tableName("python").key(Map.of("key", AttributeValue.fromS(key))))
            .item();
    assertThat(item).doesNotContainKey("ttl");
    assertThat(item.get("value"))
        .satisfies(
            value ->
                assertThat(value.m())
                    .containsEntry(
                        "_content", AttributeValue.fromB(SdkBytes.fromUtf8String("apples")))
                    .containsEntry("status_code", AttributeValue.fromN("200")));
  }

  @Test
  void get_formatThatIsNone_isWrongUsage() {
    assertThat(get("/f", "--format", "pickle").code()).isEqualTo(2);
    Cli.Result namespaced = get("/f", "--format", "requests-cache", "--namespace", "n");
    assertThat(namespaced.code()).isEqualTo(2);
    assertThat(namespaced.err()).contains("--namespace");
    assertThat(origin.count()).isZero();
  }

  @Test
  void get_noOrigin_failsWithOneMessage() throws IOException {
    String address = "127.0.0.1:" + closedPort();

    assertFails(run("get", "http://" + address + "/"), "cannot connect to " + address);
  }

  @Test
  void get_noAnswer_failsWithOneMessageAndVerboselyWithItsStackTrace() {
    origin.respond("/none", fresh("x").withFault(Answer.Fault.NO_ANSWER));

    assertFails(get("/none"), "no answer from " + origin.uri("/none"));
    assertThat(get("/none", "--verbose").err()).contains("\tat ");
  }

  @Test
  void get_brokenBody_fails() {
    origin.respond("/broken", fresh("half").withFault(Answer.Fault.RESET_HALFWAY));

    assertFails(get("/broken"), "the answer broke off");
  }

  @Test
  void get_noDynamoDb_writesTheBodyAndSaysWhy() throws IOException {
    origin.respond("/d", fresh("x"));

    Cli.Result result =
        Cli.run(
            Map.of(),
            "get",
            origin.uri("/d").toString(),
            "--endpoint",
            "http://127.0.0.1:" + closedPort(),
            "--region",
            "eu-central-1");

    assertThat(result.code()).isZero();
    assertThat(result.text()).isEqualTo("x");
    assertThat(result.err().lines().filter(line -> line.startsWith("larder: ")))
        .singleElement()
        .asString()
        .contains("the cache was not used: ")
        .contains("http_cache");
  }

  @Test
  void get_homeThatIsAFile_failsWithOneMessage(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "x");

    assertFails(
        Cli.run("get", origin.uri("/").toString(), "--home", file.toString()),
        "Cannot use " + file);
  }

  private static void assertFails(Cli.Result result, String message) {
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).startsWith("larder: " + message).hasLineCount(1);
  }

  private static Answer fresh(String text) {
    return Answer.ok(text).withHeader("Cache-Control", "max-age=3600");
  }

  private Cli.Result get(String path, String... options) {
    return run(
        Stream.concat(Stream.of("get", origin.uri(path).toString()), Stream.of(options))
            .toArray(String[]::new));
  }

  private static Cli.Result run(String... arguments) {
    return Cli.run(Map.of("LARDER_HOME", home.toString()), arguments);
  }

  private static int closedPort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
