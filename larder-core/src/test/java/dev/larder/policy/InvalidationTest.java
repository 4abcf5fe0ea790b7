package dev.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Headers;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9111 §4.4. */
class InvalidationTest {
  private static final URI TARGET = URI.create("http://example.org/a/b?q=1");

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "SEARCH", "QUERY"})
  void targets_safeMethod_none(String method) {
    assertThat(Invalidation.isSafe(method)).isTrue();
    assertThat(Invalidation.targets(method, TARGET, 200, Headers.of("Location", "/c"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "M-SEARCH", "FOO", "get"})
  void targets_unsafeOrUnknownMethod_target(String method) {
    assertThat(Invalidation.isSafe(method)).isFalse();
    assertThat(Invalidation.targets(method, TARGET, 200, Headers.empty())).containsExactly(TARGET);
  }

  @ParameterizedTest
  @CsvSource({
    "100, false",
    "199, false",
    "200, true",
    "204, true",
    "302, true",
    "399, true",
    "400, false",
    "404, false",
    "500, false",
    "599, false"
  })
  void targets_status_onlyIfNoError(int status, boolean invalidates) {
    assertThat(Invalidation.targets("POST", TARGET, status, Headers.empty()))
        .hasSize(invalidates ? 1 : 0);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '`',
      value = {
        "absolute                     | http://example.org/c | http://example.org/c",
        "absolute path                | /c?r | http://example.org/c?r",
        "relative path                | c | http://example.org/a/c",
        "dot segments                 | ../c | http://example.org/c",
        "query only                   | ?r=2 | http://example.org/a/b?r=2",
        "without scheme               | //example.org/c | http://example.org/c",
        "fragment is cut              | /c#d | http://example.org/c",
        "default port                 | http://example.org:80/c | http://example.org:80/c",
        "empty port                   | http://example.org:/c | http://example.org:/c",
        "host and scheme in any case  | HTTP://EXAMPLE.org/c | HTTP://EXAMPLE.org/c",
        "user information is no origin | http://u@example.org/c | http://u@example.org/c",
        "other host                   | http://example.com/c | -",
        "other host without scheme    | //example.com/c | -",
        "other scheme                 | https://example.org/c | -",
        "other port                   | http://example.org:8080/c | -",
        "the target itself            | http://example.org/a/b?q=1 | -",
        "fragment of the target       | #d | -",
        "empty                        | `` | -",
        "no URI                       | http://[ | -",
        "no URI                       | a b | -",
        "opaque                       | mailto:a@example.org | -",
      })
  void targets_location_asInTable(String rule, String location, @Nullable String expected) {
    List<URI> wanted = expected == null ? List.of(TARGET) : List.of(TARGET, URI.create(expected));
    for (String field : List.of("Location", "content-location")) {
      assertThat(Invalidation.targets("POST", TARGET, 201, Headers.of(field, location)))
          .as(rule)
          .isEqualTo(wanted);
    }
  }

  @Test
  void targets_bothFields_each() {
    assertThat(
            Invalidation.targets(
                "PUT", TARGET, 200, Headers.of("Location", "/c", "Content-Location", "/d")))
        .containsExactly(
            TARGET, URI.create("http://example.org/c"), URI.create("http://example.org/d"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://example.org     | c            | http://example.org/c",
        "http://example.org?q   | c            | http://example.org/c",
        "http://h_1:8080/a      | /c           | http://h_1:8080/c",
        "https://example.org/a  | https://example.org:443/c | https://example.org:443/c",
        "http://[::1]/a         | http://[::1]:80/c | http://[::1]:80/c",
      })
  void targets_unusualTarget_resolved(String target, String location, String expected) {
    assertThat(
            Invalidation.targets("POST", URI.create(target), 200, Headers.of("Location", location)))
        .containsExactly(URI.create(target), URI.create(expected));
  }
}
