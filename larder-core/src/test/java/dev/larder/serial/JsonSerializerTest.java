package dev.larder.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.http.CachedResponse;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonSerializerTest {
  private static final String FULL =
      "{\"format\":1,\"key\":\"k\u00E9y \uD83D\uDE00\",\"version\":\"v1\","
          + "\"url\":\"https://example.org/ends here|\",\"status\":203,"
          + "\"created\":\"2026-11-22T08:00:00.000Z\","
          + "\"requested\":\"2026-11-22T07:59:59.500Z\","
          + "\"responded\":\"2026-11-22T07:59:59.999Z\","
          + "\"expires\":\"2026-11-22T09:00:00.120Z\",\"explicit\":true,"
          + "\"retainUntil\":\"9999-12-31T23:59:59.000Z\",\"length\":5,\"digest\":\"d1\","
          + "\"range\":\"bytes 0-4/10\",\"credential\":\"c1\",\"tags\":[\"one\",\"two\"],"
          + "\"request\":{\"method\":\"POST\","
          + "\"uri\":\"https://example.org:8443/a%20b?q=caf%C3%A9#f\","
          + "\"headers\":[\"Accept: text/html\",\"X-Empty: \"],"
          + "\"body\":\"{\\\"q\\\":1}\"},\"headers\":[\"Set-Cookie: a=1\","
          + "\"set-cookie: b=2\",\"X-Odd: \u00FC:\\t\\u0001\"],"
          + "\"body\":\"h\u00E9\\n\\u0000\"}";

  private static final String PLAIN =
      "{\"format\":1,\"key\":\"k\",\"version\":\"\","
          + "\"url\":\"http://example.org/\",\"status\":200,"
          + "\"created\":\"1970-01-01T00:00:00.000Z\","
          + "\"requested\":\"1970-01-01T00:00:00.000Z\","
          + "\"responded\":\"1970-01-01T00:00:00.000Z\",\"request\":{\"method\":\"GET\","
          + "\"uri\":\"http://example.org/\",\"headers\":[]},\"headers\":[],"
          + "\"bodyBase64\":\"AP/AgA==\"}";

  @Test
  void serialize_golden_isUnchanged() {
    assertThat(write(Entries.full())).isEqualTo(FULL);
    assertThat(write(Entries.plain())).isEqualTo(PLAIN);
  }

  @Test
  void deserialize_golden_isTheEntry() {
    assertThat(read(FULL)).isEqualTo(Entries.full());
    assertThat(read(PLAIN)).isEqualTo(Entries.plain());
  }

  @Test
  void deserialize_leastMembers_hasDefaults() {
    CachedResponse entry =
        read(
            """
            {"body": null, "request": {"uri": "http://example.org/x"},
             "created": "2026-11-22T08:00:00Z", "key": "k"}
            """);
    EntryHead expected =
        EntryHead.builder(
                "k", Request.get("http://example.org/x"), Instant.parse("2026-11-22T08:00:00Z"))
            .build();
    assertThat(entry.head()).isEqualTo(expected);
    assertThat(entry.body().length()).isZero();
  }

  @Test
  void deserialize_unknownMembersInAnyOrder_areIgnored() {
    CachedResponse entry =
        read(
            """
            {"new": [{"key": "no"}, 1e400, null], "headers": ["A:b ", "C:"], "other": "x",
             "created": "2026-11-22T08:00:00.000Z", "bodyBase64": "/w==",
             "request": {"headers": [], "more": {"uri": 1}, "uri": "http://example.org/"},
             "key": "k", "tags": ["b", "a", "b"], "explicit": false}
            """);
    assertThat(entry.headers()).isEqualTo(Headers.of("A", "b", "C", ""));
    assertThat(entry.body().bytes()).containsExactly(0xff);
    assertThat(entry.head().tags()).containsExactly("a", "b");
    assertThat(entry.key()).isEqualTo("k");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]                          | an object is needed",
        "``                          | an object is needed",
        "{}                          | key, created and request are required",
        "{'key':1}                   | a string is needed, at line 1 column",
        "{'key':'a','key':'b'}       | not well-formed JSON",
        "{'status':1.5}              | a whole number is needed",
        "{'status':3000000000}       | more than 32 bits",
        "{'length':99999999999999999999} | not well-formed JSON",
        "{'explicit':'yes'}          | true or false is needed",
        "{'created':'yesterday'}     | an instant such as",
        "{'headers':{}}              | an array is needed",
        "{'headers':['a']}           | a field line has no colon",
        "{'headers':['a b: c']}      | in \"/headers/0\"",
        "{'tags':[1]}                | in \"/tags/0\"",
        "{'tags':[null]}             | a string is needed",
        "{'request':{}}              | member uri is required",
        "{'request':{'uri':'a b'}}   | Illegal character in path at its character 1",
        "{'request':{'uri':'/a'}}    | no scheme or host",
        "{'request':{'uri':'http://a/','method':'a b'}} | method is not a token",
        "{'request':{'uri':7}}       | in \"/request/uri\"",
        "{'bodyBase64':'?'}          | in \"/bodyBase64\"",
        "{'body':'a','bodyBase64':'YQ=='} | one of body and bodyBase64",
        "{'body':'\\ud800'}          | unpaired surrogate",
        "{'format':2}                | format is 2, but this release reads up to 1",
        "{'key':'a'                  | it ends early",
        "{'key':nul}                 | not well-formed JSON"
      })
  void deserialize_malformed_saysWhatAndWhere(String json, String message) {
    assertThatThrownBy(() -> read(json.replace('\'', '"')))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("at line 1 column");
  }

  @Test
  void deserialize_malformed_quotesNoValue() {
    for (String json :
        new String[] {
          "{\"request\":{\"uri\":\"http://h/ ?token=s3cret\"}}",
          "{\"request\":{\"uri\":\"/?token=s3cret\"}}",
          "{\"request\":{\"uri\":\"http://h/\",\"method\":\"s3cret \"}}",
          "{\"headers\":[\"Authorization: s3cret\\u0000\"]}",
          "{\"headers\":[\"Authorization s3cret: x\"]}",
          "{\"key\": s3cret}",
          "{\"created\":\"s3cret\"}",
          "{\"bodyBase64\":\"s3cret!\"}"
        }) {
      assertThatThrownBy(() -> read(json))
          .isInstanceOf(SerializationException.class)
          .hasStackTraceContaining("JSON entry cannot be read")
          .satisfies(
              e -> {
                assertThat(e.getMessage()).doesNotContain("s3cret");
                assertThat(e.getCause()).isNull();
              });
    }
  }

  @Test
  void deserialize_deepNesting_isRefused() {
    assertThatThrownBy(() -> read("{\"x\":" + "[".repeat(100_000)))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("nested too deep");
  }

  private static String write(CachedResponse entry) {
    return new String(
        Serializers.json().serialize(entry, StageContext.NONE), StandardCharsets.UTF_8);
  }

  private static CachedResponse read(String json) {
    return Serializers.json().deserialize(json.getBytes(StandardCharsets.UTF_8), StageContext.NONE);
  }
}
