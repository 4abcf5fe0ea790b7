package dev.larder.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CacheEntryTest {
  private static final EntryHead HEAD =
      EntryHead.builder("k", Request.get("http://example.org/"), Instant.EPOCH)
          .expires(Optional.of(Instant.EPOCH.plusSeconds(9)))
          .build();

  @Test
  void of_headAndBody_opens() {
    CacheEntry entry = CacheEntry.of(HEAD, Body.of("x"), 123);
    assertThat(entry.key()).isEqualTo("k");
    assertThat(entry.isInvalid()).isFalse();
    assertThat(entry.problem()).isEmpty();
    assertThat(entry.head()).isSameAs(HEAD);
    assertThat(entry.storedSize()).isEqualTo(123);
    assertThat(entry.open()).isEqualTo(new CachedResponse(HEAD, Body.of("x")));
    assertThat(entry.isExpired(Instant.EPOCH)).isFalse();
    assertThat(entry.isExpired(Instant.EPOCH.plusSeconds(9))).isTrue();
  }

  @Test
  void invalid_item_tellsItsProblem() {
    CacheEntry entry = CacheEntry.invalid("k", "no body", -1);
    assertThat(entry.key()).isEqualTo("k");
    assertThat(entry.isInvalid()).isTrue();
    assertThat(entry.problem()).contains("no body");
    assertThat(entry.isExpired(Instant.MAX)).isFalse();
    assertThat(entry.storedSize()).isEqualTo(-1);
    assertThat(entry).hasToString("CacheEntry[k, invalid: no body]");
    for (Runnable use : new Runnable[] {entry::head, entry::open}) {
      assertThatThrownBy(use::run)
          .isInstanceOf(LarderException.class)
          .hasMessageContainingAll("\"k\"", "no body", "delete(EntryFilter.invalid())");
    }
  }

  @Test
  void cachedResponse_accessors_areTheHeads() {
    CachedResponse response = new CachedResponse(HEAD, Body.of("x"));
    assertThat(response.key()).isEqualTo("k");
    assertThat(response.request()).isEqualTo(HEAD.request());
    assertThat(response.url()).isEqualTo("http://example.org/");
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers()).isEqualTo(Headers.empty());
    assertThat(response.created()).isEqualTo(Instant.EPOCH);
    assertThat(response.expires()).contains(Instant.EPOCH.plusSeconds(9));
    assertThat(response.isExpired(Instant.EPOCH.plusSeconds(9))).isTrue();
  }
}
