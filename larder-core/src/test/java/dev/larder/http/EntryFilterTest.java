package dev.larder.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EntryFilterTest {
  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00.500Z");
  private static final CacheEntry FRESH =
      entry(NOW.minusSeconds(60), Optional.of(NOW.plusMillis(1)));
  private static final CacheEntry STALE = entry(NOW.minusSeconds(60), Optional.of(NOW));
  private static final CacheEntry INVALID = CacheEntry.invalid("k", "no body", 10);

  private static CacheEntry entry(Instant created, Optional<Instant> expires) {
    Request request = Request.of("POST", URI.create("http://Example.org:80/a/b"));
    return CacheEntry.of(
        EntryHead.builder("k", request, created).status(404).expires(expires).build(),
        Body.empty(),
        -1);
  }

  static Stream<Arguments> truthTable() {
    EntryFilter valid = EntryFilter.valid();
    EntryFilter expired = EntryFilter.expired();
    EntryFilter invalid = EntryFilter.invalid();
    EntryFilter all = EntryFilter.all();
    EntryFilter status = EntryFilter.status(404);
    // Whether a fresh, a stale, and an undecodable entry match.
    return Stream.of(
        arguments(all, true, true, true),
        arguments(valid, true, false, false),
        arguments(expired, false, true, false),
        arguments(invalid, false, false, true),
        arguments(EntryFilter.olderThan(Duration.ofSeconds(59)), true, true, false),
        arguments(EntryFilter.olderThan(Duration.ofSeconds(60)), false, false, false),
        arguments(EntryFilter.url("http://Example.org:80/a/b"), true, true, false),
        arguments(EntryFilter.url("http://example.org:80/a/b"), false, false, false),
        arguments(EntryFilter.urlPrefix("http://Example.org:80/a"), true, true, false),
        arguments(EntryFilter.urlPrefix(""), true, true, false),
        arguments(EntryFilter.urlPrefix("/a"), false, false, false),
        arguments(EntryFilter.host("EXAMPLE.org"), true, true, false),
        arguments(EntryFilter.host("org"), false, false, false),
        arguments(EntryFilter.host(""), false, false, false),
        arguments(status, true, true, false),
        arguments(EntryFilter.status(200), false, false, false),
        arguments(EntryFilter.method("POST"), true, true, false),
        arguments(EntryFilter.method("post"), true, true, false),
        arguments(EntryFilter.method("GET"), false, false, false),
        arguments(all.not(), false, false, false),
        arguments(valid.not(), false, true, true),
        arguments(expired.not(), true, false, true),
        arguments(invalid.not(), true, true, false),
        arguments(status.not(), false, false, true),
        arguments(status.not().not(), true, true, false),
        arguments(valid.and(status), true, false, false),
        arguments(valid.and(invalid), false, false, false),
        arguments(all.and(invalid), false, false, true),
        arguments(invalid.and(all), false, false, true),
        arguments(expired.not().and(status.not()), false, false, true),
        arguments(valid.or(expired), true, true, false),
        arguments(valid.or(invalid), true, false, true),
        arguments(all.or(valid), true, true, true),
        arguments(valid.or(expired).not(), false, false, true),
        arguments(valid.and(status).not(), false, true, true),
        arguments(invalid.or(expired).and(status.not()), false, false, true),
        arguments(EntryFilter.host("example.org").not(), false, false, true));
  }

  @ParameterizedTest
  @MethodSource("truthTable")
  void matches_eachKindOfEntry_isAsTheTableSays(
      EntryFilter filter, boolean fresh, boolean stale, boolean invalid) {
    assertThat(filter.matches(FRESH, NOW)).as("fresh").isEqualTo(fresh);
    assertThat(filter.matches(STALE, NOW)).as("stale").isEqualTo(stale);
    assertThat(filter.matches(INVALID, NOW)).as("invalid").isEqualTo(invalid);
  }

  @Test
  void valid_entryThatNeverExpires_matches() {
    CacheEntry eternal = entry(NOW, Optional.empty());
    assertThat(EntryFilter.valid().matches(eternal, Instant.MAX)).isTrue();
    assertThat(EntryFilter.expired().matches(eternal, Instant.MAX)).isFalse();
  }

  @Test
  void olderThan_nowBetweenMilliseconds_isAsIfItWereStoredText() {
    // Entries and what storages compare them with have milliseconds.
    EntryFilter filter = EntryFilter.olderThan(Duration.ofSeconds(60));
    assertThat(filter.matches(FRESH, NOW.plusNanos(999_999))).isFalse();
    assertThat(filter.matches(FRESH, NOW.plusMillis(1))).isTrue();
  }

  @Test
  void olderThan_ageBeyondAllTime_matchesNothing() {
    CacheEntry ancient = entry(Instant.parse("1960-01-01T00:00:00Z"), Optional.empty());
    for (Duration age :
        List.of(Duration.ofDays(365 * 100), Duration.ofSeconds(Long.MAX_VALUE, 999_999_999))) {
      assertThat(EntryFilter.olderThan(age).matches(ancient, NOW)).isFalse();
    }
    assertThat(EntryFilter.olderThan(Duration.ofDays(365)).matches(ancient, NOW)).isTrue();
  }

  @Test
  void olderThan_negative_isRefused() {
    assertThatThrownBy(() -> EntryFilter.olderThan(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT-1S");
  }

  @Test
  void combinators_neutralParts_areLeftOut() {
    EntryFilter valid = EntryFilter.valid();
    assertThat(valid.and(EntryFilter.all())).isSameAs(valid);
    assertThat(EntryFilter.all().and(valid)).isSameAs(valid);
    assertThat(valid.not().not()).isSameAs(valid);
  }
}
