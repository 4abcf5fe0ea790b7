package dev.larder.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.benchmarks.HitBenchmark.Contender;
import java.util.List;
import org.junit.jupiter.api.Test;

class HitsTest {
  @Test
  void shortcomings_larderIsAheadInBoth_none() {
    assertThat(hits(4, 5_000, 9, 28_000).shortcomings()).isEmpty();
  }

  @Test
  void shortcomings_aPeerIsFaster_saysWhoAndBothTimes() {
    assertThat(hits(9.5, 5_000, 9, 28_000).shortcomings())
        .singleElement()
        .asString()
        .contains("2 KB", "9.50 µs", "9.00 µs", Contender.APACHE.title());
  }

  @Test
  void shortcomings_aPeerAllocatesAsLittle_saysSo() {
    assertThat(hits(4, 28_000, 9, 28_000).shortcomings())
        .singleElement()
        .asString()
        .contains("2 KB", "27 KB");
  }

  @Test
  void shortcomings_oneIterationDisturbed_theLeastCounts() {
    Hits hits =
        new Hits(
            List.of(
                new Hits.Cost(
                    Contender.LARDER,
                    2_048,
                    List.of(90.0, 4.0),
                    List.of(9.0, 9.0),
                    List.of(7e4, 5e3)),
                new Hits.Cost(
                    Contender.APACHE,
                    2_048,
                    List.of(9.0, 9.5),
                    List.of(9.0, 9.0),
                    List.of(3e4, 3e4))));
    assertThat(hits.shortcomings()).isEmpty();
  }

  @Test
  void table_twoLengths_oneRowForEachContender() {
    Hits hits =
        new Hits(
            List.of(Contender.values()).stream()
                .flatMap(
                    contender ->
                        List.of(
                            cost(contender, 204_800, 40, 400_000), cost(contender, 2_048, 4, 5_000))
                            .stream())
                .toList());
    assertThat(hits.table().lines())
        .hasSize(2 + Contender.values().length)
        .contains(
            "| | 2 KB: least / median | processor | allocated | 200 KB: least / median | processor | allocated |")
        .contains(
            "| Methanol 1.9.0, cache in memory | 4.00 µs / 4.00 µs | 4.00 µs | 4.9 KB | 40.0 µs / 40.0 µs | 40.0 µs | 391 KB |");
  }

  private static Hits hits(
      double larderMicros, double larderBytes, double apacheMicros, double apacheBytes) {
    return new Hits(
        List.of(
            cost(Contender.FLOOR, 2_048, 0.3, 2_600),
            cost(Contender.LARDER, 2_048, larderMicros, larderBytes),
            cost(Contender.APACHE, 2_048, apacheMicros, apacheBytes),
            cost(Contender.METHANOL, 2_048, 20, 165_000)));
  }

  private static Hits.Cost cost(Contender contender, int length, double micros, double bytes) {
    return new Hits.Cost(contender, length, List.of(micros), List.of(micros), List.of(bytes));
  }
}
