package dev.larder.requestscache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NormalBodyTest {
  private static final Set<String> NONE = Set.of();
  private static final int TEN_MEBIBYTES = 10 * 1024 * 1024;

  @ParameterizedTest
  @CsvSource({
    "application/json, true",
    "APPLICATION/JSON, true",
    "application/problem+json, true",
    "application/vnd.api+json;charset=utf-8, true",
    "application/jsonlines, true",
    "application/json ;charset=utf-8, true",
    "' application/json', false",
    "text/json, false",
    "json, false",
    "'', false",
    "text/plain;application/json, false",
    "text/plain, false",
  })
  void of_mediaType_decidesWhetherItIsJson(String contentType, boolean json) {
    assertThat(of("{\"b\":1,\"a\":2}", contentType, NONE, ""))
        .isEqualTo(json ? "{\"a\": 2, \"b\": 1}" : "{\"b\":1,\"a\":2}");
  }

  @ParameterizedTest
  @CsvSource({
    "application/x-www-form-urlencoded, a=1&b=2",
    "APPLICATION/X-WWW-FORM-URLENCODED;charset=utf-8, a=1&b=2",
    "application/x-www-form-urlencoded2, b=2&a=1",
    "application/x-www-form-urlencoded ;x, b=2&a=1",
    "multipart/form-data; boundary=x, b=2&a=1",
  })
  void of_mediaType_mustBeExactlyAForm(String contentType, String expected) {
    assertThat(of("b=2&a=1", contentType, NONE, "")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // Two bytes stay, three are read.
        "[]|[]",
        "12|12",
        "[ ]|[]",
        "{ }|{}",
        "`\"\" `|[]",
        // Roots that Python cannot iterate over.
        "`  true`|`  true`",
        "`null `|`null `",
        "`1.50`|`1.50`",
        "`NaN `|`NaN `",
        // A string is its characters.
        "\"b\\ud83d\\ude00a\"|[\"a\", \"b\", \"\\ud83d\\ude00\"]",
        "\"\\ude00\\ud83d\"|[\"\\ud83d\", \"\\ude00\"]",
        // Top level only; equal names: the last value at the place of the first.
        "{\"b\":{\"z\":1,\"y\":2},\"a\":[2,1]}|{\"a\": [2, 1], \"b\": {\"z\": 1, \"y\": 2}}",
        "{\"x\":{\"p\":1,\"q\":2,\"p\":3}}|{\"x\": {\"p\": 3, \"q\": 2}}",
        "{\"a\":1,\"a\":2}|{\"a\": 2}",
        // Arrays.
        "[3,1,2]|[1, 2, 3]",
        "[1.0,true,1,0,false,0.0,-0.0]|[0, false, 0.0, -0.0, 1.0, true, 1]",
        "[9007199254740993,9007199254740992.0]|[9007199254740992.0, 9007199254740993]",
        "[1e400,-1e400,10000000000000000000000]|[-Infinity, 10000000000000000000000, Infinity]",
        "[[2],[1,5],[1]]|[[2],[1,5],[1]]",
        "[\"b\",1]|[\"b\",1]",
        "[null,1]|[null,1]",
        "[{},{}]|[{},{}]",
        // Numbers.
        "[1E5, -0, 0.00001, 1e16, 123456789012345678]|"
            + "[0, 1e-05, 100000.0, 1e+16, 123456789012345678]",
        // Not JSON.
        "{\"b\":1,\"a\":01}|{\"b\":1,\"a\":01}",
        "[1,]|[1,]",
        "[1] x|[1] x",
        "{'a':1}|{'a':1}",
        "{\"b\":\"\\x\",\"a\":1}|{\"b\":\"\\x\",\"a\":1}",
        "{a:1}|{a:1}",
        "[+1]|[+1]",
        "[.5]|[.5]",
        "[nan]|[nan]",
        "[\"\\u12\"]|[\"\\u12\"]",
      })
  void of_json_isAsPythonDumpsIt(String json, String expected) {
    assertThat(json(json, Set.of("unused"), "")).isEqualTo(expected);
  }

  @Test
  void of_arraysOfArrays_areSortedOnlyIfNothingIsIgnored() {
    assertThat(json("[[2], [1, 5], [1], [1, true]]", NONE, ""))
        .isEqualTo("[[1], [1, true], [1, 5], [2]]");
    assertThat(json("[[1, \"a\"], [1, 2]]", NONE, "")).isEqualTo("[[1, \"a\"], [1, 2]]");
    assertThat(json("[[{\"a\": 1}, 2], [{\"a\": 1.0}, 1]]", NONE, ""))
        .isEqualTo("[[{\"a\": 1.0}, 1], [{\"a\": 1}, 2]]");
    assertThat(json("[[NaN, 2], [NaN, 1]]", NONE, "")).isEqualTo("[[NaN, 1], [NaN, 2]]");
  }

  @Test
  void of_notANumber_staysWherePythonLeavesIt() {
    assertThat(json("[3, NaN, 1, 2]", NONE, "")).isEqualTo("[3, NaN, 1, 2]");
    assertThat(json("[3, 1, NaN, 2, 0]", NONE, "")).isEqualTo("[0, 1, 2, 3, NaN]");
  }

  @Test
  void of_ignoredNames_areRedactedAtTheTopAndRemovedFromArrays() {
    Set<String> ignored = Set.of("a", "b");
    assertThat(json("{\"c\":{\"a\":1},\"a\":[1]}", ignored, ""))
        .isEqualTo("{\"a\": \"REDACTED\", \"c\": {\"a\": 1}}");
    assertThat(json("[\"c\",\"A\",\"a\"]", ignored, "")).isEqualTo("[\"A\", \"c\"]");
    assertThat(json("\"cab\"", ignored, "")).isEqualTo("[\"c\"]");
    assertThat(json("[ [] ]", ignored, "")).isEqualTo("[ [] ]");
    assertThat(json("[ [] ]", NONE, "")).isEqualTo("[[]]");
  }

  @Test
  void of_rootKey_isNormalisedInPlace() {
    Set<String> ignored = Set.of("t");
    assertThat(json("{\"z\":1,\"p\":{\"t\":1,\"a\":2},\"t\":3}", ignored, "p"))
        .isEqualTo("{\"z\": 1, \"p\": {\"a\": 2, \"t\": \"REDACTED\"}, \"t\": 3}");
    assertThat(json("{\"z\":1,\"p\":\"ba\"}", ignored, "p"))
        .isEqualTo("{\"z\": 1, \"p\": [\"a\", \"b\"]}");
    assertThat(json("{\"z\":1,\"p\":5}", ignored, "p")).isEqualTo("{\"z\":1,\"p\":5}");
    assertThat(json("{\"z\":1,\"p\":null}", ignored, "p")).isEqualTo("{\"z\":1,\"p\":null}");
    assertThat(json("{\"z\":1,\"q\":5}", ignored, "p")).isEqualTo("{\"q\": 5, \"z\": 1}");
    assertThat(json("[\"p\",\"a\"]", ignored, "p")).isEqualTo("[\"a\", \"p\"]");
  }

  @Test
  void of_jsonOfTenMebibytes_isTheLongestToBeRead() {
    byte[] body = new byte[TEN_MEBIBYTES];
    Arrays.fill(body, (byte) ' ');
    byte[] start = "[2, 1]".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(start, 0, body, 0, start.length);
    assertThat(NormalBody.of(body, "application/json", NONE, "")).hasSize("[1, 2]".length());
    byte[] longer = Arrays.copyOf(body, TEN_MEBIBYTES + 1);
    longer[TEN_MEBIBYTES] = ' ';
    assertThat(NormalBody.of(longer, "application/json", NONE, "")).isSameAs(longer);
  }

  @Test
  void of_integers_mayHave4300Digits() {
    String longest = "9".repeat(4300);
    assertThat(json("[2,-" + longest + "]", NONE, "")).isEqualTo("[-" + longest + ", 2]");
    assertThat(json("[2,-9" + longest + "]", NONE, "")).isEqualTo("[2,-9" + longest + "]");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 900})
  void of_nestedJson_isRead(int depth) {
    String json = "[".repeat(depth) + " " + "]".repeat(depth);
    assertThat(json(json, NONE, "")).isEqualTo(json.replace(" ", ""));
  }

  @Test
  void of_jsonNestedTooDeep_staysAsItIs() {
    String json = "[".repeat(100_000) + " " + "]".repeat(100_000);
    assertThat(json(json, NONE, "")).isEqualTo(json);
    String objects = "{\"a\":".repeat(50_000) + "1" + "}".repeat(50_000);
    assertThat(json(objects, NONE, "")).isEqualTo(objects);
  }

  @Test
  void of_byteOrderMarkOrBadUtf8_staysAsItIs() {
    assertThat(json("\uFEFF[2,1]", NONE, "")).isEqualTo("\uFEFF[2,1]");
    byte[] bad = {'[', '"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"', ']'};
    assertThat(NormalBody.of(bad, "application/json", NONE, "")).isSameAs(bad);
    byte[] form = {'b', '=', (byte) 0xE9, '&', 'a', '=', '1'};
    assertThat(NormalBody.of(form, "application/x-www-form-urlencoded", NONE, "")).isSameAs(form);
  }

  private static String json(String body, Set<String> ignored, String rootKey) {
    return of(body, "application/json", ignored, rootKey);
  }

  private static String of(String body, String type, Set<String> ignored, String rootKey) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return new String(NormalBody.of(bytes, type, ignored, rootKey), StandardCharsets.UTF_8);
  }
}
