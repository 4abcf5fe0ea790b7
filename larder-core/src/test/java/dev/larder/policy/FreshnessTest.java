package dev.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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

  private static Freshness of(int status, @Nullable String fields, boolean shared) {
    Headers headers = headers(fields);
    CacheControl control = CacheControl.of(headers, List.of("CDN-Cache-Control"));
    return Freshness.of(status, headers, control, REQUESTED, RESPONDED, shared);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "§4.2.1 s-maxage first, longer             | Cache-Control: max-age=1, s-maxage=60 | 60",
        "§4.2.1 s-maxage first, shorter            | Cache-Control: s-maxage=1; Cache-Control: max-age=60 | 1",
        "§5.2.2.10 s-maxage over Expires           | Cache-Control: s-maxage=60; Expires: 0 | 60",
        "§4.2.1 s-maxage that is no number         | Cache-Control: s-maxage=x, max-age=60 | 0",
        "§4.2.1 max-age without s-maxage           | Cache-Control: max-age=60 | 60",
        "RFC 9213 §2.2 targeted, longer            | Cache-Control: max-age=1; CDN-Cache-Control: max-age=60 | 60",
        "RFC 9213 §2.2 targeted, shorter           | Cache-Control: max-age=60; CDN-Cache-Control: max-age=1 | 1",
        "RFC 9213 §2.2 targeted, Expires is past   | Expires: 0; CDN-Cache-Control: max-age=60 | 60",
        "RFC 9213 §2.2 targeted of the wrong type  | CDN-Cache-Control: max-age=\"60\" | 0",
      })
  void lifetime_sharedExplicit_seconds(String rule, String fields, long seconds) {
    Freshness freshness = of(200, fields, true);
    assertThat(freshness.lifetime()).as(rule).isEqualTo(Duration.ofSeconds(seconds));
    assertThat(freshness.isExplicit()).as(rule).isTrue();
    assertThat(freshness.isHeuristic()).as(rule).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "§4.2.1 s-maxage is for shared caches | Cache-Control: s-maxage=60, max-age=1 | 1",
        "§5.2 quoted                          | Cache-Control: max-age=\"60\" | 60",
        "§5.2 in another's quotes             | Cache-Control: x=\"max-age=60\", max-age=1 | 1",
        "§5.2 in another's quotes, behind     | Cache-Control: max-age=1, x=\"max-age=60\" | 1",
        "§5.2 quotes that are none            | Cache-Control: max-age='60' | 0",
        "§1.2.2 leading zeros                 | Cache-Control: max-age=0060 | 60",
        "§4.2.1 decimals are invalid: stale   | Cache-Control: max-age=60.0 | 0",
        "§4.2.1 letters are invalid: stale    | Cache-Control: max-age=60a | 0",
        "§4.2.1 negative is invalid: stale    | Cache-Control: max-age=-60 | 0",
        "§4.2.1 invalid max-age over Expires  | Cache-Control: max-age=a; Expires: Sun, 22 Nov 2026 09:00:00 GMT | 0",
        "§4.2.1 zero over Expires             | Cache-Control: max-age=0; Expires: Sun, 22 Nov 2026 09:00:00 GMT | 0",
        "§5.3 RFC 850 date                    | Expires: Sunday, 22-Nov-26 08:01:02 GMT | 60",
        "§5.3 asctime date                    | Expires: Sun Nov 22 08:01:02 2026 | 60",
        "§4.2 case of a date                  | Expires: SUN, 22 nov 2026 08:01:02 gmt | 60",
        "§4.2 another zone is invalid         | Expires: Sun, 22 Nov 2026 08:01:02 UTC | 0",
        "§5.3 no comma                        | Expires: Sun 22 Nov 2026 08:01:02 GMT | 0",
        "§5.3 several spaces                  | Expires: Sun, 22  Nov  2026 08:01:02 GMT | 0",
        "§5.3 dashes with four digits         | Expires: Sun, 22-Nov-2026 08:01:02 GMT | 0",
        "§5.3 points in the time              | Expires: Sun, 22 Nov 2026 08.01.02 GMT | 0",
        "§5.3 one digit for the hour          | Expires: Sun, 22 Nov 2026 8:01:02 GMT | 0",
        "§5.3 two digits for the year         | Expires: Sun, 22 Nov 26 08:01:02 GMT | 0",
        "§4.2.3 invalid Date: from arrival    | Expires: Sun, 22 Nov 2026 08:01:02 GMT; Date: x | 60",
      })
  void lifetime_privateExplicit_seconds(String rule, String fields, long seconds) {
    Freshness freshness = of(200, fields, false);
    assertThat(freshness.lifetime()).as(rule).isEqualTo(Duration.ofSeconds(seconds));
    assertThat(freshness.isExplicit()).as(rule).isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "§4.2.2 a tenth of the time since      | 200 | Last-Modified: Sun, 22 Nov 2026 07:50:00 GMT; Date: Sun, 22 Nov 2026 08:00:00 GMT | 60",
        "§4.2.2 without Date: until arrival    | 200 | Last-Modified: Sun, 22 Nov 2026 07:58:22 GMT | 10",
        "at most 24 hours                      | 200 | Last-Modified: Sun, 22 Nov 2020 08:00:00 GMT | 86400",
        "§5.2.2.9 public: any status           | 599 | Cache-Control: public; Last-Modified: Sun, 22 Nov 2026 07:58:22 GMT | 10",
        "§5.2.2.7 private in a private cache   | 599 | Cache-Control: private; Last-Modified: Sun, 22 Nov 2026 07:58:22 GMT | 10",
      })
  void lifetime_heuristic_seconds(String rule, int status, String fields, long seconds) {
    Freshness freshness = of(status, fields, false);
    assertThat(freshness.lifetime()).as(rule).isEqualTo(Duration.ofSeconds(seconds));
    assertThat(freshness.isHeuristic()).as(rule).isTrue();
    assertThat(freshness.isExplicit()).as(rule).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "§4.2.2 nothing to guess from        | 200 | -",
        "§4.2.2 modified after Date          | 200 | Last-Modified: Sun, 22 Nov 2026 09:00:00 GMT",
        "§4.2.2 Last-Modified that is no date | 200 | Last-Modified: yesterday",
        "RFC 9110 §15.1 other status         | 201 | Last-Modified: Sun, 22 Nov 2020 08:00:00 GMT",
        "RFC 9110 §15.1 other status         | 403 | Last-Modified: Sun, 22 Nov 2020 08:00:00 GMT",
        "RFC 9110 §15.1 other status         | 503 | Last-Modified: Sun, 22 Nov 2020 08:00:00 GMT",
        "RFC 9110 §15.1 unknown status       | 599 | Last-Modified: Sun, 22 Nov 2020 08:00:00 GMT",
        "RFC 9213 §2.2 Expires beside a target | 201 | CDN-Cache-Control: public; Expires: Sun, 22 Nov 2026 09:00:00 GMT",
      })
  void lifetime_nothingSaidOrGuessed_zero(String rule, int status, @Nullable String fields) {
    Freshness freshness = of(status, fields, true);
    assertThat(freshness.lifetime()).as(rule).isZero();
    assertThat(freshness.isExplicit()).as(rule).isFalse();
    assertThat(freshness.isHeuristic()).as(rule).isFalse();
    assertThat(freshness.isFresh(RESPONDED)).as(rule).isFalse();
  }

  @Test
  void lifetime_privateInSharedCache_notGuessed() {
    String fields = "Cache-Control: private; Last-Modified: Sun, 22 Nov 2020 08:00:00 GMT";
    assertThat(of(599, fields, true).lifetime()).isZero();
  }

  /** §4.2: fresh while the lifetime is greater than the age, not when they are equal. */
  @Test
  void isFresh_ageReachesLifetime_stale() {
    Freshness freshness = of(200, "Cache-Control: max-age=60; Age: 10", false);
    assertThat(freshness.initialAge()).isEqualTo(Duration.ofSeconds(12));
    assertThat(freshness.expires()).isEqualTo(RESPONDED.plusSeconds(48));
    assertThat(freshness.isFresh(RESPONDED.plusMillis(47_999))).isTrue();
    assertThat(freshness.isFresh(RESPONDED.plusSeconds(48))).isFalse();
    assertThat(freshness.age(RESPONDED.plusSeconds(48))).isEqualTo(Duration.ofSeconds(60));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "§5.1 first of a list         | Age: 0, 7200 | 2",
        "§5.1 first of a list         | Age: 7200 ,0 | 7202",
        "§5.1 first of two lines      | Age: 0; Age: 7200 | 2",
        "§5.1 first of two lines      | Age: 7200; Age: 0 | 7202",
        "§5.1 no number: passed over  | Age: abc | 2",
        "§5.1 negative: passed over   | Age: -7200 | 2",
        "§5.1 decimals: passed over   | Age: 7200.0 | 2",
        "§5.1 parameter: passed over  | Age: 7200;foo=bar | 2",
        "§5.1 empty: passed over      | Age: | 2",
        "§1.2.2 2^31 - 1              | Age: 2147483647 | 2147483649",
        "§1.2.2 2^31                  | Age: 2147483648 | 2147483650",
        "§1.2.2 more                  | Age: 2147483649 | 2147483650",
        "§4.2.3 invalid Date is none  | Date: yesterday | 2",
      })
  void initialAge_asInTable(String rule, String fields, long seconds) {
    assertThat(of(200, fields, false).initialAge()).as(rule).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void initialAge_withinTheSecondOfDate_isNone() {
    Instant responded = Instant.parse("2026-11-22T08:00:00.900Z");
    Headers headers =
        Headers.of("Cache-Control", "max-age=2", "Date", "Sun, 22 Nov 2026 08:00:00 GMT");

    Freshness freshness =
        Freshness.of(200, headers, CacheControl.of(headers), responded, responded, false);

    assertThat(freshness.initialAge()).isZero();
  }

  @Test
  void expires_endOfTime_held() {
    Headers headers = Headers.of("Cache-Control", "max-age=60");
    CacheControl control = CacheControl.of(headers);
    assertThat(Freshness.of(200, headers, control, Instant.MAX, Instant.MAX, false).expires())
        .isEqualTo(Instant.MAX);
  }

  @Test
  void toString_lifetimeItsSourceAndAge() {
    assertThat(of(200, "Cache-Control: max-age=60", false))
        .hasToString("Freshness[PT1M explicit, initial age PT2S]");
    assertThat(of(200, null, false)).hasToString("Freshness[PT0S, initial age PT2S]");
  }
}
