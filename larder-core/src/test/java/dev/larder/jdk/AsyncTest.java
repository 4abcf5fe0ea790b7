package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AsyncTest extends ClientTest {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch clientGone = new CountDownLatch(1);

  /** An answer that never ends while the client waits for it. */
  private void endless() {
    origin.on(
        "/endless",
        (request, out) -> {
          Origin.head(out, 200, 1 << 30, "Cache-Control", FRESH);
          asked.countDown();
          try {
            while (true) {
              out.write(new byte[100]);
              TimeUnit.MILLISECONDS.sleep(1);
            }
          } catch (IOException e) {
            clientGone.countDown();
          }
        });
  }

  @Test
  void sendAsync_twice_secondFromCache() throws Exception {
    origin.on("/a", "hello", "Cache-Control", FRESH);
    HttpResponse<String> miss = client.sendAsync(request("/a"), BodyHandlers.ofString()).get();
    HttpResponse<String> hit = client.sendAsync(request("/a"), BodyHandlers.ofString(), null).get();
    assertThat(status(miss)).isEqualTo("Larder; fwd=uri-miss; stored");
    assertThat(isHit(hit)).isTrue();
    assertThat(hit.body()).isEqualTo("hello");
    assertThat(origin.requests()).isEqualTo(1);
  }

  /** It may run on the thread that serves every connection. */
  @Test
  void sendAsync_executorOfTheDelegate_neverWaitsForTheStorage() throws Exception {
    Set<String> threads = ConcurrentHashMap.newKeySet();
    storage.onEachCall = () -> threads.add(Thread.currentThread().getName());
    ExecutorService executor = Executors.newCachedThreadPool(work -> new Thread(work, "mine"));
    try {
      delegate(HttpClient.newBuilder().executor(executor));
      origin.on("/a", "x", "Cache-Control", FRESH);
      client.sendAsync(request("/a"), BodyHandlers.ofString()).get();
      clock.advance(Duration.ofHours(1));
      client.sendAsync(request("/a"), BodyHandlers.ofString()).get();
      assertThat(threads).isNotEmpty().doesNotContain("mine");
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void sendAsync_cancelled_endsTheExchange() throws Exception {
    endless();
    var response = client.sendAsync(request("/endless"), BodyHandlers.ofString());
    asked.await();

    assertThat(response.cancel(true)).isTrue();

    assertThat(response.isCancelled()).isTrue();
    assertThat(clientGone.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(cache.count()).isZero();
  }

  @Test
  void sendAsync_dependentStageCancelled_endsTheExchange() throws Exception {
    endless();
    CompletableFuture<String> body =
        client
            .sendAsync(request("/endless"), BodyHandlers.ofString())
            .thenApply(HttpResponse::body);
    asked.await();

    body.cancel(true);

    assertThat(clientGone.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void sendAsync_bypassCancelled_endsTheExchange() throws Exception {
    endless();
    var response =
        client.sendAsync(request("/endless", "Authorization", "x"), BodyHandlers.ofString());
    asked.await();
    response.cancel(true);
    assertThat(clientGone.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void send_interrupted_throwsAndEndsTheExchange() throws Exception {
    endless();
    AtomicReference<Object> outcome = new AtomicReference<>("");
    Thread caller =
        new Thread(
            () -> {
              try {
                outcome.set(get("/endless"));
              } catch (IOException | InterruptedException e) {
                outcome.set(e);
              }
            });
    caller.start();
    asked.await();
    caller.interrupt();
    caller.join();
    assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
    assertThat(clientGone.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void send_timeout_throwsAsThePlainClient() {
    origin.on("/slow", (request, out) -> clientGone.await());
    HttpRequest request =
        HttpRequest.newBuilder(origin.uri("/slow")).timeout(Duration.ofMillis(100)).build();
    assertThatThrownBy(() -> client.send(request, BodyHandlers.ofString()))
        .isInstanceOf(HttpTimeoutException.class);
    assertThatThrownBy(() -> client.sendAsync(request, BodyHandlers.ofString()).get())
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(HttpTimeoutException.class);
  }

  @Test
  void sendAsync_originDown_failsAsThePlainClient() throws Exception {
    int port;
    try (ServerSocket unused = new ServerSocket(0)) {
      port = unused.getLocalPort();
    }
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port)).build();
    assertThatThrownBy(() -> client.sendAsync(request, BodyHandlers.ofString()).get())
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void send_handlerThrowsOnHit_isAnIOException() throws Exception {
    origin.on("/a", "x", "Cache-Control", FRESH);
    get("/a");
    HttpResponse.BodyHandler<String> bad =
        info -> {
          throw new IllegalStateException("a bad handler");
        };
    assertThatThrownBy(() -> client.send(request("/a"), bad))
        .isInstanceOf(IOException.class)
        .hasRootCauseInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> client.sendAsync(request("/a"), bad).get())
        .hasRootCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void sendAsync_manyAtOnce_allAnswered() throws Exception {
    for (int path = 0; path < 4; path++) {
      origin.on("/" + path, "body " + path, "Cache-Control", FRESH);
    }
    List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      responses.add(client.sendAsync(request("/" + i % 4), BodyHandlers.ofString()));
    }
    for (int i = 0; i < 200; i++) {
      assertThat(responses.get(i).get().body()).isEqualTo("body " + i % 4);
    }
    assertThat(cache.count()).isEqualTo(4);
    assertThat(events).isEmpty();
  }

  @Test
  void sendAsync_delegateThrowsAtOnce_futureFails() {
    delegate(
        HttpClient.newBuilder()
            .proxy(
                new ProxySelector() {
                  @Override
                  public List<Proxy> select(URI uri) {
                    throw new IllegalStateException("no proxy today");
                  }

                  @Override
                  public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
                }));
    assertThatThrownBy(
            () ->
                client.sendAsync(request("/a"), BodyHandlers.ofString()).get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasStackTraceContaining("no proxy today");
  }
}
