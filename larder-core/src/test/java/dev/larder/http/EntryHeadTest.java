package dev.larder.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntryHeadTest {
  private static final Instant CREATED = Instant.parse("2026-11-22T08:00:00.123Z");
  private static final Request REQUEST = Request.get("http://example.org/a");

  private static EntryHead.Builder builder() {
    return EntryHead.builder("k", REQUEST, CREATED);
  }

  private static List<Consumer<EntryHead.Builder>> changes() {
    return List.of(
        head -> head.key("other"),
        head -> head.version("v"),
        head -> head.request(Request.of("POST", REQUEST.uri())),
        head -> head.url("http://example.org/b"),
        head -> head.status(404),
        head -> head.headers(Headers.of("A", "1")),
        head -> head.created(CREATED.plusMillis(1)),
        head -> head.requested(CREATED.plusMillis(2)),
        head -> head.responded(CREATED.plusMillis(3)),
        head -> head.expires(Optional.of(CREATED)),
        head -> head.explicit(true),
        head -> head.retainUntil(Optional.of(CREATED)),
        head -> head.length(7),
        head -> head.digest(Optional.of("d")),
        head -> head.range(Optional.of("bytes 0-1/2")),
        head -> head.credential(Optional.of("c")),
        head -> head.tags(List.of("t")));
  }

  @Test
  void build_nothingSet_hasDefaults() {
    EntryHead head = builder().build();
    assertThat(head.key()).isEqualTo("k");
    assertThat(head.version()).isEmpty();
    assertThat(head.url()).isEqualTo("http://example.org/a");
    assertThat(head.method()).isEqualTo("GET");
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.headers().isEmpty()).isTrue();
    assertThat(head.requested()).isEqualTo(CREATED);
    assertThat(head.responded()).isEqualTo(CREATED);
    assertThat(head.expires()).isEmpty();
    assertThat(head.explicit()).isFalse();
    assertThat(head.retainUntil()).isEmpty();
    assertThat(head.length()).isEqualTo(-1);
    assertThat(head.digest()).isEmpty();
    assertThat(head.range()).isEmpty();
    assertThat(head.credential()).isEmpty();
    assertThat(head.tags()).isEmpty();
  }

  @Test
  void toBuilder_eachAttributeChanged_isKeptAndTellsApart() {
    EntryHead plain = builder().build();
    EntryHead.Builder all = builder();
    for (Consumer<EntryHead.Builder> change : changes()) {
      EntryHead.Builder one = plain.toBuilder();
      change.accept(one);
      EntryHead changed = one.build();
      assertThat(changed).isNotEqualTo(plain);
      assertThat(changed.toBuilder().build()).isEqualTo(changed).hasSameHashCodeAs(changed);
      change.accept(all);
    }
    EntryHead full = all.build();
    assertThat(full.toBuilder().build()).isEqualTo(full);
    assertThat(plain.toBuilder().build()).isEqualTo(plain);
  }

  @Test
  void responded_onlyRequestedSet_isThat() {
    EntryHead head = builder().requested(CREATED.minusSeconds(1)).build();
    assertThat(head.responded()).isEqualTo(CREATED.minusSeconds(1));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-22T08:00:00.123999999Z, 2026-11-22T08:00:00.123Z",
    "1969-12-31T23:59:59.999999Z, 1969-12-31T23:59:59.999Z",
    "9999-12-31T23:59:59.999999999Z, 9999-12-31T23:59:59.999Z",
    "+10000-01-01T00:00:00Z, 9999-12-31T23:59:59.999Z",
    "-0001-12-31T23:59:59.999Z, 0000-01-01T00:00:00Z"
  })
  void instants_anyPrecisionAndYear_areStorable(Instant given, Instant kept) {
    EntryHead head =
        builder()
            .created(given)
            .requested(given)
            .responded(given)
            .expires(Optional.of(given))
            .build();
    assertThat(List.of(head.created(), head.requested(), head.responded())).containsOnly(kept);
    assertThat(head.expires()).contains(kept);
    assertThat(EntryHead.builder("k", REQUEST, given).build().created()).isEqualTo(kept);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-22T08:00:00Z, 2026-11-22T08:00:00Z",
    "2026-11-22T08:00:00.000000001Z, 2026-11-22T08:00:01Z",
    "9999-12-31T23:59:59.999Z, 9999-12-31T23:59:59Z",
    "+10000-01-01T00:00:00Z, 9999-12-31T23:59:59Z",
    "-0001-12-31T23:59:59.999Z, 0000-01-01T00:00:00Z"
  })
  void retainUntil_anyPrecisionAndYear_isRoundedUpToSeconds(Instant given, Instant kept) {
    EntryHead head = builder().retainUntil(Optional.of(given)).build();
    assertThat(head.retainUntil()).contains(kept);
    assertThat(head.toBuilder().build()).isEqualTo(head);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "http://example.org/a example.org",
        "HTTPS://Example.ORG:8443 example.org",
        "http://example.org?q example.org",
        "http://example.org#f example.org",
        "http://example.org: example.org",
        "http://user:pw@example.org:80/ example.org",
        "http://user@evil.example@example.org/ example.org",
        "http://example.org/@evil.example example.org",
        "http://example.org?u=http://evil.example/ example.org",
        "http://[::1]/ [::1]",
        "http://[2001:DB8::1]:8000/a:b [2001:db8::1]",
        "http://u:p@[::1]:80/ [::1]",
        "http://under_score.example/ under_score.example",
        "http://b\u00fccher.example/ b\u00fccher.example",
        "http://example.org/a|b^c example.org",
        "http://example.org/%zz example.org",
        "http://example.org/a\\b example.org",
        "//example.org/a example.org",
        "mailto:a@example.org ''",
        "file:///etc/hosts ''",
        "/path/only ''",
        "a/b://example.org ''",
        "?http://example.org/ ''",
        "http: ''",
        "'' ''"
      })
  void host_anyUrl_isItsHostInLowerCase(String url, String host) {
    assertThat(builder().url(url).build().host()).isEqualTo(host);
  }

  @Test
  void host_urlWithSpaces_isItsHost() {
    assertThat(builder().url("http://example.org/a b?c d").build().host()).isEqualTo("example.org");
  }

  @Test
  void isExpired_atThatInstant_isTrue() {
    EntryHead head = builder().expires(Optional.of(CREATED)).build();
    assertThat(head.isExpired(CREATED.minusNanos(1))).isFalse();
    assertThat(head.isExpired(CREATED)).isTrue();
    assertThat(builder().build().isExpired(Instant.MAX)).isFalse();
  }

  @Test
  void tags_anyCollection_areSortedAndUnmodifiable() {
    List<String> given = new ArrayList<>(List.of("b", "a", "b"));
    EntryHead head = builder().tags(given).build();
    given.clear();
    assertThat(head.tags()).containsExactly("a", "b");
    assertThatThrownBy(() -> head.tags().clear()).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void build_builderUsedAgain_leavesWhatWasBuilt() {
    EntryHead.Builder builder = builder();
    EntryHead built = builder.build();
    changes().forEach(change -> change.accept(builder));
    assertThat(built).isEqualTo(builder().build());
  }

  @Test
  void toString_secrets_areLeftOut() {
    Request secret =
        Request.get("http://u:s3cret@example.org/?t=s3cret")
            .withHeaders(Headers.of("Cookie", "s3cret"));
    EntryHead head =
        EntryHead.builder("k", secret, CREATED).headers(Headers.of("Set-Cookie", "s3cret")).build();
    assertThat(head).hasToString("EntryHead[k, GET http://example.org/, 200]");
  }
}
