package dev.larder.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTest {
  private static final URI ROOT = URI.create("http://example.org/");

  @ParameterizedTest
  @CsvSource({
    "get, GET",
    "Head, HEAD",
    "post, POST",
    "put, PUT",
    "delete, DELETE",
    "options, OPTIONS",
    "trace, TRACE",
    "patch, PATCH",
    "purge, purge",
    "PURGE, PURGE",
    "connect, connect",
    "M-SEARCH, M-SEARCH"
  })
  void method_standardOnes_areUpperCase(String given, String kept) {
    assertThat(Request.of(given, ROOT).method()).isEqualTo(kept);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "GET ", "GE T", "GET\r\n", "G\u00cbT", "a/b"})
  void method_noToken_isRefused(String method) {
    assertThatThrownBy(() -> Request.of(method, ROOT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a token");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/path",
        "//example.org/path",
        "path",
        "mailto:a@example.org",
        "http:path",
        "file:///x",
        "http:/path",
        "http://:80/",
        "http://user@/",
        "http://user:pw@:80/"
      })
  void uri_withoutSchemeOrHost_isRefused(String uri) {
    assertThatThrownBy(() -> Request.get(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("https://example.org/path");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.org",
        "https://user:pw@example.org:8443/a?b#c",
        "http://[::1]/",
        "http://[::1]:80/",
        "http://under_score.example/",
        "ftp://example.org/",
        "HTTP://EXAMPLE.ORG",
        "http://example.org:/",
        "http://example.org/\u00e9"
      })
  void uri_withSchemeAndHost_isKept(String uri) {
    assertThat(Request.get(uri).uri()).hasToString(uri);
  }

  @Test
  void with_others_changesOnlyThat() {
    Request request = Request.get(ROOT);
    Request changed =
        request
            .withHeaders(Headers.of("A", "1"))
            .withBody(Body.of("b"))
            .withUri(URI.create("http://example.net/"));
    assertThat(changed)
        .isEqualTo(
            new Request(
                "GET", URI.create("http://example.net/"), Headers.of("A", "1"), Body.of("b")));
    assertThat(request).isEqualTo(new Request("GET", ROOT, Headers.empty(), Body.empty()));
  }

  @Test
  void toString_secrets_areLeftOut() {
    Request request =
        Request.get("https://user:s3cret@example.org:8443/a?token=s3cret#s3cret")
            .withHeaders(Headers.of("Authorization", "s3cret"))
            .withBody(Body.of("s3cret"));
    assertThat(request).hasToString("GET https://example.org:8443/a");
    assertThat(Request.get("http://example.org")).hasToString("GET http://example.org");
  }
}
