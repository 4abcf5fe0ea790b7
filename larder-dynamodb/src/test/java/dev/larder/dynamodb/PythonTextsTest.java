package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.dynamodb.EntryFormat.InvalidItemException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Numbers, times, JSON and Base85 as Python writes and reads them. */
class PythonTextsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "-7, -7",
    "12345678901234567890123456789012345678, 12345678901234567890123456789012345678",
    "1.0, 1.0",
    "-0.0, -0.0",
    "0.0, 0.0",
    "0E+5, 0.0",
    "47.1, 47.1",
    "2.50, 2.5",
    "1E+15, 1000000000000000.0",
    "1E+16, 1e+16",
    "1.5E+300, 1.5e+300",
    "1E+100, 1e+100",
    "1e5, 100000.0",
    "0.0001, 0.0001",
    "0.00001, 1e-05",
    "1E-7, 1e-07",
    "-1.25E-10, -1.25e-10",
    "123456789012345.6, 123456789012345.6",
    "3.141592653589793, 3.141592653589793",
    "NaN, NaN"
  })
  void number_anyForm_isWhatPythonWrote(String stored, String json) {
    assertThat(PythonNumbers.json(stored)).isEqualTo(json);
  }

  @Test
  void number_randomDoubles_keepTheirValue() {
    Random random = new Random(7);
    for (int i = 0; i < 10_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        assertThat(Double.parseDouble(PythonNumbers.json(Double.toString(value)))).isEqualTo(value);
      }
    }
  }

  @Test
  void dump_randomJson_isAsciiAndReparsesEqual() {
    Random random = new Random(11);
    for (int i = 0; i < 2_000; i++) {
      AttributeValue value = randomJson(random, 4);
      String text = PythonJson.dump(value);
      assertThat(text).matches("[ -~]*");
      assertThat(PythonJson.parse(text)).isEqualTo(value);
    }
  }

  private static AttributeValue randomJson(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 5 : 7)) {
      case 0 -> AttributeValue.fromNul(true);
      case 1 -> AttributeValue.fromBool(random.nextBoolean());
      case 2 -> AttributeValue.fromN(Long.toString(random.nextLong()));
      case 3 -> AttributeValue.fromN(random.nextInt(1000) + "." + (1 + random.nextInt(9)));
      case 4 -> AttributeValue.fromS(randomText(random));
      case 5 -> {
        List<AttributeValue> elements = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          elements.add(randomJson(random, depth - 1));
        }
        yield AttributeValue.fromL(elements);
      }
      default -> {
        Map<String, AttributeValue> members = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          // Jackson refuses unpaired surrogates in names.
          members.put(
              randomText(random).replaceAll("\\p{Cs}", "\u00e9"), randomJson(random, depth - 1));
        }
        yield AttributeValue.fromM(members);
      }
    };
  }

  /** Any characters, unpaired surrogates too. */
  private static String randomText(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append((char) (random.nextBoolean() ? random.nextInt(0x80) : random.nextInt(0x10000)));
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "text", "{", "{} {}", "[1,]", "{'a': 1}", "\u0080"})
  void parse_noJson_isInvalid(String text) {
    assertThatThrownBy(() -> PythonJson.parse(text)).isInstanceOf(InvalidItemException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-22T07:35:42.064705+00:00, 2026-11-22T07:35:42.064705Z",
    "2026-11-22T07:35:42+00:00, 2026-11-22T07:35:42Z",
    "2026-11-22T07:35:42.064+00:00, 2026-11-22T07:35:42.064Z",
    "2026-11-22T07:35:42.064705999+00:00, 2026-11-22T07:35:42.064705Z",
    "2026-11-22T07:35:42Z, 2026-11-22T07:35:42Z",
    "2026-11-22 07:35:42, 2026-11-22T07:35:42Z",
    "2026-11-22T07:35:42+02:00, 2026-11-22T05:35:42Z",
    "2026-11-22T07:35:42-05:30, 2026-11-22T13:05:42Z",
    "2026-11-22T07:35, 2026-11-22T07:35:00Z",
    "20261122T073542, 2026-11-22T07:35:42Z",
    "2026-11-22, 2026-11-22T00:00:00Z"
  })
  void time_everyForm_isRead(String text, Instant time) {
    assertThat(PythonDates.parse(text)).isEqualTo(time);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "now",
        "2026-13-01T00:00:00",
        "2026-02-30",
        "2026-11-22T25:00:00",
        "1767323045"
      })
  void time_others_areRefused(String text) {
    assertThatThrownBy(() -> PythonDates.parse(text)).isInstanceOf(DateTimeException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-22T07:35:42Z, 2026-11-22T07:35:42+00:00",
    "2026-11-22T07:35:42.064Z, 2026-11-22T07:35:42.064000+00:00",
    "2026-11-22T07:35:42.000000999Z, 2026-11-22T07:35:42+00:00",
    "9999-12-31T23:59:59.999Z, 9999-12-31T23:59:59.999000+00:00",
    "0000-01-01T00:00:00Z, 0001-01-01T00:00:00+00:00"
  })
  void time_isWrittenAsPythonWritesIt(Instant time, String text) {
    assertThat(PythonDates.format(time)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"'', ''", "VE, a", "Xk~0{Zv, hello", "Xk~0{Zy<MXa%^NF, hello world!"})
  void base85_isDecoded(String text, String bytes) {
    assertThat(new String(PythonBase85.decode(text), StandardCharsets.US_ASCII)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "~~~~~", "\u00e9"})
  void base85_others_areRefused(String text) {
    assertThatThrownBy(() -> PythonBase85.decode(text)).isInstanceOf(InvalidItemException.class);
  }
}
