package dev.larder.requestscache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.CacheSettings;
import dev.larder.InMemoryCache;
import dev.larder.http.Body;
import dev.larder.http.Expiration;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The preset against the defaults of a session. */
class RequestsCacheTest {
  private static final Request GET = Request.get("http://example.com/");

  @Test
  void settings_areTheDefaultsOfASession() {
    CacheSettings settings = RequestsCache.settings();
    assertThat(settings.expireAfter()).contains(Expiration.never());
    assertThat(settings.expirationFor(GET)).contains(Expiration.never());
    assertThat(settings.cacheControl()).isFalse();
    assertThat(settings.allowableCodes()).containsExactly(200);
    assertThat(settings.allowableMethods()).containsExactlyInAnyOrder("GET", "HEAD");
    assertThat(settings.methodOverride()).isTrue();
    assertThat(settings.alwaysRevalidate()).isFalse();
    assertThat(settings.readOnly()).isFalse();
    assertThat(settings.onlyIfCached()).isFalse();
    assertThat(settings.staleIfError()).isEmpty();
    assertThat(settings.staleWhileRevalidate()).isEmpty();
    assertThat(settings.matchHeaders()).isEmpty();
    assertThat(settings.sharedCache()).isFalse();
    assertThat(settings.keyFunction().mayCollide()).isTrue();
    assertThat(settings.keyFunction().create(GET, List.of()).value()).isEqualTo("1f3c91b0f2b0c799");
  }

  @Test
  void settings_safety_isLarders() {
    CacheSettings settings = RequestsCache.settings();
    assertThat(settings.shareAcrossCredentials()).isFalse();
    // Were they ignored here, everybody's credentials would be one.
    assertThat(settings.ignoredParameters()).isEmpty();
    assertThat(settings.isCredential("authorization")).isTrue();
    assertThat(settings.credentials(GET.withHeaders(Headers.of("Authorization", "a"))))
        .isPresent()
        .isNotEqualTo(settings.credentials(GET.withHeaders(Headers.of("Authorization", "b"))));
    assertThat(settings.redactedParameters())
        .containsAll(CacheSettings.DEFAULT_REDACTED)
        .contains("authorization", "access_token", "api_key", "x-access-token");
  }

  @Test
  void settingsBuilder_otherIgnoredParameters_areRedactedToo() {
    RequestsCacheKeys keys =
        RequestsCacheKeys.builder().ignoredParameters(List.of("Pin", "api_key")).build();
    CacheSettings settings =
        RequestsCache.settingsBuilder(keys).matchHeaders(List.of("Accept")).build();
    assertThat(settings.redactedParameters()).contains("pin", "password");
    assertThat(settings.matchHeaders()).containsExactly("accept");
    InMemoryCache cache = InMemoryCache.builder().settings(settings).build();
    Request asked = Request.get("http://example.com/?Pin=1234&q=1");
    String url = cache.saveResponse(asked, Response.builder().build()).orElseThrow().url();
    assertThat(url).isEqualTo("http://example.com/?Pin=REDACTED&q=1");
    assertThat(cache.getResponse(asked)).isPresent();
  }

  /** requests-cache looks at these fields to allow a method; they are no part of its keys. */
  @Test
  void createKey_methodOverride_isPythonsKeyAndComparedAllTheSame() {
    InMemoryCache cache = InMemoryCache.builder().settings(RequestsCache.settings()).build();
    Request post =
        new Request("POST", URI.create("http://example.com/"), Headers.empty(), Body.of("x"));
    Request overridden = post.withHeaders(Headers.of("X-HTTP-Method-Override", "GET"));
    assertThat(cache.createKey(overridden)).isEqualTo(cache.createKey(post));
    assertThat(RequestsCache.settings().methodOf(overridden)).isEqualTo("GET");
    cache.saveResponse(overridden, Response.builder().build());
    assertThat(cache.getResponse(overridden)).isPresent();
    assertThat(cache.getResponse(post)).isEmpty();
  }

  @Test
  void saveResponse_settings_neverExpireWhateverTheOriginSays() {
    InMemoryCache cache = InMemoryCache.builder().settings(RequestsCache.settings()).build();
    Response response = Response.builder().header("Cache-Control", "max-age=1").build();
    assertThat(cache.saveResponse(GET, response).orElseThrow().expires()).isEmpty();
  }
}
