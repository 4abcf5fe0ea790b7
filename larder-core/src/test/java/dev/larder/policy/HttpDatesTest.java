package dev.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110 §5.6.7. */
class HttpDatesTest {
  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Sun, 06 Nov 1994 08:49:37 GMT      | 1994-11-06T08:49:37Z",
        "Sunday, 06-Nov-94 08:49:37 GMT     | 1994-11-06T08:49:37Z",
        "Sun Nov  6 08:49:37 1994           | 1994-11-06T08:49:37Z",
        "Wed Nov 16 08:49:37 1994           | 1994-11-16T08:49:37Z",
        "Thu, 29 Feb 2024 23:59:59 GMT      | 2024-02-29T23:59:59Z",
        "Thu, 01 Jan 1970 00:00:00 GMT      | 1970-01-01T00:00:00Z",
        "Fri, 31 Dec 9999 23:59:59 GMT      | 9999-12-31T23:59:59Z",
        "Saturday, 22-Nov-76 00:00:00 GMT   | 2076-11-22T00:00:00Z",
        "Tuesday, 23-Nov-76 00:00:00 GMT    | 1976-11-23T00:00:00Z",
        "Sun, 31 Dec 1995 23:59:60 GMT      | 1995-12-31T23:59:59Z",
        "SUN, 06 NOV 1994 08:49:37 gmt      | 1994-11-06T08:49:37Z",
        "SUNDAY, 06-nov-94 08:49:37 Gmt     | 1994-11-06T08:49:37Z",
        "sun nov  6 08:49:37 1994           | 1994-11-06T08:49:37Z",
        "Mon, 06 Nov 1994 08:49:37 GMT      | 1994-11-06T08:49:37Z",
        "Thu Aug  8 02:01:18 2050           | 2050-08-08T02:01:18Z",
        "Tuesday, 29-Feb-00 00:00:00 GMT    | 2000-02-29T00:00:00Z",
      })
  void parse_threeForms_asInTable(String text, Instant expected) {
    assertThat(HttpDates.parse(text, NOW)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "-1",
        "now",
        ",",
        "Sun,",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 PST",
        "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 94 08:49:37 GMT",
        "Sun, 06 nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sat, 31 Feb 2026 00:00:00 GMT",
        "Xun, 06 Nov 1994 08:49:37 GMT",
        "Sun,_06 Nov 1994 08:49:37 GMT",
        "Sun, 06_Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov_1994 08:49:37 GMT",
        "Sun, 06 Nov 1994_08:49:37 GMT",
        "Sun, 06 Nov 1994 08_49:37 GMT",
        "Sun, 06 Nov 1994 08:49_37 GMT",
        "Sun, 06 Nov 1994 08:49:37_GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 06 Nov 1994 08:49:3x GMT",
        "Sun, 06 Nov 1994 08:x9:37 GMT",
        "Sun, 06 Nov 1994 x8:49:37 GMT",
        "Sun, 06 Nox 1994 08:49:37 GMT",
        "Sun, 06 Nov x994 08:49:37 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT",
        "Thu, 29 Feb 2023 00:00:00 GMT",
        "Sunday, 06_Nov-94 08:49:37 GMT",
        "Sunday, 06-Nov_94 08:49:37 GMT",
        "Sunday, 06-Nov-94_08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 CET",
        "Sunday, 06-Nov-x4 08:49:37 GMT",
        "Sunday, 06-Nov-1994 08:49:37 GMT",
        "Xunday, 06-Nov-94 08:49:37 GMT",
        "Xun Nov  6 08:49:37 1994",
        "Sun_Nov  6 08:49:37 1994",
        "Sun Nov_ 6 08:49:37 1994",
        "Sun Nov  6_08:49:37 1994",
        "Sun Nov  6 08:49:37_1994",
        "Sun Nov  0 08:49:37 1994",
        "Tuesday, 30-Feb-99 08:49:37 GMT",
        "Someday, 06-Nov-94 08:49:37 GMT",
        "1994-11-06T08:49:37Z",
        "Sun Nov 06 08:49:37 1994 GMT"
      })
  void parse_noDate_empty(String text) {
    assertThat(HttpDates.parse(text, NOW)).isEmpty();
  }

  @Test
  void format_anyLocale_fixedForm() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-SA-u-nu-arab"));
      String text = HttpDates.format(Instant.parse("1994-11-06T08:49:37.999Z"));
      assertThat(text).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
      assertThat(HttpDates.parse(text, NOW)).contains(Instant.parse("1994-11-06T08:49:37Z"));
    } finally {
      Locale.setDefault(before);
    }
  }
}
