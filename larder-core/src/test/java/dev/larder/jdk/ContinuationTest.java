package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.CacheEvent;
import dev.larder.CacheOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A stored body that breaks off while it is delivered goes on at the origin, if that has the very
 * same representation (RFC 9110 §13.1.5, §8.8.1), and is a broken body otherwise.
 */
@Timeout(60)
class ContinuationTest extends ClientTest {
  private static final String TEXT = "0123456789".repeat(10_000);

  /** What the origin does with a request that has a Range. */
  private Origin.Answer ranged = this::rest;

  @BeforeEach
  void stored() throws Exception {
    answerWithTag("\"v1\"");
    assertThat(get("/a").body()).isEqualTo(TEXT);
    storage.breakBodiesAt(50_000);
  }

  private void answerWithTag(String tag) {
    origin.on(
        "/a",
        (request, out) -> {
          if (request.field("Range").isEmpty()) {
            Origin.reply(out, 200, TEXT, "Cache-Control", FRESH, "ETag", tag);
          } else {
            ranged.to(request, out);
          }
        });
  }

  private void rest(Origin.Received request, java.io.OutputStream out) throws IOException {
    int[] range =
        Arrays.stream(request.field("Range").substring("bytes=".length()).split("-"))
            .mapToInt(Integer::parseInt)
            .toArray();
    Origin.reply(
        out,
        206,
        TEXT.substring(range[0], range[1] + 1),
        "ETag",
        "\"v1\"",
        "Content-Range",
        "bytes " + range[0] + "-" + range[1] + "/" + TEXT.length());
  }

  private void answerRangesWith(int status, String body, String... fields) {
    ranged = (request, out) -> Origin.reply(out, status, body, fields);
  }

  private Origin.Received last() {
    return origin.received.get(origin.received.size() - 1);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 16 * 1024, 16 * 1024 + 1, 50_000, 99_999})
  void send_bodyBreaks_goesOnAtTheOriginWithTheRest(long where) throws Exception {
    storage.breakBodiesAt(where);

    HttpResponse<String> response = get("/a", "If-Modified-Since", "x");

    assertThat(response.body()).isEqualTo(TEXT);
    assertThat(isHit(response)).isTrue();
    assertThat(last().field("Range")).isEqualTo("bytes=" + where + "-99999");
    assertThat(last().field("If-Range")).isEqualTo("\"v1\"");
    assertThat(last().field("If-Modified-Since")).isEmpty();
    assertThat(events).extracting(CacheEvent::type).containsExactly(CacheEvent.Type.READ_FAILED);
  }

  @Test
  void sendAsync_readAsStream_goesOn() throws Exception {
    HttpResponse<InputStream> response =
        client.sendAsync(request("/a"), BodyHandlers.ofInputStream()).get();
    try (InputStream in = response.body()) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(TEXT);
    }
  }

  @Test
  void send_partOfWhatIsStored_goesOnWithinThatPart() throws Exception {
    storage.breakBodiesAt(30_000);

    HttpResponse<String> response = get("/a", "Range", "bytes=20000-40000");

    assertThat(response.statusCode()).isEqualTo(206);
    assertThat(response.body()).isEqualTo(TEXT.substring(20_000, 40_001));
    assertThat(last().field("Range")).isEqualTo("bytes=30000-40000");
  }

  @Test
  void send_validatedBodyThatBreaks_goesOn() throws Exception {
    clock.advance(java.time.Duration.ofMinutes(5));
    origin.on(
        "/a",
        (request, out) -> {
          if (request.field("Range").isEmpty()) {
            Origin.head(out, 304, 0, "Cache-Control", FRESH, "ETag", "\"v1\"");
          } else {
            rest(request, out);
          }
        });
    assertThat(get("/a").body()).isEqualTo(TEXT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "another representation    | 206 | \"v2\"   | bytes 50000-99999/100000",
        "a weak tag                | 206 | W/\"v1\" | bytes 50000-99999/100000",
        "no tag                    | 206 |          | bytes 50000-99999/100000",
        "another range             | 206 | \"v1\"   | bytes 50001-99999/100000",
        "another length            | 206 | \"v1\"   | bytes 50000-99999/100001",
        "an unknown length         | 206 | \"v1\"   | bytes 50000-99999/*",
        "no range                  | 206 | \"v1\"   |",
        "the whole                 | 200 | \"v1\"   |",
        "an error                  | 500 |          |",
        "not satisfiable           | 416 | \"v1\"   | bytes */100000",
      })
  void send_originHasSomethingElse_bodyIsBroken(String what, int status, String tag, String range) {
    String[] fields = {
      tag == null ? "X-No-Tag" : "ETag",
      tag == null ? "x" : tag,
      range == null ? "X-No-Range" : "Content-Range",
      range == null ? "x" : range
    };
    answerRangesWith(status, TEXT.substring(50_000), fields);
    assertThatThrownBy(() -> get("/a"))
        .as(what)
        .isInstanceOf(IOException.class)
        .hasStackTraceContaining("a part of the body is lost");
  }

  @ParameterizedTest
  @ValueSource(ints = {49_999, 50_001})
  void send_restOfAnotherLength_bodyIsBroken(int length) {
    ranged =
        (request, out) -> {
          // Chunked, so that only the bytes say how many there are.
          Origin.head(
              out,
              206,
              -1,
              "ETag",
              "\"v1\"",
              "Transfer-Encoding",
              "chunked",
              "Content-Range",
              "bytes 50000-99999/100000");
          out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.UTF_8));
          out.write("x".repeat(length).getBytes(StandardCharsets.UTF_8));
          out.write("\r\n0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        };
    assertThatThrownBy(() -> get("/a")).isInstanceOf(IOException.class);
  }

  @Test
  void send_originIsGone_bodyIsBroken() {
    origin.close();
    assertThatThrownBy(() -> get("/a"))
        .isInstanceOf(IOException.class)
        .hasStackTraceContaining("a part of the body is lost");
  }

  @Test
  void send_onlyIfCached_originIsNotAsked() {
    client = client.with(CacheOptions.builder().onlyIfCached(true).build());
    assertThatThrownBy(() -> get("/a")).isInstanceOf(IOException.class);
    assertThat(origin.received).hasSize(1);
  }

  @Test
  void send_weakTagStored_originIsNotAsked() throws Exception {
    storage.breakBodiesAt(-1);
    cache.clear();
    answerWithTag("W/\"v1\"");
    get("/a");
    storage.breakBodiesAt(50_000);
    int asked = origin.received.size();
    assertThatThrownBy(() -> get("/a")).isInstanceOf(IOException.class);
    assertThat(origin.received).hasSize(asked);
  }

  @Test
  void send_originSendsTheWholeAndNeverEnds_bodyIsBrokenAtOnce() {
    CountDownLatch end = new CountDownLatch(1);
    ranged =
        (request, out) -> {
          Origin.head(out, 200, Long.MAX_VALUE, "ETag", "\"v2\"");
          out.flush();
          end.await();
        };
    assertThatThrownBy(() -> get("/a"))
        .isInstanceOf(IOException.class)
        .hasStackTraceContaining("a part of the body is lost");
    end.countDown();
  }

  @Test
  void cancel_whileTheRestStalls_closesIt() throws Exception {
    CountDownLatch stalled = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    InputStream silent =
        new InputStream() {
          @Override
          public int read() throws IOException {
            stalled.countDown();
            try {
              closed.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            throw new IOException("closed");
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            return read();
          }

          @Override
          public void close() {
            closed.countDown();
          }
        };
    storage.breakBodiesAt(0);
    HttpResponse.BodySubscriber<InputStream> subscriber =
        HttpResponse.BodySubscribers.ofInputStream();
    ExecutorService executor = Executors.newSingleThreadExecutor();
    new StreamSubscription(
            subscriber,
            cache.getResponse(cache.keys().findFirst().orElseThrow()).orElseThrow().body(),
            executor,
            (delivered, failure) -> silent)
        .start();
    InputStream body = subscriber.getBody().toCompletableFuture().get();
    stalled.await();
    body.close();
    closed.await();
    executor.shutdown();
    assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
  }
}
