package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.Exchanges;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whenever a call is cancelled or interrupted, all it held is given back and others go on. */
@Timeout(60)
class CancellationTest extends ClientTest {
  private final ExecutorService callers = Executors.newCachedThreadPool();
  private final IdentityHashMap<Future<?>, Thread> threads = new IdentityHashMap<>();
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);

  @AfterEach
  void nothingIsHeld() throws Exception {
    Exchanges.awaitNothingHeld(cache);
    storage.onEachCall = () -> {};
    go.countDown();
    callers.shutdown();
    assertThat(callers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    origin.on("/a", "after", "Cache-Control", FRESH);
    assertThat(get("/a").statusCode()).isEqualTo(200);
  }

  /** Calls that can be cancelled: those of sendAsync, and threads in send. */
  private Future<HttpResponse<String>> call(boolean async, String path) {
    if (async) {
      return client.sendAsync(request(path), BodyHandlers.ofString());
    }
    FutureTask<HttpResponse<String>> call = new FutureTask<>(() -> get(path));
    Thread thread = new Thread(call, "caller");
    threads.put(call, thread);
    thread.start();
    return call;
  }

  /** Returns when the call knows: the one of a thread that is interrupted when that has ended. */
  private void cancel(Future<?> call) throws InterruptedException {
    assertThat(call.cancel(true)).isTrue();
    assertThatThrownBy(call::get).isInstanceOf(CancellationException.class);
    Thread thread = threads.get(call);
    if (thread != null) {
      thread.join();
    }
  }

  private void hold() {
    reached.countDown();
    try {
      go.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Origin.Answer holding(Origin.Answer before) {
    return (request, out) -> {
      before.to(request, out);
      out.flush();
      hold();
    };
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void cancel_whileLookingUp_originIsNotAsked(boolean async) throws Exception {
    origin.on("/a", "x", "Cache-Control", FRESH);
    storage.onEachCall = this::hold;
    Future<HttpResponse<String>> call = call(async, "/a");
    reached.await();
    cancel(call);
    go.countDown();
    Exchanges.awaitNothingHeld(cache);
    assertThat(origin.requests()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void cancel_whileFollowing_leaderAndOthersGoOn(boolean async) throws Exception {
    origin.on(
        "/a",
        (request, out) -> {
          hold();
          Origin.reply(out, 200, "x", "Cache-Control", FRESH);
        });
    Future<HttpResponse<String>> leader = call(true, "/a");
    reached.await();
    Future<HttpResponse<String>> cancelled = call(async, "/a");
    Future<HttpResponse<String>> follower = call(async, "/a");
    Exchanges.await(() -> Exchanges.followers(cache) == 2);
    cancel(cancelled);
    go.countDown();
    assertThat(leader.get(30, TimeUnit.SECONDS).body()).isEqualTo("x");
    assertThat(follower.get(30, TimeUnit.SECONDS).body()).isEqualTo("x");
    assertThat(origin.requests()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void cancel_beforeTheHead_nothingIsHeld(boolean async) throws Exception {
    origin.on("/a", holding((request, out) -> {}));
    Future<HttpResponse<String>> call = call(async, "/a");
    reached.await();
    cancel(call);
    Exchanges.awaitNothingHeld(cache);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void cancel_behindTheHead_nothingIsHeld(boolean async) throws Exception {
    origin.on(
        "/a", holding((request, out) -> Origin.head(out, 200, 100_000, "Cache-Control", FRESH)));
    Future<HttpResponse<String>> call = call(async, "/a");
    reached.await();
    cancel(call);
    Exchanges.awaitNothingHeld(cache);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void cancel_inTheBody_nothingIsHeldOrStored(boolean async) throws Exception {
    origin.on(
        "/a",
        holding(
            (request, out) -> {
              Origin.head(out, 200, 100_000, "Cache-Control", FRESH);
              out.write(new byte[50_000]);
            }));
    Future<HttpResponse<String>> call = call(async, "/a");
    reached.await();
    // Its first bytes are being recorded.
    Exchanges.await(() -> Exchanges.recorded(cache) > 0);
    cancel(call);
    Exchanges.awaitNothingHeld(cache);
    assertThat(cache.count()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void cancel_whileStoring_nothingIsHeld(boolean async) throws Exception {
    origin.on(
        "/a",
        (request, out) -> {
          storage.onEachCall = this::hold;
          Origin.reply(out, 200, "x", "Cache-Control", FRESH);
        });
    Future<HttpResponse<String>> call = call(async, "/a");
    reached.await();
    cancel(call);
    go.countDown();
    Exchanges.awaitNothingHeld(cache);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void cancel_atTheSecondHop_nothingIsHeld(boolean async) throws Exception {
    delegate(HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL));
    origin.on(
        "/r",
        (request, out) ->
            Origin.reply(out, 301, "moved", "Location", "/a", "Cache-Control", FRESH));
    origin.on("/a", holding((request, out) -> {}));
    Future<HttpResponse<String>> call = call(async, "/r");
    reached.await();
    cancel(call);
    Exchanges.awaitNothingHeld(cache);
    assertThat(cache.count()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void cancel_whileLookingUpTheSecondHop_originIsNotAskedForIt(boolean async) throws Exception {
    delegate(HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL));
    origin.on(
        "/r",
        (request, out) -> {
          storage.onEachCall = this::hold;
          Origin.reply(out, 301, "", "Location", "/a", "Cache-Control", "no-store");
        });
    Future<HttpResponse<String>> call = call(async, "/r");
    reached.await();
    cancel(call);
    go.countDown();
    Exchanges.awaitNothingHeld(cache);
    assertThat(origin.requests()).isEqualTo(1);
  }

  @Test
  void cancel_uncacheableBody_endsTheExchange() throws Exception {
    origin.on(
        "/a", holding((request, out) -> Origin.head(out, 200, 10, "Cache-Control", "no-store")));
    Future<HttpResponse<String>> call = call(true, "/a");
    reached.await();
    cancel(call);
    Exchanges.awaitNothingHeld(cache);
  }

  // Background refreshes

  private void refreshing() throws Exception {
    origin.on("/a", "old", "Cache-Control", "max-age=60, stale-while-revalidate=600");
    get("/a");
    clock.advance(Duration.ofMinutes(2));
    origin.on(
        "/a",
        (request, out) -> {
          hold();
          Origin.reply(out, 200, "new", "Cache-Control", FRESH);
        });
    assertThat(get("/a").body()).isEqualTo("old");
    reached.await();
  }

  @Test
  void close_refreshUnderWay_waitsForIt() throws Exception {
    refreshing();
    CachingHttpClient closing = client;
    Future<?> closed = callers.submit(closing::close);
    go.countDown();
    closed.get(30, TimeUnit.SECONDS);
    delegate(HttpClient.newBuilder());
    assertThat(get("/a").body()).isEqualTo("new");
    assertThat(origin.requests()).isEqualTo(2);
  }

  @Test
  void close_interruptedWhileRefreshIsUnderWay_endsIt() throws Exception {
    refreshing();
    CachingHttpClient closing = client;
    Thread closer = new Thread(closing::close);
    closer.start();
    closer.interrupt();
    closer.join();
    Exchanges.awaitNothingHeld(cache);
    delegate(HttpClient.newBuilder());
  }

  @Test
  void shutdownNow_refreshUnderWay_endsIt() throws Exception {
    refreshing();
    client.shutdownNow();
    Exchanges.awaitNothingHeld(cache);
    delegate(HttpClient.newBuilder());
  }

  /** Who follows a refresh does not depend on it. */
  @Test
  void shutdownNow_ofAnotherClientWhoseRefreshIsFollowed_followerAsksItself() throws Exception {
    refreshing();
    CachingHttpClient refreshes = client;
    delegate(HttpClient.newBuilder());
    clock.advance(Duration.ofHours(1));
    CompletableFuture<HttpResponse<String>> follower =
        client.sendAsync(request("/a"), BodyHandlers.ofString());
    Exchanges.await(() -> Exchanges.followers(cache) == 1);
    origin.on("/a", "newer", "Cache-Control", FRESH);
    refreshes.shutdownNow();
    assertThat(follower.get(30, TimeUnit.SECONDS).body()).isEqualTo("newer");
  }
}
