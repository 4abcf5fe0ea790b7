package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9111 §4.4. */
@Timeout(60)
class InvalidationTest extends ClientTest {
  private void send(String method, int status) throws Exception {
    origin.on("/a", (request, out) -> Origin.reply(out, status, "", "Location", "/b"));
    HttpRequest request =
        HttpRequest.newBuilder(origin.uri("/a"))
            .method(method, BodyPublishers.ofString("q"))
            .build();
    client.send(request, BodyHandlers.discarding());
    clock.advance(Duration.ofMillis(1));
    origin.on("/a", "new", "Cache-Control", FRESH);
  }

  @ParameterizedTest
  @CsvSource({"POST,200", "PUT,204", "DELETE,200", "PATCH,200", "POST,303", "PURGE,200"})
  void send_unsafeMethodSucceeds_entryGone(String method, int status) throws Exception {
    origin.on("/a", "old", "Cache-Control", FRESH);
    get("/a");
    send(method, status);
    assertThat(get("/a").body()).isEqualTo("new");
    assertThat(isHit(get("/a"))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"POST,400", "PUT,500", "OPTIONS,200"})
  void send_errorOrSafeMethod_entryStays(String method, int status) throws Exception {
    origin.on("/a", "old", "Cache-Control", FRESH);
    get("/a");
    send(method, status);
    assertThat(get("/a").body()).isEqualTo("old");
  }

  @Test
  void send_answerRequestedBeforeTheInvalidation_isNotStored() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    origin.on(
        "/a",
        (request, out) -> {
          asked.countDown();
          go.await();
          Origin.reply(out, 200, "old", "Cache-Control", FRESH);
        });
    var slow = client.sendAsync(request("/a"), BodyHandlers.ofString());
    asked.await();
    clock.advance(Duration.ofMillis(1));
    send("POST", 200);
    go.countDown();

    assertThat(slow.get().body()).isEqualTo("old");
    assertThat(status(slow.get())).isEqualTo("Larder; fwd=uri-miss");
    assertThat(get("/a").body()).isEqualTo("new");
  }

  @Test
  void send_unsafeMethodRedirected_invalidatesEachHop() throws Exception {
    delegate(HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL));
    for (String path : List.of("/a", "/b")) {
      origin.on(path, "old", "Cache-Control", FRESH);
      get(path);
      assertThat(isHit(get(path))).isTrue();
    }
    origin.on("/a", (request, out) -> Origin.reply(out, 307, "", "Location", "/b"));
    origin.on("/b", "new", "Cache-Control", FRESH);
    client.send(
        HttpRequest.newBuilder(origin.uri("/a")).POST(BodyPublishers.ofString("q")).build(),
        BodyHandlers.discarding());
    clock.advance(Duration.ofMillis(1));
    assertThat(get("/b").body()).isEqualTo("new");
    origin.on("/a", "new", "Cache-Control", FRESH);
    assertThat(get("/a").body()).isEqualTo("new");
  }

  @Test
  void send_unsafeMethodRedirectedToAFailingPage_stillInvalidates() throws Exception {
    delegate(HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL));
    origin.on("/a", "old", "Cache-Control", FRESH);
    get("/a");
    origin.on("/a", (request, out) -> Origin.reply(out, 303, "", "Location", "/gone"));
    origin.on("/gone", (request, out) -> Origin.reply(out, 404, ""));
    client.send(
        HttpRequest.newBuilder(origin.uri("/a")).POST(BodyPublishers.ofString("q")).build(),
        BodyHandlers.discarding());
    clock.advance(Duration.ofMillis(1));
    origin.on("/a", "new", "Cache-Control", FRESH);
    assertThat(get("/a").body()).isEqualTo("new");
  }

  /** RFC 9110 §9.3.3. Entries tell times by the millisecond. */
  @Test
  void send_postAnswersLaterGets_isNotMadeVoidByItself() throws Exception {
    clock.set(clock.instant().plusNanos(700_000));
    origin.on("/a", "answer", "Cache-Control", FRESH, "Content-Location", "/a");
    HttpRequest post =
        HttpRequest.newBuilder(origin.uri("/a")).POST(BodyPublishers.ofString("q")).build();
    client.send(post, BodyHandlers.ofString());
    assertThat(isHit(get("/a"))).isTrue();
  }
}
