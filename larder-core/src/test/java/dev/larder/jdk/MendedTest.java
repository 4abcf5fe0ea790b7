package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.larder.CacheSettings;
import dev.larder.HttpCache;
import java.net.CookieManager;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a review found wrong, so that it does not come back. */
class MendedTest extends ClientTest {
  /** They are about what one request asked for (RFC 9110 §15.5.13, §15.5.17). */
  @ParameterizedTest
  @ValueSource(ints = {412, 416, 417})
  void send_refusalOfOneRequest_isNotStoredForOthers(int status) throws Exception {
    origin.on(
        "/a",
        (request, out) ->
            Origin.reply(
                out, request.field("Range").isEmpty() ? 200 : status, "x", "Cache-Control", FRESH));
    get("/a", "Range", "bytes=9-");
    assertThat(get("/a").statusCode()).isEqualTo(200);
  }

  /** On other methods If-None-Match makes an origin refuse (RFC 9110 §13.1.2). */
  @Test
  void send_cachedPostThatIsStale_isSentWithoutAConditionOfOurs() throws Exception {
    settings(CacheSettings.builder().allowableMethods(List.of("GET", "POST")));
    origin.on("/a", "x", "Cache-Control", FRESH, "ETag", "\"1\"");
    HttpRequest post =
        HttpRequest.newBuilder(origin.uri("/a")).POST(BodyPublishers.ofString("q")).build();
    client.send(post, BodyHandlers.ofString());
    assertThat(isHit(client.send(post, BodyHandlers.ofString()))).isTrue();
    clock.advance(Duration.ofHours(1));
    client.send(post, BodyHandlers.ofString());
    assertThat(origin.received.get(1).field("If-None-Match")).isEmpty();
  }

  /** A cookie in a 304 is for the one who asked; the others get what was stored. */
  @Test
  void send_notModifiedWithACookie_onlyTheAskerGetsIt() throws Exception {
    origin.on(
        "/a",
        (request, out) -> {
          if (request.field("If-None-Match").isEmpty()) {
            Origin.reply(out, 200, "x", "Cache-Control", FRESH, "ETag", "\"1\"");
          } else {
            Origin.head(
                out, 304, -1, "Cache-Control", FRESH, "ETag", "\"1\"", "Set-Cookie", "seen=yes");
          }
        });
    get("/a");
    clock.advance(Duration.ofHours(1));
    HttpResponse<String> asker = get("/a");
    HttpResponse<String> other = get("/a");
    assertThat(asker.headers().allValues("Set-Cookie")).containsExactly("seen=yes");
    assertThat(isHit(other)).isTrue();
    assertThat(other.headers().allValues("Set-Cookie")).isEmpty();
  }

  @Test
  void send_restOfAPart_isNotStoredByAReadOnlyCache() throws Exception {
    origin.on(
        "/a",
        (request, out) -> {
          boolean first = request.field("Range").equals("bytes=0-4");
          Origin.reply(
              out,
              206,
              first ? "01234" : "56789",
              "Content-Range",
              first ? "bytes 0-4/10" : "bytes 5-9/10",
              "ETag",
              "\"1\"",
              "Cache-Control",
              FRESH);
        });
    get("/a", "Range", "bytes=0-4");
    HttpCache readOnly = cache(CacheSettings.builder().readOnly(true));
    client = CachingHttpClient.builder(readOnly).build();
    clock.advance(Duration.ofMillis(1));

    HttpResponse<String> whole = get("/a");

    assertThat(whole.body()).isEqualTo("0123456789");
    assertThat(isHit(get("/a"))).isFalse();
  }

  /** The delegate sends no cookies, so they have to go with a request the cache does not see. */
  @Test
  void send_bodyThatIsNotRead_hasItsCookies() throws Exception {
    settings(CacheSettings.builder().allowableMethods(List.of("GET", "POST")));
    CookieManager cookies = new CookieManager();
    client =
        CachingHttpClient.builder(cache)
            .delegate(HttpClient.newBuilder().cookieHandler(cookies))
            .build();
    origin.on("/login", "x", "Set-Cookie", "id=7; Path=/").on("/a", "x");
    get("/login");
    client.send(
        HttpRequest.newBuilder(origin.uri("/a"))
            .POST(BodyPublishers.fromPublisher(BodyPublishers.ofString("q")))
            .build(),
        BodyHandlers.ofString());
    assertThat(origin.received.get(1).field("Cookie")).contains("id=7");
  }

  /** RFC 9111 §4.4: the origin has done it, whatever became of its answer. */
  @Test
  void send_putWhoseAnswerBreaks_invalidatesAllTheSame() throws Exception {
    origin.on(
        "/a",
        (request, out) -> {
          if (request.method().equals("GET")) {
            Origin.reply(out, 200, "old", "Cache-Control", FRESH);
          } else {
            Origin.head(out, 200, 100);
            out.write(1);
          }
        });
    get("/a");
    clock.advance(Duration.ofMillis(1));
    HttpRequest put =
        HttpRequest.newBuilder(origin.uri("/a")).PUT(BodyPublishers.ofString("new")).build();
    assertThat(catchThrowable(() -> client.send(put, BodyHandlers.ofString()))).isNotNull();
    assertThat(isHit(get("/a"))).isFalse();
  }

  @Test
  void send_originThatSpeaksNoHttp_failsAsThePlainClient() {
    origin.on(
        "/a", (request, out) -> out.write("no http\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
    Throwable plain =
        catchThrowable(
            () -> HttpClient.newHttpClient().send(request("/a"), BodyHandlers.ofString()));
    Throwable ours = catchThrowable(() -> get("/a"));
    assertThat(ours).hasSameClassAs(plain);
  }
}
