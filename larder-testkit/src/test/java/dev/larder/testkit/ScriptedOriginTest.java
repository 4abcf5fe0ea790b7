package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.http.Body;
import dev.larder.http.Headers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class ScriptedOriginTest {
  private final ScriptedOrigin origin = ScriptedOrigin.start();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @AfterEach
  void closeOrigin() {
    origin.close();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(origin.uri(path));
  }

  private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), BodyHandlers.ofByteArray());
  }

  @Test
  void respond_anyHeadersAndBytes_sendsThemAsTheyAre() throws Exception {
    byte[] body = SampleBody.random(100_000);
    Headers headers =
        Headers.of("Date", "Thu, 01 Jan 1970 00:00:00 GMT", "X-Two", "1", "X-Two", "2", "X-No", "");
    origin.respond("/page?q=1", Answer.of(203, headers, Body.of(body)));
    HttpResponse<byte[]> response = get("/page?q=1");
    assertThat(response.statusCode()).isEqualTo(203);
    assertThat(response.body()).isEqualTo(body);
    assertThat(response.headers().allValues("X-Two")).containsExactly("1", "2");
    assertThat(response.headers().map()).hasSize(4);
    assertThat(response.headers().firstValue("X-No")).contains("");
    assertThat(response.headers().firstValue("Content-Length")).contains("100000");
    assertThat(response.headers().firstValue("Date")).contains("Thu, 01 Jan 1970 00:00:00 GMT");
  }

  @Test
  void respond_notScripted_is404() throws Exception {
    assertThat(get("/nothing").statusCode()).isEqualTo(404);
    assertThat(origin.count("/nothing")).isEqualTo(1);
  }

  @Test
  void enqueue_severalAnswers_comeInTurnBeforeTheStandingOne() throws Exception {
    origin.respond("/a", Answer.ok("always"));
    origin.enqueue("/a", Answer.ok("one"), Answer.of(503, Headers.empty()));
    assertThat(get("/a").body()).asString().isEqualTo("one");
    assertThat(get("/a").statusCode()).isEqualTo(503);
    assertThat(get("/a").body()).asString().isEqualTo("always");
    assertThat(get("/a").body()).asString().isEqualTo("always");
    assertThat(origin.count("/a")).isEqualTo(4);
    origin.forgetRequests();
    assertThat(origin.count()).isZero();
  }

  @Test
  void requests_withBodies_areRecorded() throws Exception {
    origin.respond("/echo", request -> Answer.of(200, Headers.empty(), request.body()));
    String text = "hello ".repeat(10_000);
    HttpRequest.BodyPublisher unknownLength =
        BodyPublishers.ofInputStream(
            () -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    for (HttpRequest.BodyPublisher body :
        new HttpRequest.BodyPublisher[] {BodyPublishers.ofString(text), unknownLength}) {
      HttpRequest post = request("/echo").header("X-Mine", "yes").POST(body).build();
      assertThat(client.send(post, BodyHandlers.ofString()).body()).isEqualTo(text);
    }
    assertThat(origin.requests("/echo"))
        .hasSize(2)
        .allSatisfy(
            request -> {
              assertThat(request.method()).isEqualTo("POST");
              assertThat(request.headers().first("x-mine")).contains("yes");
              assertThat(request.body().text(StandardCharsets.UTF_8)).isEqualTo(text);
            });
  }

  @Test
  void request_expectContinue_isAnswered() throws Exception {
    origin.respond("/put", Answer.ok("done"));
    HttpRequest put =
        request("/put").expectContinue(true).PUT(BodyPublishers.ofString("body")).build();
    assertThat(client.send(put, BodyHandlers.ofString()).body()).isEqualTo("done");
  }

  @Test
  void respond_toHead_sendsTheLengthAndNoBody() throws Exception {
    origin.respond("/a", Answer.ok("hello"));
    HttpRequest head = request("/a").method("HEAD", BodyPublishers.noBody()).build();
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> response = client.send(head, BodyHandlers.ofString());
      assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(5);
      assertThat(response.body()).isEmpty();
    }
    assertThat(get("/a").body()).asString().isEqualTo("hello");
  }

  @Test
  void respond_statusWithoutBody_keepsTheConnectionUsable() throws Exception {
    origin.enqueue(
        "/a", Answer.of(304, Headers.of("ETag", "\"1\"")), Answer.of(204, Headers.empty()));
    assertThat(get("/a").statusCode()).isEqualTo(304);
    assertThat(get("/a").statusCode()).isEqualTo(204);
    assertThat(get("/a").statusCode()).isEqualTo(404);
  }

  @Test
  void respond_chunked_isReadWhole() throws Exception {
    Headers chunked = Headers.of("Transfer-Encoding", "chunked");
    origin.enqueue(
        "/a",
        Answer.of(200, chunked, Body.of("in two chunks")),
        Answer.of(200, chunked),
        Answer.of(200, chunked, Body.of("x")));
    assertThat(get("/a").body()).asString().isEqualTo("in two chunks");
    assertThat(get("/a").body()).isEmpty();
    assertThat(get("/a").body()).asString().isEqualTo("x");
  }

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void respond_fault_failsThatExchangeOnly(Answer.Fault fault) throws Exception {
    // POST, because the client sends a GET again by itself.
    HttpRequest post = request("/a").POST(BodyPublishers.noBody()).build();
    origin.respond("/a", Answer.ok("hello".repeat(1000)));
    assertThat(client.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    origin.enqueue("/a", Answer.ok("hello".repeat(1000)).withFault(fault));
    assertThatThrownBy(() -> client.send(post, BodyHandlers.ofString()))
        .isInstanceOf(IOException.class);
    assertThat(client.send(post, BodyHandlers.ofString()).body()).hasSize(5000);
    assertThat(origin.count("/a")).isEqualTo(3);
  }

  @Test
  void respond_latch_waitsWhileOthersAreAnswered() throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    origin.respond("/slow", Answer.ok("slow").withLatch(latch));
    origin.respond("/fast", Answer.ok("fast").withDelay(Duration.ofMillis(1)));
    CompletableFuture<HttpResponse<String>> slow =
        client.sendAsync(request("/slow").build(), BodyHandlers.ofString());
    assertThat(get("/fast").body()).asString().isEqualTo("fast");
    assertThat(slow).isNotDone();
    latch.countDown();
    assertThat(slow.get(10, TimeUnit.SECONDS).body()).isEqualTo("slow");
  }

  @Test
  void close_whileAnAnswerWaits_endsEveryThread() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    origin.respond(
        "/slow",
        request -> {
          arrived.countDown();
          return Answer.ok("never").withLatch(new CountDownLatch(1));
        });
    CompletableFuture<HttpResponse<String>> slow =
        client.sendAsync(request("/slow").build(), BodyHandlers.ofString());
    assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
    origin.close();
    origin.close();
    assertThat(slow).failsWithin(Duration.ofSeconds(10));
    assertThatThrownBy(() -> get("/slow")).isInstanceOf(ConnectException.class);
    String port = String.valueOf(origin.uri("/").getPort());
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("scripted-origin-" + port));
  }
}
