package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostTest {
  @ParameterizedTest
  @CsvSource({"0, 0, 0, 0", "1, 0.5, 0, 1.5", "2, 0.5, 3, 412", "107, 104.5, 12, 9.9"})
  void parse_whatToStringWrote_isTheSameCost(
      long requests, double readUnits, double writeUnits, double millis) {
    Cost cost =
        new Cost(requests, readUnits, writeUnits, Duration.ofNanos(Math.round(millis * 1e6)));

    assertThat(Cost.parse("cost     " + cost)).contains(cost);
  }

  @Test
  void parse_anotherText_isEmpty() {
    assertThat(Cost.parse("hit      stored 2026-11-23T05:00:00Z")).isEmpty();
  }
}
