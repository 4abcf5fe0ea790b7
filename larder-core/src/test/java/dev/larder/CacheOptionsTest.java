package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.http.Expiration;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CacheOptionsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void none_wantsNothing() {
    CacheOptions none = CacheOptions.none();
    assertThat(none).isEqualTo(CacheOptions.builder().build());
    assertThat(none.expireAfter()).isEmpty();
    assertThat(none.staleIfError()).isEmpty();
    assertThat(none.staleWhileRevalidate()).isEmpty();
    assertThat(none.onlyIfCached() || none.refresh() || none.forceRefresh() || none.disabled())
        .isFalse();
  }

  @Test
  void build_values_areThere() {
    CacheOptions options =
        CacheOptions.builder().expireAfter(MINUTE).refresh(true).staleIfError(MINUTE).build();
    assertThat(options.expireAfter()).contains(Expiration.after(MINUTE));
    assertThat(options.refresh()).isTrue();
    assertThat(options.staleIfError()).contains(MINUTE);
    assertThat(options).isNotEqualTo(CacheOptions.NONE).hasToString(options.toString());
    assertThat(CacheOptions.builder().disabled(true).build().disabled()).isTrue();
    assertThat(CacheOptions.builder().forceRefresh(true).build().forceRefresh()).isTrue();
    assertThat(CacheOptions.builder().onlyIfCached(true).staleWhileRevalidate(MINUTE).build())
        .isEqualTo(CacheOptions.builder().staleWhileRevalidate(MINUTE).onlyIfCached(true).build());
  }

  static Stream<CacheOptions.Builder> contradictions() {
    return Stream.of(
        CacheOptions.builder().disabled(true).refresh(true),
        CacheOptions.builder().disabled(true).expireAfter(MINUTE),
        CacheOptions.builder().disabled(true).staleIfError(MINUTE),
        CacheOptions.builder().expireAfter(Expiration.doNotCache()).onlyIfCached(true),
        CacheOptions.builder().onlyIfCached(true).refresh(true),
        CacheOptions.builder().onlyIfCached(true).forceRefresh(true),
        CacheOptions.builder().refresh(true).forceRefresh(true),
        CacheOptions.builder().forceRefresh(true).staleIfError(MINUTE),
        CacheOptions.builder().refresh(true).staleWhileRevalidate(MINUTE));
  }

  @ParameterizedTest
  @MethodSource("contradictions")
  void build_contradiction_refused(CacheOptions.Builder builder) {
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("contradict each other");
  }

  @Test
  void staleIfError_negative_refused() {
    assertThatThrownBy(() -> CacheOptions.builder().staleIfError(MINUTE.negated()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("staleIfError")
        .hasMessageContaining("PT-1M");
  }
}
