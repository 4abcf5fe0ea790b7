package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.http.Body;
import dev.larder.http.Expiration;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.key.KeyFunction;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CacheSettingsTest {
  private static final Request GET = Request.get("http://example.org/a");

  @Test
  void standard_everyOption_hasItsDefault() {
    CacheSettings settings = CacheSettings.standard();
    assertThat(settings.cacheControl()).isTrue();
    assertThat(settings.collapseRequests()).isTrue();
    assertThat(
            List.of(
                settings.sharedCache(),
                settings.methodOverride(),
                settings.alwaysRevalidate(),
                settings.readOnly(),
                settings.onlyIfCached()))
        .containsOnly(false);
    assertThat(settings.expirationFor(GET)).isEmpty();
    assertThat(settings.staleIfError()).isEmpty();
    assertThat(settings.staleWhileRevalidate()).isEmpty();
    assertThat(settings.allowableMethods()).containsExactlyInAnyOrder("GET", "HEAD");
    assertThat(settings.allowableCodes()).isEmpty();
    assertThat(settings.ignoredParameters()).isEmpty();
    assertThat(settings.targetedFields()).isEmpty();
    assertThat(settings.collapseWait()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.backgroundRefreshes()).isEqualTo(16);
    assertThat(settings.leaseDuration()).isEmpty();
    assertThat(settings.storageTimeout()).isEqualTo(Duration.ofMillis(400));
    assertThat(settings.failOpen()).isTrue();
    assertThat(settings.nearCacheBytes()).isZero();
    assertThat(settings.nearCacheStaleness()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.maxBodyBytes()).isEqualTo(32L << 20);
    assertThat(settings.recordingBudget()).isBetween(1L, 64L << 20);
    assertThat(settings.keyFunction()).isSameAs(KeyFunction.standard());
  }

  static Stream<Arguments> outOfBounds() {
    return Stream.of(
        refused("backgroundRefreshes", "-1", builder -> builder.backgroundRefreshes(-1)),
        refused("backgroundRefreshes", "1001", builder -> builder.backgroundRefreshes(1001)),
        refused("collapseWait", "PT0S", builder -> builder.collapseWait(Duration.ZERO)),
        refused(
            "collapseWait", "PT1H1S", builder -> builder.collapseWait(Duration.ofSeconds(3601))),
        refused(
            "leaseDuration", "PT0.099S", builder -> builder.leaseDuration(Duration.ofMillis(99))),
        refused(
            "leaseDuration", "PT5M1S", builder -> builder.leaseDuration(Duration.ofSeconds(301))),
        refused("storageTimeout", "PT0S", builder -> builder.storageTimeout(Duration.ZERO)),
        refused(
            "storageTimeout", "PT1M1S", builder -> builder.storageTimeout(Duration.ofSeconds(61))),
        refused("maxBodyBytes", "0", builder -> builder.maxBodyBytes(0)),
        refused("nearCacheBytes", "-1", builder -> builder.nearCacheBytes(-1)),
        refused("nearCacheStaleness", "PT0S", builder -> builder.nearCacheStaleness(Duration.ZERO)),
        refused(
            "nearCacheStaleness",
            "PT1H1S",
            builder -> builder.nearCacheStaleness(Duration.ofSeconds(3601))),
        refused("recordingBudget", "-5", builder -> builder.recordingBudget(-5)),
        refused("staleIfError", "PT-1S", builder -> builder.staleIfError(Duration.ofSeconds(-1))),
        refused(
            "staleWhileRevalidate",
            "ANY_AGE",
            builder -> builder.staleWhileRevalidate(CacheSettings.ANY_AGE.plusNanos(1))),
        refused("allowableCodes", "199", builder -> builder.allowableCodes(List.of(200, 199))),
        refused("allowableMethods", "GET", builder -> builder.allowableMethods(List.of())),
        refused("method", "G T", builder -> builder.allowableMethods(List.of("G T"))),
        refused("keySecret", "15", builder -> builder.keySecret(new byte[15])),
        refused("field name", "C D", builder -> builder.targetedFields(List.of("C D"))),
        refused("pattern", "empty", builder -> builder.urlExpiration(" ", Expiration.never())),
        refused(
            "revalidationRetention",
            "PT-1S",
            builder -> builder.revalidationRetention(Duration.ofSeconds(-1))));
  }

  private static Arguments refused(
      String option, String value, Consumer<CacheSettings.Builder> setting) {
    return Arguments.of(option, value, setting);
  }

  @ParameterizedTest
  @MethodSource("outOfBounds")
  void builder_valueOutOfBounds_refusedByName(
      String option, String value, Consumer<CacheSettings.Builder> setting) {
    assertThatThrownBy(() -> setting.accept(CacheSettings.builder()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(option)
        .hasMessageContaining(value);
  }

  @Test
  void build_alwaysRevalidateAndOnlyIfCached_refused() {
    assertThatThrownBy(
            () -> CacheSettings.builder().alwaysRevalidate(true).onlyIfCached(true).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("choose one");
  }

  @Test
  void builder_values_areThere() {
    CacheSettings settings =
        CacheSettings.builder()
            .allowableMethods(List.of("get", "Custom"))
            .allowableCodes(List.of(200, 404))
            .targetedFields(List.of("Larder-Cache-Control", "CDN-Cache-Control"))
            .staleIfError(true)
            .staleWhileRevalidate(Duration.ofMinutes(1))
            .build();
    assertThat(settings.allowableMethods()).containsExactlyInAnyOrder("GET", "Custom");
    assertThat(settings.allowableCodes()).containsExactlyInAnyOrder(200, 404);
    assertThat(settings.targetedFields())
        .containsExactly("larder-cache-control", "cdn-cache-control");
    assertThat(settings.staleIfError()).contains(CacheSettings.ANY_AGE);
    assertThat(settings.staleWhileRevalidate()).contains(Duration.ofMinutes(1));
    assertThat(
            CacheSettings.builder().staleIfError(true).staleIfError(false).build().staleIfError())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "example.com, http://example.com/, true",
    "example.com, https://Example.COM:443/any/thing?x=1, true",
    "Example.COM, https://example.com/, true",
    "example.com, http://www.example.com/, false",
    "example.com, http://other.org/example.com, false",
    "*.example.com, http://www.example.com/a, true",
    "*.example.com, http://a.b.example.com/a/b, true",
    "*.example.com, http://example.com/, false",
    "*example.com, http://example.com/, true",
    "*.example.com/*, http://www.example.com/x, true",
    "https://example.com/a, http://example.com/a, true",
    "example.com/image, http://example.com/image/jpeg, true",
    "example.com/v1, http://example.com/v10, true",
    "example.com/image, http://example.com/IMAGE, false",
    "example.com/*/1, http://example.com/stream/1, true",
    "example.com/*/1, http://example.com/a/b/1/c, true",
    "example.com/*/1, http://example.com/stream/2, false",
    "example.com/**, http://example.com/a/b, true",
    "example.com/**/x, http://example.com/a/b/x, true",
    "example.com/?x, http://example.com/ax, true",
    "example.com/?x, http://example.com/x, false",
    "example.com/[ab]x, http://example.com/bx, true",
    "example.com/[!ab]x, http://example.com/bx, false",
    "example.com/[0-9]x, http://example.com/7x, true",
    "example.com, http://user:pw@example.com/, true",
    "evil, http://evil@example.com/, false",
    "example.com/a.b, http://example.com/acb, false",
    "*a*a*a*a*a*b, http://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/, false"
  })
  void expirationFor_glob_matchesAsInRequestsCache(String glob, String url, boolean matches) {
    CacheSettings settings =
        CacheSettings.builder().urlExpiration(glob, Expiration.never()).build();
    assertThat(settings.expirationFor(Request.get(url)).isPresent()).isEqualTo(matches);
  }

  @Test
  void expirationFor_severalPatterns_firstMatchThenExpireAfter() {
    Expiration minute = Expiration.after(Duration.ofMinutes(1));
    CacheSettings settings =
        CacheSettings.builder()
            .expireAfter(minute)
            .urlExpiration(Pattern.compile("^https://[^/]*/static/.*\\.css$"), Expiration.never())
            .urlExpiration("*.example.com", Expiration.doNotCache())
            .urlExpiration("www.example.com", Expiration.immediately())
            .build();
    assertThat(settings.expirationFor(Request.get("https://www.example.com/static/a.css")))
        .contains(Expiration.never());
    assertThat(settings.expirationFor(Request.get("http://www.example.com/static/a.css")))
        .contains(Expiration.doNotCache());
    assertThat(settings.expirationFor(Request.get("http://example.org/"))).contains(minute);
  }

  @Test
  void build_twice_laterPatternsStayOutOfTheFirst() {
    CacheSettings.Builder builder = CacheSettings.builder();
    CacheSettings first = builder.build();
    builder.urlExpiration("example.org", Expiration.never());
    assertThat(first.expirationFor(GET)).isEmpty();
    assertThat(builder.build().expirationFor(GET)).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "POST, X-HTTP-Method-Override, get, GET",
    "POST, x-http-method, HEAD, HEAD",
    "GET, X-Method-Override, DELETE, DELETE",
    "POST, X-Method-Override, not a method, POST",
    "POST, X-Other, GET, POST"
  })
  void methodOf_override_countsIfObeyed(String method, String field, String value, String counts) {
    Request request = Request.of(method, GET.uri()).withHeaders(Headers.of(field, value));
    CacheSettings obeying = CacheSettings.builder().methodOverride(true).build();
    assertThat(obeying.methodOf(request)).isEqualTo(counts);
    assertThat(CacheSettings.standard().methodOf(request)).isEqualTo(method);
    assertThat(key(obeying, request).equals(key(obeying, Request.of(method, GET.uri()))))
        .isEqualTo(field.equals("X-Other"));
    assertThat(key(obeying, GET)).isEqualTo(key(CacheSettings.standard(), GET));
  }

  private static String key(CacheSettings settings, Request request) {
    return settings.keyFunction().create(request, settings.matchHeaders()).value();
  }

  @ParameterizedTest
  @CsvSource({
    "http://h/?t=1, http://h/, true",
    "http://h/?a=1&t=1&b=2, http://h/?a=1&b=2, true",
    "http://h/?%74=1&a=1, http://h/?a=1&t=2, true",
    "http://h/?t, http://h/, true",
    "http://h/?T=1, http://h/, false",
    "http://h/?, http://h/, false",
    "http://h/?a=t, http://h/, false",
    "http://h/t, http://h/, false"
  })
  void keyFunction_ignoredParameter_takesNoPart(String one, String other, boolean same) {
    CacheSettings settings = CacheSettings.builder().ignoredParameters(List.of("t")).build();
    assertThat(key(settings, Request.get(one)).equals(key(settings, Request.get(other))))
        .isEqualTo(same);
  }

  @Test
  void keyFunction_ignoredField_takesNoPart() {
    CacheSettings settings =
        CacheSettings.builder()
            .matchHeaders(List.of("Accept", "X-Trace"))
            .ignoredParameters(List.of("x-TRACE", "authorization"))
            .build();
    Request traced = GET.withHeaders(Headers.of("X-Trace", "1", "Authorization", "a"));
    assertThat(key(settings, traced)).isEqualTo(key(settings, GET));
    assertThat(settings.credentials(traced)).isEmpty();
  }

  @Test
  void redactedParameters_differentValues_differentKeys() {
    CacheSettings settings = CacheSettings.standard();
    assertThat(key(settings, Request.get("http://h/?token=1")))
        .isNotEqualTo(key(settings, Request.get("http://h/?token=2")));
  }

  @Test
  void credentials_sameFields_sameDigestWhateverTheirOrderAndCase() {
    CacheSettings settings = CacheSettings.standard();
    Optional<String> digest =
        settings.credentials(GET.withHeaders(Headers.of("Cookie", "a", "Authorization", "b")));
    assertThat(digest.orElseThrow()).hasSize(43).doesNotContain("a=");
    assertThat(
            settings.credentials(
                GET.withHeaders(Headers.of("AUTHORIZATION", "b", "Accept", "x", "cookie", "a"))))
        .isEqualTo(digest);
    assertThat(settings.credentials(GET.withHeaders(Headers.of("Accept", "x")))).isEmpty();
  }

  @Test
  void credentials_differentFields_differentDigests() {
    CacheSettings settings = CacheSettings.standard();
    assertThat(
            Stream.of(
                    Headers.of("Authorization", "a"),
                    Headers.of("Authorization", "b"),
                    Headers.of("Authorization", ""),
                    Headers.of("Cookie", "a"),
                    Headers.of("Cookie", "a", "Cookie", "b"),
                    Headers.of("Cookie", "b", "Cookie", "a"),
                    Headers.of("Cookie", "a, b"),
                    Headers.of("X-Api-Key", "a", "Cookie", "b"))
                .map(headers -> settings.credentials(GET.withHeaders(headers)).orElseThrow()))
        .doesNotHaveDuplicates();
  }

  @Test
  void credentials_withAKeySecret_otherDigests() {
    Request request = GET.withHeaders(Headers.of("Authorization", "a"));
    byte[] secret = new byte[16];
    CacheSettings one = CacheSettings.builder().keySecret(secret).build();
    secret[0] = 1;
    CacheSettings other = CacheSettings.builder().keySecret(secret).build();
    assertThat(
            Stream.of(one, other, CacheSettings.standard())
                .map(settings -> settings.credentials(request)))
        .doesNotHaveDuplicates()
        .allMatch(Optional::isPresent);
    secret[0] = 0;
    assertThat(CacheSettings.builder().keySecret(secret).build().credentials(request))
        .isEqualTo(one.credentials(request));
  }

  @Test
  void credentials_principal_insteadOfFields() {
    CacheSettings settings =
        CacheSettings.builder().principal(request -> request.headers().first("User")).build();
    Optional<String> alice =
        settings.credentials(GET.withHeaders(Headers.of("User", "alice", "Authorization", "1")));
    assertThat(alice.orElseThrow()).doesNotContain("alice");
    assertThat(
            settings.credentials(
                GET.withHeaders(Headers.of("User", "alice", "Authorization", "2"))))
        .isEqualTo(alice);
    assertThat(
            settings.credentials(GET.withHeaders(Headers.of("User", "bob", "Authorization", "1"))))
        .isNotEqualTo(alice);
    Request nobody = GET.withHeaders(Headers.of("Authorization", "1"));
    assertThat(settings.credentials(nobody))
        .isPresent()
        .isEqualTo(CacheSettings.standard().credentials(nobody));
  }

  @Test
  void keyFunction_jsonBody_ignoredMemberTakesNoPart() {
    CacheSettings settings = CacheSettings.builder().ignoredParameters(List.of("id")).build();
    assertThat(key(settings, json("{\"id\":1,\"a\":2}")))
        .isEqualTo(key(settings, json("{\"a\":2}")));
  }

  private static Request json(String body) {
    return new Request(
        "POST",
        URI.create("http://h/"),
        Headers.of("Content-Type", "application/json"),
        Body.of(body));
  }
}
