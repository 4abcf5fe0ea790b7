package dev.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9111 §4.2. The request is sent at 08:00:00 and answered two seconds later. */
class FreshnessTest {
  private static final Instant REQUESTED = Instant.parse("2026-11-22T08:00:00Z");
  private static final Instant RESPONDED = REQUESTED.plusSeconds(2);

  private static Headers headers(@Nullable String text) {
    return text == null ? Headers.empty() : Headers.parse(text.replace("; ", "\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "§4.2.1 max-age, less the time under way    | Cache-Control: max-age=60 | 58",
        "§4.2.3 Age adds to the time under way      | Cache-Control: max-age=60; Age: 10 | 48",
        "§4.2.3 apparent age if it is higher        | Cache-Control: max-age=60; Date: Sun, 22 Nov 2026 07:59:42 GMT; Age: 10 | 40",
        "§4.2.3 Date ahead of us is no age          | Cache-Control: max-age=60; Date: Sun, 22 Nov 2026 09:00:00 GMT | 58",
        "§4.2.1 max-age outranks Expires            | Cache-Control: max-age=60; Expires: 0 | 58",
        "§4.2.1 s-maxage is not for private caches  | Cache-Control: s-maxage=9, max-age=60 | 58",
        "§4.2.1 Expires less Date                   | Expires: Sun, 22 Nov 2026 08:01:00 GMT; Date: Sun, 22 Nov 2026 08:00:00 GMT | 58",
        "§4.2.1 Expires without Date: from arrival  | Expires: Sun, 22 Nov 2026 08:01:02 GMT | 58",
        "§5.3 Expires in the past                   | Expires: Sun, 22 Nov 2026 07:00:00 GMT | -2",
        "§5.3 Expires that is no date is the past   | Expires: 0 | -2",
        "§4.2.1 the first of two Expires            | Expires: 0; Expires: Sun, 22 Nov 2026 08:01:02 GMT | -2",
        "§4.2.1 max-age that is no number           | Cache-Control: max-age=soon | -2",
        "§5.1 first member of a list in Age         | Cache-Control: max-age=60; Age: 10, 99 | 48",
        "§5.1 Age that is no number is passed over  | Cache-Control: max-age=60; Age: -5 | 58",
        "§5.1 Age that is no number is passed over  | Cache-Control: max-age=60; Age: 1.5 | 58",
        "§1.2.2 very large Age is 2^31              | Cache-Control: max-age=60; Age: 99999999999999999999 | -2147483590",
        "§1.2.2 very large max-age is 2^31          | Cache-Control: max-age=99999999999999999999 | 2147483646",
      })
  void expires_explicit_secondsFromArrival(String rule, String fields, long seconds) {
    assertThat(Freshness.expires(headers(fields), REQUESTED, RESPONDED))
        .as(rule)
        .contains(RESPONDED.plusSeconds(seconds));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "-",
        "Cache-Control: public",
        "Cache-Control: s-maxage=60",
        "Last-Modified: Sun, 22 Nov 2020 08:00:00 GMT"
      })
  void expires_originDoesNotSay_empty(@Nullable String fields) {
    assertThat(Freshness.expires(headers(fields), REQUESTED, RESPONDED))
        .isEqualTo(Optional.empty());
  }

  @Test
  void expires_clockSetBackMeanwhile_noNegativeDelay() {
    assertThat(
            Freshness.expires(
                Headers.of("Cache-Control", "max-age=60"), REQUESTED, REQUESTED.minusSeconds(10)))
        .contains(REQUESTED.plusSeconds(50));
  }

  @Test
  void age_later_growsWithTheTimeSinceArrival() {
    Headers headers = Headers.of("Age", "10");
    assertThat(Freshness.age(headers, REQUESTED, RESPONDED, RESPONDED.plusSeconds(5)))
        .isEqualTo(Duration.ofSeconds(17));
    assertThat(Freshness.age(headers, REQUESTED, RESPONDED, RESPONDED.minusSeconds(5)))
        .isEqualTo(Duration.ofSeconds(12));
  }
}
