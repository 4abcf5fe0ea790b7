package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Exchanges.UnderWay;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.StoredItem;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client has received is found at once, and stored soon or not at all. */
@Timeout(60)
class WriteBehindTest {
  private static final URI URL = URI.create("http://example.com/a");
  private static final Duration TICK = Duration.ofMillis(1);

  private final TestClock clock = new TestClock();
  private final FaultyStorage storage = new FaultyStorage(clock);
  private final List<CacheEvent> events = new CopyOnWriteArrayList<>();
  private final CountDownLatch writing = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);
  private final AtomicLong writes = new AtomicLong();
  private final ExecutorService others = Executors.newCachedThreadPool();
  private HttpCache cache = cache(CacheSettings.builder());

  private HttpCache cache(CacheSettings.Builder settings) {
    return new TestCache(
        storage, settings.writeMode(WriteMode.BEHIND).listener(events::add).build(), clock);
  }

  @AfterEach
  void nothingIsLeft() {
    go.countDown();
    cache.flush();
    Exchanges.awaitNothingHeld(cache);
    others.shutdownNow();
    cache.close();
  }

  /** Threads that write wait before each call from now on, until they are let go. */
  private void hold() {
    storage.onEachCall =
        () -> {
          if (Thread.currentThread().getName().equals("larder-writer")) {
            writes.incrementAndGet();
            writing.countDown();
            awaitUninterruptibly(go);
          }
        };
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void holdOne(Request request, Response response) throws Exception {
    hold();
    assertThat(store(request, response)).isTrue();
    writing.await();
  }

  private void letGo() {
    go.countDown();
    cache.flush();
  }

  private boolean store(Request request, Response response) {
    clock.advance(TICK);
    boolean stored = Exchanges.store(cache, request, response);
    clock.advance(TICK);
    return stored;
  }

  /** The caller wants it from the origin. */
  private boolean storeAgain(Request request, Response response) {
    return store(anew(request), response);
  }

  private static Request anew(Request request) {
    Headers fields =
        Headers.builder().addAll(request.headers()).add("Cache-Control", "no-cache").build();
    return request.withHeaders(fields);
  }

  private static Request get(String... fields) {
    return Request.get(URL).withHeaders(Headers.of(fields));
  }

  private static Request language(String value) {
    return get("Accept-Language", value);
  }

  private static Response response(String body, String... fields) {
    Response.Builder response = Response.builder().body(body);
    for (int i = 0; i < fields.length; i += 2) {
      response.header(fields[i], fields[i + 1]);
    }
    return response.build();
  }

  private static Response inLanguage(String value) {
    return response(value, "Vary", "Accept-Language");
  }

  private Optional<String> lookUp(Request request) {
    return lookUp(cache, request);
  }

  private static Optional<String> lookUp(HttpCache where, Request request) {
    return Exchanges.lookUp(where, request)
        .map(answer -> new String(answer.body().bytes(), StandardCharsets.UTF_8));
  }

  /** What another process finds. */
  private Optional<String> lookUpElsewhere(Request request) {
    return lookUp(new TestCache(storage, cache.settings(), clock), request);
  }

  private Optional<StoredItem> stored() {
    return storage.read(cache.createKey(get()), ReadOptions.DEFAULT);
  }

  private List<CacheEvent.Type> eventTypes() {
    return events.stream().map(CacheEvent::type).toList();
  }

  // What is found

  @Test
  void lookUp_whileStorageStalls_findsWhatIsNotStoredYet() throws Exception {
    holdOne(get(), response("x"));
    assertThat(stored()).isEmpty();
    assertThat(lookUp(get())).contains("x");
    assertThat(lookUpElsewhere(get())).isEmpty();

    letGo();

    assertThat(lookUp(get())).contains("x");
    assertThat(lookUpElsewhere(get())).contains("x");
  }

  @Test
  void lookUp_variantsWaiting_findsTheOneThatIsSelected() throws Exception {
    holdOne(language("en"), inLanguage("en"));
    assertThat(lookUp(language("de"))).isEmpty();
    assertThat(store(language("de"), inLanguage("de"))).isTrue();
    assertThat(store(language("fr"), inLanguage("fr"))).isTrue();
    assertThat(lookUp(language("en"))).contains("en");
    assertThat(lookUp(language("de"))).contains("de");
    assertThat(lookUp(language("it"))).isEmpty();

    letGo();

    // None took another's place, although none was there when they were looked up.
    for (String each : List.of("en", "de", "fr")) {
      assertThat(lookUpElsewhere(language(each))).contains(each);
    }
  }

  @Test
  void lookUp_anotherUsersResponseWaiting_isAMiss() throws Exception {
    Request alice = get("Authorization", "Bearer alice");
    holdOne(alice, response("alice"));
    assertThat(lookUp(get("Authorization", "Bearer bob"))).isEmpty();
    assertThat(lookUp(get())).isEmpty();
    assertThat(lookUp(alice)).contains("alice");
  }

  @Test
  void lookUp_responseForAllWaiting_isFoundByAll() throws Exception {
    holdOne(get("Authorization", "Bearer alice"), response("all", "Cache-Control", "public"));
    assertThat(lookUp(get("Authorization", "Bearer bob"))).contains("all");
    assertThat(lookUp(get())).contains("all");
  }

  @Test
  void lookUp_anonymousResponseWaiting_isNotFoundWithCredentials() throws Exception {
    holdOne(get(), response("anonymous"));
    assertThat(lookUp(get("Cookie", "a=b"))).isEmpty();
  }

  // Order

  @Test
  void store_newerWhileAnotherWaits_takesItsPlace() throws Exception {
    holdOne(get(), response("1"));
    for (String body : List.of("2", "3", "4")) {
      assertThat(storeAgain(get(), response(body))).isTrue();
      assertThat(lookUp(get())).contains(body);
    }

    letGo();

    assertThat(lookUpElsewhere(get())).contains("4");
    // Two writes, and a look at what the first has left.
    assertThat(writes).hasValue(3);
  }

  @Test
  void store_requestedEarlierThanWhatWaits_isRefused() throws Exception {
    UnderWay early = Exchanges.send(cache, anew(get()));
    holdOne(get(), response("late"));
    assertThat(early.answer(response("early"))).isFalse();
    assertThat(lookUp(get())).contains("late");
    letGo();
    assertThat(lookUpElsewhere(get())).contains("late");
    assertThat(events).isEmpty();
  }

  @Test
  void store_sameVariantWhileOthersWait_takesThePlaceOfItsOwn() throws Exception {
    holdOne(language("en"), inLanguage("en"));
    store(language("de"), inLanguage("de"));
    store(language("fr"), inLanguage("fr"));
    storeAgain(language("de"), response("neu", "Vary", "Accept-Language"));
    assertThat(cache.forClients().storer().queue().waiting(cache.createKey(get()))).hasSize(3);
    letGo();
    assertThat(lookUpElsewhere(language("de"))).contains("neu");
    assertThat(lookUpElsewhere(language("fr"))).contains("fr");
    assertThat(lookUpElsewhere(language("en"))).contains("en");
  }

  // Invalidation

  @Test
  void invalidate_waiting_isNeitherFoundNorWritten() throws Exception {
    holdOne(language("en"), inLanguage("en"));
    store(language("de"), inLanguage("de"));

    Exchanges.invalidate(cache, URL);

    assertThat(lookUp(language("de"))).isEmpty();
    letGo();
    assertThat(lookUpElsewhere(language("de"))).isEmpty();
    assertThat(stored().orElseThrow()).isInstanceOf(StoredItem.Tombstone.class);
    assertThat(writes).hasValue(1);
  }

  @Test
  void invalidate_beingWritten_isNotFoundAndRefusedByTheStorage() throws Exception {
    holdOne(get(), response("old"));

    Exchanges.invalidate(cache, URL);

    assertThat(lookUp(get())).isEmpty();
    letGo();
    assertThat(lookUp(get())).isEmpty();
    assertThat(stored().orElseThrow()).isInstanceOf(StoredItem.Tombstone.class);
  }

  @Test
  void invalidate_writtenJustBefore_isReplaced() throws Exception {
    holdOne(get(), response("old"));
    AtomicBoolean first = new AtomicBoolean(true);
    storage.beforePut =
        () -> {
          if (first.getAndSet(false)) {
            letGo();
            assertThat(stored().orElseThrow()).isInstanceOf(StoredItem.Entry.class);
            assertThat(cache.forClients().storer().queue().isIdle()).isTrue();
          }
        };

    Exchanges.invalidate(cache, URL);

    assertThat(first).isFalse();
    assertThat(lookUp(get())).isEmpty();
    assertThat(stored().orElseThrow()).isInstanceOf(StoredItem.Tombstone.class);
  }

  @Test
  void invalidate_whileBeingWritten_newResponseIsFoundAndStored() throws Exception {
    holdOne(get(), response("old"));
    Exchanges.invalidate(cache, URL);
    clock.advance(TICK);
    assertThat(store(get(), response("new"))).isTrue();
    assertThat(lookUp(get())).contains("new");
    letGo();
    assertThat(lookUpElsewhere(get())).contains("new");
  }

  @Test
  void answer_invalidatedSinceItsRequest_isNotEvenFoundMeanwhile() {
    UnderWay late = Exchanges.send(cache, get());
    clock.advance(TICK);
    Exchanges.invalidate(cache, URL);
    clock.advance(TICK);
    hold();
    assertThat(late.answer(response("old"))).isFalse();
    assertThat(lookUp(get())).isEmpty();
  }

  @Test
  void answer_deletedSinceItsRequest_isNotEvenFoundMeanwhile() {
    UnderWay late = Exchanges.send(cache, get());
    clock.advance(TICK);
    cache.deleteUrl(URL.toString());
    clock.advance(TICK);
    hold();
    assertThat(late.answer(response("old"))).isFalse();
    assertThat(lookUp(get())).isEmpty();
  }

  @Test
  void invalidate_fieldsTakePartInKeys_concernsAllOfThem() throws Exception {
    cache = cache(CacheSettings.builder().matchHeaders(List.of("X-Tenant")));
    Request one = get("X-Tenant", "1");
    Request two = get("X-Tenant", "2");
    holdOne(one, response("1"));
    store(two, response("2"));
    assertThat(lookUp(two)).contains("2");

    Exchanges.invalidate(cache, URL);

    assertThat(lookUp(one)).isEmpty();
    assertThat(lookUp(two)).isEmpty();
    letGo();
    assertThat(lookUpElsewhere(one)).isEmpty();
    assertThat(lookUpElsewhere(two)).isEmpty();
  }

  @Test
  void invalidate_storageDown_isHeededForWhatWaits() throws Exception {
    holdOne(get(), response("old"));
    storage.writesFail = true;
    Exchanges.invalidate(cache, URL);
    storage.writesFail = false;
    assertThat(lookUp(get())).isEmpty();
    letGo();
    assertThat(lookUp(get())).isEmpty();
  }

  // Renewal

  private UnderWay validate(Request request) {
    clock.advance(TICK);
    return Exchanges.send(cache, anew(request));
  }

  private Optional<EntryHead> headFound() {
    return Exchanges.lookUp(cache, get()).flatMap(Answer::entry);
  }

  @Test
  void notModified_ofWhatIsStored_callerDoesNotWaitAndFindsTheNewHead() throws Exception {
    store(get(), response("x", "ETag", "\"1\"", "X-Count", "1"));
    cache.flush();
    hold();

    validate(get())
        .answer(
            Response.builder().status(304).header("ETag", "\"1\"").header("X-Count", "2").build());

    writing.await();
    assertThat(headFound().orElseThrow().headers().all("X-Count")).containsExactly("2");
    assertThat(lookUp(get())).contains("x");
    letGo();
    EntryHead renewed = cache.getResponse(get()).orElseThrow().head();
    assertThat(renewed.headers().all("X-Count")).containsExactly("2");
  }

  @Test
  void notModified_ofWhatWaits_isStoredWithTheNewHead() throws Exception {
    holdOne(get(), response("x", "ETag", "\"1\"", "X-Count", "1"));

    validate(get())
        .answer(
            Response.builder().status(304).header("ETag", "\"1\"").header("X-Count", "2").build());

    assertThat(headFound().orElseThrow().headers().all("X-Count")).containsExactly("2");
    letGo();
    assertThat(lookUp(get())).contains("x");
    EntryHead renewed = cache.getResponse(get()).orElseThrow().head();
    assertThat(renewed.headers().all("X-Count")).containsExactly("2");
    assertThat(renewed.version()).isNotEmpty().isNotEqualTo(Pending.VERSION);
  }

  @Test
  void notModified_ofWhatWaitedAndIsStoredByNow_isStoredWithTheNewHead() throws Exception {
    holdOne(get(), response("x", "ETag", "\"1\"", "X-Count", "1"));
    UnderWay validation = validate(get());
    letGo();

    validation.answer(
        Response.builder().status(304).header("ETag", "\"1\"").header("X-Count", "2").build());

    EntryHead renewed = cache.getResponse(get()).orElseThrow().head();
    assertThat(renewed.headers().all("X-Count")).containsExactly("2");
  }

  @Test
  void notModified_replacedByAWholeResponseThatWaits_isNotFoundAfterIt() throws Exception {
    store(get(), response("x", "ETag", "\"1\""));
    cache.flush();
    UnderWay validation = validate(get());
    clock.advance(TICK);
    holdOne(anew(get()), response("new", "ETag", "\"2\""));
    validation.answer(Response.builder().status(304).header("ETag", "\"1\"").build());
    assertThat(lookUp(get())).contains("new");
    letGo();
    assertThat(lookUpElsewhere(get())).contains("new");
  }

  private static Response notModified(String... fields) {
    return Response.builder()
        .status(304)
        .headers(Headers.of(fields))
        .header("ETag", "\"1\"")
        .build();
  }

  private static final Response ONLY_IN_ITS_LANGUAGE = notModified("Vary", "Accept-Language");

  /** The first new head is being written and the second waits when the third comes. */
  @Test
  void notModified_selectedByMoreThanBefore_olderHeadsThatWaitDoNotComeBack() throws Exception {
    store(language("en"), response("x", "ETag", "\"1\""));
    cache.flush();
    hold();
    validate(language("en")).answer(notModified("X-Count", "1"));
    writing.await();
    validate(language("en")).answer(notModified("X-Count", "2"));
    assertThat(lookUp(language("de"))).contains("x");

    validate(language("en")).answer(ONLY_IN_ITS_LANGUAGE);

    assertThat(lookUp(language("de"))).isEmpty();
    assertThat(lookUp(language("en"))).contains("x");
    letGo();
    assertThat(lookUpElsewhere(language("de"))).isEmpty();
    assertThat(lookUpElsewhere(language("en"))).contains("x");
  }

  @Test
  void notModified_requestedBeforeAHeadThatIsSelectedByMore_isNotKept() {
    store(language("en"), response("x", "ETag", "\"1\""));
    cache.flush();
    UnderWay late = validate(language("en"));
    validate(language("en").withHeaders(Headers.of("Accept-Language", "en", "X-Other", "1")))
        .answer(ONLY_IN_ITS_LANGUAGE);
    hold();

    late.answer(notModified());

    assertThat(lookUp(language("de"))).isEmpty();
    letGo();
    assertThat(lookUpElsewhere(language("de"))).isEmpty();
    assertThat(lookUpElsewhere(language("en"))).contains("x");
  }

  // Managing

  @Test
  void count_waiting_waitsAndCountsIt() throws Exception {
    holdOne(get(), response("x"));
    Future<Long> count = others.submit(() -> cache.count());
    assertThat(cache.flush(TICK)).isFalse();
    assertThat(count).isNotDone();
    go.countDown();
    assertThat(count.get(30, TimeUnit.SECONDS)).isEqualTo(1);
  }

  @Test
  void deleteUrl_waiting_deletesIt() throws Exception {
    holdOne(get(), response("x"));
    clock.advance(TICK);
    Future<Long> deleted = others.submit(() -> cache.deleteUrl(URL.toString()));
    go.countDown();
    assertThat(deleted.get(30, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(lookUp(get())).isEmpty();
    assertThat(cache.count()).isZero();
  }

  @Test
  void clear_waiting_removesIt() throws Exception {
    holdOne(get(), response("x"));
    Future<?> cleared = others.submit(() -> cache.clear());
    go.countDown();
    cleared.get(30, TimeUnit.SECONDS);
    assertThat(lookUp(get())).isEmpty();
    assertThat(cache.count()).isZero();
  }

  /** Its request was sent before the purge, and its answer came after it. */
  @Test
  void purge_requestUnderWay_isNotFoundAfterIt() throws Exception {
    UnderWay late = Exchanges.send(cache, get());
    clock.advance(TICK);
    cache.purge();
    clock.advance(TICK);
    hold();
    late.answer(response("old"));
    assertThat(lookUp(get())).isEmpty();
  }

  @Test
  void flush_interrupted_returnsAndKeepsTheInterrupt() throws Exception {
    holdOne(get(), response("x"));
    Thread.currentThread().interrupt();
    assertThat(cache.flush(Duration.ofHours(1))).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void flush_whatWaitsIsReplaced_waitsForWhatTookItsPlace() throws Exception {
    holdOne(language("en"), inLanguage("en"));
    store(language("de"), inLanguage("de"));
    Future<?> flushed = others.submit(() -> cache.flush());
    storeAgain(language("de"), response("neu", "Vary", "Accept-Language"));
    go.countDown();
    flushed.get(30, TimeUnit.SECONDS);
    assertThat(lookUpElsewhere(language("de"))).contains("neu");
  }

  @Test
  void listener_asksTheCacheOnAThreadThatWrites_doesNotWaitForItself() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    cache =
        new TestCache(
            storage,
            CacheSettings.builder()
                .writeMode(WriteMode.BEHIND)
                .listener(
                    event -> {
                      cache.flush();
                      told.countDown();
                    })
                .build(),
            clock);
    storage.writesFail = true;
    store(get(), response("x"));
    assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
  }

  // When things break

  @Test
  void store_budgetUsedUp_isSkippedWithAnEventAndNobodyWaits() throws Exception {
    cache = cache(CacheSettings.builder().recordingBudget(6_900));
    Response response = response("x".repeat(1_500), "Content-Length", "1500");
    holdOne(get(), response);
    int stored = 1;
    for (int i = 0; i < 5; i++) {
      Request other = Request.get(URL.resolve("/" + i));
      stored += store(other, response) ? 1 : 0;
      assertThat(Exchanges.recorded(cache)).isBetween(0L, 6_900L);
    }
    assertThat(stored).isEqualTo(2);
    assertThat(eventTypes()).hasSize(4).containsOnly(CacheEvent.Type.WRITE_SKIPPED);
    assertThat(events.get(0).message()).contains("recordingBudget");

    letGo();

    assertThat(cache.count()).isEqualTo(2);
    assertThat(store(Request.get(URL.resolve("/again")), response)).isTrue();
  }

  @Test
  void store_bodyBeyondWhatTheQueueLeaves_isNotRecorded() throws Exception {
    cache = cache(CacheSettings.builder().recordingBudget(20_000));
    holdOne(get(), response("x".repeat(10_000)));
    Request other = Request.get(URL.resolve("/b"));
    assertThat(store(other, response("x".repeat(10_000)))).isFalse();
    assertThat(eventTypes()).containsExactly(CacheEvent.Type.TOO_LARGE);
  }

  @Test
  void store_storageDown_emptiesTheQueueAndRecovers() {
    storage.writesFail = true;
    for (int i = 0; i < 20; i++) {
      assertThat(store(Request.get(URL.resolve("/" + i)), response("x"))).isTrue();
    }
    cache.flush();
    assertThat(eventTypes()).hasSize(20).containsOnly(CacheEvent.Type.WRITE_FAILED);
    assertThat(lookUp(Request.get(URL.resolve("/1")))).isEmpty();
    storage.writesFail = false;
    store(get(), response("x"));
    assertThat(cache.count()).isEqualTo(1);
  }

  @Test
  void close_waiting_isStored() throws Exception {
    holdOne(get(), response("x"));
    Future<?> closed = others.submit(() -> cache.close());
    go.countDown();
    closed.get(30, TimeUnit.SECONDS);
    assertThat(cache.forClients().storer().queue().isIdle()).isTrue();
    assertThat(events).isEmpty();
  }

  @Test
  void store_closed_isSkippedWithAnEvent() {
    UnderWay late = Exchanges.send(cache, get());
    cache.close();
    assertThat(late.answer(response("x"))).isFalse();
    assertThat(eventTypes()).containsExactly(CacheEvent.Type.WRITE_SKIPPED);
  }

  @Test
  void close_storageStalls_tellsOfWhatItLeaves() throws Exception {
    holdOne(language("en"), inLanguage("en"));
    store(language("de"), inLanguage("de"));
    store(language("fr"), inLanguage("fr"));

    cache.forClients().storer().queue().close(TICK);

    assertThat(eventTypes())
        .containsExactly(CacheEvent.Type.WRITE_SKIPPED, CacheEvent.Type.WRITE_SKIPPED);
    go.countDown();
    Exchanges.awaitNothingHeld(cache);
  }

  /** Other processes look when the lease is gone, so it is kept until there is something. */
  @Test
  void answer_underALease_leaseIsGivenBackWhenItIsWritten() throws Exception {
    TestLeases leases = new TestLeases();
    storage.leases = Optional.of(leases);
    cache =
        cache(
            CacheSettings.builder()
                .leaseDuration(Duration.ofSeconds(10))
                .leaseTimer(new TestLeaseTimer()));
    holdOne(get(), response("x"));
    assertThat(leases.held()).isOne();
    letGo();
    Exchanges.await(() -> leases.held() == 0);
  }

  @Test
  void close_answerUnderALeaseWaits_leaseIsGivenBackBeforeTheStorageIsClosed() throws Exception {
    TestLeases leases = new TestLeases();
    storage.leases = Optional.of(leases);
    cache = cache(CacheSettings.builder().leaseDuration(Duration.ofSeconds(10)));
    AtomicBoolean tooLate = new AtomicBoolean();
    Thread closing = new Thread(cache::close);
    leases.beforeEnding =
        () -> {
          Exchanges.await(
              () ->
                  storage.closed
                      || (closing.getState() == Thread.State.TIMED_WAITING
                          && cache.forClients().storer().queue().isIdle()));
          tooLate.set(storage.closed);
        };
    holdOne(get(), response("x"));
    closing.start();
    Exchanges.await(() -> closing.getState() == Thread.State.TIMED_WAITING);
    go.countDown();
    closing.join();

    assertThat(tooLate).isFalse();
    assertThat(leases.held()).isZero();
  }

  @Test
  void follower_leaderStored_landsBeforeItIsWritten() throws Exception {
    UnderWay leader = Exchanges.send(cache, get());
    Exchange follower =
        cache.forClients().exchange(get(), CacheOptions.NONE, ClientAccess.Visibility.FULL);
    Step.Follow follow = (Step.Follow) follower.begin();
    hold();
    leader.answer(response("x"));
    assertThat(follow.landing().toCompletableFuture().get(30, TimeUnit.SECONDS)).isNotNull();
    assertThat(follower.resume()).isInstanceOf(Step.Serve.class);
  }
}
