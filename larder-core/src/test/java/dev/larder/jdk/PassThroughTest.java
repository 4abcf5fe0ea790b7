package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.CacheSettings;
import dev.larder.HttpCache;
import dev.larder.SaveOptions;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import java.net.Authenticator;
import java.net.CookieManager;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is neither looked up nor stored. */
class PassThroughTest extends ClientTest {
  @BeforeEach
  void freshAnswer() {
    origin.on("/a", "x", "Cache-Control", "public, max-age=60");
  }

  private void passesThrough(HttpRequest request, String reason) throws Exception {
    get("/a");
    assertThat(isHit(get("/a"))).isTrue();
    int before = origin.requests();

    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());

    assertThat(status(response)).isEqualTo("Larder; fwd=" + reason);
    assertThat(CacheInfo.of(response)).isEmpty();
    assertThat(origin.requests()).isEqualTo(before + 1);
  }

  @ParameterizedTest
  @CsvSource({
    "Authorization,Bearer t",
    "authorization,Bearer t",
    "Cookie,a=b",
    "Proxy-Authorization,Basic x",
    "X-API-Key,k",
    "x-amz-security-token,k",
    "X-Vault-Token,k",
    "PRIVATE-TOKEN,k",
    "X-Goog-Api-Key,k",
    "Range,bytes=0-1",
    "If-None-Match,*",
    "If-Modified-Since,x",
    "If-Range,x"
  })
  void send_credentialsConditionsOrRanges_bypass(String name, String value) throws Exception {
    passesThrough(request("/a", name, value), "bypass");
  }

  @Test
  void send_secretFieldsOfTheSettings_bypassBesideTheUsualOnes() throws Exception {
    settings(CacheSettings.builder().redactedParameters(List.of("X-Mine")));
    passesThrough(request("/a", "x-mine", "k"), "bypass");
    passesThrough(request("/a", "X-API-Key", "k"), "bypass");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-store", "no-cache", "max-age=100", "min-fresh=1", "max-stale, other"})
  void send_requestDirectives_forwarded(String cacheControl) throws Exception {
    passesThrough(request("/a", "Cache-Control", cacheControl), "request");
  }

  @Test
  void send_pragma_forwardedUnlessCacheControl() throws Exception {
    passesThrough(request("/a", "Pragma", "no-cache"), "request");
    assertThat(isHit(get("/a", "Pragma", "no-cache", "Cache-Control", "max-stale"))).isTrue();
  }

  @Test
  void send_getWithBody_bypass() throws Exception {
    HttpRequest.Builder builder = HttpRequest.newBuilder(origin.uri("/a"));
    passesThrough(builder.method("GET", BodyPublishers.ofString("q")).build(), "bypass");
    assertThat(
            isHit(
                client.send(
                    builder.method("GET", BodyPublishers.noBody()).build(),
                    BodyHandlers.ofString())))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"HEAD", "OPTIONS"})
  void send_otherMethod_forwarded(String method) throws Exception {
    passesThrough(
        HttpRequest.newBuilder(origin.uri("/a")).method(method, BodyPublishers.noBody()).build(),
        "method");
    assertThat(isHit(get("/a"))).isTrue();
  }

  @Test
  void send_delegateWithCookies_bypass() throws Exception {
    delegate(HttpClient.newBuilder().cookieHandler(new CookieManager()));
    assertThat(status(get("/a"))).isEqualTo("Larder; fwd=bypass");
    assertThat(cache.count()).isZero();
  }

  @Test
  void send_delegateWithAuthenticator_bypass() throws Exception {
    delegate(HttpClient.newBuilder().authenticator(new Authenticator() {}));
    assertThat(status(get("/a"))).isEqualTo("Larder; fwd=bypass");
    assertThat(cache.count()).isZero();
  }

  @Test
  void send_onlyIfCached_hitOr504() throws Exception {
    HttpResponse<String> miss = get("/a", "Cache-Control", "only-if-cached");
    assertThat(miss.statusCode()).isEqualTo(504);
    assertThat(miss.body()).isEmpty();
    assertThat(origin.requests()).isZero();

    get("/a");
    assertThat(isHit(get("/a", "Cache-Control", "only-if-cached"))).isTrue();
  }

  @Test
  void send_redirectFollowedByTheDelegate_isNotStored() throws Exception {
    delegate(HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL));
    origin.on(
        "/from",
        (request, out) ->
            Origin.reply(out, 302, "", "Location", "/a", "Cache-Control", "max-age=60"));

    HttpResponse<String> redirected = get("/from");

    assertThat(redirected.body()).isEqualTo("x");
    assertThat(redirected.uri()).isEqualTo(origin.uri("/a"));
    assertThat(status(redirected)).isEqualTo("Larder; fwd=uri-miss");
    assertThat(cache.count()).isZero();
    assertThat(status(get("/a"))).isEqualTo("Larder; fwd=uri-miss; stored");
    assertThat(isHit(get("/a"))).isTrue();
  }

  @Test
  void send_delegateThatFollowsRedirects_storesAStreamReadLater() throws Exception {
    delegate(HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS));
    try (var body = client.send(request("/a"), BodyHandlers.ofInputStream()).body()) {
      body.readAllBytes();
    }
    assertThat(isHit(get("/a"))).isTrue();
  }

  @Test
  void lookUp_entrySavedByHandForCredentials_isNotServed() throws Exception {
    cache.saveResponse(
        Request.get(origin.uri("/a")).withHeaders(Headers.of("Authorization", "Bearer t")),
        Response.builder().body("secret").build());
    assertThat(get("/a").body()).isEqualTo("x");
  }

  @Test
  void lookUp_aliasToWhatCameAfterRedirects_isNotServed() throws Exception {
    cache.saveResponse(
        Request.get(origin.uri("/b")),
        Response.builder().body("b").redirectedFrom(Request.get(origin.uri("/a"))).build());
    HttpResponse<String> response = get("/a");
    assertThat(response.body()).isEqualTo("x");
    assertThat(status(response)).startsWith("Larder; fwd=miss");
  }

  @Test
  void send_onlyIfCachedWithCredentials_504AndNoRequest() throws Exception {
    HttpResponse<String> response =
        get("/a", "Authorization", "Bearer t", "Cache-Control", "only-if-cached");
    assertThat(response.statusCode()).isEqualTo(504);
    assertThat(origin.requests()).isZero();
  }

  /** Stored, its fields would have to be redacted, and a hit would not be what the origin sent. */
  @ParameterizedTest
  @CsvSource({"Set-Cookie,access_token=abc", "Signature,sig1=:abc:"})
  void send_responseWithASecretOfItsOwn_isNotStored(String name, String value) throws Exception {
    origin.on("/secret", "x", "Cache-Control", FRESH, name, value);
    get("/secret");
    HttpResponse<String> second = get("/secret");
    assertThat(isHit(second)).isFalse();
    assertThat(second.headers().firstValue(name)).contains(value);
  }

  @Test
  void send_entryOfAHeadUnderTheKeyOfAGet_isNoHit() throws Exception {
    Request get = Request.get(origin.uri("/a"));
    Response head =
        Response.builder()
            .headers(Headers.of("Cache-Control", FRESH, "Content-Length", "1"))
            .build();
    cache.saveResponse(
        Request.of("HEAD", get.uri()), head, SaveOptions.DEFAULT.key(cache.createKey(get)));
    assertThat(get("/a").body()).isEqualTo("x");
  }

  @Test
  void build_matchHeaders_refused() {
    HttpCache matching = cache(CacheSettings.builder().matchHeaders(List.of("Accept")));
    assertThatThrownBy(() -> CachingHttpClient.builder(matching).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("accept")
        .hasMessageContaining("Vary");
  }
}
