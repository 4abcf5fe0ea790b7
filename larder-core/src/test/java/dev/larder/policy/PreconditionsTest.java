package dev.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Headers;
import dev.larder.policy.Preconditions.Outcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110 §13.1, §13.2.2, RFC 9111 §4.3.2. */
class PreconditionsTest {
  private static final Instant RESPONDED = Instant.parse("2026-11-22T08:00:00Z");
  private static final Instant NOW = RESPONDED.plusSeconds(60);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "If-Match",
        "if-none-match",
        "IF-MODIFIED-SINCE",
        "If-Unmodified-Since",
        "If-Range"
      })
  void isConditional_condition_true(String name) {
    assertThat(Preconditions.isConditional(Headers.of("A", "1", name, ""))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"If", "If-", "If-Foo", "Range", "X-If-Match"})
  void isConditional_other_false(String name) {
    assertThat(Preconditions.isConditional(Headers.of(name, "x"))).isFalse();
    assertThat(Preconditions.isForOrigin(Headers.of(name, "x"))).isFalse();
  }

  @Test
  void isForOrigin_ifMatchOrIfUnmodifiedSince_true() {
    assertThat(Preconditions.isForOrigin(Headers.of("if-match", "*"))).isTrue();
    assertThat(Preconditions.isForOrigin(Headers.of("If-Unmodified-Since", "x"))).isTrue();
    assertThat(Preconditions.isForOrigin(Headers.of("If-None-Match", "*"))).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '`',
      value = {
        "§13.1.2 strong                 | If-None-Match: \"a\"          | ETag: \"a\"   | NOT_MODIFIED",
        "§13.1.2 weak                   | If-None-Match: W/\"a\"        | ETag: W/\"a\" | NOT_MODIFIED",
        "§13.1.2 weak comparison        | If-None-Match: W/\"a\"        | ETag: \"a\"   | NOT_MODIFIED",
        "§13.1.2 first of several       | If-None-Match: \"a\", \"b\"    | ETag: \"a\"   | NOT_MODIFIED",
        "§13.1.2 last of several        | If-None-Match: \"b\", \"a\"    | ETag: \"a\"   | NOT_MODIFIED",
        "§13.1.2 on another line        | If-None-Match: \"b\" & If-None-Match: \"a\" | ETag: \"a\" | NOT_MODIFIED",
        "§13.1.2 none of several        | If-None-Match: \"b\", \"c\"    | ETag: \"a\"   | PROCEED",
        "§13.1.2 no tag stored          | If-None-Match: \"a\"          | -             | PROCEED",
        "§13.1.2 any                    | If-None-Match: *             | -             | NOT_MODIFIED",
        "§13.1.2 an asterisk in a list is no tag | If-None-Match: *, \"b\" | ETag: \"*\" | PROCEED",
        "§8.8.3 obs-text                | If-None-Match: \"a\u00fc\"    | ETag: \"a\u00fc\" | NOT_MODIFIED",
        "sent without quotes            | If-None-Match: a             | ETag: \"a\"   | NOT_MODIFIED",
        "stored without quotes          | If-None-Match: \"a\"          | ETag: a       | NOT_MODIFIED",
        "both without quotes            | If-None-Match: a             | ETag: a       | NOT_MODIFIED",
        "lower-case mark                | If-None-Match: w/\"a\"        | ETag: w/\"a\" | NOT_MODIFIED",
        "odd mark                       | If-None-Match: W\"a\"         | ETag: W\"a\"  | NOT_MODIFIED",
        "§13.1.3 same time              | If-Modified-Since: Sun, 22 Nov 2026 07:00:00 GMT | Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT | NOT_MODIFIED",
        "§13.1.3 modified before        | If-Modified-Since: Sun, 22 Nov 2026 07:00:01 GMT | Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT | NOT_MODIFIED",
        "§13.1.3 modified after         | If-Modified-Since: Sun, 22 Nov 2026 06:59:59 GMT | Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT | PROCEED",
        "§5.6.7 RFC 850 date            | If-Modified-Since: Sunday, 22-Nov-26 07:00:00 GMT | Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT | NOT_MODIFIED",
        "§13.1.3 not a date             | If-Modified-Since: now       | Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT | PROCEED",
        "§13.1.3 more than one          | If-Modified-Since: Sun, 22 Nov 2026 07:00:00 GMT & If-Modified-Since: Sun, 22 Nov 2026 07:00:00 GMT | Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT | PROCEED",
        "RFC 9111 §4.3.2 Date instead   | If-Modified-Since: Sun, 22 Nov 2026 07:59:00 GMT | Date: Sun, 22 Nov 2026 07:59:00 GMT | NOT_MODIFIED",
        "RFC 9111 §4.3.2 Date instead   | If-Modified-Since: Sun, 22 Nov 2026 07:58:59 GMT | Date: Sun, 22 Nov 2026 07:59:00 GMT | PROCEED",
        "RFC 9111 §4.3.2 arrival instead | If-Modified-Since: Sun, 22 Nov 2026 08:00:00 GMT | - | NOT_MODIFIED",
        "RFC 9111 §4.3.2 arrival instead | If-Modified-Since: Sun, 22 Nov 2026 07:59:59 GMT | - | PROCEED",
        "§13.2.2 tag over time: same    | If-None-Match: \"a\" & If-Modified-Since: Sun, 22 Nov 2020 07:00:00 GMT | ETag: \"a\" & Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT | NOT_MODIFIED",
        "§13.2.2 tag over time: other   | If-None-Match: \"b\" & If-Modified-Since: Sun, 22 Nov 2026 07:00:00 GMT | ETag: \"a\" & Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT | PROCEED",
        "§13.2.2 even if the tag is empty | If-None-Match: & If-Modified-Since: Sun, 22 Nov 2026 07:00:00 GMT | ETag: \"a\" & Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT | PROCEED",
        "RFC 9111 §4.3.2 for an origin  | If-Match: \"b\"               | ETag: \"a\"   | PROCEED",
        "RFC 9111 §4.3.2 for an origin  | If-Unmodified-Since: Sun, 22 Nov 2020 07:00:00 GMT | Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT | PROCEED",
        "§13.1 none                     | -                            | ETag: \"a\"   | PROCEED",
      })
  void evaluate_get_asInTable(
      String rule, @Nullable String request, @Nullable String stored, Outcome expected) {
    for (String method : new String[] {"GET", "HEAD"}) {
      assertThat(
              Preconditions.evaluate(method, Lines.of(request), Lines.of(stored), RESPONDED, NOW))
          .as(rule)
          .isEqualTo(expected);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "§13.2.2 412 for other methods      | If-None-Match: \"a\" | FAILED",
        "§13.2.2 the condition holds        | If-None-Match: \"b\" | PROCEED",
        "§13.1.3 only for GET and HEAD      | If-Modified-Since: Sun, 22 Nov 2026 07:00:00 GMT | PROCEED",
      })
  void evaluate_otherMethod_asInTable(String rule, String request, Outcome expected) {
    Headers stored = Headers.of("ETag", "\"a\"", "Last-Modified", "Sun, 22 Nov 2026 07:00:00 GMT");
    assertThat(Preconditions.evaluate("POST", Lines.of(request), stored, RESPONDED, NOW))
        .as(rule)
        .isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '`',
      value = {
        "§14.2 no condition              | -                  | -             | true",
        "§13.1.5 same strong tag         | If-Range: \"a\"     | ETag: \"a\"   | true",
        "§13.1.5 other tag               | If-Range: \"b\"     | ETag: \"a\"   | false",
        "§13.1.5 weak tags are not equal | If-Range: W/\"a\"   | ETag: W/\"a\" | false",
        "§13.1.5 weak tags are not equal | If-Range: \"a\"     | ETag: W/\"a\" | false",
        "§13.1.5 no tag stored           | If-Range: \"a\"     | -             | false",
        "§13.1.5 neither tag nor date    | If-Range:           | ETag: \"a\"   | false",
        "§13.1.5 no list                 | If-Range: \"a\", \"b\" | ETag: \"a\" | false",
        "§13.1.5 more than one           | If-Range: \"a\" & If-Range: \"a\" | ETag: \"a\" | false",
        "§13.1.5 same date, strong       | If-Range: Sun, 22 Nov 2026 07:00:00 GMT | Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT & Date: Sun, 22 Nov 2026 07:00:01 GMT | true",
        "§8.8.2.2 same date, weak        | If-Range: Sun, 22 Nov 2026 07:00:00 GMT | Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT & Date: Sun, 22 Nov 2026 07:00:00 GMT | false",
        "§8.8.2.2 no Date                | If-Range: Sun, 22 Nov 2026 07:00:00 GMT | Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT | false",
        "§13.1.5 later date: no match    | If-Range: Sun, 22 Nov 2026 07:30:00 GMT | Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT & Date: Sun, 22 Nov 2026 08:00:00 GMT | false",
        "§13.1.5 no date stored          | If-Range: Sun, 22 Nov 2026 07:00:00 GMT | Date: Sun, 22 Nov 2026 07:00:01 GMT | false",
      })
  void rangeApplies_asInTable(
      String rule, @Nullable String request, @Nullable String stored, boolean expected) {
    assertThat(Preconditions.rangeApplies(Lines.of(request), Lines.of(stored), NOW))
        .as(rule)
        .isEqualTo(expected);
  }
}
