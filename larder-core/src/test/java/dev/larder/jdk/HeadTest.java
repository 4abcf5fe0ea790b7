package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9111 §4, §4.3.5; RFC 9110 §9.3.2. */
class HeadTest extends ClientTest {
  private HttpResponse<String> head(String... fields) throws Exception {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(origin.uri("/a")).method("HEAD", BodyPublishers.noBody());
    return client.send(
        (fields.length == 0 ? builder : builder.headers(fields)).build(), BodyHandlers.ofString());
  }

  private void answeringHead(String... fields) {
    origin.on("/a", (request, out) -> Origin.head(out, 200, -1, fields));
  }

  @Test
  void send_headAfterGet_answeredFromIt() throws Exception {
    origin.on("/a", "hello", "Cache-Control", FRESH, "ETag", "\"1\"");
    get("/a");

    HttpResponse<String> hit = head();

    assertThat(hit.statusCode()).isEqualTo(200);
    assertThat(hit.body()).isEmpty();
    assertThat(hit.headers().allValues("Content-Length")).containsExactly("5");
    assertThat(status(hit)).isEqualTo("Larder; hit; ttl=60");
    assertThat(hit.request().method()).isEqualTo("HEAD");
    assertThat(head("If-None-Match", "\"1\"").statusCode()).isEqualTo(304);
    assertThat(head("Range", "bytes=0-1").statusCode()).isEqualTo(200);
    assertThat(origin.requests()).isEqualTo(1);
  }

  @Test
  void send_headFirst_isNotStored() throws Exception {
    answeringHead("Cache-Control", FRESH);
    assertThat(status(head())).isEqualTo("Larder; fwd=uri-miss");
    assertThat(cache.count()).isZero();
  }

  @Test
  void send_headSaysTheSame_getIsFreshAgain() throws Exception {
    origin.on("/a", "hello", "Cache-Control", FRESH, "ETag", "\"1\"", "X", "old");
    get("/a");
    clock.advance(Duration.ofSeconds(60));
    answeringHead(
        "Cache-Control", "max-age=90", "ETag", "\"1\"", "X", "new", "Content-Length", "5");

    assertThat(status(head())).isEqualTo("Larder; fwd=stale");

    HttpResponse<String> hit = get("/a");
    assertThat(status(hit)).isEqualTo("Larder; hit; ttl=90");
    assertThat(hit.body()).isEqualTo("hello");
    assertThat(hit.headers().allValues("X")).containsExactly("new");
  }

  @ParameterizedTest
  @CsvSource({"ETag,\"2\"", "Content-Length,6"})
  void send_headSaysSomethingElse_getIsGone(String name, String value) throws Exception {
    origin.on("/a", "hello", "Cache-Control", FRESH, "ETag", "\"1\"");
    get("/a");
    clock.advance(Duration.ofMillis(1));
    answeringHead("Cache-Control", FRESH, name, value);
    head("Cache-Control", "no-cache");
    clock.advance(Duration.ofMillis(1));
    origin.on("/a", "hello!", "Cache-Control", FRESH, "ETag", "\"2\"");
    assertThat(get("/a").body()).isEqualTo("hello!");
  }

  /** A 404 is not renewed by the news that there is something now. */
  @Test
  void send_headFindsWhatGetDidNot_getIsGone() throws Exception {
    origin.on("/a", (request, out) -> Origin.reply(out, 404, "", "Cache-Control", FRESH));
    get("/a");
    clock.advance(Duration.ofSeconds(60));
    answeringHead("Cache-Control", FRESH);
    head();
    clock.advance(Duration.ofMillis(1));
    origin.on("/a", "hello", "Cache-Control", FRESH);
    assertThat(get("/a").statusCode()).isEqualTo(200);
  }
}
