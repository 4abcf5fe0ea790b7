package dev.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Headers;
import dev.larder.policy.Validation.HeadMatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9111 §4.3.1, §4.3.4, §4.3.5. */
class ValidationTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '`',
      value = {
        "both                        | ETag: \"a\" & Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT | If-None-Match: \"a\" & If-Modified-Since: Sun, 22 Nov 2026 07:00:00 GMT",
        "weak tag                    | ETag: W/\"a\"  | If-None-Match: W/\"a\"",
        "tag as the origin spells it | ETag: abc     | If-None-Match: abc",
        "date as it is spelled       | Last-Modified: Sunday, 22-Nov-26 07:00:00 GMT | If-Modified-Since: Sunday, 22-Nov-26 07:00:00 GMT",
        "no date                     | Last-Modified: yesterday | -",
        "empty tag field             | ETag:         | -",
        "nothing                     | Date: Sun, 22 Nov 2026 07:00:00 GMT | -",
      })
  void conditionalFields_asInTable(String rule, String stored, @Nullable String expected) {
    Headers fields = Validation.conditionalFields(Lines.of(stored));
    assertThat(fields).as(rule).isEqualTo(Lines.of(expected));
    assertThat(Validation.hasValidator(Lines.of(stored))).as(rule).isEqualTo(expected != null);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '`',
      value = {
        "same strong tag                    | ETag: \"a\"    | ETag: \"a\"   | true",
        "other strong tag                   | ETag: \"b\"    | ETag: \"a\"   | false",
        "strong tag, stored weak            | ETag: \"a\"    | ETag: W/\"a\" | false",
        "strong tag, stored without         | ETag: \"a\"    | -             | false",
        "strong tag over the same date      | ETag: \"b\" & Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT | ETag: \"a\" & Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT | false",
        "new tag, stored date is the same   | ETag: \"a\" & Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT | Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT | true",
        "same weak tag                      | ETag: W/\"a\"  | ETag: W/\"a\" | true",
        "weak tag, stored strong            | ETag: W/\"a\"  | ETag: \"a\"   | true",
        "other weak tag                     | ETag: W/\"b\"  | ETag: W/\"a\" | false",
        "same date                          | Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT | Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT | true",
        "same date in another form          | Last-Modified: Sunday, 22-Nov-26 07:00:00 GMT | Last-Modified: Sunday, 22-Nov-26 07:00:00 GMT | true",
        "other date                         | Last-Modified: Sun, 22 Nov 2026 07:00:01 GMT | Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT | false",
        "date, stored without               | Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT | ETag: \"a\" | false",
        "no validator at all                | -              | -             | true",
        "no validator in the 304            | Date: Sun, 22 Nov 2026 07:00:00 GMT | ETag: \"a\" | true",
      })
  void selects_asInTable(
      String rule, @Nullable String notModified, @Nullable String stored, boolean expected) {
    assertThat(Validation.selects(Lines.of(notModified), Lines.of(stored)))
        .as(rule)
        .isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '`',
      value = {
        "nothing to compare           | 200 | -                  | ETag: \"a\" & Content-Length: 5 | FRESHEN",
        "same tag                     | 200 | ETag: \"a\"         | ETag: \"a\"  | FRESHEN",
        "same weak tag                | 200 | ETag: W/\"a\"       | ETag: W/\"a\" | FRESHEN",
        "other tag                    | 200 | ETag: \"b\"         | ETag: \"a\"  | INVALIDATE",
        "tag, stored without          | 200 | ETag: \"a\"         | -            | INVALIDATE",
        "same date                    | 200 | Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT | Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT | FRESHEN",
        "other date                   | 200 | Last-Modified: Sun, 22 Nov 2026 07:00:01 GMT | Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT | INVALIDATE",
        "date that is none            | 200 | Last-Modified: x   | Last-Modified: x | INVALIDATE",
        "same tag, other date         | 200 | ETag: \"a\" & Last-Modified: Sun, 22 Nov 2026 07:00:01 GMT | ETag: \"a\" & Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT | INVALIDATE",
        "same length                  | 200 | Content-Length: 5  | -            | FRESHEN",
        "other length                 | 200 | Content-Length: 6  | -            | INVALIDATE",
        "same tag, other length       | 200 | ETag: \"a\" & Content-Length: 6 | ETag: \"a\" | INVALIDATE",
        "length that is none          | 200 | Content-Length: 5, 5 | -          | INVALIDATE",
        "no longer there              | 410 | -                  | -            | INVALIDATE",
        "another status               | 500 | -                  | -            | UNRELATED",
        "another status               | 304 | ETag: \"a\"         | ETag: \"b\"  | UNRELATED",
      })
  void compareHead_bodyOfFiveBytes_asInTable(
      String rule, int status, @Nullable String head, @Nullable String stored, HeadMatch expected) {
    assertThat(Validation.compareHead(Lines.of(stored), 5, status, Lines.of(head)))
        .as(rule)
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"5, 5, FRESHEN", "5, 6, INVALIDATE", "x, x, INVALIDATE", "5, , INVALIDATE"})
  void compareHead_lengthNotKnown_comparesFields(
      String head, @Nullable String stored, HeadMatch expected) {
    Headers fields = stored == null ? Headers.empty() : Headers.of("Content-Length", stored);
    assertThat(Validation.compareHead(fields, -1, 200, Headers.of("Content-Length", head)))
        .isEqualTo(expected);
  }
}
