package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.CacheSettings;
import dev.larder.Exchanges;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many ask for the same at once: one goes to the origin, and nobody suffers from what it does. */
@Timeout(60)
class CollapseTest extends ClientTest {
  private static final int MANY = 200;
  private static final int SOME = 20;
  private static final Duration SHORT = Duration.ofMillis(300);

  private final ExecutorService callers = Executors.newCachedThreadPool();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);
  private final AtomicInteger requests = new AtomicInteger();

  @AfterEach
  void stopCallers() throws Exception {
    go.countDown();
    callers.shutdown();
    assertThat(callers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    Exchanges.awaitNothingHeld(cache);
  }

  /** The first request is answered in one way when the test says so, all others in another. */
  private void first(Origin.Answer first, Origin.Answer others) {
    origin.on(
        "/a",
        (request, out) -> {
          if (requests.getAndIncrement() == 0) {
            asked.countDown();
            go.await();
            first.to(request, out);
          } else {
            others.to(request, out);
          }
        });
  }

  private static Origin.Answer fresh(String body) {
    return (request, out) -> Origin.reply(out, 200, body, "Cache-Control", FRESH);
  }

  private CompletableFuture<HttpResponse<String>> async(String... fields) {
    return client.sendAsync(request("/a", fields), BodyHandlers.ofString());
  }

  /** A first call that leads, and others that follow it. */
  private CompletableFuture<HttpResponse<String>> leader() throws Exception {
    CompletableFuture<HttpResponse<String>> leader = async();
    asked.await();
    return leader;
  }

  private List<CompletableFuture<HttpResponse<String>>> followers(int count, String... fields)
      throws Exception {
    int before = Exchanges.followers(cache);
    List<CompletableFuture<HttpResponse<String>>> followers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      followers.add(async(fields));
    }
    Exchanges.await(() -> Exchanges.followers(cache) == before + count);
    return followers;
  }

  private static void assertAll(List<CompletableFuture<HttpResponse<String>>> calls, String body)
      throws Exception {
    for (CompletableFuture<HttpResponse<String>> call : calls) {
      assertThat(call.get(30, TimeUnit.SECONDS).body()).isEqualTo(body);
    }
  }

  @Test
  void send_manyThreadsOneUrl_oneRequest() throws Exception {
    first(fresh("one"), fresh("another"));
    List<Future<HttpResponse<String>>> calls = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      calls.add(callers.submit(() -> get("/a")));
    }
    Exchanges.await(() -> Exchanges.followers(cache) == MANY - 1);
    go.countDown();
    int collapsed = 0;
    for (Future<HttpResponse<String>> call : calls) {
      HttpResponse<String> response = call.get(30, TimeUnit.SECONDS);
      assertThat(response.body()).isEqualTo("one");
      collapsed += status(response).contains("collapsed") ? 1 : 0;
    }
    assertThat(origin.requests()).isEqualTo(1);
    assertThat(collapsed).isEqualTo(MANY - 1);
  }

  @Test
  void sendAsync_manyCallsOneUrl_oneRequest() throws Exception {
    first(fresh("one"), fresh("another"));
    List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      calls.add(async());
    }
    Exchanges.await(() -> Exchanges.followers(cache) == MANY - 1);
    go.countDown();
    assertAll(calls, "one");
    assertThat(origin.requests()).isEqualTo(1);
  }

  /** Within the head: the JDK's client asks again by itself if nothing has come. */
  private static final Origin.Answer BROKEN =
      (request, out) -> out.write("HTTP/1.1 2".getBytes(StandardCharsets.US_ASCII));

  @Test
  void sendAsync_connectionOfTheLeaderBreaks_oneFollowerAsksForAll() throws Exception {
    first(BROKEN, fresh("new"));
    CompletableFuture<HttpResponse<String>> leader = leader();
    var followers = followers(SOME);
    go.countDown();
    assertFails(leader);
    assertAll(followers, "new");
    assertThat(requests).hasValue(2);
  }

  /** Two more try for all, one after the other; then each gets a failure of its own. */
  @Test
  void sendAsync_originFailsEachTime_triedOneAfterTheOtherAndThenByEveryone() throws Exception {
    AtomicInteger atOnce = new AtomicInteger();
    List<Integer> concurrent = new CopyOnWriteArrayList<>();
    origin.on(
        "/a",
        (request, out) -> {
          concurrent.add(atOnce.incrementAndGet());
          if (requests.getAndIncrement() == 0) {
            asked.countDown();
            go.await();
          }
          atOnce.decrementAndGet();
          BROKEN.to(request, out);
        });
    CompletableFuture<HttpResponse<String>> leader = leader();
    var followers = followers(SOME);
    go.countDown();
    assertFails(leader);
    for (CompletableFuture<HttpResponse<String>> follower : followers) {
      assertFails(follower);
    }
    assertThat(requests).hasValue(SOME + 1);
    assertThat(concurrent.subList(0, 3)).containsOnly(1);
  }

  private static void assertFails(CompletableFuture<HttpResponse<String>> call) {
    assertThatThrownBy(() -> call.get(30, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void sendAsync_leaderHangs_followersWaitAsLongAsTheSettingsSay() throws Exception {
    settings(CacheSettings.builder().collapseWait(SHORT));
    first(fresh("late"), fresh("new"));
    CompletableFuture<HttpResponse<String>> leader = leader();
    List<CompletableFuture<HttpResponse<String>>> followers = new ArrayList<>();
    for (int i = 0; i < SOME; i++) {
      followers.add(async());
    }
    assertAll(followers, "new");
    assertThat(leader).isNotDone();
    go.countDown();
    assertThat(leader.get(30, TimeUnit.SECONDS).body()).isEqualTo("late");
  }

  @Test
  void sendAsync_leaderCancelled_oneFollowerTakesOver() throws Exception {
    first(fresh("late"), fresh("new"));
    CompletableFuture<HttpResponse<String>> leader = leader();
    var followers = followers(SOME);
    leader.cancel(true);
    assertAll(followers, "new");
    assertThat(requests).hasValue(2);
  }

  @Test
  void send_leaderInterrupted_oneFollowerTakesOver() throws Exception {
    first(fresh("late"), fresh("new"));
    Future<HttpResponse<String>> leader = callers.submit(() -> get("/a"));
    asked.await();
    var followers = followers(SOME);
    leader.cancel(true);
    assertAll(followers, "new");
    assertThat(requests).hasValue(2);
  }

  @Test
  void sendAsync_leaderCancelledWhileItsBodyComes_oneFollowerTakesOver() throws Exception {
    CompletableFuture<HttpResponse<String>> leader = leaderWithHead();
    var followers = followers(SOME);
    leader.cancel(true);
    assertAll(followers, "new");
    assertThat(requests).hasValue(2);
  }

  /** The first answer's head is sent at once, and its end when the test says so. */
  private CompletableFuture<HttpResponse<String>> leaderWithHead() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    origin.on(
        "/a",
        (request, out) -> {
          if (requests.getAndIncrement() > 0) {
            Origin.reply(out, 200, "new", "Cache-Control", FRESH);
            return;
          }
          Origin.head(out, 200, 1000, "Cache-Control", FRESH);
          out.write(new byte[500]);
          out.flush();
          begun.countDown();
          go.await();
        });
    CompletableFuture<HttpResponse<String>> leader = async();
    begun.await();
    // Not before the client has the head: from then on a timer waits for the flight, too.
    Exchanges.await(() -> Exchanges.recorded(cache) > 0);
    return leader;
  }

  @Test
  void sendAsync_leadersTimeoutPasses_followersGetTheirs() throws Exception {
    first(fresh("late"), fresh("new"));
    HttpRequest impatient =
        HttpRequest.newBuilder(origin.uri("/a")).timeout(Duration.ofSeconds(2)).build();
    CompletableFuture<HttpResponse<String>> leader =
        client.sendAsync(impatient, BodyHandlers.ofString());
    asked.await();
    var followers = followers(SOME);
    assertThatThrownBy(() -> leader.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(HttpTimeoutException.class);
    assertAll(followers, "new");
    assertThat(requests).hasValue(2);
  }

  @Test
  void sendAsync_leadersResponseMustNotBeStored_everyoneGetsTheirOwn() throws Exception {
    Origin.Answer own =
        (request, out) ->
            Origin.reply(out, 200, "own " + request.field("X-Me"), "Cache-Control", "no-store");
    first(own, own);
    CompletableFuture<HttpResponse<String>> leader = async("X-Me", "leader");
    asked.await();
    List<CompletableFuture<HttpResponse<String>>> followers = new ArrayList<>();
    for (int i = 0; i < SOME; i++) {
      followers.addAll(followers(1, "X-Me", "" + i));
    }
    go.countDown();
    assertThat(leader.get(30, TimeUnit.SECONDS).body()).isEqualTo("own leader");
    for (int i = 0; i < SOME; i++) {
      assertAll(followers.subList(i, i + 1), "own " + i);
    }
    assertThat(requests).hasValue(SOME + 1);
  }

  @Test
  void sendAsync_leaderGetsAnotherVariant_followersGetTheirs() throws Exception {
    Origin.Answer varied =
        (request, out) ->
            Origin.reply(
                out,
                200,
                request.field("Accept-Language"),
                "Cache-Control",
                FRESH,
                "Vary",
                "Accept-Language");
    first(varied, varied);
    CompletableFuture<HttpResponse<String>> leader = async("Accept-Language", "en");
    asked.await();
    var english = followers(SOME, "Accept-Language", "en");
    var german = followers(SOME, "Accept-Language", "de");
    go.countDown();
    assertThat(leader.get(30, TimeUnit.SECONDS).body()).isEqualTo("en");
    assertAll(english, "en");
    assertAll(german, "de");
    assertThat(requests).hasValue(2);
  }

  @Test
  void send_leaderReadsHalf_oneFollowerTakesOver() throws Exception {
    byte[] large = new byte[4 << 20];
    first(
        (request, out) -> {
          Origin.head(out, 200, large.length, "Cache-Control", FRESH);
          out.write(large);
        },
        fresh("new"));
    CompletableFuture<HttpResponse<InputStream>> leader =
        client.sendAsync(request("/a"), BodyHandlers.ofInputStream());
    asked.await();
    var followers = followers(SOME);
    go.countDown();
    try (InputStream body = leader.get(30, TimeUnit.SECONDS).body()) {
      assertThat(body.readNBytes(1000)).hasSize(1000);
    }
    assertAll(followers, "new");
    assertThat(requests).hasValue(2);
  }

  @Test
  void send_leaderReadsSlowly_followersDoNotWaitForIt() throws Exception {
    settings(CacheSettings.builder().collapseWait(SHORT));
    byte[] large = new byte[4 << 20];
    first(
        (request, out) -> {
          Origin.head(out, 200, large.length, "Cache-Control", FRESH);
          out.write(large);
        },
        fresh("new"));
    CompletableFuture<HttpResponse<InputStream>> leader =
        client.sendAsync(request("/a"), BodyHandlers.ofInputStream());
    asked.await();
    go.countDown();
    try (InputStream body = leader.get(30, TimeUnit.SECONDS).body()) {
      List<CompletableFuture<HttpResponse<String>>> followers = new ArrayList<>();
      for (int i = 0; i < SOME; i++) {
        followers.add(async());
      }
      assertAll(followers, "new");
      assertThat(body.readAllBytes()).hasSize(large.length);
    }
  }

  @Test
  void sendAsync_otherCredentials_neverWait() throws Exception {
    origin.on(
        "/a",
        (request, out) -> {
          if (request.field("Authorization").equals("slow")) {
            asked.countDown();
            go.await();
          }
          Origin.reply(out, 200, request.field("Authorization"), "Cache-Control", FRESH);
        });
    CompletableFuture<HttpResponse<String>> slow = async("Authorization", "slow");
    asked.await();
    assertThat(async("Authorization", "other").get(30, TimeUnit.SECONDS).body()).isEqualTo("other");
    assertThat(async().get(30, TimeUnit.SECONDS).body()).isEmpty();
    assertThat(slow).isNotDone();
    go.countDown();
    assertThat(slow.get(30, TimeUnit.SECONDS).body()).isEqualTo("slow");
  }

  @Test
  void send_timeoutPassesWhileFollowing_throwsAsThePlainClient() throws Exception {
    first(fresh("one"), fresh("another"));
    CompletableFuture<HttpResponse<String>> leader = leader();
    HttpRequest impatient =
        HttpRequest.newBuilder(origin.uri("/a")).timeout(Duration.ofMillis(100)).build();
    assertThatThrownBy(() -> client.send(impatient, BodyHandlers.ofString()))
        .isInstanceOf(HttpTimeoutException.class);
    assertThatThrownBy(() -> client.sendAsync(impatient, BodyHandlers.ofString()).get())
        .hasCauseInstanceOf(HttpTimeoutException.class);
    assertThat(origin.requests()).isEqualTo(1);
    go.countDown();
    assertThat(leader.get(30, TimeUnit.SECONDS).body()).isEqualTo("one");
  }

  @Test
  void sendAsync_collapsingSwitchedOff_everyoneAsks() throws Exception {
    settings(CacheSettings.builder().collapseRequests(false));
    first(fresh("late"), fresh("new"));
    CompletableFuture<HttpResponse<String>> leader = leader();
    assertThat(async().get(30, TimeUnit.SECONDS).body()).isEqualTo("new");
    assertThat(leader).isNotDone();
  }
}
