package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.CacheOptions;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110 §9.3.3: a response to POST that answers later GETs; RFC 9111 §4.4: what POST ends. */
class PostTest extends ClientTest {
  private HttpResponse<String> post(String path) throws Exception {
    clock.advance(Duration.ofMillis(1));
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(origin.uri(path)).POST(BodyPublishers.ofString("q")).build(),
            BodyHandlers.ofString());
    clock.advance(Duration.ofMillis(1));
    return response;
  }

  private void stored(String path) throws Exception {
    origin.on(path, "old", "Cache-Control", FRESH);
    get(path);
    assertThat(isHit(get(path))).isTrue();
  }

  private void answeringPost(int code, String... fields) {
    origin.on("/a", (request, out) -> Origin.reply(out, code, "posted", fields));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a", "a", ""})
  void send_postWithLifetimeAndOwnContentLocation_answersGet(String location) throws Exception {
    stored("/a");
    answeringPost(200, "Cache-Control", FRESH, "Content-Location", location);

    HttpResponse<String> posted = post("/a");

    assertThat(status(posted))
        .isEqualTo(location.isEmpty() ? "Larder; fwd=method" : "Larder; fwd=method; stored");
    if (!location.isEmpty()) {
      HttpResponse<String> hit = get("/a");
      assertThat(isHit(hit)).isTrue();
      assertThat(hit.body()).isEqualTo("posted");
    }
    assertThat(status(post("/a"))).startsWith("Larder; fwd=method");
  }

  /** The answer is the caller's before its body has been stored. */
  @Test
  void send_postThatIsStreamed_answersGet() throws Exception {
    stored("/a");
    answeringPost(200, "Cache-Control", FRESH, "Content-Location", "/a");
    clock.advance(Duration.ofMillis(1));
    HttpRequest request =
        HttpRequest.newBuilder(origin.uri("/a")).POST(BodyPublishers.ofString("q")).build();
    try (InputStream body = client.send(request, BodyHandlers.ofInputStream()).body()) {
      // The answer to the POST, if it is stored by now, and nothing from before it.
      assertThat(get("/a", "Cache-Control", "only-if-cached").body()).isNotEqualTo("old");
      assertThat(body.readAllBytes()).isNotEmpty();
    }
    HttpResponse<String> hit = get("/a");
    assertThat(isHit(hit)).isTrue();
    assertThat(hit.body()).isEqualTo("posted");
  }

  @ParameterizedTest
  @CsvSource({
    "200,/b,max-age=60",
    "200,/a,no-cache",
    "200,/a,'no-store, max-age=60'",
    "201,/a,max-age=60",
    "404,/a,max-age=60"
  })
  void send_postThatIsNotWhatAGetWouldBring_isNotStored(
      int code, String location, String cacheControl) throws Exception {
    answeringPost(code, "Cache-Control", cacheControl, "Content-Location", location);
    assertThat(status(post("/a"))).isEqualTo("Larder; fwd=method");
    assertThat(isHit(get("/a"))).isFalse();
  }

  @Test
  void send_postWithoutCache_isNotStored() throws Exception {
    answeringPost(200, "Cache-Control", FRESH, "Content-Location", "/a");
    client = client.with(CacheOptions.builder().disabled(true).build());
    assertThat(status(post("/a"))).isEqualTo("Larder; fwd=method");
    assertThat(cache.count()).isZero();
  }

  /** RFC 9111 §4.4. */
  @ParameterizedTest
  @CsvSource({"Location,200", "Content-Location,200", "Location,201", "Location,303"})
  void send_postNamesAnotherResource_thatIsGoneToo(String name, int code) throws Exception {
    stored("/a");
    stored("/b");
    stored("/c");
    answeringPost(code, name, "/b");
    post("/a");
    assertThat(isHit(get("/b"))).isFalse();
    assertThat(isHit(get("/a"))).isFalse();
    assertThat(isHit(get("/c"))).isTrue();
  }

  @Test
  void send_postNamesAnotherOriginsResource_thatStays() throws Exception {
    try (Origin other = new Origin()) {
      other.on("/b", "old", "Cache-Control", FRESH);
      HttpRequest there = HttpRequest.newBuilder(other.uri("/b")).build();
      client.send(there, BodyHandlers.discarding());
      answeringPost(
          200, "Location", other.uri("/b").toString(), "Content-Location", other.uri("/b") + "");
      post("/a");
      assertThat(isHit(client.send(there, BodyHandlers.discarding()))).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://[", "//", "\u00e9", "mailto:a@b", ":"})
  void send_postWithAnUnreadableLocation_answeredAllTheSame(String location) throws Exception {
    stored("/a");
    answeringPost(200, "Location", location, "Content-Location", location);
    assertThat(post("/a").body()).isEqualTo("posted");
    assertThat(isHit(get("/a"))).isFalse();
  }

  @Test
  void send_postFails_everythingStays() throws Exception {
    stored("/a");
    stored("/b");
    answeringPost(500, "Location", "/b");
    post("/a");
    assertThat(isHit(get("/b"))).isTrue();
    assertThat(isHit(get("/a"))).isTrue();
  }

  /** All variants of the URI are gone, not only the one that a GET would select. */
  @Test
  void send_postToWhatVaries_allVariantsGone() throws Exception {
    origin.on("/a", "x", "Cache-Control", FRESH, "Vary", "Accept");
    get("/a", "Accept", "1");
    clock.advance(Duration.ofMillis(1));
    get("/a", "Accept", "2");
    assertThat(isHit(get("/a", "Accept", "1"))).isTrue();
    post("/a");
    assertThat(isHit(get("/a", "Accept", "1"))).isFalse();
    assertThat(isHit(get("/a", "Accept", "2"))).isFalse();
  }
}
