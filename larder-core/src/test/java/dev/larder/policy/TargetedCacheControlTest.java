package dev.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Headers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9213 on RFC 8941 §4.2.2. */
class TargetedCacheControlTest {
  private static final List<String> TARGETS = List.of("Larder-Cache-Control", "CDN-Cache-Control");

  private static CacheControl of(String value) {
    return CacheControl.of(
        Headers.of("Cache-Control", "max-age=1, x", "CDN-Cache-Control", value), TARGETS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "max-age=60",
        "foobar, max-age=60",
        "max-age=60;parameter;other=\"x\", public",
        "max-age=1, max-age=60",
        "a=(1 \"b\";c d);e, max-age=60",
        "a=:aGk=:, b=1.5, c=?1, d=-7, max-age=60",
        "*a.b-c_d=to:k/en,\tmax-age=60"
      })
  void of_validDictionary_inPlaceOfCacheControl(String value) {
    CacheControl control = of(value);
    assertThat(control.targeted()).isTrue();
    assertThat(control.seconds("max-age")).contains(Duration.ofSeconds(60));
    assertThat(control.has("x")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "max-age=60,",
        "max-age=60, &&&&&",
        "max-age =60",
        "max-age= 60",
        "MaX-aGe=60",
        "max-age=60 public",
        "max-age=\"60",
        "max-age=\"\u00e9\"",
        "max-age=\"\\a\"",
        "max-age=1234567890123456",
        "a=1.",
        "a=1.2345",
        "a=1234567890123.1",
        "a=-",
        "a=?2",
        "a=(1 2",
        "a=(1\"b\")",
        "a=:aGk",
        "a;=1",
        "a;B"
      })
  void of_notADictionary_cacheControl(String value) {
    CacheControl control = of(value);
    assertThat(control.targeted()).isFalse();
    assertThat(control.seconds("max-age")).contains(Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"max-age=\"60\"", "max-age=a60", "max-age", "max-age=-60", "max-age=60.0"})
  void seconds_otherType_zero(String value) {
    assertThat(of(value).targeted()).isTrue();
    assertThat(of(value).seconds("max-age")).contains(Duration.ZERO);
  }

  @Test
  void seconds_manyDigits_atMost2To31() {
    assertThat(of("max-age=99999999999").seconds("max-age"))
        .contains(Duration.ofSeconds(2147483648L));
  }

  @Test
  void has_false_absent() {
    assertThat(of("no-store=?0, max-age=1").has("no-store")).isFalse();
  }

  @Test
  void fields_string_names() {
    assertThat(of("no-cache=\"Set-Cookie, A\"").fields("no-cache"))
        .containsExactlyInAnyOrder("set-cookie", "a");
  }

  @Test
  void of_severalTargets_firstValid() {
    Headers headers =
        Headers.of(
            "CDN-Cache-Control", "max-age=2", "Larder-Cache-Control", "max-age=3", "Age", "1");
    assertThat(CacheControl.of(headers, TARGETS).seconds("max-age"))
        .contains(Duration.ofSeconds(3));
    Headers invalid =
        Headers.of("CDN-Cache-Control", "max-age=2", "Larder-Cache-Control", "max-age=3;");
    assertThat(CacheControl.of(invalid, TARGETS).seconds("max-age"))
        .contains(Duration.ofSeconds(2));
  }

  @Test
  void of_severalLines_oneDictionary() {
    Headers headers = Headers.of("CDN-Cache-Control", "max-age=2", "CDN-Cache-Control", "no-cache");
    assertThat(CacheControl.of(headers, TARGETS).names()).containsExactly("max-age", "no-cache");
  }

  @Test
  void of_noTargets_cacheControl() {
    assertThat(CacheControl.of(Headers.of("CDN-Cache-Control", "no-store"), List.of()).names())
        .isEmpty();
  }
}
