package dev.larder.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {
  @Provide
  Arbitrary<Headers> headers() {
    Arbitrary<String> names =
        Arbitraries.strings()
            .alpha()
            .numeric()
            .withChars("!#$%&'*+-.^_`|~")
            .ofMinLength(1)
            .ofMaxLength(8);
    Arbitrary<String> values =
        Arbitraries.oneOf(
            Arbitraries.strings().all().excludeChars('\r', '\n', '\0').ofMaxLength(20),
            Arbitraries.of("", " ", "\t", ":", "a: b", " x ", "\u00a0x\u2028", "\u0085\u000b"));
    return Combinators.combine(names, values)
        .as(Headers.Field::new)
        .list()
        .ofMaxSize(8)
        .map(
            lines -> {
              Headers.Builder builder = Headers.builder();
              lines.forEach(line -> builder.add(line.name(), line.value()));
              return builder.build();
            });
  }

  @Property
  void parse_whatToTextWrote_isEqual(@ForAll("headers") Headers headers) {
    assertThat(Headers.parse(headers.toText())).isEqualTo(headers).hasSameHashCodeAs(headers);
  }

  @Property
  void parse_anyText_isReadOrRefusedAndStable(@ForAll String text) {
    try {
      Headers read = Headers.parse(text);
      assertThat(Headers.parse(read.toText())).isEqualTo(read);
    } catch (IllegalArgumentException expected) {
      assertThat(expected).hasMessageContaining("field");
    }
  }

  @Property
  void addIfValid_anyText_addsOrLeavesOut(@ForAll String name, @ForAll String value) {
    Headers headers = Headers.builder().addIfValid(name, value).addIfValid("ok", value).build();
    assertThat(Headers.parse(headers.toText())).isEqualTo(headers);
  }

  @Property
  void first_anyCase_findsTheLine(@ForAll("headers") Headers headers) {
    for (Headers.Field field : headers.fields()) {
      String upper = field.name().toUpperCase(Locale.ROOT);
      String lower = field.name().toLowerCase(Locale.ROOT);
      assertThat(headers.first(upper)).isPresent().isEqualTo(headers.first(lower));
      assertThat(headers.all(upper)).contains(field.value()).isEqualTo(headers.all(lower));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a:", "a\n", "\u00e9", "(a)", "a/b", "\"a\"", "a\0"})
  void add_nameThatIsNoToken_isRefused(String name) {
    assertThatThrownBy(() -> Headers.builder().add(name, "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("token")
        .hasMessageNotContainingAny("\n", "\0");
    assertThat(Headers.builder().addIfValid(name, "x").build().isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r", "a\nb", "\0", "a\r\nX: y", "secret\n"})
  void add_valueThatBreaksLines_isRefusedUnquoted(String value) {
    assertThatThrownBy(() -> Headers.builder().add("X", value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("value of field X holds CR, LF or NUL (RFC 9110 §5.5)");
    assertThat(Headers.builder().addIfValid("X", value).build().isEmpty()).isTrue();
  }

  @Test
  void add_valueWithBlanksAround_isTrimmed() {
    assertThat(Headers.of("A", " \t x y\t ").first("a")).contains("x y");
    assertThat(Headers.of("A", " \t ").first("a")).contains("");
  }

  @Test
  void parse_malformed_saysWhere() {
    assertThatThrownBy(() -> Headers.parse("A: b\nno colon\nC: d"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("field line without a colon at character 5");
    assertThatThrownBy(() -> Headers.parse("A: b\r\nC: d"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Headers.parse("")).isEqualTo(Headers.empty());
    assertThat(Headers.parse("A:b\n")).isEqualTo(Headers.of("A", "b"));
  }

  @Test
  void combined_repeatedLines_areJoinedInOrder() {
    Headers headers = Headers.of("Vary", "a", "X", "y", "vary", "", "VARY", "b, c");
    assertThat(headers.combined("vArY")).contains("a, , b, c");
    assertThat(headers.combined("none")).isEmpty();
    assertThat(headers.all("none")).isEmpty();
    assertThat(headers.contains("x")).isTrue();
    assertThat(headers.contains("none")).isFalse();
  }

  @Test
  void toMap_namesInSeveralSpellings_areOne() {
    Map<String, List<String>> map = Headers.of("B", "1", "a", "2", "b", "3").toMap();
    assertThat(map)
        .containsExactly(Map.entry("B", List.of("1", "3")), Map.entry("a", List.of("2")));
  }

  @Test
  void toMap_manyLines_groupsAsFewAreGrouped() {
    Headers.Builder lines = Headers.builder();
    Map<String, List<String>> expected = new LinkedHashMap<>();
    for (int i = 0; i < 60; i++) {
      lines.add("Name-" + i, "a" + i);
      expected.put("Name-" + i, List.of("a" + i));
    }
    for (int i = 0; i < 60; i += 7) {
      lines.add("name-" + i, "b").add("NAME-" + i, "c");
      expected.put("Name-" + i, List.of("a" + i, "b", "c"));
    }
    assertThat(lines.build().toMap()).containsExactlyEntriesOf(expected);
  }

  @Test
  void copyOf_invalidLines_areLeftOut() {
    Map<String, List<String>> map = new LinkedHashMap<>();
    map.put(":status", List.of("200"));
    map.put("A", List.of("1", "2\n", "3"));
    assertThat(Headers.copyOf(map)).isEqualTo(Headers.of("A", "1", "A", "3"));
  }

  @Test
  void of_oddCount_isRefused() {
    assertThatThrownBy(() -> Headers.of("A"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("alternate");
  }

  @Test
  void set_repeatedLines_areReplacedByOneAtTheEnd() {
    Headers.Builder builder = Headers.builder().add("A", "1").add("B", "2").add("a", "3");
    assertThat(builder.set("A", "4").build()).isEqualTo(Headers.of("B", "2", "A", "4"));
  }

  @Test
  void set_invalidValue_changesNothing() {
    Headers.Builder builder = Headers.builder().add("A", "1");
    assertThatThrownBy(() -> builder.set("A", "\n")).isInstanceOf(IllegalArgumentException.class);
    assertThat(builder.build()).isEqualTo(Headers.of("A", "1"));
  }

  @Test
  void build_builderUsedAgain_leavesWhatWasBuilt() {
    Headers.Builder builder = Headers.builder().add("A", "1");
    Headers built = builder.build();
    builder.add("B", "2");
    assertThat(built).isEqualTo(Headers.of("A", "1"));
    assertThatThrownBy(() -> built.fields().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void without_test_removesWhatItAccepts() {
    Headers headers = Headers.of("A", "1", "B", "2");
    assertThat(headers.without(field -> field.named("a"))).isEqualTo(Headers.of("B", "2"));
    assertThat(headers.without(field -> false)).isSameAs(headers);
  }

  @Test
  void equals_spellingAndOrder_matter() {
    assertThat(Headers.of("A", "1")).isNotEqualTo(Headers.of("a", "1"));
    assertThat(Headers.of("A", "1", "B", "2")).isNotEqualTo(Headers.of("B", "2", "A", "1"));
  }

  @Test
  void toString_values_areLeftOut() {
    assertThat(Headers.of("Cookie", "s3cret")).hasToString("[Cookie]");
  }
}
