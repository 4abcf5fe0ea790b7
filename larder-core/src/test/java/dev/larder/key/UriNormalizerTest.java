package dev.larder.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 3986 §6.2.2 and §6.2.3. */
class UriNormalizerTest {
  private static String normal(String uri) {
    return UriNormalizer.normalize(URI.create(uri));
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP://Example.ORG/a, http://example.org/a",
    "http://example.org, http://example.org/",
    "http://example.org?q, http://example.org/?q",
    "http://example.org:80/a, http://example.org/a",
    "https://example.org:443/a, https://example.org/a",
    "https://example.org:80/a, https://example.org:80/a",
    "http://example.org:8080/a, http://example.org:8080/a",
    "http://example.org:/a, http://example.org/a",
    "http://example.org:/a, http://example.org/a",
    "http://[::1]:80/a, http://[::1]/a",
    "http://[FE80::A]/a, http://[fe80::a]/a",
    "http://example.org/a#fragment, http://example.org/a",
    "http://example.org/%7euser/%2d, http://example.org/~user/-",
    "http://example.org/%c3%a9, http://example.org/%C3%A9",
    "http://example.org/a/./b/../c, http://example.org/a/c",
    "http://example.org/a/%2e%2E/c, http://example.org/c",
    "http://example.org/../../a, http://example.org/a",
    "http://example.org/a/.., http://example.org/",
    "http://example.org/a/., http://example.org/a/",
    "http://%45xample.org/, http://example.org/",
    "http://user%7e@example.org/, http://user~@example.org/"
  })
  void normalize_equivalentSpellings_equal(String one, String other) {
    assertThat(normal(one)).isEqualTo(normal(other));
  }

  @ParameterizedTest
  @CsvSource({
    "http://h/?q=a+b, http://h/?q=a%2Bb",
    "http://h/?, http://h/",
    "http://h/?a=, http://h/",
    "http://h/?a=, http://h/?a",
    "http://h/a/b, http://h/a%2Fb",
    "http://h/a/b, http://h//a//b",
    "http://h/a, http://h/a/",
    "http://h/a%23b, http://h/a#b",
    "http://h/%FF, http://h/%FE",
    "http://h/?q=%FF, http://h/?q=%EF%BF%BD",
    "http://h/a, http://h/A",
    "http://h/?a=1&b=2, http://h/?b=2&a=1",
    "http://h/?a=1&a=2, http://h/?a=2&a=1",
    "http://h/?a=b%26c, http://h/?a=b&c",
    "http://h/, https://h/",
    "http://h:443/, http://h/",
    "http://h:8080/, http://h/",
    "http://u@h/, http://h/",
    "http://u@h/, http://v@h/",
    "http://h/a%3Bb, http://h/a;b",
    "http://h/%252e, http://h/%2e",
    "http://h/?q=/../a, http://h/?q=/a"
  })
  void normalize_differentRequests_different(String one, String other) {
    assertThat(normal(one)).isNotEqualTo(normal(other));
  }

  @Property(tries = 2000)
  void normalize_again_changesNothing(@ForAll("uris") URI uri) {
    String once = UriNormalizer.normalize(uri);
    assertThat(normal(once)).isEqualTo(once);
  }

  @Provide
  Arbitrary<URI> uris() {
    Arbitrary<String> piece =
        Arbitraries.of(
                "a", "B", "7", "-", ".", "..", "/", "//", "/./", "/../", "%2e", "%2F", "%c3%A9",
                "%25", "%41", "~", "+", ";", ":", "@", "=", "&", "!", "$", "é", "%00", "%7E")
            .list()
            .ofMaxSize(8)
            .map(pieces -> String.join("", pieces));
    Arbitrary<String> authority =
        Arbitraries.of(
            "h",
            "H.example",
            "h:80",
            "h:443",
            "h:",
            "u:p@h",
            "%41.b",
            "%c3%a9.b",
            "[::1]",
            "[::A]:80",
            "h_x",
            "h_x:80",
            "@h",
            "a%40b@h",
            "127.0.0.1:8080",
            "h.");
    Arbitrary<String> query = piece.map(text -> "?" + text).injectNull(0.3);
    return Combinators.combine(Arbitraries.of("http", "HTTPS", "Http"), authority, piece, query)
        .as(
            (scheme, host, path, parameters) ->
                scheme
                    + "://"
                    + host
                    + (path.isEmpty() ? "" : "/" + path)
                    + (parameters == null ? "" : parameters))
        .filter(UriNormalizerTest::isUri)
        .map(URI::create);
  }

  private static boolean isUri(String text) {
    try {
      return URI.create(text).getRawAuthority() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
