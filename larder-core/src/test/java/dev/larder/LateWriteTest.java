package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Exchanges.UnderWay;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A process stands still just before it writes, and goes on when another process has deleted or
 * replaced what it was about to write over.
 */
@Timeout(120)
class LateWriteTest {
  private static final Request GET = Request.get("http://example.com/a");

  final TestClock clock = new TestClock();
  private final ExecutorService process = Executors.newSingleThreadExecutor();
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private FaultyStorage storage;
  private HttpCache one;
  private HttpCache other;

  HttpCache newCache(CacheSettings settings) {
    return InMemoryCache.builder().clock(clock).settings(settings).build();
  }

  @BeforeEach
  void start() {
    CacheSettings settings = CacheSettings.builder().storageTimeout(Duration.ofMinutes(1)).build();
    storage = new FaultyStorage(newCache(settings).storage());
    one = new TestCache(storage, settings, clock);
    other = new TestCache(storage, settings, clock);
  }

  @AfterEach
  void stop() {
    process.shutdownNow();
    storage.close();
  }

  private static Response response(String body) {
    return Response.builder().header("ETag", '"' + body + '"').body(body).build();
  }

  private static Response notModified(String body) {
    return Response.builder()
        .status(304)
        .header("ETag", '"' + body + '"')
        .header("X-Renewed", "yes")
        .build();
  }

  private static Optional<String> lookUp(HttpCache cache) {
    return Exchanges.lookUp(cache, GET)
        .map(answer -> new String(answer.body().bytes(), StandardCharsets.UTF_8));
  }

  private void assertBothFind(Optional<String> body) {
    assertThat(lookUp(one)).isEqualTo(body);
    assertThat(lookUp(other)).isEqualTo(body);
  }

  /** Answers on a thread that stands still before its first call of the storage. */
  private Future<Boolean> answerAndHoldBack(UnderWay underWay, Response response)
      throws InterruptedException {
    AtomicBoolean first = new AtomicBoolean(true);
    storage.onEachCall =
        () -> {
          if (first.getAndSet(false)) {
            reached.countDown();
            await(goOn);
          }
        };
    Future<Boolean> answered = process.submit(() -> underWay.answer(response));
    assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
    clock.advance(Duration.ofMillis(1));
    return answered;
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody let it go on");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean letGoOn(Future<Boolean> answered) throws Exception {
    clock.advance(Duration.ofMillis(1));
    goOn.countDown();
    return answered.get(60, TimeUnit.SECONDS);
  }

  private UnderWay send() {
    clock.advance(Duration.ofMillis(1));
    return Exchanges.send(one, GET);
  }

  private void storeAndOutlive(String body) {
    assertThat(Exchanges.store(one, GET, response(body))).isTrue();
    clock.advance(Duration.ofHours(2));
  }

  @Test
  void publish_nothingThereAndDeletedMeanwhile_isNotStored() throws Exception {
    Future<Boolean> answered = answerAndHoldBack(send(), response("old"));
    assertThat(other.delete(other.createKey(GET))).isZero();
    assertThat(letGoOn(answered)).isFalse();
    assertBothFind(Optional.empty());
  }

  @Test
  void publish_ofARenewedResponseThatIsDeletedMeanwhile_isNotStored() throws Exception {
    storeAndOutlive("old");
    Future<Boolean> answered = answerAndHoldBack(send(), response("new"));
    assertThat(other.delete(other.createKey(GET))).isOne();
    assertThat(letGoOn(answered)).isFalse();
    assertBothFind(Optional.empty());
    clock.advance(Duration.ofMillis(1));
    assertThat(Exchanges.store(other, GET, response("newest"))).isTrue();
    assertBothFind(Optional.of("newest"));
  }

  @Test
  void update_replacedMeanwhile_changesNothingOfTheReplacement() throws Exception {
    storeAndOutlive("old");
    Future<Boolean> answered = answerAndHoldBack(send(), notModified("old"));
    assertThat(Exchanges.store(other, GET, response("new"))).isTrue();
    assertThat(letGoOn(answered)).isFalse();
    assertBothFind(Optional.of("new"));
    Headers headers = one.getResponse(GET).orElseThrow().headers();
    assertThat(headers.first("ETag")).contains("\"new\"");
    assertThat(headers.contains("X-Renewed")).isFalse();
  }

  @Test
  void update_renewedByALaterRequestMeanwhile_leavesTheLaterHead() throws Exception {
    storeAndOutlive("old");
    Future<Boolean> answered = answerAndHoldBack(send(), notModified("old"));
    Response later =
        Response.builder().status(304).header("ETag", "\"old\"").header("X-Later", "yes").build();
    Exchanges.send(other, GET).answer(later);
    letGoOn(answered);
    assertBothFind(Optional.of("old"));
    Headers headers = one.getResponse(GET).orElseThrow().headers();
    assertThat(headers.contains("X-Later")).isTrue();
    assertThat(headers.contains("X-Renewed")).isFalse();
  }

  @Test
  void update_deletedMeanwhile_bringsNothingBack() throws Exception {
    storeAndOutlive("old");
    Future<Boolean> answered = answerAndHoldBack(send(), notModified("old"));
    assertThat(other.delete(other.createKey(GET))).isOne();
    assertThat(letGoOn(answered)).isFalse();
    assertBothFind(Optional.empty());
    assertThat(one.count()).isZero();
  }

  @Test
  void update_invalidatedMeanwhile_bringsNothingBack() throws Exception {
    storeAndOutlive("old");
    Future<Boolean> answered = answerAndHoldBack(send(), notModified("old"));
    Exchanges.invalidate(other, GET.uri());
    assertThat(letGoOn(answered)).isFalse();
    assertBothFind(Optional.empty());
  }
}
