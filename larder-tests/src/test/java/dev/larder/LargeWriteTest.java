package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Body;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.testkit.dynamodb.FaultProxy;
import dev.larder.testkit.dynamodb.WireFault;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A body of many MB on its way, before its caller goes on, to a DynamoDB that is well but slow. */
@Timeout(120)
class LargeWriteTest {
  private static final int LENGTH = 6 << 20;
  private static final Duration A_REQUEST = Duration.ofMillis(50);
  private static final CacheSettings SETTINGS =
      CacheSettings.builder().writeMode(WriteMode.SYNC).build();
  private static final Duration BUDGET = SETTINGS.storageTimeout();

  private final FaultBench bench = new FaultBench();
  private final SlowTimer timer = new SlowTimer(bench.proxy);
  private final HttpCache cache =
      new GuardedCache(bench.failing(builder -> builder).storage(), SETTINGS, bench.clock, timer);

  /** How many parts are on their way at the same time. */
  private static final int AT_ONCE = 4;

  /**
   * Each write takes its time, and who meets silence waits to the end. It is silent when all that
   * is on its way meets silence: until then something may still be answered.
   */
  private static final class SlowTimer implements dev.larder.Timer {
    private final FaultProxy proxy;
    private long waited;

    SlowTimer(FaultProxy proxy) {
      this.proxy = proxy;
    }

    @Override
    public synchronized long nanoTime() {
      return waited + proxy.requests("PutItem") * A_REQUEST.toNanos();
    }

    @Override
    public <T> T await(CompletableFuture<T> future, long nanos)
        throws InterruptedException, ExecutionException, TimeoutException {
      long end = nanoTime() + nanos;
      while (true) {
        try {
          return future.get(1, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          synchronized (this) {
            if (proxy.waiting() == AT_ONCE) {
              waited += Math.max(0, end - nanoTime());
            }
            if (nanoTime() >= end) {
              throw e;
            }
          }
        }
      }
    }
  }

  @BeforeEach
  void connect() {
    cache.prepare();
    bench.proxy.reset();
  }

  @AfterEach
  void close() {
    cache.close();
    bench.close();
  }

  private boolean store(int number) {
    bench.clock.advance(Duration.ofMillis(1));
    Response response =
        Response.builder()
            .headers(Headers.of("Cache-Control", "max-age=60"))
            .body(Body.of(KnownBody.of("large", number, LENGTH)))
            .build();
    return Exchanges.store(cache, Request.get("http://example.com/" + number), response);
  }

  @Test
  void write_slowButProgressing_isStoredAndNoFailure() {
    for (int number = 0; number < Breaker.MOST_FAILURES + 1; number++) {
      assertThat(store(number)).isTrue();
    }

    assertThat(Duration.ofNanos(timer.nanoTime())).isGreaterThan(BUDGET.multipliedBy(10));
    assertThat(
            Exchanges.lookUp(cache, Request.get("http://example.com/0"))
                .orElseThrow()
                .body()
                .bytes())
        .isEqualTo(KnownBody.of("large", 0, LENGTH));
  }

  @Test
  void write_silentHalfway_costsOneBudgetMore() {
    for (int request = 10; request < 30; request++) {
      bench.proxy.at(request, WireFault.silent());
    }

    assertThat(store(0)).isFalse();

    Duration untilThen = A_REQUEST.multipliedBy(bench.proxy.requests("PutItem"));
    assertThat(Duration.ofNanos(timer.nanoTime())).isLessThanOrEqualTo(untilThen.plus(BUDGET));
  }
}
