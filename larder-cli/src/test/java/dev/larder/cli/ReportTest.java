package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportTest {
  @ParameterizedTest
  @CsvSource({
    "PT0.9S, 0 s",
    "PT59S, 59 s",
    "PT1M, 1 min",
    "PT59M59S, 59 min 59 s",
    "PT2H30S, 2 h",
    "PT26H, 1 d 2 h",
    "P400D, 400 d"
  })
  void span_anyTime_hasItsTwoLargestUnits(Duration time, String text) {
    assertThat(Report.span(time)).isEqualTo(text);
  }
}
