package dev.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.larder.http.Headers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** RFC 9110 §5.6.1, §5.6.4. */
class FieldValuesTest {
  static List<Arguments> lists() {
    return List.of(
        Arguments.of("§5.6.1 members", "a, b", List.of("a", "b")),
        Arguments.of("§5.6.1.2 empty members are dropped", ", a,, ,b,", List.of("a", "b")),
        Arguments.of("§5.6.3 white space around members", "\t a \t,  b c ", List.of("a", "b c")),
        Arguments.of("§5.6.4 comma in quotes", "a=\"x, y\", b", List.of("a=\"x, y\"", "b")),
        Arguments.of("§5.6.4 escaped quote", "\"x\\\", y\", b", List.of("\"x\\\", y\"", "b")),
        Arguments.of("quote never closed", "a=\"x, b", List.of("a=\"x", "b")),
        Arguments.of("escape at the end", "\"a\\", List.of("\"a\\")),
        Arguments.of("nothing", " , ", List.of()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lists")
  void members_oneLine_asInTable(String rule, String value, List<String> expected) {
    assertThat(FieldValues.members(Headers.of("X", value), "x")).as(rule).isEqualTo(expected);
  }

  @Test
  void members_severalLines_inOrder() {
    assertThat(FieldValues.members(Headers.of("X", "a, b", "Y", "z", "x", "c"), "X"))
        .containsExactly("a", "b", "c");
  }

  @Test
  void members_noLine_empty() {
    assertThat(FieldValues.members(Headers.of("Y", "z"), "X")).isEmpty();
  }

  @Test
  void tokens_mixedCase_lowerCase() {
    assertThat(FieldValues.tokens(Headers.of("X", "Keep-Alive, A"), "X"))
        .containsExactly("keep-alive", "a");
  }

  /** Each quote opens a string that never ends: looking for its end each time would be slow. */
  @Test
  void members_manyQuotesNeverClosed_linearTime() {
    Headers escaped = Headers.of("X", "\"" + "\\\",".repeat(200_000));
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> assertThat(FieldValues.members(escaped, "X")).hasSize(200_000));
  }

  @ParameterizedTest
  @MethodSource("quoted")
  void unquote_asInTable(String text, String expected) {
    assertThat(FieldValues.unquote(text)).isEqualTo(expected);
  }

  static List<Arguments> quoted() {
    return List.of(
        Arguments.of("\"a\"", "a"),
        Arguments.of("\"\"", ""),
        Arguments.of("\"a\\\"b\\\\\"", "a\"b\\"),
        Arguments.of("a", "a"),
        Arguments.of("", ""),
        Arguments.of("\"", "\""),
        Arguments.of("'a'", "'a'"),
        Arguments.of("\"a", "\"a"));
  }
}
