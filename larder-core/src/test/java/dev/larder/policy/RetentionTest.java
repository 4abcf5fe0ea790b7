package dev.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.http.Headers;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetentionTest {
  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
  private static final Retention RETENTION =
      new Retention(Duration.ofSeconds(1000), Duration.ofSeconds(5000));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X: no validator                                    | 60    | 60",
        "ETag: 1                                            | 60    | 1060",
        "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT       | 60    | 1060",
        "Cache-Control: stale-while-revalidate=30           | 60    | 90",
        "Cache-Control: stale-if-error=40                   | 60    | 100",
        "Cache-Control: stale-while-revalidate=30, stale-if-error=20 | 60 | 90",
        "Cache-Control: stale-if-error=999999999            | 60    | 5000",
        "X: longer fresh than kept                          | 9999  | 5000",
        "ETag: 1                                            | -60   | 940",
        "X: expired already                                 | -60   | -60",
      })
  void until_expiringResponse_freshnessAndWhatMayFollow(String field, long fresh, long kept) {
    assertThat(RETENTION.until(Headers.parse(field), Optional.of(NOW.plusSeconds(fresh)), NOW))
        .contains(NOW.plusSeconds(kept));
  }

  @Test
  void until_neverExpires_forEver() {
    assertThat(RETENTION.until(Headers.of("ETag", "1"), Optional.empty(), NOW)).isEmpty();
  }

  @Test
  void new_negative_refused() {
    Duration negative = Duration.ofSeconds(-1);
    assertThatThrownBy(() -> new Retention(negative, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT-1S");
  }

  @Test
  void until_endlessMaximum_doesNotOverflow() {
    Retention endless = new Retention(Duration.ZERO, ChronoUnit.FOREVER.getDuration());
    Instant now = Instant.parse("2026-11-22T08:00:00Z");
    assertThat(endless.until(Headers.empty(), Optional.of(now.plusSeconds(1)), now))
        .contains(now.plusSeconds(1));
    assertThat(endless.latest(now)).isEqualTo(Instant.MAX);
  }
}
