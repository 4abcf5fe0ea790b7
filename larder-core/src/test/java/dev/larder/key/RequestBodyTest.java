package dev.larder.key;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Body;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies that say the same have one key, all others have keys of their own. */
class RequestBodyTest {
  private static final String FORM = "application/x-www-form-urlencoded";

  private static String key(String type, String body, String... ignored) {
    return key(type, body.getBytes(StandardCharsets.UTF_8), ignored);
  }

  private static String key(String type, byte[] body, String... ignored) {
    Request request =
        new Request(
            "POST", URI.create("http://h/"), Headers.of("Content-Type", type), Body.of(body));
    return KeyFunction.standard(List.of(ignored)).create(request, List.of()).value();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1,\"b\":2} | { \"b\" : 2, \"a\":1 }",
        "{\"a\":{\"c\":1,\"b\":[2]}} | {\"a\":{\"b\":[2],\"c\":1}}",
        "{\"b\":{\"d\":1,\"c\":2},\"a\":[{\"f\":1,\"e\":2}]} | {\"a\":[{\"e\":2,\"f\":1}],\"b\":{\"c\":2,\"d\":1}}",
        "\"a\\/\\u0062\\n\" | \"a/b\\u000a\"",
        "\"\\ud83d\\ude00\" | \"😀\"",
        "[1E5, 1e+5, 2e-3] | [1e5, 1e5, 2E-3]",
        "{} | { }",
        "[true , false,null] | [true,false,null]"
      })
  void create_jsonThatSaysTheSame_oneKey(String one, String other) {
    assertThat(key("application/json", one)).isEqualTo(key("application/json", other));
    assertThat(key("application/vnd.a+json", one))
        .isEqualTo(key("Application/vnd.A+JSON ; charset=\"UTF-8\"", other));
    assertThat(key("text/plain", one)).isNotEqualTo(key("text/plain", other));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1 | 1.0",
        "0 | -0",
        "1e5 | 100000",
        "1e5 | 1e-5",
        "1 | \"1\"",
        "null | \"null\"",
        "[1,2] | [2,1]",
        "[] | {}",
        "[[],[]] | [[[]]]",
        "{\"a\":1,\"a\":2} | {\"a\":2}",
        "{\"a\":1,\"a\":2} | {\"a\":2,\"a\":1}",
        "{\"a\":{\"b\":1}} | {\"a\":{},\"b\":1}",
        "\"\\ud800\" | \"?\"",
        "\"\\ud800\" | \"\\udfff\"",
        "\"\\ud800\" | \"\\ufffd\"",
        "\"a\\\"b\" | \"a\\\\\\\"b\"",
        "{\"a\":1} x | {\"a\":1}",
        "{\"a\":1 | {\"a\":1}",
        "\"cba\" | [\"a\",\"b\",\"c\"]",
        "\"\" | ``",
        "[\"a\",\"b\"] | [\"a\\\",\\\"b\"]",
        "{\"a\":\"1,b:2\"} | {\"a\":1,\"b\":2}"
      })
  void create_jsonThatSaysSomethingElse_otherKey(String one, String other) {
    assertThat(key("application/json", one)).isNotEqualTo(key("application/json", other));
  }

  @ParameterizedTest
  @CsvSource({
    "a=%7e&b=1, a=~&b=1, true",
    "a=%2f, a=%2F, true",
    "a=/, a=%2F, true",
    "a=b=c, a=b%3Dc, true",
    "a=%20, a=+, true",
    "a=%2B, a=+, false",
    "a=1&b=2, b=2&a=1, false",
    "a=1&a=2, a=2&a=1, false",
    "a, a=, false",
    "a=1&, a=1, false",
    "a=b%26c=d, a=b&c=d, false",
    "a%3Db, a=b, false",
    "a=%zz, a=%25zz, false",
    "a=%4, a=%254, false",
    "a=%FF, a=%FE, false",
    "a=é, a=%C3%A9, false"
  })
  void create_forms_comparedByMeaningInOrder(String one, String other, boolean same) {
    assertThat(key(FORM, one).equals(key(FORM + ";charset=utf-8", other))).isEqualTo(same);
  }

  @Test
  void create_jsonThatIsNoUtf8OrTooDeep_byteForByte() {
    byte[] one = {'"', (byte) 0xFF, '"'};
    byte[] other = {'"', (byte) 0xFE, '"'};
    assertThat(key("application/json", one)).isNotEqualTo(key("application/json", other));
    String deep = "[".repeat(5000) + "]".repeat(5000);
    assertThat(key("application/json", deep)).isNotEqualTo(key("application/json", deep + " "));
    assertThat(key("application/json", "{\"a\":1}".getBytes(StandardCharsets.UTF_16)))
        .isNotEqualTo(key("application/json", "{\"a\":1}"));
  }

  @Test
  void create_otherTypeCodingOrCharset_otherKey() {
    Request post = Request.of("POST", URI.create("http://h/")).withBody(Body.of("a=1"));
    assertThat(
            List.of(
                    Headers.empty(),
                    Headers.of("Content-Type", "text/plain"),
                    Headers.of("Content-Type", "text/plain;charset=latin1"),
                    Headers.of("Content-Type", FORM),
                    Headers.of("Content-Type", FORM + ";charset=latin1"),
                    Headers.of("Content-Type", FORM, "Content-Encoding", "gzip"),
                    Headers.of("Content-Type", "application/json"))
                .stream()
                .map(post::withHeaders)
                .map(request -> KeyFunction.standard().create(request, List.of()).value()))
        .doesNotHaveDuplicates();
  }

  @Test
  void create_bodyOverTheLimit_byteForByte() {
    String long1 = "{\"a\":\"" + "x".repeat(KeyFunction.MAX_BODY_BYTES) + "\",\"b\":1}";
    assertThat(key("application/json", long1)).isNotEqualTo(key("application/json", " " + long1));
    assertThat(key("application/json", long1)).isEqualTo(key("application/json", long1));
  }

  @Test
  void create_ignoredMembers_takeNoPartAtAnyDepth() {
    String without = "{\"a\":[{\"c\":1}]}";
    for (String with :
        List.of(
            "{\"t\":{\"t\":1},\"a\":[{\"t\":[2],\"c\":1}]}",
            "{\"a\":[{\"c\":1,\"t\":null}],\"t\":\"\"}")) {
      assertThat(key("application/json", with, "t")).isEqualTo(key("application/json", without));
      assertThat(key("application/json", with, "T")).isNotEqualTo(key("application/json", without));
    }
    assertThat(key("application/json", "[\"t\"]", "t")).isNotEqualTo(key("application/json", "[]"));
    assertThat(key(FORM, "a=1&t=2&%74=3&t", "t")).isEqualTo(key(FORM, "a=1"));
    assertThat(key(FORM, "a=1&T=2", "t")).isNotEqualTo(key(FORM, "a=1"));
    assertThat(key("text/plain", "a=1&t=2", "t")).isNotEqualTo(key("text/plain", "a=1", "t"));
  }
}
