package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.ClientAccess.Visibility;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import java.io.IOException;
import java.lang.Thread.State;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The hazards told in {@link ProcessFlights}, one test or more for each. Caches over one storage
 * stand for processes.
 */
class ProcessFlightsTest {
  private static final Duration LEASE = Duration.ofSeconds(10);
  private static final Duration MOMENT = Duration.ofMillis(150);
  private static final Request GET = Request.get("http://example.com/a");
  private static final Response FRESH = response("max-age=60", "one");

  private final TestClock clock = new TestClock();
  private final TestLeases leases = new TestLeases();
  private final TestLeaseTimer timer = new TestLeaseTimer();
  private final FaultyStorage storage = new FaultyStorage(clock);
  private final List<CacheEvent> events = new CopyOnWriteArrayList<>();
  private final HttpCache one = process();
  private final HttpCache two = process();
  private final HttpCache three = process();
  private final HttpCache four = process();

  private CacheSettings.Builder settings() {
    return CacheSettings.builder().leaseDuration(LEASE).leaseTimer(timer).listener(events::add);
  }

  private HttpCache process() {
    return process(settings(), clock);
  }

  private HttpCache process(CacheSettings.Builder settings, TestClock ownClock) {
    storage.leases = Optional.of(leases);
    return new TestCache(storage, settings.build(), ownClock);
  }

  private static Response response(String cacheControl, String body, String... fields) {
    return Response.builder()
        .headers(
            Headers.builder().add("Cache-Control", cacheControl).addAll(Headers.of(fields)).build())
        .body(body)
        .build();
  }

  private static Exchange exchange(HttpCache process, Request request) {
    return process.forClients().exchange(request, CacheOptions.NONE, Visibility.FULL);
  }

  /** A request that goes to the origin at once. */
  private static Exchange asking(HttpCache process, Request request) {
    Exchange exchange = exchange(process, request);
    assertThat(exchange.begin()).isInstanceOf(Step.Forward.class);
    return exchange;
  }

  /** One that waits. */
  private record Waiting(Exchange exchange, Step.Follow follow) {
    boolean isOver() {
      return follow.landing().toCompletableFuture().isDone();
    }

    Step resume() {
      assertThat(isOver()).isTrue();
      return exchange.resume();
    }
  }

  private static Waiting waiting(HttpCache process, Request request) {
    Exchange exchange = exchange(process, request);
    return waiting(exchange, exchange.begin());
  }

  private static Waiting waiting(Exchange exchange, Step step) {
    assertThat(step).isInstanceOf(Step.Follow.class);
    return new Waiting(exchange, (Step.Follow) step);
  }

  /** The origin answers. */
  private static void answer(Exchange exchange, Response response) {
    Step step = exchange.onResponse(response.status(), response.headers());
    exchange.settle();
    if (step instanceof Step.Store store) {
      store.recording().append(ByteBuffer.wrap(response.body().bytes()));
      store.recording().complete();
    }
  }

  private static void assertServed(Step step, String body) {
    assertThat(step).isInstanceOf(Step.Serve.class);
    assertThat(((Step.Serve) step).answer().body().text(StandardCharsets.UTF_8)).isEqualTo(body);
  }

  private static void assertForwarded(Step step) {
    assertThat(step).isInstanceOf(Step.Forward.class);
  }

  private void assertNothingHeld() {
    assertThat(leases.held()).isZero();
    assertThat(timer.pending()).isZero();
    for (HttpCache process : List.of(one, two, three, four)) {
      assertThat(process.forClients().flights().size()).isZero();
    }
  }

  @Test
  void begin_anotherProcessAsks_waitsAndIsServedWhatItStores() {
    Exchange leader = asking(one, GET);
    Waiting waiting = waiting(two, GET);
    timer.advance(Duration.ofSeconds(2));
    assertThat(waiting.isOver()).isFalse();
    answer(leader, FRESH);
    timer.advance(Duration.ofSeconds(1));
    Step step = waiting.resume();
    assertServed(step, "one");
    assertThat(((Step.Serve) step).answer().headers().first("Cache-Status").orElse(""))
        .contains("hit")
        .contains("collapsed");
    assertNothingHeld();
    assertThat(events).isEmpty();
  }

  /** Who waits for another process leads those of its own. */
  @Test
  void begin_severalInTheWaitingProcess_oneWaitsForTheOther_allAreServed() {
    Exchange leader = asking(one, GET);
    Waiting first = waiting(two, GET);
    Waiting second = waiting(two, GET);
    assertThat(leases.attempts()).isEqualTo(2);
    answer(leader, FRESH);
    timer.advance(MOMENT);
    assertThat(second.isOver()).isFalse();
    assertServed(first.resume(), "one");
    assertServed(second.resume(), "one");
    assertNothingHeld();
  }

  @Test
  void crashedLeader_isWaitedForAsLongAsItsLease_thenOneTakesOver() {
    asking(one, GET);
    Waiting second = waiting(two, GET);
    timer.advance(LEASE.minusMillis(1));
    assertThat(second.isOver()).isFalse();
    timer.advance(Duration.ofMillis(1));
    assertForwarded(second.resume());
    Waiting third = waiting(three, GET);
    answer(second.exchange(), FRESH);
    timer.advance(MOMENT);
    assertServed(third.resume(), "one");
  }

  @Test
  void crashedLeader_laterCallers_waitForWhatIsLeft() {
    asking(one, GET);
    Waiting first = waiting(two, GET);
    timer.advance(Duration.ofSeconds(9));
    first.exchange().abandon();
    Waiting second = waiting(two, GET);
    timer.advance(Duration.ofSeconds(1));
    assertForwarded(second.resume());
  }

  @Test
  void slowLeader_anotherTakesOver_theLaterRequestIsKept() {
    Exchange slow = asking(one, GET);
    Waiting second = waiting(two, GET);
    timer.advance(LEASE);
    clock.advance(LEASE);
    assertForwarded(second.resume());
    answer(second.exchange(), response("max-age=60", "two"));
    answer(slow, FRESH);
    assertServed(exchange(three, GET).begin(), "two");
    assertNothingHeld();
  }

  @Test
  void slowLeader_endsWhileItsSuccessorAsks_theSuccessorKeepsItsLease() {
    Exchange slow = asking(one, GET);
    Waiting second = waiting(two, GET);
    timer.advance(LEASE);
    assertForwarded(second.resume());
    answer(slow, response("no-store", "private"));
    assertThat(leases.held()).isOne();
    Waiting third = waiting(three, GET);
    answer(second.exchange(), FRESH);
    timer.advance(MOMENT);
    assertServed(third.resume(), "one");
  }

  @Test
  void answerForNobodyElse_thoseWhoWaitGoAtOnce_andWithoutLeases() {
    Exchange leader = asking(one, GET);
    Waiting second = waiting(two, GET);
    Waiting behindSecond = waiting(two, GET);
    Waiting third = waiting(three, GET);
    answer(leader, response("no-store", "private"));
    timer.advance(MOMENT);
    assertForwarded(second.resume());
    assertForwarded(behindSecond.resume());
    assertForwarded(third.resume());
    assertThat(leases.held()).isZero();
    int attempts = leases.attempts();
    asking(one, GET).abandon();
    second.exchange().abandon();
    asking(two, GET).abandon();
    assertThat(leases.attempts()).isEqualTo(attempts);
    // One that has not heard of it begins anew, and so do all after a while.
    asking(four, GET).abandon();
    timer.advance(LEASE);
    asking(one, GET).abandon();
    assertThat(leases.attempts()).isEqualTo(attempts + 2);
  }

  @Test
  void answerForOthers_varies_oneOfThoseWhoWantTheOtherVariantAsks() {
    Request english = GET.withHeaders(Headers.of("Accept-Language", "en"));
    Request german = GET.withHeaders(Headers.of("Accept-Language", "de"));
    Exchange leader = asking(one, english);
    Waiting second = waiting(two, german);
    Waiting third = waiting(three, german);
    answer(leader, response("max-age=60", "hello", "Vary", "Accept-Language"));
    timer.advance(MOMENT);
    assertForwarded(second.resume());
    Waiting again = waiting(third.exchange(), third.resume());
    answer(second.exchange(), response("max-age=60", "hallo", "Vary", "Accept-Language"));
    timer.advance(MOMENT);
    assertServed(again.resume(), "hallo");
    assertNothingHeld();
  }

  @Test
  void answerForOthers_otherCredentials_neverWait() {
    Request alice = GET.withHeaders(Headers.of("Authorization", "alice"));
    Request bob = GET.withHeaders(Headers.of("Authorization", "bob"));
    Exchange leader = asking(one, alice);
    Exchange other = asking(two, bob);
    Waiting same = waiting(three, alice);
    answer(leader, response("max-age=60", "alice's"));
    answer(other, response("max-age=60", "bob's"));
    timer.advance(MOMENT);
    assertServed(same.resume(), "alice's");
  }

  @Test
  void answerForOthers_toBeValidatedAtEachUse_thoseWhoWaitGoAtOnce() {
    Exchange leader = asking(one, GET);
    Waiting second = waiting(two, GET);
    Waiting third = waiting(three, GET);
    answer(leader, response("no-cache", "one", "ETag", "\"1\""));
    timer.advance(MOMENT);
    Step step = second.resume();
    assertForwarded(step);
    assertThat(((Step.Forward) step).headers().first("If-None-Match")).contains("\"1\"");
    assertForwarded(third.resume());
    assertThat(leases.held()).isZero();
  }

  @Test
  void lostRelease_theStorageIsReadBeforeTheOriginIsAsked() {
    Exchange leader = asking(one, GET);
    Waiting second = waiting(two, GET);
    leases.endingFails = true;
    answer(leader, FRESH);
    leases.endingFails = false;
    timer.advance(LEASE.minusMillis(1));
    assertThat(second.isOver()).isFalse();
    timer.advance(Duration.ofMillis(1));
    assertServed(second.resume(), "one");
    assertThat(events).extracting(CacheEvent::type).containsExactly(CacheEvent.Type.LEASE_FAILED);
  }

  @Test
  void lateReader_storedBetweenLookUpAndLease_isServed() {
    Exchange leader = asking(one, GET);
    leases.beforeNextAttempt = () -> answer(leader, FRESH);
    assertServed(exchange(two, GET).begin(), "one");
    assertNothingHeld();
  }

  @Test
  void twoTakeOver_oneWins_theOtherWaitsForIt() {
    asking(one, GET);
    Waiting second = waiting(two, GET);
    Waiting third = waiting(three, GET);
    timer.advance(LEASE);
    assertForwarded(second.resume());
    Waiting again = waiting(third.exchange(), third.resume());
    answer(second.exchange(), FRESH);
    timer.advance(MOMENT);
    assertServed(again.resume(), "one");
  }

  @Test
  void twoTakeOver_theWinnerCrashesToo_nobodyWaitsForAThird() {
    asking(one, GET);
    Waiting second = waiting(two, GET);
    Waiting third = waiting(three, GET);
    Waiting fourth = waiting(four, GET);
    timer.advance(LEASE);
    assertForwarded(second.resume());
    Waiting thirdAgain = waiting(third.exchange(), third.resume());
    Waiting fourthAgain = waiting(fourth.exchange(), fourth.resume());
    timer.advance(LEASE);
    assertForwarded(thirdAgain.resume());
    assertThat(leases.held()).isOne();
    assertForwarded(fourthAgain.resume());
  }

  @Test
  void leaderFails_oneOfThoseWhoWaitAsks() {
    Exchange leader = asking(one, GET);
    Waiting second = waiting(two, GET);
    Waiting third = waiting(three, GET);
    assertThat(leader.onFailure(new IOException("refused"))).isEmpty();
    timer.advance(MOMENT);
    assertForwarded(second.resume());
    Waiting again = waiting(third.exchange(), third.resume());
    answer(second.exchange(), FRESH);
    timer.advance(MOMENT);
    assertServed(again.resume(), "one");
  }

  @Test
  void clocks_yearsApart_changeNothing() {
    TestClock behind = new TestClock();
    behind.set(TestClock.START.minus(Duration.ofDays(1000)));
    HttpCache backward = process(settings(), behind);
    Exchange leader = asking(backward, GET);
    Waiting second = waiting(two, GET);
    timer.advance(Duration.ofSeconds(5));
    assertThat(second.isOver()).isFalse();
    timer.advance(Duration.ofSeconds(5));
    assertForwarded(second.resume());
    leader.abandon();
    Waiting third = waiting(backward, GET);
    answer(second.exchange(), FRESH);
    timer.advance(MOMENT);
    assertServed(third.resume(), "one");
  }

  @Test
  void leaseSwept_oneOfThoseWhoWaitAsks() {
    Exchange leader = asking(one, GET);
    Waiting second = waiting(two, GET);
    Waiting third = waiting(three, GET);
    leases.removeAll();
    timer.advance(MOMENT);
    clock.advance(MOMENT);
    assertForwarded(second.resume());
    Waiting again = waiting(third.exchange(), third.resume());
    answer(leader, FRESH);
    assertThat(leases.held()).isOne();
    answer(second.exchange(), FRESH);
    timer.advance(MOMENT);
    assertServed(again.resume(), "one");
  }

  @Test
  void storageDownWhenALeaseIsTaken_theOriginIsAsked() {
    leases.acquiringFails = true;
    Exchange first = asking(one, GET);
    Exchange second = asking(two, GET);
    answer(first, FRESH);
    answer(second, FRESH);
    assertThat(events).extracting(CacheEvent::type).containsOnly(CacheEvent.Type.LEASE_FAILED);
    assertNothingHeld();
  }

  @Test
  void storageDownWhileWaiting_theOriginIsAsked() {
    asking(one, GET);
    Waiting second = waiting(two, GET);
    leases.findingFails = true;
    timer.advance(MOMENT);
    assertForwarded(second.resume());
    answer(second.exchange(), FRESH);
    assertThat(timer.pending()).isZero();
  }

  @Test
  void callerGoneWhileItHolds_theNextAsks() {
    Exchange leader = asking(one, GET);
    Waiting second = waiting(two, GET);
    leader.abandon();
    timer.advance(MOMENT);
    assertForwarded(second.resume());
    second.exchange().abandon();
    assertNothingHeld();
  }

  @Test
  void callerGoneWhileItWaits_looksNoMore() {
    Exchange leader = asking(one, GET);
    Waiting second = waiting(two, GET);
    Waiting behindSecond = waiting(two, GET);
    second.exchange().abandon();
    assertThat(second.isOver()).isTrue();
    Waiting again = waiting(behindSecond.exchange(), behindSecond.resume());
    again.exchange().abandon();
    timer.advance(MOMENT);
    assertThat(timer.pending()).isZero();
    leader.abandon();
    assertNothingHeld();
  }

  @Test
  void callerGoneWhileALeaseIsTaken_givesItBack() {
    Exchange gone = exchange(one, GET);
    leases.beforeNextAttempt = gone::abandon;
    gone.begin();
    gone.abandon();
    assertNothingHeld();
  }

  @Test
  void noCache_neitherWaitsNorTakesALease() {
    Exchange leader = asking(one, GET);
    Request fresh = GET.withHeaders(Headers.of("Cache-Control", "no-cache"));
    Exchange second = asking(two, fresh);
    assertThat(leases.attempts()).isOne();
    answer(leader, FRESH);
    answer(second, response("max-age=60", "two"));
    assertNothingHeld();
  }

  @Test
  void validation_isWaitedFor_andTheRenewedResponseServed() {
    answer(asking(one, GET), response("max-age=60", "one", "ETag", "\"1\""));
    clock.advance(Duration.ofSeconds(100));
    Exchange leader = asking(one, GET);
    Waiting second = waiting(two, GET);
    answer(
        leader,
        Response.builder()
            .status(304)
            .header("ETag", "\"1\"")
            .header("Cache-Control", "max-age=60")
            .build());
    timer.advance(MOMENT);
    assertServed(second.resume(), "one");
    assertNothingHeld();
  }

  @Test
  void refresh_anotherProcessRefreshes_isNotDoneTwice() {
    answer(
        asking(one, GET),
        response("max-age=60, stale-while-revalidate=600", "one", "ETag", "\"1\""));
    clock.advance(Duration.ofSeconds(100));
    Exchange first = exchange(one, GET);
    assertThat(first.begin()).isInstanceOf(Step.Serve.class);
    Exchange refreshing = first.refresh().orElseThrow();
    assertForwarded(refreshing.beginRefresh().orElseThrow());
    for (int i = 0; i < 5; i++) {
      Exchange second = exchange(two, GET);
      assertServed(second.begin(), "one");
      assertThat(second.refresh().flatMap(Exchange::beginRefresh)).isEmpty();
    }
    // Asked once who refreshes; then it is known for as long as the lease.
    assertThat(leases.attempts()).isEqualTo(3);
    answer(refreshing, response("max-age=60", "two"));
    refreshing.abandon();
    assertServed(exchange(two, GET).begin(), "two");
    assertNothingHeld();
  }

  @Test
  void refresh_whoRefreshesCrashes_anotherDoesAfterItsLease() {
    answer(
        asking(one, GET),
        response("max-age=60, stale-while-revalidate=600", "one", "ETag", "\"1\""));
    clock.advance(Duration.ofSeconds(100));
    Exchange first = exchange(one, GET);
    first.begin();
    assertForwarded(first.refresh().orElseThrow().beginRefresh().orElseThrow());
    Exchange second = exchange(two, GET);
    second.begin();
    assertThat(second.refresh().orElseThrow().beginRefresh()).isEmpty();
    timer.advance(LEASE);
    Exchange third = exchange(two, GET);
    third.begin();
    Exchange refreshing = third.refresh().orElseThrow();
    assertForwarded(refreshing.beginRefresh().orElseThrow());
    assertThat(leases.held()).isOne();
    refreshing.abandon();
    assertThat(leases.held()).isZero();
  }

  @Test
  void refresh_doneByAnotherBetweenLookUpAndLease_isNotDoneAgain() {
    answer(
        asking(one, GET),
        response("max-age=60, stale-while-revalidate=600", "one", "ETag", "\"1\""));
    clock.advance(Duration.ofSeconds(100));
    Exchange first = exchange(one, GET);
    first.begin();
    Exchange refreshing = first.refresh().orElseThrow();
    Exchange second = exchange(two, GET);
    second.begin();
    clock.advance(Duration.ofSeconds(1));
    leases.beforeNextAttempt =
        () -> {
          assertForwarded(refreshing.beginRefresh().orElseThrow());
          answer(refreshing, response("max-age=60", "two"));
        };
    assertThat(second.refresh().orElseThrow().beginRefresh()).isEmpty();
    assertNothingHeld();
  }

  /** What was seen of a lease that is gone keeps nobody from refreshing. */
  @Test
  void refresh_holderSeenWhileWaitingHasGivenItsLeaseBack_isDone() {
    Exchange leader = asking(one, GET);
    Waiting waiting = waiting(two, GET);
    answer(leader, response("max-age=60, stale-while-revalidate=600", "one", "ETag", "\"1\""));
    timer.advance(Duration.ofSeconds(1));
    assertServed(waiting.resume(), "one");
    clock.advance(Duration.ofSeconds(100));
    Exchange stale = exchange(two, GET);
    assertServed(stale.begin(), "one");
    Exchange refreshing = stale.refresh().orElseThrow();
    assertForwarded(refreshing.beginRefresh().orElseThrow());
    assertThat(leases.held()).isOne();
    refreshing.abandon();
    assertNothingHeld();
  }

  /** The caller has its answer, and is not to wait until the storage has been asked. */
  @Test
  void refresh_toBeDone_asksTheStorageOnlyWhenItBegins() {
    answer(
        asking(one, GET),
        response("max-age=60, stale-while-revalidate=600", "one", "ETag", "\"1\""));
    clock.advance(Duration.ofSeconds(100));
    Exchange stale = exchange(one, GET);
    assertServed(stale.begin(), "one");
    int attempts = leases.attempts();
    AtomicInteger calls = new AtomicInteger();
    storage.onEachCall = calls::incrementAndGet;

    Exchange refreshing = stale.refresh().orElseThrow();

    assertThat(leases.attempts()).isEqualTo(attempts);
    assertThat(calls).hasValue(0);
    assertThat(stale.refresh()).isEmpty();
    assertForwarded(refreshing.beginRefresh().orElseThrow());
    assertThat(leases.attempts()).isEqualTo(attempts + 1);
    refreshing.abandon();
    assertNothingHeld();
  }

  /** The lease is being given back on a thread of its own while its process ends. */
  @Test
  @Timeout(60)
  void close_leaseBeingGivenBack_waitsForThatBeforeItClosesTheStorage() throws Exception {
    HttpCache ending = process(settings().leaseTimer(LeaseTimer.real()), clock);
    AtomicBoolean tooLate = new AtomicBoolean();
    Thread closing = new Thread(ending::close);
    leases.beforeEnding =
        () -> {
          Exchanges.await(() -> storage.closed || closing.getState() == State.TIMED_WAITING);
          tooLate.set(storage.closed);
        };
    Exchange leader = asking(ending, GET);
    leader.abandon();
    closing.start();
    closing.join();

    assertThat(tooLate).isFalse();
    assertThat(leases.held()).isZero();
  }

  /** What the origin answers from then on is stored by nobody, so nobody is to wait for it. */
  @Test
  void close_requestUnderWay_givesItsLeaseBack() {
    storage.outlivesItsCache = true;
    Exchange leader = asking(one, GET);
    Waiting second = waiting(two, GET);

    one.close();

    timer.advance(MOMENT);
    assertForwarded(second.resume());
    leader.abandon();
    second.exchange().abandon();
    assertNothingHeld();
  }

  @Test
  void close_interrupted_doesNotWait() {
    List<Runnable> givingBack = new ArrayList<>();
    HttpCache ending =
        process(
            settings()
                .leaseTimer(
                    new LeaseTimer() {
                      @Override
                      public long nanoTime() {
                        return 0;
                      }

                      @Override
                      public void schedule(Runnable task, Duration delay) {
                        givingBack.add(task);
                      }
                    }),
            clock);
    asking(ending, GET).abandon();
    Thread.currentThread().interrupt();

    ending.close();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(leases.held()).isOne();
    givingBack.forEach(Runnable::run);
    assertThat(leases.held()).isZero();
  }

  @Test
  void off_nobodyTakesLeases() {
    HttpCache readOnly = process(settings().readOnly(true), clock);
    HttpCache alone = process(settings().collapseRequests(false), clock);
    HttpCache without = process(CacheSettings.builder().leaseTimer(timer), clock);
    for (HttpCache process : List.of(readOnly, alone, without)) {
      asking(process, GET).abandon();
    }
    assertThat(leases.attempts()).isZero();
  }
}
