package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.FaultBench.Page;
import dev.larder.http.Body;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.jdk.CachingHttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two processes on one table whose clocks are apart, by seconds or by hours, one of them right.
 * Nothing is served for longer than it is fresh by more than they are apart, what is made void
 * stays void, and nothing fails.
 */
@Timeout(120)
class SkewedClocksTest {
  private static final Duration AFTER = Duration.ofSeconds(1);

  private static FaultBench bench;

  private HttpCache rightCache;
  private HttpCache wrongCache;
  private CachingHttpClient right;
  private CachingHttpClient wrong;

  /** The right clock and as much more or less. */
  private static final class Skewed extends Clock {
    private final Duration skew;

    Skewed(Duration skew) {
      this.skew = skew;
    }

    @Override
    public Instant instant() {
      return bench.clock.instant().plus(skew);
    }

    @Override
    public ZoneId getZone() {
      return bench.clock.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException("tests use UTC");
    }
  }

  @BeforeAll
  static void openBench() {
    bench = new FaultBench();
  }

  @AfterAll
  static void closeBench() throws Exception {
    bench.close();
    ReliabilityTable.record("two processes whose clocks are apart, by up to 3 hours", bench);
  }

  @BeforeEach
  void open() {
    rightCache = bench.direct(bench.clock);
    right = bench.client(rightCache);
  }

  private void skew(int seconds) {
    wrongCache = bench.direct(new Skewed(Duration.ofSeconds(seconds)));
    wrong = bench.client(wrongCache);
  }

  @AfterEach
  void close() throws Exception {
    bench.closeClients();
  }

  private static Page page() {
    return bench.page("/skewed-" + bench.cases++, KnownBody.SMALL);
  }

  @ParameterizedTest
  @ValueSource(ints = {-10_800, -3_601, -600, -1, 0, 1, 600, 3_601, 10_800})
  void hit_storedByTheOther_isFreshButForTheSkew(int seconds) throws Exception {
    skew(seconds);
    Duration skew = Duration.ofSeconds(seconds).abs();
    Duration limit = FaultBench.FRESH.plus(skew);
    for (Duration age :
        List.of(
            Duration.ZERO,
            FaultBench.FRESH.minus(AFTER),
            FaultBench.FRESH.plus(AFTER),
            limit.minus(AFTER),
            limit.plus(AFTER))) {
      for (boolean rightStores : new boolean[] {true, false}) {
        Page page = page();
        page.get(rightStores ? right : wrong);
        bench.clock.advance(age);
        boolean hit = FaultBench.isHit(page.get(rightStores ? wrong : right));
        assertThat(hit && age.compareTo(limit) > 0).as("served at the age of %s", age).isFalse();
        page.get(right);
        page.get(wrong);
      }
    }
  }

  /** Who has made it void, and who has stored it, may have either clock. */
  @ParameterizedTest
  @ValueSource(ints = {-10_800, -600, -1, 0, 1, 600, 10_800})
  void get_afterAnInvalidationByTheOther_isNew(int seconds) throws Exception {
    skew(seconds);
    for (CachingHttpClient storing : List.of(right, wrong)) {
      for (CachingHttpClient changing : List.of(right, wrong)) {
        Page page = page();
        page.get(storing);
        page.get(right);
        page.get(wrong);
        page.post(changing);
        for (int i = 0; i < 2; i++) {
          page.get(right);
          page.get(wrong);
        }
        page.post(changing);
        page.get(wrong);
        page.get(right);
      }
    }
  }

  /** What was asked for before is as old as what was made void. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 600, 10_800})
  void answer_requestedBeforeAnInvalidationByAClockAhead_isNotStored(int seconds) throws Exception {
    skew(seconds);
    Page page = page();
    Request request = Request.get(page.uri());
    Exchanges.UnderWay late = Exchanges.send(rightCache, request);
    bench.clock.advance(AFTER);
    page.post(wrong);
    late.answer(
        Response.builder()
            .headers(Headers.of("ETag", "\"1\""))
            .body(Body.of(KnownBody.of(page.path, 1, page.length)))
            .build());
    page.get(right);
    page.get(wrong);
  }

  /** The tombstone of a clock ahead holds back the others for a while, and not for ever. */
  @ParameterizedTest
  @ValueSource(ints = {-10_800, -600, 0, 600, 10_800})
  void store_afterAnInvalidation_comesBack(int seconds) throws Exception {
    skew(seconds);
    Page page = page();
    page.get(right);
    page.post(wrong);
    page.get(right);
    bench.clock.advance(Duration.ofSeconds(Math.max(0, seconds)).plusMinutes(16));
    page.get(right);
    page.assertHit(right);
  }
}
