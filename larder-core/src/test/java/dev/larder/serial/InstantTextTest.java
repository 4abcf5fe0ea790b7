package dev.larder.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstantTextTest {
  private static final long FIRST = -62_167_219_200_000L;
  private static final long LAST = 253_402_300_799_999L;

  @ParameterizedTest
  @CsvSource({
    "2026-11-22T08:00:00Z, 2026-11-22T08:00:00.000Z",
    "2026-11-22T08:00:42.064Z, 2026-11-22T08:00:42.064Z",
    "2026-11-22T08:00:00.1239Z, 2026-11-22T08:00:00.123Z",
    "1969-12-31T23:59:59.9999Z, 1969-12-31T23:59:59.999Z",
    "0000-01-01T00:00:00Z, 0000-01-01T00:00:00.000Z",
    "9999-12-31T23:59:59.999999999Z, 9999-12-31T23:59:59.999Z"
  })
  void format_anyPrecision_hasThreeFractionDigits(Instant instant, String text) {
    assertThat(InstantText.format(instant)).isEqualTo(text).hasSize(24);
  }

  @Property
  void format_orderOfTexts_isOrderOfTimes(
      @ForAll @LongRange(min = FIRST, max = LAST) long one,
      @ForAll @LongRange(min = FIRST, max = LAST) long other) {
    String text = InstantText.format(Instant.ofEpochMilli(one));
    assertThat(InstantText.parse(text)).isEqualTo(Instant.ofEpochMilli(one));
    assertThat(Integer.signum(text.compareTo(InstantText.format(Instant.ofEpochMilli(other)))))
        .isEqualTo(Long.compare(one, other));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-0001-12-31T23:59:59.999Z", "+10000-01-01T00:00:00Z"})
  void format_yearOutOfRange_isRefused(Instant instant) {
    assertThatThrownBy(() -> InstantText.format(instant))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("year");
  }

  @Test
  void format_extremes_areRefused() {
    for (Instant instant : new Instant[] {Instant.MIN, Instant.MAX}) {
      assertThatThrownBy(() -> InstantText.format(instant))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "today", "2026-11-22", "2026-11-22T25:00:00Z"})
  void parse_noInstant_isRefused(String text) {
    assertThatThrownBy(() -> InstantText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2026-11-22T08:00:00.000Z");
  }
}
