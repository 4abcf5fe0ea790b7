package dev.larder.key;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Body;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.net.URI;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandardKeysTest {
  private static final Request GET = Request.get("http://example.org/a?b=c");

  private static CacheKey key(Request request, String... matchHeaders) {
    return KeyFunction.standard().create(request, List.of(matchHeaders));
  }

  private static Request post(String url, String body) {
    return Request.of("POST", URI.create(url)).withBody(Body.of(body));
  }

  private static Request post(String type, String url, String body) {
    return post(url, body).withHeaders(Headers.of("Content-Type", type));
  }

  /**
   * Keys are in tables: these values may never change. Computed from the class comment with another
   * implementation.
   */
  @Test
  void create_goldenRequests_sameAsEver() {
    assertThat(key(GET).value()).isEqualTo("e41917b31a579b8c959755721797c619");
    assertThat(key(post("http://example.org/a", "body")).value())
        .isEqualTo("b69b9d599504f64f54f84d60ed74cb5a");
    assertThat(
            key(GET.withHeaders(Headers.of("Accept", "x", "Accept", "y")), "Accept", "X-No")
                .value())
        .isEqualTo("277474faf6f8f727ad5c4b36464e9f87");
    assertThat(
            key(post("application/json", "http://example.org/a", "{\"b\":null,\"a\":[1,\"é\"]}"))
                .value())
        .isEqualTo("561befdf9a1d532d0d3a6747df3d92a3");
    assertThat(
            key(post("application/x-www-form-urlencoded", "http://example.org/a", "b=%20%7e&a=%25"))
                .value())
        .isEqualTo("01863da7906e766b775127784468f51b");
  }

  @Test
  void create_anyRequest_128BitsOfThe256BitDigest() {
    CacheKey key = key(GET);
    assertThat(key.value()).matches("[0-9a-f]{32}");
    byte[] digest = Base64.getUrlDecoder().decode(key.digest().orElseThrow());
    assertThat(digest).hasSize(32);
    assertThat(HexFormat.of().formatHex(digest)).startsWith(key.value());
  }

  /** What answers a HEAD has no body: it must never be found by a GET. */
  @Test
  void create_head_differsFromGet() {
    assertThat(key(Request.of("HEAD", GET.uri())).value()).isNotEqualTo(key(GET).value());
  }

  @Test
  void create_equivalentRequests_equal() {
    assertThat(key(Request.get("HTTP://EXAMPLE.org:80/a?b=c#d"))).isEqualTo(key(GET));
    assertThat(key(Request.of("get", GET.uri()))).isEqualTo(key(GET));
    assertThat(key(GET.withHeaders(Headers.of("Accept", "x")))).isEqualTo(key(GET));
    assertThat(key(GET.withHeaders(Headers.of("ACCEPT", "x")), "accept"))
        .isEqualTo(key(GET.withHeaders(Headers.of("Accept", "x")), "Accept"));
    assertThat(key(GET, "A", "b")).isEqualTo(key(GET, "B", "a", "b"));
  }

  @ParameterizedTest
  @CsvSource({"POST,GET", "POST,PUT", "OPTIONS,GET", "Custom,CUSTOM"})
  void create_differentMethods_different(String one, String other) {
    assertThat(key(Request.of(one, GET.uri()))).isNotEqualTo(key(Request.of(other, GET.uri())));
  }

  @Test
  void create_urlAndBodyThatConcatenateEqually_different() {
    assertThat(key(post("http://h/p", "x"))).isNotEqualTo(key(post("http://h/px", "")));
    assertThat(key(post("http://h/c5", "x"))).isNotEqualTo(key(post("http://h/c5x", "")));
    assertThat(key(post("http://h/", "\"cba\"")))
        .isNotEqualTo(key(post("http://h/", "[\"a\", \"b\", \"c\"]")));
    assertThat(key(post("http://h/", "\"cba\""))).isNotEqualTo(key(post("http://h/", "\"abc\"")));
  }

  @Test
  void create_matchedFields_absentEmptyAndDifferentAreApart() {
    CacheKey absent = key(GET, "a");
    CacheKey empty = key(GET.withHeaders(Headers.of("a", "")), "a");
    CacheKey one = key(GET.withHeaders(Headers.of("a", "1")), "a");
    CacheKey two = key(GET.withHeaders(Headers.of("a", "1", "a", "2")), "a");
    CacheKey joined = key(GET.withHeaders(Headers.of("a", "1, 2")), "a");
    CacheKey otherName = key(GET.withHeaders(Headers.of("b", "1")), "b");
    assertThat(List.of(absent, empty, one, two, joined, otherName, key(GET)))
        .doesNotHaveDuplicates();
  }
}
