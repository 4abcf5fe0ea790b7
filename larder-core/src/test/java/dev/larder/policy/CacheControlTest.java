package dev.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.larder.http.Headers;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9111 §5.2, as it comes in the wild. */
class CacheControlTest {
  private static CacheControl of(String... lines) {
    Headers.Builder headers = Headers.builder();
    for (String line : lines) {
      headers.add("cache-control", line);
    }
    return CacheControl.of(headers.build());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "max-age=60                       | 60",
        "MAX-AGE=60                       | 60",
        "max-age=\"60\"                   | 60",
        "  max-age=60  ,public            | 60",
        "max-age = 60                     | 60",
        ",,max-age=60,,                   | 60",
        "max-age=060                      | 60",
        "x=\"a, max-age=1\", max-age=60   | 60",
        "x=\"a\\\", max-age=1\", max-age=60 | 60",
        "max-age=60, max-age=10           | 60",
        "max-age=2147483648               | 2147483648",
        "max-age=2147483649               | 2147483648",
        "max-age=99999999999999999999999  | 2147483648",
        "max-age                          | 0",
        "max-age=                         | 0",
        "max-age=\"\"                     | 0",
        "max-age=-1                       | 0",
        "max-age=+1                       | 0",
        "max-age=1.5                      | 0",
        "max-age=60s                      | 0",
        "max-age='60'                     | 0",
        "max-age=٦٠                       | 0",
      })
  void seconds_maxAge_asInTable(String value, long expected) {
    assertThat(of(value).seconds("max-age")).contains(Duration.ofSeconds(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "public",
        "max-age2=60",
        "x-max-age=60",
        "x=\"max-age=60\"",
        "max_age=60",
        "=60",
        "\"max-age\"=1"
      })
  void seconds_noSuchDirective_empty(String value) {
    assertThat(of(value).seconds("max-age")).isEmpty();
  }

  @Test
  void has_directivesOverSeveralLines_all() {
    CacheControl control = of("no-store", "private=\"a, b\", PUBLIC");
    assertThat(control.names()).containsExactly("no-store", "private", "public");
    assertThat(control.argument("private")).contains("a, b");
    assertThat(control.argument("no-store")).isEmpty();
    assertThat(control.has("a")).isFalse();
  }

  @Test
  void has_noField_nothing() {
    assertThat(CacheControl.of(Headers.empty()).names()).isEmpty();
  }

  /** A quote that is never closed must not hide what forbids storing. */
  @Test
  void has_quoteNeverClosed_laterDirectivesCount() {
    CacheControl control = of("max-age=\"60, no-store");
    assertThat(control.has("no-store")).isTrue();
    assertThat(control.seconds("max-age")).contains(Duration.ZERO);
  }

  /** §5.2: a directive is a token; other text is passed over. */
  @Test
  void names_notTokens_passedOver() {
    assertThat(of("private; max-age=0, a b, \"no-store\", =x, max-age=60").names())
        .containsExactly("max-age");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "§5.2.2.4 qualified                   | no-cache=\"a, B\"                  | a b",
        "§5.2.2.4 as a token                  | no-cache=a                         | a",
        "§5.2.2.4 all of several              | no-cache=\"a\", NO-CACHE=\"b\"      | a b",
        "§4.2.1 the strictest: unqualified    | no-cache=\"a\", no-cache           | -",
        "§4.2.1 the strictest: unqualified    | no-cache, no-cache=\"a\"           | -",
        "§5.2.2.4 empty list: unqualified     | no-cache=\"\"                      | -",
        "no list of field names: unqualified  | no-cache=\"a b, c\"               | -",
        "§5.2.2.4 unqualified                 | no-cache                           | -",
        "another directive's                  | private=\"a\"                      | -",
      })
  void fields_noCache_asInTable(String rule, String value, @Nullable String expected) {
    CacheControl control = of(value);
    assertThat(control.fields("no-cache"))
        .as(rule)
        .isEqualTo(expected == null ? Set.of() : Set.of(expected.split(" ")));
    assertThat(control.isUnqualified("no-cache"))
        .as(rule)
        .isEqualTo(control.has("no-cache") && expected == null);
  }

  @Test
  void toString_anyDirectives_fieldValue() {
    assertThat(of("Max-Age=60 ,PUBLIC, private=\"a, b\", x=\"\", y=a\"b"))
        .hasToString("max-age=60, public, private=\"a, b\", x=\"\", y=\"a\\\"b\"");
    assertThat(CacheControl.of(Headers.empty())).hasToString("");
  }

  /** A field as long as a client lets through must not hold a thread. */
  @ParameterizedTest
  @ValueSource(strings = {"a,", "private=b,", "\"\\\",", "x=\"\\\",", "=,", "W/\","})
  void of_veryManyDirectives_linearTime(String directive) {
    String value = directive.repeat(100_000);
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          CacheControl control = of("no-store," + value);
          assertThat(control.has("no-store")).isTrue();
          assertThat(control.fields("private").size()).isLessThan(2);
          assertThat(EntityTag.parseList(Headers.of("ETag", value), "ETag")).isNotNull();
          assertThat(Vary.value("Accept", Headers.of("Accept", value))).isPresent();
        });
  }
}
