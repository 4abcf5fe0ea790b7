package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void await_rounds_waitsLongerUpToFiveSecondsWithFullJitter() throws InterruptedException {
    List<Duration> waits = new ArrayList<>();
    Backoff backoff = new Backoff(waits::add);
    for (int round = 1; round <= 70; round++) {
      Duration ceiling = Duration.ofMillis(Math.min(5_000, 25L << Math.min(round, 20)));
      waits.clear();
      for (int i = 0; i < 200; i++) {
        backoff.await(round);
      }
      assertThat(waits).allSatisfy(wait -> assertThat(wait).isBetween(Duration.ZERO, ceiling));
      assertThat(waits).anySatisfy(wait -> assertThat(wait).isGreaterThan(ceiling.dividedBy(2)));
      assertThat(waits).anySatisfy(wait -> assertThat(wait).isLessThan(ceiling.dividedBy(2)));
    }
  }
}
