package dev.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9111 §3.2. */
class MergeTest {
  private static Headers merge(Headers stored, Headers update, boolean shared) {
    return Validation.merge(stored, update, CacheControl.of(update), shared);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Test-Header",
        "X-Test-Header",
        "Content-Foo",
        "Cache-Control",
        "Content-Location",
        "Content-Security-Policy",
        "Content-Type",
        "ETag",
        "Expires",
        "Last-Modified",
        "Date",
        "Age",
        "Set-Cookie",
        "Vary"
      })
  void merge_fieldOfTheUpdate_replaces(String name) {
    assertThat(merge(Headers.of("A", "1", name, "old", "B", "2"), Headers.of(name, "new"), false))
        .isEqualTo(Headers.of("A", "1", name, "new", "B", "2"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length",
        "Content-Encoding",
        "Content-Range",
        "Content-MD5",
        "content-digest"
      })
  void merge_fieldAboutTheStoredBytes_kept(String name) {
    assertThat(merge(Headers.of(name, "old"), Headers.of(name, "new", "A", "1"), false))
        .isEqualTo(Headers.of(name, "old", "A", "1"));
    assertThat(merge(Headers.empty(), Headers.of(name, "new"), false)).isEqualTo(Headers.empty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Connection", "Keep-Alive", "Transfer-Encoding", "Proxy-Authenticate"})
  void merge_hopByHop_leftOut(String name) {
    assertThat(merge(Headers.of("A", "1"), Headers.of(name, "x"), false))
        .isEqualTo(Headers.of("A", "1"));
  }

  @Test
  void merge_namedByConnection_keptAsStored() {
    assertThat(
            merge(
                Headers.of("A", "1", "B", "1"),
                Headers.of("Connection", "a", "A", "2", "B", "2"),
                false))
        .isEqualTo(Headers.of("A", "1", "B", "2"));
  }

  @Test
  void merge_severalLines_allReplacedInPlace() {
    Headers stored = Headers.of("a", "1", "B", "1", "A", "2", "C", "1");
    Headers update = Headers.of("New", "1", "A", "3", "C", "2", "A", "4", "new", "2");
    assertThat(merge(stored, update, false))
        .isEqualTo(Headers.of("A", "3", "A", "4", "B", "1", "C", "2", "New", "1", "new", "2"));
  }

  /** The age is counted from the validation (§4.2.3), so what was said before does not count. */
  @Test
  void merge_updateWithoutAgeAndDate_storedOnesDropped() {
    assertThat(
            merge(
                Headers.of("Age", "7200", "Date", "Sun, 22 Nov 2026 07:00:00 GMT", "A", "1"),
                Headers.empty(),
                false))
        .isEqualTo(Headers.of("A", "1"));
  }

  /** §5.2.2.4: fields named so may not be reused, whichever of the two responses they are of. */
  @Test
  void merge_updateNamesFieldsInNoCache_dropped() {
    assertThat(
            merge(
                Headers.of("Set-Cookie", "old", "A", "1"),
                Headers.of("Cache-Control", "no-cache=\"set-cookie\"", "Set-Cookie", "new"),
                false))
        .isEqualTo(Headers.of("A", "1", "Cache-Control", "no-cache=\"set-cookie\""));
  }

  @Test
  void merge_updateWithoutDirectives_storedOnesCount() {
    Headers stored = Headers.of("Cache-Control", "private=\"A\"", "B", "1");
    Headers update = Headers.of("A", "1", "B", "2");
    assertThat(merge(stored, update, true))
        .isEqualTo(Headers.of("Cache-Control", "private=\"A\"", "B", "2"));
    assertThat(merge(stored, update, false))
        .isEqualTo(Headers.of("Cache-Control", "private=\"A\"", "B", "2", "A", "1"));
  }
}
