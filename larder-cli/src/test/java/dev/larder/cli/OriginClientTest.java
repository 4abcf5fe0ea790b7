package dev.larder.cli;

import static dev.larder.cli.RawOrigin.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the proxy's client sends and receives, byte for byte. */
@Timeout(60)
class OriginClientTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final OriginClient client = OriginClient.start(Duration.ofSeconds(10), List.of());

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void request_fields_areTheCallersAndNoMore() throws Exception {
    try (RawOrigin origin = RawOrigin.of(OK)) {
      get(origin, "/a?b=%2F&c", "X-Line", "a", "X-Line", "b", "X-Text", "caf\u00e9", "X-Empty", "");

      assertThat(origin.heads.get(0).lines())
          .containsExactlyInAnyOrder(
              "GET /a?b=%2F&c HTTP/1.1",
              "X-Line: a",
              "X-Line: b",
              "X-Text: caf\u00e9",
              "X-Empty: ",
              "Host: 127.0.0.1:" + origin.port(),
              "");
    }
  }

  @Test
  void response_fields_areTheOriginsAndNoMore() throws Exception {
    String head =
        "HTTP/1.1 299 Odd\r\nX-Line: a, b\r\nx-line: c\r\nX-Empty:\r\nX-Text: caf\u00e9\r\nDate: yesterday\r\n"
            + "X-Long: one\r\n two\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok";
    try (RawOrigin origin = RawOrigin.of(head)) {
      HttpResponse<String> response = get(origin, "/");

      assertThat(response.statusCode()).isEqualTo(299);
      assertThat(response.headers().map().keySet())
          .containsExactlyInAnyOrder(
              "X-Line", "X-Empty", "X-Text", "Date", "X-Long", "Content-Length");
      assertThat(response.headers().allValues("X-Line")).containsExactly("a, b", "c");
      assertThat(response.headers().allValues("X-Empty")).containsExactly("");
      assertThat(response.headers().allValues("X-Text")).containsExactly("caf\u00e9");
      assertThat(response.headers().allValues("Date")).containsExactly("yesterday");
      assertThat(response.headers().allValues("X-Long")).containsExactly("one two");
    }
  }

  @Test
  void response_withContentCoding_isNotDecoded() throws Exception {
    String head =
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\u001f\u008bx";
    try (RawOrigin origin = RawOrigin.of(head)) {
      HttpResponse<byte[]> response =
          client.send(HttpRequest.newBuilder(origin.uri("/")).build(), BodyHandlers.ofByteArray());

      assertThat(response.body()).containsExactly(0x1f, 0x8b, 'x');
      assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
    }
  }

  @Test
  void response_withCookie_leavesNoneBehind() throws Exception {
    String answer = "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n";
    try (RawOrigin origin = RawOrigin.of(answer)) {
      assertThat(get(origin, "/").headers().firstValue("Set-Cookie")).contains("a=b");
      get(origin, "/");

      assertThat(origin.heads.get(1)).doesNotContainIgnoringCase("cookie");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308, 401, 407})
  void response_thatAsksForMore_isHandedOn(int status) throws Exception {
    String fields = "Location: /b\r\nWWW-Authenticate: Basic realm=x\r\n";
    String answer = "HTTP/1.1 " + status + " X\r\n" + fields + "Content-Length: 0\r\n\r\n";
    try (RawOrigin origin = RawOrigin.of(answer)) {
      assertThat(get(origin, "/").statusCode()).isEqualTo(status);
      assertThat(origin.heads).hasSize(1);
    }
  }

  /** Whatever follows such a head is its body, even if it looks like another response. */
  @Test
  void response_ofNoKnownCoding_endsWithTheConnection() throws Exception {
    String rest = "a body\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno";
    String answer =
        "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nX-A: a\r\n"
            + "transfer-Encoding: \t Odd \r\nX-B: b\r\n\r\n"
            + rest;
    List<InputStream> connections = new CopyOnWriteArrayList<>();
    try (RawOrigin origin =
        new RawOrigin(
            (head, in, out) -> {
              connections.add(in);
              if (head.startsWith("GET /known")) {
                out.write(bytes(OK));
                return;
              }
              // Each byte may be the last that has come.
              for (byte next : bytes(answer)) {
                out.write(next);
                out.flush();
                Thread.onSpinWait();
              }
              throw new IOException("hang up");
            })) {
      assertThat(get(origin, "/known").body()).isEqualTo("ok");
      HttpResponse<String> response = get(origin, "/odd");
      assertThat(get(origin, "/known").body()).isEqualTo("ok");

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEqualTo(rest);
      assertThat(response.headers().map()).containsOnlyKeys("X-A", "X-B");
      assertThat(connections.get(2)).isNotSameAs(connections.get(1));
    }
  }

  @Test
  void response_ofNoKnownCodingAtOnce_endsWithTheConnection() throws Exception {
    String body = "b".repeat(200_000);
    try (RawOrigin origin =
        new RawOrigin(
            (head, in, out) -> {
              out.write(
                  bytes(
                      "HTTP/1.1 200 OK\r\nX-Long: "
                          + "l".repeat(40_000)
                          + "\r\nTransfer-Encoding: odd\r\n\r\n"
                          + body));
              throw new IOException("hang up");
            })) {
      HttpResponse<String> response = get(origin, "/");

      assertThat(response.body()).isEqualTo(body);
      assertThat(response.headers().firstValue("X-Long").orElseThrow()).hasSize(40_000);
    }
  }

  @ParameterizedTest
  @CsvSource({"HEAD, 200", "GET, 204", "GET, 304"})
  void response_withoutBody_endsWithItsHead(String method, int status) throws Exception {
    String length = status == 204 ? "" : "Content-Length: 5\r\n";
    String answer = "HTTP/1.1 " + status + " X\r\n" + length + "\r\n";
    try (RawOrigin origin = RawOrigin.of(answer)) {
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> response = send(origin, method, BodyPublishers.noBody());

        assertThat(response.body()).isEmpty();
        assertThat(response.headers().firstValue("Content-Length").isPresent())
            .isEqualTo(!length.isEmpty());
      }
    }
  }

  @Test
  void response_withTrailers_hasThemLeftOut() throws Exception {
    String answer =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n";
    try (RawOrigin origin = RawOrigin.of(answer)) {
      assertThat(get(origin, "/").headers().firstValue("X-Sum")).isEmpty();
      assertThat(get(origin, "/").body()).isEqualTo("ok");
    }
  }

  @Test
  void response_ofHttp10_endsWithTheConnection() throws Exception {
    try (RawOrigin origin =
        new RawOrigin(
            (head, in, out) -> {
              out.write(bytes("HTTP/1.0 200 OK\r\n\r\nuntil the end"));
              throw new IOException("hang up");
            })) {
      assertThat(get(origin, "/").body()).isEqualTo("until the end");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"known", "unknown"})
  void bodies_bothWays_arriveWhole(String length) throws Exception {
    byte[] body = new byte[3_000_000];
    new Random(1).nextBytes(body);
    boolean known = length.equals("known");
    try (RawOrigin origin =
        new RawOrigin(
            (head, in, out) -> {
              byte[] read = known ? in.readNBytes(body.length) : Chunks.read(in);
              CRC32 sum = new CRC32();
              sum.update(read);
              String text = sum.getValue() + " " + read.length;
              out.write(
                  bytes("HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text));
            })) {
      BodyPublisher array = BodyPublishers.ofByteArray(body);
      CRC32 sum = new CRC32();
      sum.update(body);

      String answer =
          send(origin, "POST", known ? array : BodyPublishers.fromPublisher(array)).body();

      assertThat(answer).isEqualTo(sum.getValue() + " " + body.length);
      assertThat(origin.heads.get(0).toLowerCase(Locale.ROOT))
          .contains(known ? "content-length: " + body.length : "transfer-encoding: chunked")
          .doesNotContain("content-type", "expect");
    }
  }

  @Test
  void post_withoutBody_saysSo() throws Exception {
    try (RawOrigin origin = RawOrigin.of(OK)) {
      send(origin, "POST", BodyPublishers.noBody());

      assertThat(origin.heads.get(0)).contains("Content-Length: 0\r\n");
    }
  }

  @Test
  void response_beforeTheBodyIsSent_arrives() throws Exception {
    try (RawOrigin origin =
        new RawOrigin(
            (head, in, out) -> {
              out.write(bytes("HTTP/1.1 413 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
              in.readNBytes(1 << 20);
            })) {
      BodyPublisher unending = BodyPublishers.fromPublisher(new Unending());

      assertThat(send(origin, "POST", unending).statusCode()).isEqualTo(413);
    }
  }

  @Test
  void requestBody_thatFails_failsTheCall() throws Exception {
    try (RawOrigin origin = new RawOrigin((head, in, out) -> in.readAllBytes())) {
      BodyPublisher broken =
          BodyPublishers.fromPublisher(
              subscriber ->
                  subscriber.onSubscribe(
                      new Flow.Subscription() {
                        @Override
                        public void request(long count) {
                          subscriber.onError(new IOException("half a body"));
                        }

                        @Override
                        public void cancel() {
                          // Nothing to end.
                        }
                      }));

      assertThatThrownBy(() -> send(origin, "POST", broken))
          .isInstanceOf(IOException.class)
          .hasRootCauseMessage("half a body");
    }
  }

  @Test
  void body_thatNobodyWants_breaksOffTheConnection() throws Exception {
    CountDownLatch brokenOff = new CountDownLatch(1);
    try (RawOrigin origin =
        new RawOrigin(
            (head, in, out) -> {
              out.write(bytes("HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n"));
              try {
                while (true) {
                  out.write(new byte[1000]);
                }
              } finally {
                brokenOff.countDown();
              }
            })) {
      HttpResponse<Flow.Publisher<List<ByteBuffer>>> response =
          client.send(HttpRequest.newBuilder(origin.uri("/")).build(), BodyHandlers.ofPublisher());
      response.body().subscribe(new FirstOnly());

      assertThat(brokenOff.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void call_cancelled_breaksOffTheConnection() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch brokenOff = new CountDownLatch(1);
    try (RawOrigin origin =
        new RawOrigin(
            (head, in, out) -> {
              asked.countDown();
              in.read();
              brokenOff.countDown();
            })) {
      CompletableFuture<HttpResponse<String>> call =
          client.sendAsync(
              HttpRequest.newBuilder(origin.uri("/")).build(), BodyHandlers.ofString());
      asked.await();
      call.cancel(true);

      assertThat(brokenOff.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void origin_silent_timesOut() throws Exception {
    try (RawOrigin origin = new RawOrigin((head, in, out) -> in.read())) {
      HttpRequest request =
          HttpRequest.newBuilder(origin.uri("/")).timeout(Duration.ofMillis(50)).build();

      assertThatThrownBy(() -> client.sendAsync(request, BodyHandlers.ofString()).join())
          .hasCauseInstanceOf(HttpTimeoutException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhal",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal",
        "nonsense\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: odd, gzip\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, odd\r\n\r\n1\r\nx\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: odd\r\nContent-Length: 1\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: odd\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: odd\r\nTransfer-Encoding: odd\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: odd\r\n chunked, gzip\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding : odd\r\n\r\nx",
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nx"
      })
  void answer_broken_isAnIoExceptionAndNotAskedForAgain(String answer) throws Exception {
    try (RawOrigin origin =
        new RawOrigin(
            (head, in, out) -> {
              out.write(bytes(answer));
              throw new IOException("hang up");
            })) {
      assertThatThrownBy(() -> client.sendAsync(request(origin), BodyHandlers.ofString()).join())
          .hasCauseInstanceOf(IOException.class);
      assertThat(origin.heads).hasSize(1);
    }
  }

  @Test
  void origin_gone_isAConnectException() throws Exception {
    URI gone;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      gone = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
    }

    assertThatThrownBy(
            () ->
                client
                    .sendAsync(HttpRequest.newBuilder(gone).build(), BodyHandlers.ofString())
                    .join())
        .hasCauseInstanceOf(ConnectException.class);
  }

  @Test
  void handler_thatThrows_failsTheCall() throws Exception {
    try (RawOrigin origin = RawOrigin.of(OK)) {
      assertThatThrownBy(
              () ->
                  client
                      .sendAsync(
                          request(origin),
                          head -> {
                            throw new IllegalStateException("no");
                          })
                      .join())
          .hasRootCauseMessage("no");
    }
  }

  @Test
  void proxy_given_isAsked() throws Exception {
    try (RawOrigin proxy = RawOrigin.of(OK);
        OriginClient proxied =
            OriginClient.start(
                Duration.ofSeconds(10),
                List.of(
                    Proxy.NO_PROXY,
                    new Proxy(
                        Proxy.Type.HTTP,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()))))) {
      HttpRequest request = HttpRequest.newBuilder(URI.create("http://shelf.invalid/a")).build();

      assertThat(proxied.send(request, BodyHandlers.ofString()).body()).isEqualTo("ok");
      assertThat(proxy.heads.get(0)).startsWith("GET http://shelf.invalid/a HTTP/1.1\r\n");
    }
  }

  private static HttpRequest request(RawOrigin origin) {
    return HttpRequest.newBuilder(origin.uri("/")).build();
  }

  private HttpResponse<String> get(RawOrigin origin, String path, String... fields)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(origin.uri(path));
    for (int i = 0; i < fields.length; i += 2) {
      request.header(fields[i], fields[i + 1]);
    }
    return client.send(request.build(), BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
  }

  private HttpResponse<String> send(RawOrigin origin, String method, BodyPublisher body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(origin.uri("/")).method(method, body).build(),
        BodyHandlers.ofString());
  }

  /** Gives as much as is asked for, for ever. */
  private static final class Unending implements Flow.Publisher<ByteBuffer> {
    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
      subscriber.onSubscribe(
          new Flow.Subscription() {
            @Override
            public void request(long count) {
              CompletableFuture<Void> unused =
                  CompletableFuture.runAsync(
                      () -> subscriber.onNext(ByteBuffer.wrap(new byte[1000])));
            }

            @Override
            public void cancel() {
              // Nobody asks for more.
            }
          });
    }
  }

  /** Takes one piece and then wants no more. */
  private static final class FirstOnly implements Flow.Subscriber<List<ByteBuffer>> {
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

    @Override
    public void onSubscribe(Flow.Subscription upstream) {
      subscription.complete(upstream);
      upstream.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> item) {
      subscription.join().cancel();
    }

    @Override
    public void onError(Throwable failure) {
      // Of no interest.
    }

    @Override
    public void onComplete() {
      throw new AssertionError("the body has no end");
    }
  }
}
