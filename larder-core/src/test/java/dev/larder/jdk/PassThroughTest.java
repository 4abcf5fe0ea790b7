package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.CacheSettings;
import dev.larder.SaveOptions;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import java.net.Authenticator;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not answered from the cache, and what is although it looks as if it were not. */
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

    assertThat(status(response)).startsWith("Larder; fwd=" + reason);
    assertThat(CacheInfo.of(response).orElseThrow().fromCache()).isFalse();
    assertThat(origin.requests()).isEqualTo(before + 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-store", "no-cache", "max-age=0", "min-fresh=100"})
  void send_requestDirectives_forwarded(String cacheControl) throws Exception {
    passesThrough(request("/a", "Cache-Control", cacheControl), "request");
  }

  @ParameterizedTest
  @ValueSource(strings = {"max-age=100", "min-fresh=1", "max-stale, other"})
  void send_requestDirectivesThatAreMet_hit(String cacheControl) throws Exception {
    get("/a");
    assertThat(isHit(get("/a", "Cache-Control", cacheControl))).isTrue();
  }

  @Test
  void send_pragma_forwardedUnlessCacheControl() throws Exception {
    passesThrough(request("/a", "Pragma", "no-cache"), "request");
    clock.advance(Duration.ofMillis(1));
    assertThat(isHit(get("/a", "Pragma", "no-cache", "Cache-Control", "max-stale"))).isTrue();
  }

  @Test
  void send_getWithBody_isAnotherRequest() throws Exception {
    HttpRequest.Builder builder = HttpRequest.newBuilder(origin.uri("/a"));
    HttpRequest query = builder.method("GET", BodyPublishers.ofString("q")).build();
    passesThrough(query, "uri-miss");
    assertThat(isHit(client.send(query, BodyHandlers.ofString()))).isTrue();
    assertThat(
            isHit(
                client.send(
                    builder.method("GET", BodyPublishers.noBody()).build(),
                    BodyHandlers.ofString())))
        .isTrue();
  }

  @Test
  void send_getWithBodyOfUnknownLength_bypass() throws Exception {
    passesThrough(
        HttpRequest.newBuilder(origin.uri("/a"))
            .method("GET", BodyPublishers.fromPublisher(BodyPublishers.ofString("q")))
            .build(),
        "bypass");
  }

  @Test
  void send_options_forwarded() throws Exception {
    passesThrough(
        HttpRequest.newBuilder(origin.uri("/a")).method("OPTIONS", BodyPublishers.noBody()).build(),
        "method");
    assertThat(isHit(get("/a"))).isTrue();
  }

  @Test
  void send_authenticator_onlyPublicIsCached() throws Exception {
    origin.on("/mine", "x", "Cache-Control", FRESH);
    delegate(HttpClient.newBuilder().authenticator(new Authenticator() {}));
    get("/a");
    get("/mine");
    assertThat(isHit(get("/a"))).isTrue();
    assertThat(isHit(get("/mine"))).isFalse();
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
  void send_redirect_eachHopIsCachedByItself() throws Exception {
    delegate(HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL));
    origin.on(
        "/from",
        (request, out) ->
            Origin.reply(out, 302, "moved", "Location", "/a", "Cache-Control", "max-age=60"));

    HttpResponse<String> redirected = get("/from");

    assertThat(redirected.body()).isEqualTo("x");
    assertThat(redirected.uri()).isEqualTo(origin.uri("/a"));
    assertThat(redirected.previousResponse().orElseThrow().statusCode()).isEqualTo(302);
    assertThat(redirected.previousResponse().orElseThrow().body()).isEqualTo("moved");
    HttpResponse<String> hit = get("/from");
    assertThat(isHit(hit)).isTrue();
    assertThat(isHit(hit.previousResponse().orElseThrow())).isTrue();
    assertThat(hit.previousResponse().orElseThrow().body()).isEqualTo("moved");
    assertThat(origin.requests()).isEqualTo(2);
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
    assertThat(status(response)).startsWith("Larder; fwd=uri-miss");
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
  void build_delegateThatFollowsRedirects_refused() {
    HttpClient following =
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS).build();
    assertThatThrownBy(() -> CachingHttpClient.builder(cache).delegate(following))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ALWAYS")
        .hasMessageContaining("HttpClient.Builder");
  }

  @Test
  void send_matchHeaders_takePartAndAreInvalidatedTogether() throws Exception {
    settings(CacheSettings.builder().matchHeaders(List.of("Accept")));
    get("/a", "Accept", "a");
    assertThat(isHit(get("/a", "Accept", "a"))).isTrue();
    assertThat(isHit(get("/a", "Accept", "b"))).isFalse();
    clock.advance(Duration.ofMillis(1));
    client.send(
        HttpRequest.newBuilder(origin.uri("/a")).DELETE().build(), BodyHandlers.discarding());
    assertThat(isHit(get("/a", "Accept", "a"))).isFalse();
    assertThat(isHit(get("/a", "Accept", "b"))).isFalse();
  }
}
