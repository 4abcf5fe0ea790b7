package dev.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Headers;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9110 §8.8.3. */
class EntityTagTest {
  private static EntityTag tag(String text) {
    return EntityTag.parse(text).orElseThrow();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "§8.8.3 strong                  | \"xyzzy\"       | false | xyzzy",
        "§8.8.3 weak                    | W/\"xyzzy\"     | true  | xyzzy",
        "§8.8.3 a backslash is a letter | \"a\\\"         | false | a\\",
        "§8.8.3 obs-text                | \"a\u00fc\"     | false | a\u00fc",
        "without quotes                 | abc             | false | abc",
        "weak without quotes            | W/abc           | true  | abc",
        "lower-case mark                | w/\"abc\"       | true  | abc",
        "other mark: part of the value  | W\"abc\"        | false | W\"abc\"",
        "other mark: part of the value  | W\\\"abc\"      | false | W\\\"abc\"",
        "one quote                      | \"              | false | \"",
      })
  void parse_asInTable(String rule, String text, boolean weak, String value) {
    assertThat(tag(text)).as(rule).isEqualTo(new EntityTag(weak, value));
  }

  @Test
  void parse_emptyValue_isATag() {
    assertThat(EntityTag.parse("\"\"")).contains(new EntityTag(false, ""));
  }

  @Test
  void parse_blank_empty() {
    assertThat(EntityTag.parse(" ")).isEmpty();
    assertThat(EntityTag.parse("W/")).isEmpty();
  }

  @ParameterizedTest(name = "§8.8.3.2 {0} and {1}")
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "W/\"1\", W/\"1\", false, true",
        "W/\"1\", W/\"2\", false, false",
        "W/\"1\", \"1\", false, true",
        "\"1\", \"1\", true, true",
        "\"1\", \"2\", false, false",
        "\"a\", \"A\", false, false",
        "1, \"1\", true, true",
      })
  void equals_strongAndWeak_asInTable(String one, String other, boolean strong, boolean weak) {
    assertThat(tag(one).strongEquals(tag(other))).isEqualTo(strong);
    assertThat(tag(other).strongEquals(tag(one))).isEqualTo(strong);
    assertThat(tag(one).weakEquals(tag(other))).isEqualTo(weak);
  }

  @Test
  void parseList_severalLines_allTags() {
    Headers headers =
        Headers.of(
            "If-None-Match", "\"a, b\",W/\"c\" , , d",
            "if-none-match", "*, \"e\\\", \"f");
    assertThat(EntityTag.parseList(headers, "If-None-Match"))
        .containsExactly(
            new EntityTag(false, "a, b"),
            new EntityTag(true, "c"),
            new EntityTag(false, "d"),
            new EntityTag(false, "e\\"),
            new EntityTag(false, "\"f"));
  }

  @Test
  void parseList_noLine_empty() {
    assertThat(EntityTag.parseList(Headers.empty(), "If-Match")).isEmpty();
  }

  @Property
  void parse_whatToStringWrote_isEqual(@ForAll boolean weak, @ForAll String value) {
    EntityTag tag = new EntityTag(weak, value);
    assertThat(EntityTag.parse(tag.toString())).contains(tag);
  }
}
