package dev.larder.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpirationTest {
  private static final Instant START = Instant.parse("2026-11-22T08:00:00Z");
  private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

  @Provide
  Arbitrary<Expiration> expirations() {
    Arbitrary<Long> nanos = Arbitraries.longs().between(0, 999_999_999);
    Arbitrary<Expiration> after =
        Combinators.combine(Arbitraries.longs().greaterOrEqual(0), nanos)
            .as((seconds, nano) -> Expiration.after(Duration.ofSeconds(seconds, nano)));
    Arbitrary<Expiration> at =
        Combinators.combine(
                Arbitraries.longs()
                    .between(Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond()),
                nanos)
            .as((seconds, nano) -> Expiration.at(Instant.ofEpochSecond(seconds, nano)));
    return Arbitraries.oneOf(
        after,
        at,
        Arbitraries.of(Expiration.never(), Expiration.immediately(), Expiration.doNotCache()));
  }

  @Property
  void parse_whatToStringWrote_isEqual(@ForAll("expirations") Expiration expiration) {
    assertThat(Expiration.parse(expiration.toString()))
        .isEqualTo(expiration)
        .hasSameHashCodeAs(expiration);
  }

  @Property
  void parse_anyText_isReadOrRefused(@ForAll String text) {
    try {
      assertThat(Expiration.parse(text)).isNotNull();
    } catch (IllegalArgumentException expected) {
      assertThat(expected).hasMessageContaining("expiration");
    }
  }

  @Property
  void from_anyStart_fitsTwentyFourCharacters(
      @ForAll("expirations") Expiration expiration, @ForAll("starts") Instant start) {
    if (!expiration.isDoNotCache()) {
      expiration.from(start).ifPresent(time -> assertThat(time).isBetween(FIRST, LAST));
    }
  }

  @Provide
  Arbitrary<Instant> starts() {
    return Arbitraries.longs()
        .between(Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond())
        .map(Instant::ofEpochSecond);
  }

  @ParameterizedTest
  @CsvSource({
    "never, never",
    "' NEVER ', never",
    "immediately, immediately",
    "0, immediately",
    "0d, immediately",
    "PT0S, immediately",
    "Do-Not-Cache, do-not-cache",
    "90, PT1M30S",
    "90s, PT1M30S",
    "15m, PT15M",
    "2H, PT2H",
    "7d, PT168H",
    "PT1H30M, PT1H30M",
    "pt1h30m, PT1H30M",
    "P1D, PT24H",
    "PT0.5S, PT0.5S",
    "2026-11-22T08:00:00Z, 2026-11-22T08:00:00Z",
    "2026-11-22T09:00:00+01:00, 2026-11-22T08:00:00Z"
  })
  void parse_everyForm_isRead(String text, String meaning) {
    assertThat(Expiration.parse(text)).hasToString(meaning);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-1",
        "1.5",
        "soon",
        "90 s",
        "1w",
        "PT",
        "-PT1S",
        "PT-1S",
        "2026-11-22",
        "9999999999999999",
        "999999999999999d",
        "\u0661",
        "P999999999999999999999D",
        "9999999999-01-01T00:00:00Z"
      })
  void parse_anythingElse_isRefused(String text) {
    assertThatThrownBy(() -> Expiration.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expiration");
  }

  @Test
  void from_everyKind_isItsTime() {
    assertThat(Expiration.never().from(START)).isEmpty();
    assertThat(Expiration.immediately().from(START)).contains(START);
    assertThat(Expiration.after(Duration.ofHours(1)).from(START))
        .contains(START.plus(Duration.ofHours(1)));
    assertThat(Expiration.at(START.minusSeconds(9)).from(START)).contains(START.minusSeconds(9));
    assertThatThrownBy(() -> Expiration.doNotCache().from(START))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void from_beyondYear9999_isItsEnd() {
    Duration longest = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
    assertThat(Expiration.after(longest).from(START)).contains(LAST);
    assertThat(Expiration.after(longest).from(Instant.MIN)).contains(LAST);
    assertThat(Expiration.after(Duration.ofNanos(1)).from(LAST)).contains(LAST);
    assertThat(Expiration.after(Duration.ofNanos(1)).from(Instant.MAX)).contains(LAST);
    assertThat(Expiration.at(Instant.MAX).from(START)).contains(LAST);
    assertThat(Expiration.after(Duration.between(START, LAST)).from(START)).contains(LAST);
  }

  @Test
  void kinds_areTold() {
    assertThat(Expiration.never().isNever()).isTrue();
    assertThat(Expiration.never().isDoNotCache()).isFalse();
    assertThat(Expiration.doNotCache().isDoNotCache()).isTrue();
    assertThat(Expiration.doNotCache().isNever()).isFalse();
    assertThat(Expiration.after(Duration.ZERO)).isSameAs(Expiration.immediately());
    assertThat(Expiration.at(Instant.EPOCH))
        .isNotEqualTo(Expiration.immediately())
        .isNotEqualTo(Expiration.never());
  }

  @Test
  void after_negative_isRefused() {
    assertThatThrownBy(() -> Expiration.after(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT-1S")
        .hasMessageContaining("Expiration.never()");
  }
}
