package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class MutableClockTest {
  private final MutableClock clock = MutableClock.at("2026-11-22T08:00:00Z");

  @Test
  void instant_untilItIsSet_standsStill() {
    assertThat(clock.instant()).isEqualTo("2026-11-22T08:00:00Z");
    clock.set(Instant.EPOCH);
    assertThat(clock.instant()).isEqualTo(Instant.EPOCH);
    assertThat(clock.millis()).isZero();
  }

  @Test
  void advance_forthAndBack_moves() {
    assertThat(clock.advance(Duration.ofMillis(1))).isEqualTo("2026-11-22T08:00:00.001Z");
    clock.advance(Duration.ofMillis(-1));
    assertThat(clock.instant()).isEqualTo("2026-11-22T08:00:00Z");
  }

  @Test
  void withZone_isTheSameClock() {
    Clock elsewhere = clock.withZone(ZoneId.of("Europe/Berlin"));
    clock.set(Instant.EPOCH);
    assertThat(elsewhere.instant()).isEqualTo(Instant.EPOCH);
    assertThat(elsewhere.getZone()).isEqualTo(ZoneId.of("Europe/Berlin"));
    assertThat(clock.getZone()).isEqualTo(ZoneOffset.UTC);
  }
}
