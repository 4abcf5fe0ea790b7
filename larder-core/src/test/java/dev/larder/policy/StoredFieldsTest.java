package dev.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9111 §3.1. */
class StoredFieldsTest {
  private static Headers stored(Headers response, boolean shared) {
    return Storability.storedFields(response, CacheControl.of(response), shared);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection",
        "Keep-Alive",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
        "Proxy-Connection",
        "Proxy-Authenticate",
        "Proxy-Authentication-Info",
        "PROXY-AUTHORIZATION"
      })
  void storedFields_hopByHop_leftOut(String name) {
    assertThat(stored(Headers.of("A", "1", name, "x", "B", "2"), false))
        .isEqualTo(Headers.of("A", "1", "B", "2"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Test-Header",
        "Set-Cookie",
        "Content-Type",
        "Content-Encoding",
        "Content-Length",
        "Content-MD5",
        "ETag",
        "Age",
        "Date",
        "Warning",
        "Proxy-Foo",
        "Clear-Site-Data"
      })
  void storedFields_anyOther_kept(String name) {
    Headers response = Headers.of(name, "x", "A", "1", name, "y");
    assertThat(stored(response, true)).isSameAs(response);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "§3.1 named by Connection             | Connection: close, A | false | true",
        "§3.1 named by Connection, two lines  | Connection: a & Connection: B | false | false",
        "§5.2.2.4 no-cache                    | Cache-Control: no-cache=\"a, B\" | false | false",
        "§5.2.2.4 no-cache of all             | Cache-Control: no-cache=\"a\", no-cache | true | true",
        "§5.2.2.7 private                     | Cache-Control: private=A | false | true",
      })
  void storedFields_named_asInTable(String rule, String line, boolean a, boolean b) {
    Headers response = Headers.builder().addAll(Lines.of(line)).add("A", "1").add("B", "2").build();
    Headers inShared = stored(response, true);
    assertThat(inShared.contains("A")).as(rule).isEqualTo(a);
    assertThat(inShared.contains("B")).as(rule).isEqualTo(b);
  }

  @Test
  void storedFields_privateNamesInPrivateCache_kept() {
    Headers response = Headers.of("Cache-Control", "private=\"A\"", "A", "1");
    assertThat(stored(response, false)).isEqualTo(response);
  }

  /** Without them the response would be reused where it must not be. */
  @Test
  void storedFields_connectionNamesWhatRestrictsReuse_kept() {
    Headers response =
        Headers.of(
            "Connection", "Cache-Control, vary, AGE, x",
            "Cache-Control", "no-cache",
            "Vary", "Cookie",
            "Age", "60",
            "X", "1");
    assertThat(stored(response, false))
        .isEqualTo(Headers.of("Cache-Control", "no-cache", "Vary", "Cookie", "Age", "60"));
  }
}
