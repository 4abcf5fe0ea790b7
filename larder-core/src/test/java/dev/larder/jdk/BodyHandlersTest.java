package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of body handler gets the same from the origin, which is stored, and from the cache.
 */
@Timeout(60)
class BodyHandlersTest extends ClientTest {
  private static final String TEXT = "first line\nsecond line with ä\n";

  /** Makes text of what a handler made of a body. */
  private interface Reader<T> {
    String read(T body) throws IOException;
  }

  private <T> void bothWays(BodyHandler<T> handler, Reader<T> reader, String expected)
      throws Exception {
    origin.on("/a", TEXT, "Cache-Control", FRESH, "Content-Type", "text/plain; charset=utf-8");

    HttpResponse<T> miss = client.send(request("/a"), handler);
    assertThat(reader.read(miss.body())).isEqualTo(expected);
    HttpResponse<T> hit = client.send(request("/a"), handler);
    assertThat(reader.read(hit.body())).isEqualTo(expected);

    assertThat(isHit(miss)).isFalse();
    assertThat(isHit(hit)).isTrue();
    assertThat(get("/a").body()).isEqualTo(TEXT);
    assertThat(origin.requests()).isEqualTo(1);
  }

  @Test
  void send_ofString_sameFromBoth() throws Exception {
    bothWays(BodyHandlers.ofString(), text -> text, TEXT);
  }

  @Test
  void send_ofByteArray_sameFromBoth() throws Exception {
    bothWays(BodyHandlers.ofByteArray(), bytes -> new String(bytes, StandardCharsets.UTF_8), TEXT);
  }

  @Test
  void send_ofInputStream_sameFromBoth() throws Exception {
    bothWays(BodyHandlers.ofInputStream(), BodyHandlersTest::text, TEXT);
  }

  @Test
  void send_ofLines_sameFromBoth() throws Exception {
    bothWays(
        BodyHandlers.ofLines(),
        lines -> String.join("|", lines.toList()),
        TEXT.strip().replace('\n', '|'));
  }

  @Test
  void send_ofFile_sameFromBoth(@TempDir Path directory) throws Exception {
    bothWays(BodyHandlers.ofFile(directory.resolve("body")), Files::readString, TEXT);
  }

  @Test
  void send_discarding_storesAndHits() throws Exception {
    bothWays(BodyHandlers.discarding(), String::valueOf, "null");
  }

  @Test
  void send_replacing_storesAndHits() throws Exception {
    bothWays(BodyHandlers.replacing("other"), text -> text, "other");
  }

  @Test
  void send_buffering_sameFromBoth() throws Exception {
    bothWays(BodyHandlers.buffering(BodyHandlers.ofString(), 7), text -> text, TEXT);
  }

  @Test
  void send_ofByteArrayConsumer_sameFromBoth() throws Exception {
    List<byte[]> chunks = new ArrayList<>();
    bothWays(
        BodyHandlers.ofByteArrayConsumer(bytes -> bytes.ifPresent(chunks::add)),
        nothing -> {
          String text =
              new String(
                  chunks.stream().reduce(new byte[0], BodyHandlersTest::join),
                  StandardCharsets.UTF_8);
          chunks.clear();
          return text;
        },
        TEXT);
  }

  @Test
  void send_ofPublisher_sameFromBoth() throws Exception {
    bothWays(
        BodyHandlers.ofPublisher(),
        publisher -> {
          var subscriber = BodySubscribers.ofString(StandardCharsets.UTF_8);
          publisher.subscribe(subscriber);
          return subscriber.getBody().toCompletableFuture().join();
        },
        TEXT);
  }

  @Test
  void send_mappingThatReadsTheWholeStream_sameFromBoth() throws Exception {
    bothWays(
        info -> BodySubscribers.mapping(BodySubscribers.ofInputStream(), BodyHandlersTest::text),
        text -> text,
        TEXT);
  }

  @Test
  void send_oneBufferAtATime_sameFromBoth() throws Exception {
    bothWays(info -> new Slow(), text -> text, TEXT);
  }

  @Test
  void send_handlerThatGivesUp_nothingStored() throws Exception {
    origin.on("/a", "x".repeat(100_000), "Cache-Control", FRESH);

    client.send(request("/a"), info -> new GivesUp());

    assertThat(cache.count()).isZero();
    assertThat(get("/a").body()).hasSize(100_000);
    HttpResponse<String> hit = client.send(request("/a"), info -> new GivesUp());
    assertThat(isHit(hit)).isTrue();
    assertThat(hit.body()).isEqualTo("gave up");
  }

  @Test
  void send_handlerSeesTheHeadThatTheCallerGets() throws Exception {
    origin.on("/a", TEXT, "Cache-Control", FRESH);
    BodyHandler<String> head =
        info -> BodySubscribers.replacing(info.statusCode() + " " + info.headers().map());
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> response = client.send(request("/a"), head);
      assertThat(response.body()).isEqualTo("200 " + response.headers().map());
    }
  }

  @Test
  void send_emptyBody_storedAndServed() throws Exception {
    origin.on("/a", "", "Cache-Control", FRESH);
    get("/a");
    HttpResponse<String> hit = get("/a");
    assertThat(isHit(hit)).isTrue();
    assertThat(hit.body()).isEmpty();
  }

  @Test
  void send_largeBinaryBody_sameFromBoth() throws Exception {
    byte[] body = new byte[20 << 20];
    new Random(1).nextBytes(body);
    origin.on(
        "/a",
        (request, out) -> {
          Origin.head(out, 200, body.length, "Cache-Control", FRESH);
          out.write(body);
        });
    assertThat(client.send(request("/a"), BodyHandlers.ofByteArray()).body()).isEqualTo(body);
    HttpResponse<byte[]> hit = client.send(request("/a"), BodyHandlers.ofByteArray());
    assertThat(isHit(hit)).isTrue();
    assertThat(hit.body()).isEqualTo(body);
  }

  @Test
  void send_bodyOverTheLimit_passedOnAndNotStored() throws Exception {
    byte[] piece = new byte[1 << 20];
    origin.on(
        "/a",
        (request, out) -> {
          Origin.head(out, 200, -1, "Cache-Control", FRESH);
          for (int i = 0; i < 33; i++) {
            out.write(piece);
          }
        });
    long[] length = new long[1];
    client.send(
        request("/a"),
        BodyHandlers.ofByteArrayConsumer(bytes -> length[0] += bytes.map(b -> b.length).orElse(0)));
    assertThat(length[0]).isEqualTo(33L << 20);
    assertThat(cache.count()).isZero();
  }

  private static String text(InputStream body) {
    try (body) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] join(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  /** Asks for one list of buffers at a time, and only after it was subscribed. */
  private static final class Slow implements HttpResponse.BodySubscriber<String> {
    private final HttpResponse.BodySubscriber<String> text =
        BodySubscribers.ofString(StandardCharsets.UTF_8);
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

    @Override
    public CompletionStage<String> getBody() {
      return text.getBody();
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      text.onSubscribe(
          new Flow.Subscription() {
            @Override
            public void request(long count) {}

            @Override
            public void cancel() {}
          });
      subscription.complete(given);
      Thread thread = new Thread(() -> given.request(1));
      thread.setDaemon(true);
      thread.start();
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      text.onNext(buffers);
      subscription.join().request(1);
    }

    @Override
    public void onError(Throwable failure) {
      text.onError(failure);
    }

    @Override
    public void onComplete() {
      text.onComplete();
    }
  }

  /** Cancels at the first bytes. */
  private static final class GivesUp implements HttpResponse.BodySubscriber<String> {
    private final CompletableFuture<String> body = new CompletableFuture<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

    @Override
    public CompletionStage<String> getBody() {
      return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription.complete(given);
      given.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      subscription.join().cancel();
      body.complete("gave up");
    }

    @Override
    public void onError(Throwable failure) {
      body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      body.completeExceptionally(new IllegalStateException("completed after cancel"));
    }
  }
}
