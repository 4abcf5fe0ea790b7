package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.CacheSettings;
import dev.larder.Exchanges;
import dev.larder.HttpCache;
import dev.larder.TestCache;
import dev.larder.TestLeases;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two clients of two processes, which wait for each other in real time. */
@Timeout(60)
class LeasesTest extends ClientTest {
  private final TestLeases leases = new TestLeases();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);
  private final AtomicInteger requests = new AtomicInteger();
  private HttpCache elsewhere;
  private CachingHttpClient other;

  @BeforeEach
  void open() {
    storage.leases = Optional.of(leases);
    settings(CacheSettings.builder().leaseDuration(Duration.ofMinutes(5)));
    elsewhere = new TestCache(storage, cache.settings(), clock);
    other = CachingHttpClient.builder(elsewhere).build();
    origin.on(
        "/a",
        (request, out) -> {
          if (requests.getAndIncrement() == 0) {
            asked.countDown();
            go.await();
          }
          Origin.reply(out, 200, "body", "Cache-Control", FRESH);
        });
  }

  @AfterEach
  void nothingIsHeld() {
    go.countDown();
    Exchanges.awaitNothingHeld(cache);
    Exchanges.awaitNothingHeld(elsewhere);
    Exchanges.await(() -> leases.held() == 0);
    other.shutdownNow();
  }

  private CompletableFuture<HttpResponse<String>> async(CachingHttpClient from) {
    return async(from, "/a");
  }

  private CompletableFuture<HttpResponse<String>> async(CachingHttpClient from, String path) {
    return from.sendAsync(request(path), BodyHandlers.ofString());
  }

  /** The first client asks; then the other waits for it, until somebody says go. */
  private CompletableFuture<HttpResponse<String>> leader() throws Exception {
    CompletableFuture<HttpResponse<String>> leader = async(client);
    asked.await();
    return leader;
  }

  private CompletableFuture<HttpResponse<String>> waiting() {
    int before = leases.looks();
    CompletableFuture<HttpResponse<String>> waiting = async(other);
    Exchanges.await(() -> leases.looks() > before);
    return waiting;
  }

  @Test
  void send_anotherProcessAsks_isServedWhatItStores() throws Exception {
    var leader = leader();
    var waiting = waiting();
    go.countDown();
    assertThat(leader.get(30, TimeUnit.SECONDS).body()).isEqualTo("body");
    assertThat(waiting.get(30, TimeUnit.SECONDS).body()).isEqualTo("body");
    assertThat(requests).hasValue(1);
  }

  @Test
  void sendAsync_leaderCancelled_theOtherProcessAsks() throws Exception {
    var leader = leader();
    var waiting = waiting();
    leader.cancel(true);
    assertThat(waiting.get(30, TimeUnit.SECONDS).body()).isEqualTo("body");
    assertThat(requests).hasValue(2);
  }

  /** Who waits for another process leads in its own: those who follow it must not hang. */
  @Test
  void sendAsync_callerThatWaitsIsCancelled_theNextOfItsProcessWaits() throws Exception {
    var leader = leader();
    var first = waiting();
    var second = async(other);
    Exchanges.await(() -> Exchanges.followers(elsewhere) == 1);
    first.cancel(true);
    Exchanges.await(() -> Exchanges.followers(elsewhere) == 0);
    go.countDown();
    assertThat(second.get(30, TimeUnit.SECONDS).body()).isEqualTo("body");
    assertThat(leader.get(30, TimeUnit.SECONDS).body()).isEqualTo("body");
    assertThat(requests).hasValue(1);
  }

  @Test
  void sendAsync_timeoutPassesWhileWaiting_throwsAsThePlainClient() throws Exception {
    var leader = leader();
    HttpRequest impatient =
        HttpRequest.newBuilder(origin.uri("/a")).timeout(Duration.ofMillis(200)).build();
    assertThatThrownBy(() -> other.send(impatient, BodyHandlers.ofString()))
        .isInstanceOf(HttpTimeoutException.class);
    Exchanges.awaitNothingHeld(elsewhere);
    go.countDown();
    assertThat(leader.get(30, TimeUnit.SECONDS).body()).isEqualTo("body");
    assertThat(requests).hasValue(1);
  }

  /** Whoever is served what is stale waits neither for the lease nor for another look-up. */
  @Test
  void send_staleWhileRevalidate_servedBeforeTheLeaseIsTaken() throws Exception {
    CountDownLatch taking = new CountDownLatch(1);
    CountDownLatch take = new CountDownLatch(1);
    origin.on("/b", "old", "Cache-Control", "max-age=60, stale-while-revalidate=30");
    client.send(request("/b"), BodyHandlers.ofString());
    origin.on("/b", "new", "Cache-Control", FRESH);
    clock.advance(Duration.ofSeconds(70));
    leases.beforeNextAttempt(
        () -> {
          taking.countDown();
          awaitUninterruptibly(take);
        });

    for (int i = 0; i < 3; i++) {
      assertThat(get("/b").body()).isEqualTo("old");
      assertThat(async(client, "/b").get(30, TimeUnit.SECONDS).body()).isEqualTo("old");
    }
    assertThat(taking.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(origin.requests()).isEqualTo(1);
    take.countDown();
    client.close();

    assertThat(origin.requests()).isEqualTo(2);
    client = CachingHttpClient.builder(cache).build();
    assertThat(get("/b").body()).isEqualTo("new");
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new AssertionError("nobody lets it go on");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
