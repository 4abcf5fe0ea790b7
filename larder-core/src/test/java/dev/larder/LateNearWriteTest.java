package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A write goes on when its caller has left, and what is in memory is to agree with it. */
@Timeout(60)
class LateNearWriteTest {
  private static final Request GET = Request.get("http://example.com/a");
  private static final Request ANEW = GET.withHeaders(Headers.of("Cache-Control", "no-cache"));

  private final TestClock clock = new TestClock();
  private final TestTimer timer = new TestTimer();
  private final FaultyStorage storage = new FaultyStorage(clock).remote();
  private final HttpCache elsewhere = new TestCache(storage, CacheSettings.standard(), clock);
  private final HttpCache cache =
      new TestCache(storage, CacheSettings.builder().nearCacheBytes(1 << 20).build(), clock, timer);

  @AfterEach
  void close() {
    timer.release();
    cache.close();
  }

  private static Response response(String body) {
    return Response.builder().body(body).build();
  }

  private static Optional<String> lookUp(HttpCache where) {
    return Exchanges.lookUp(where, GET)
        .map(answer -> new String(answer.body().bytes(), StandardCharsets.UTF_8));
  }

  /** The next call of the storage is held up, whoever waits for it, until the timer lets it go. */
  private void holdUpTheNextCall() {
    AtomicBoolean first = new AtomicBoolean(true);
    storage.onEachCall =
        () -> {
          if (first.getAndSet(false)) {
            timer.hangForGood();
          }
        };
  }

  @Test
  void lookUp_betweenTheEndOfThePatienceAndALateWrite_isNotRemembered() {
    Exchanges.store(elsewhere, GET, response("old"));
    clock.advance(Duration.ofMillis(1));
    Exchanges.UnderWay late = Exchanges.send(cache, ANEW);
    holdUpTheNextCall();
    assertThat(late.answer(response("new"))).isFalse();

    assertThat(lookUp(cache)).contains("old");
    timer.release();
    Exchanges.await(() -> lookUp(elsewhere).equals(Optional.of("new")));

    assertThat(lookUp(cache)).contains("new");
  }

  @Test
  void lookUp_afterALateWrite_isRememberedAgain() {
    Exchanges.store(elsewhere, GET, response("old"));
    clock.advance(Duration.ofMillis(1));
    Exchanges.UnderWay late = Exchanges.send(cache, ANEW);
    holdUpTheNextCall();
    assertThat(late.answer(response("new"))).isFalse();
    timer.release();
    Exchanges.await(() -> lookUp(elsewhere).equals(Optional.of("new")));

    Exchanges.await(
        () -> {
          AtomicBoolean asked = new AtomicBoolean();
          storage.onEachCall = () -> asked.set(true);
          return lookUp(cache).equals(Optional.of("new")) && !asked.get();
        });
  }
}
