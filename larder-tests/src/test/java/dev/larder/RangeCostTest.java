package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Body;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.storage.OperationStats;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a range of a long body costs: the parts it lies in, and not those before it. */
@Timeout(120)
class RangeCostTest {
  private static final int LENGTH = 10 << 20;

  /** Of 256 KB, read eventually. */
  private static final double UNITS_OF_A_PART = 32;

  private static final double UNITS_OF_A_HEAD = 1;
  private static final byte[] BODY = KnownBody.of("range", 1, LENGTH);

  private final FaultBench bench = new FaultBench();
  private final HttpCache cache =
      bench.direct(
          builder ->
              builder.settings(
                  CacheSettings.builder()
                      .writeMode(WriteMode.SYNC)
                      .storageTimeout(Duration.ofSeconds(30))
                      .build()));
  private final Request request = Request.get("http://example.com/range");

  @BeforeEach
  void store() {
    Headers headers = Headers.of("Cache-Control", "max-age=600", "ETag", "\"1\"");
    Response response = Response.builder().headers(headers).body(Body.of(BODY)).build();
    assertThat(Exchanges.store(cache, request, response)).isTrue();
    // What this process has just written it reads strongly, at twice the price.
    bench.clock.advance(Duration.ofSeconds(10));
  }

  @AfterEach
  void close() {
    cache.close();
    bench.close();
  }

  private double unitsRead() {
    return cache.storage().stats().values().stream().mapToDouble(OperationStats::readUnits).sum();
  }

  /** Besides the first part, which says how long parts are, those that the range lies in. */
  @ParameterizedTest
  @CsvSource({
    "10484736, 10485759, 1",
    "10485759, 10485759, 1",
    "0, 1023, 0",
    "5000000, 5000999, 1",
    "5400000, 5479999, 1"
  })
  void range_deepInALongBody_readsItsPartsOnly(int first, int last, int parts) {
    double before = unitsRead();

    Answer answer =
        Exchanges.lookUp(
                cache,
                new Request(
                    "GET",
                    request.uri(),
                    Headers.of("Range", "bytes=" + first + "-" + last),
                    Body.empty()))
            .orElseThrow();

    assertThat(answer.status()).isEqualTo(206);
    assertThat(answer.body().bytes()).isEqualTo(Arrays.copyOfRange(BODY, first, last + 1));
    assertThat(unitsRead() - before)
        .isLessThanOrEqualTo(UNITS_OF_A_HEAD + (1 + parts) * UNITS_OF_A_PART);
  }
}
