package dev.larder.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  private static final long MINUTE = 60_000_000_000L;

  private static Latencies of(Long... nanos) {
    return of(List.of(nanos));
  }

  private static Latencies of(List<Long> nanos) {
    Latencies.Recorder recorder = new Latencies.Recorder();
    nanos.forEach(each -> recorder.add(Duration.ofNanos(each)));
    return recorder.snapshot();
  }

  @Test
  void percentiles_hundredTimes_areThoseOfTheirRanks() {
    Latencies hundred = of(LongStream.rangeClosed(1, 100).map(i -> i * 1_000_000).boxed().toList());
    assertThat(hundred.count()).isEqualTo(100);
    assertThat(hundred.total()).isEqualTo(Duration.ofMillis(5050));
    assertClose(hundred.median(), Duration.ofMillis(50));
    assertClose(hundred.percentile(99), Duration.ofMillis(99));
    assertClose(hundred.max(), Duration.ofMillis(100));
    assertClose(hundred.percentile(0.5), Duration.ofMillis(1));
  }

  @Property
  void max_anyTimes_isTheLongestOrAnEighthMore(
      @ForAll @Size(min = 1, max = 50) List<@LongRange(max = MINUTE) Long> nanos) {
    assertClose(of(nanos).max(), Duration.ofNanos(Collections.max(nanos)));
  }

  private static void assertClose(Duration told, Duration exact) {
    assertThat(told).isBetween(exact, exact.plus(exact.dividedBy(8)).plus(Duration.ofNanos(1_000)));
  }

  @Property
  void minus_whatWasAdded_isWhatCameOnTop(
      @ForAll @Size(max = 20) List<@LongRange(max = MINUTE) Long> before,
      @ForAll @Size(max = 20) List<@LongRange(max = MINUTE) Long> after) {
    assertThat(of(before).plus(of(after)).minus(of(before))).isEqualTo(of(after));
  }

  @Test
  void none_everything_isZero() {
    assertThat(Latencies.NONE.count()).isZero();
    assertThat(Latencies.NONE.median()).isZero();
    assertThat(Latencies.NONE.max()).isZero();
    assertThat(Latencies.NONE).isEqualTo(of()).hasSameHashCodeAs(of()).isNotEqualTo(of(1L));
  }

  @Test
  void add_outOfBounds_countsAsTheBound() {
    assertThat(of(-5L).total()).isZero();
    assertThat(of(MINUTE * 10_000).max()).isGreaterThan(Duration.ofMinutes(2));
  }

  @Test
  void percentile_outOfBounds_isRefused() {
    assertThatThrownBy(() -> Latencies.NONE.percentile(0)).hasMessageContaining("is 0.0");
    assertThatThrownBy(() -> Latencies.NONE.percentile(101)).hasMessageContaining("is 101.0");
    assertThatThrownBy(() -> Latencies.NONE.percentile(Double.NaN)).hasMessageContaining("NaN");
  }

  @Test
  void toString_isInMilliseconds() {
    assertThat(of(1_999_000L)).hasToString("p50 2.0 ms, p99 2.0 ms, max 2.0 ms");
  }
}
