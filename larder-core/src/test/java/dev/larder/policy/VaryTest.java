package dev.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Headers;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9111 §4.1, RFC 9110 §12.5.5. */
class VaryTest {
  private static Vary vary(String value) {
    return Vary.of(Headers.of("Vary", value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*", "*, *", ", *", "*, Foo", "Foo, *", "Foo Bar", "\"Foo\"", "Accept-Encoding;"})
  void of_anyMemberNotAName_any(String value) {
    assertThat(vary(value).isAny()).isTrue();
    assertThat(vary(value).isEmpty()).isFalse();
    assertThat(vary(value).names()).isEmpty();
    assertThat(vary(value).matches(Headers.empty(), Headers.empty())).isFalse();
  }

  @Test
  void of_starOnAnotherLine_any() {
    assertThat(Vary.of(Headers.of("Vary", "", "Vary", "*")).isAny()).isTrue();
  }

  @Test
  void of_names_lowerCaseDistinctSorted() {
    Vary vary = Vary.of(Headers.of("Vary", "Foo, BAR,,foo", "vary", "baz"));
    assertThat(vary.names()).isEqualTo(List.of("bar", "baz", "foo"));
    assertThat(vary).hasToString("bar, baz, foo");
    assertThat(vary.isAny()).isFalse();
    assertThat(vary.isEmpty()).isFalse();
  }

  @Test
  void of_noLine_empty() {
    assertThat(Vary.of(Headers.empty()).isEmpty()).isTrue();
    assertThat(vary(" , ").isEmpty()).isTrue();
    assertThat(Vary.of(Headers.empty()).matches(Headers.empty(), Headers.of("A", "b"))).isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '`',
      value = {
        "same                            | Foo             | Foo: 1 | Foo: 1",
        "names without case              | fOO             | FOO: 1 | foo: 1",
        "absent in both                  | Foo             | - | Bar: 1",
        "lines combined                  | Foo             | Foo: 1, 2 | Foo: 1 & Foo: 2",
        "white space around commas       | Foo             | Foo: 1,2 | Foo: 1 ,\t2",
        "several names                   | Foo, Bar        | Foo: 1 & Bar: a | Bar: a & Foo: 1",
        "RFC 9110 §12.5.4 order          | Accept-Language | Accept-Language: en, de | Accept-Language: de, en",
        "RFC 9110 §12.5.4 case           | Accept-Language | Accept-Language: en, de | Accept-Language: eN, De",
        "RFC 9110 §12.5.4 white space    | Accept-Language | Accept-Language: en, de | Accept-Language: en ,   de",
        "RFC 9110 §12.4.2 weights        | Accept-Language | Accept-Language: en;q=1.0, de;q=0.50 | Accept-Language: de ; Q=0.5,en",
        "RFC 9110 §5.6.1.2 empty members | Accept-Language | Accept-Language: en,,de | Accept-Language: en, de,",
        "RFC 9110 §8.4.1.3 x-gzip        | Accept-Encoding | Accept-Encoding: x-gzip, br | Accept-Encoding: BR, gzip",
        "RFC 9110 §8.3.1 type            | Accept          | Accept: Text/HTML;level=1, */*;q=0.1 | Accept: */*; q=0.100, text/html; level=1",
        "RFC 9113 §8.2.3 Cookie          | Cookie          | Cookie: a=1; b=2 | Cookie: a=1 & Cookie: b=2",
      })
  void matches_sameSelection_true(
      String rule, String names, @Nullable String stored, @Nullable String presented) {
    assertThat(vary(names).matches(Lines.of(stored), Lines.of(presented))).as(rule).isTrue();
    assertThat(vary(names).matches(Lines.of(presented), Lines.of(stored))).as(rule).isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '`',
      value = {
        "other value                   | Foo             | Foo: 1 | Foo: 2",
        "absent here                   | Foo             | Foo: 1 | -",
        "empty is not absent           | Foo             | Foo: | -",
        "one of two differs            | Foo, Bar        | Foo: 1 & Bar: a | Foo: 1 & Bar: b",
        "case of an unknown field      | Foo             | Foo: a | Foo: A",
        "order of an unknown field     | Foo             | Foo: 1, 2 | Foo: 2, 1",
        "empty members of unknown ones | Foo             | Foo: 1,,2 | Foo: 1, 2",
        "white space in quotes         | Foo             | Foo: \"1,2\", 3 | Foo: \"1, 2\", 3",
        "white space between words     | Foo             | Foo: 1  2 | Foo: 1 2",
        "weight                        | Accept-Language | Accept-Language: en, de;q=0.5 | Accept-Language: en, de;q=0.4",
        "weight of zero                | Accept-Encoding | Accept-Encoding: gzip | Accept-Encoding: gzip;q=0",
        "case of a parameter's value   | Accept          | Accept: text/x;v=a | Accept: text/x;v=A",
        "credentials as they are       | Authorization   | Authorization: D a=\"1\", b | Authorization: D a=\"1\",b",
        "order of cookies              | Cookie          | Cookie: a=1; b=2 | Cookie: b=2; a=1",
      })
  void matches_otherSelection_false(
      String rule, String names, @Nullable String stored, @Nullable String presented) {
    assertThat(vary(names).matches(Lines.of(stored), Lines.of(presented))).as(rule).isFalse();
    assertThat(vary(names).matches(Lines.of(presented), Lines.of(stored))).as(rule).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Foo             | Foo: a ,b & Foo: C           | a,b,C",
        "accept-language | Accept-Language: EN, de;q=.5 | de;q=.5,en",
        "Accept-Encoding | Accept-Encoding: gzip;q=1.0  | gzip",
        "Accept          | Accept: a/b;q=1;ext          | a/b;q=1;ext",
      })
  void value_present_normalised(String name, String request, String expected) {
    assertThat(Vary.value(name, Lines.of(request))).contains(expected);
  }

  @Test
  void value_absent_empty() {
    assertThat(Vary.value("Foo", Headers.of("Bar", "1"))).isEmpty();
    assertThat(Vary.value("Foo", Headers.of("Foo", ""))).contains("");
  }

  /** What is stored under the value must be found by a request that matches, and by no other. */
  @Property
  void matches_anyTwoRequests_exactlyIfValuesAreEqual(
      @ForAll
          List<@Chars({'a', 'A', ',', ' ', '"', ';', '\\', 'q', '=', '1', '.', '0'}) String> one,
      @ForAll
          List<@Chars({'a', 'A', ',', ' ', '"', ';', '\\', 'q', '=', '1', '.', '0'}) String>
              other) {
    for (String name : List.of("foo", "accept", "accept-language", "cookie")) {
      Headers first = lines(name, one);
      Headers second = lines(name, other);
      Optional<String> value = Vary.value(name, first);
      assertThat(vary(name).matches(first, second))
          .isEqualTo(value.equals(Vary.value(name, second)));
      assertThat(vary(name).matches(first, first)).isTrue();
    }
  }

  private static Headers lines(String name, List<String> values) {
    Headers.Builder lines = Headers.builder();
    values.forEach(value -> lines.add(name, value));
    return lines.build();
  }
}
