package dev.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.larder.http.Headers;
import dev.larder.policy.CacheStatus.Reason;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9211. */
class CacheStatusTest {
  @Test
  void toString_hit_asInSection5() {
    assertThat(CacheStatus.hit().ttl(Duration.ofSeconds(376)).build())
        .hasToString("Larder; hit; ttl=376");
    assertThat(CacheStatus.hit().build()).hasToString("Larder; hit");
  }

  @Test
  void toString_staleHit_negativeTtl() {
    assertThat(CacheStatus.hit().ttl(Duration.ofMillis(-411_500)).build())
        .hasToString("Larder; hit; ttl=-412");
  }

  @Test
  void toString_everything_inOrder() {
    assertThat(
            CacheStatus.forward(Reason.STALE)
                .forwardStatus(304)
                .stored(true)
                .collapsed(true)
                .ttl(Duration.ofSeconds(60))
                .key("a\"b\\\u00e9\n")
                .detail("origin-timeout")
                .build())
        .hasToString(
            "Larder; fwd=stale; fwd-status=304; ttl=60; stored; collapsed;"
                + " key=\"a\\\"b\\\\??\"; detail=origin-timeout");
  }

  @Test
  void toString_notStored_notSaid() {
    assertThat(CacheStatus.forward(Reason.MISS).stored(false).collapsed(false).build())
        .hasToString("Larder; fwd=miss");
  }

  @ParameterizedTest
  @CsvSource({
    "BYPASS, bypass",
    "METHOD, method",
    "URI_MISS, uri-miss",
    "VARY_MISS, vary-miss",
    "MISS, miss",
    "REQUEST, request",
    "STALE, stale",
    "PARTIAL, partial"
  })
  void token_asInSection2(Reason reason, String token) {
    assertThat(reason.token()).isEqualTo(token);
    assertThat(CacheStatus.forward(reason).build()).hasToString("Larder; fwd=" + token);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"a b | \"a b\"", "1a | \"1a\"", "a,b | \"a,b\"", "a.b | a.b"})
  void detail_notAToken_string(String detail, String expected) {
    assertThat(CacheStatus.hit().detail(detail).build())
        .hasToString("Larder; hit; detail=" + expected);
  }

  @Test
  void forwardStatus_outOfRange_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CacheStatus.forward(Reason.MISS).forwardStatus(99))
        .withMessageContaining("99");
  }

  /** §2: each cache appends, so that the one nearest to the origin comes first. */
  @Test
  void addTo_otherCachesBefore_lastMember() {
    Headers headers = Headers.of("Cache-Status", "Origin; hit", "A", "1");
    Headers added = CacheStatus.hit().build().addTo(headers);
    assertThat(added)
        .isEqualTo(
            Headers.of("Cache-Status", "Origin; hit", "A", "1", "Cache-Status", "Larder; hit"));
  }

  @Test
  void equals_sameText_equal() {
    assertThat(CacheStatus.hit().build())
        .isEqualTo(CacheStatus.hit().build())
        .hasSameHashCodeAs(CacheStatus.hit().build())
        .isNotEqualTo(CacheStatus.forward(Reason.MISS).build());
  }

  /** RFC 8941 §3.1: behind a key, a member of a list reads as one of a dictionary. */
  @Property
  void toString_anyKeyDetailAndTtl_structuredItem(
      @ForAll String key, @ForAll String detail, @ForAll long ttl, @ForAll Reason reason) {
    CacheStatus status =
        CacheStatus.forward(reason)
            .key(key)
            .detail(detail)
            .ttl(Duration.ofSeconds(ttl))
            .stored(true)
            .build();
    assertThat(StructuredDictionary.parse("a=" + status)).isPresent();
    assertThat(status.addTo(Headers.empty()).all("Cache-Status"))
        .containsExactly(status.toString());
  }
}
