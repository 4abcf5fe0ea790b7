package dev.larder.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.http.Body;
import dev.larder.http.Headers;
import dev.larder.testkit.Answer;
import dev.larder.testkit.ScriptedOrigin;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the proxy hands on, and that it hands it on as it is. */
@Timeout(180)
class ServeTest {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir private static Path home;
  private static ScriptedOrigin origin;
  private static ServeProcess serve;

  @BeforeAll
  static void start() throws IOException {
    origin = ScriptedOrigin.start();
    serve = ServeProcess.start(home, origin.uri("/"), "--memory", "--timeout", "2");
  }

  @AfterAll
  static void stop() {
    serve.close();
    origin.close();
  }

  @BeforeEach
  void forget() {
    origin.forgetRequests();
  }

  @Test
  void get_fresh_isAHitTheSecondTime() throws Exception {
    origin.respond("/fresh", Answer.ok("apples").withHeader("Cache-Control", "max-age=3600"));

    HttpResponse<String> first = get("/fresh");
    HttpResponse<String> second = get("/fresh");

    assertThat(List.of(first.body(), second.body())).containsOnly("apples");
    assertThat(first.headers().firstValue("Cache-Status")).contains("Larder; fwd=uri-miss; stored");
    assertThat(second.headers().firstValue("Cache-Status").orElseThrow()).startsWith("Larder; hit");
    assertThat(origin.count()).isEqualTo(1);
  }

  @Test
  void response_fields_goOutAsTheyCame() throws IOException {
    origin.respond(
        "/odd",
        Answer.of(
            299,
            Headers.of(
                "X-Line",
                "a, b",
                "X-Line",
                "c",
                "X-Empty",
                "",
                "X-Text",
                "caf\u00e9",
                "Age",
                "x",
                "Date",
                "yesterday",
                "Server",
                "shelf",
                "Connection",
                "X-Hop",
                "X-Hop",
                "1",
                "Keep-Alive",
                "timeout=9"),
            Body.of("ok")));

    String answer = serve.exchange("GET /odd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 299 ").endsWith("\r\n\r\nok");
    assertThat(lines(answer))
        .contains("x-line: a, b", "x-line: c", "x-empty:", "x-text: caf\u00e9", "age: x")
        .contains("date: yesterday", "server: shelf", "content-length: 2", "connection: close")
        .noneMatch(line -> line.startsWith("x-hop") || line.startsWith("keep-alive"));
    assertThat(lines(answer).indexOf("x-line: a, b"))
        .isLessThan(lines(answer).indexOf("x-line: c"));
  }

  @Test
  void response_withoutDate_getsNone() throws IOException {
    origin.respond("/dateless", Answer.ok("x"));

    assertThat(lines(serve.exchange("GET /dateless HTTP/1.0\r\n\r\n")))
        .noneMatch(line -> line.startsWith("date:") || line.startsWith("server:"));
  }

  @Test
  void request_fields_goOutAsTheyCame() throws IOException {
    origin.respond("/fields?a=%2F&b", Answer.ok("x"));

    serve.exchange(
        """
        GET /fields?a=%2F&b HTTP/1.1
        Host: public.example
        X-Line: a
        X-line: b
        X-Empty:
        X-Text: caf\u00e9
        TE: trailers
        Connection: close, X-Hop
        X-Hop: 1
        Cookie: a=b
        Range: bytes=0-1

        """
            .replace("\n", "\r\n"));

    ScriptedOrigin.Request asked = origin.requests().get(0);
    Headers sent = asked.headers();
    assertThat(asked.path()).isEqualTo("/fields?a=%2F&b");
    assertThat(sent.all("X-Line")).containsExactly("a", "b");
    assertThat(sent.first("X-Empty")).contains("");
    assertThat(sent.first("X-Text")).contains("caf\u00e9");
    assertThat(sent.first("Cookie")).contains("a=b");
    assertThat(sent.first("Range")).contains("bytes=0-1");
    assertThat(sent.first("Host")).contains(origin.uri("/").getAuthority());
    assertThat(sent.first("Via")).contains("1.1 larder");
    assertThat(sent.contains("X-Hop")).isFalse();
    assertThat(sent.contains("TE")).isFalse();
    assertThat(sent.contains("User-Agent")).isFalse();
  }

  @Test
  void request_whatUriRefuses_isEncoded() throws IOException {
    origin.respond("/a%7Cb?x=%7B1%7D&y=[%25]", Answer.ok("x"));

    assertThat(serve.exchange("GET /a|b?x={1}&y=[%] HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "M-SEARCH", "shelve"})
  void request_anyMethod_isPassedOn(String method) throws Exception {
    origin.respond("/method", request -> Answer.ok(request.method()));

    assertThat(send(method, "/method", BodyPublishers.ofString("x")).body()).isEqualTo(method);
  }

  @Test
  void head_hasTheFieldsAndNoBody() throws IOException {
    origin.respond("/head", Answer.ok("12345"));

    assertThat(serve.exchange("HEAD /head HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .containsIgnoringCase("\r\nContent-Length: 5\r\n")
        .endsWith("\r\n\r\n");
  }

  @Test
  void request_forNoResource_isRefused() throws IOException {
    assertThat(serve.exchange("OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 501 ");
    assertThat(origin.count()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5_000_000})
  void bodies_withAndWithoutLength_arriveWhole(int size) throws Exception {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    origin.respond("/length", request -> echo(request, Headers.empty()));
    origin.respond(
        "/chunked", request -> echo(request, Headers.of("Transfer-Encoding", "chunked")));
    BodyPublisher known = BodyPublishers.ofByteArray(bytes);
    BodyPublisher unknown = BodyPublishers.fromPublisher(known);

    for (String path : List.of("/length", "/chunked")) {
      for (BodyPublisher body : List.of(known, unknown)) {
        HttpRequest request = HttpRequest.newBuilder(serve.uri(path)).POST(body).build();
        assertThat(CLIENT.send(request, BodyHandlers.ofByteArray()).body()).isEqualTo(bytes);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RESET_HALFWAY", "LENGTH_TOO_LARGE"})
  void response_thatBreaksOff_doesNotEndCleanly(Answer.Fault fault) {
    origin.respond("/broken", Answer.ok("x".repeat(100_000)).withFault(fault));

    assertThatThrownBy(() -> get("/broken")).isInstanceOf(IOException.class);
    assertThat(origin.count()).isEqualTo(1);
  }

  @Test
  void origin_thatHangsUp_isABadGatewayAndNotAskedAgain() throws Exception {
    origin.respond("/none", Answer.ok("x").withFault(Answer.Fault.NO_ANSWER));

    HttpResponse<String> response = get("/none");

    assertThat(response.statusCode()).isEqualTo(502);
    assertThat(response.headers().firstValue("Cache-Status"))
        .contains("Larder; fwd=miss; detail=unreachable");
    assertThat(origin.count()).isEqualTo(1);
  }

  @Test
  void origin_thatTakesTooLong_isAGatewayTimeout() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    origin.respond("/slow", Answer.ok("x").withLatch(never));

    HttpResponse<String> response = get("/slow");
    never.countDown();

    assertThat(response.statusCode()).isEqualTo(504);
    assertThat(response.headers().firstValue("Cache-Status"))
        .contains("Larder; fwd=miss; detail=timeout");
  }

  @Test
  void requests_atTheSameTime_eachGetTheirOwnAnswer() {
    IntStream.range(0, 50).forEach(i -> origin.respond("/n/" + i, Answer.ok("number " + i)));

    List<CompletableFuture<HttpResponse<String>>> answers =
        IntStream.range(0, 50)
            .mapToObj(i -> HttpRequest.newBuilder(serve.uri("/n/" + i)).build())
            .map(request -> CLIENT.sendAsync(request, BodyHandlers.ofString()))
            .toList();

    assertThat(answers.stream().map(answer -> answer.join().body()))
        .containsExactlyElementsOf(IntStream.range(0, 50).mapToObj(i -> "number " + i).toList());
  }

  private static Answer echo(ScriptedOrigin.Request request, Headers headers) {
    return Answer.of(200, headers, request.body());
  }

  private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send("GET", path, BodyPublishers.noBody());
  }

  private static HttpResponse<String> send(String method, String path, BodyPublisher body)
      throws IOException, InterruptedException {
    return CLIENT.send(
        HttpRequest.newBuilder(serve.uri(path)).method(method, body).build(),
        BodyHandlers.ofString());
  }

  /** The lines of the head, with names in lower case. */
  private static List<String> lines(String answer) {
    return answer
        .substring(0, answer.indexOf("\r\n\r\n"))
        .lines()
        .skip(1)
        .map(
            line -> {
              int colon = line.indexOf(':');
              return (line.substring(0, colon).toLowerCase(Locale.ROOT) + line.substring(colon))
                  .trim();
            })
        .toList();
  }
}
