package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Exchanges;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A GET is sent, a PUT is sent and answered, the response to the GET arrives: whatever it is,
 * nobody who asks after the PUT gets it (RFC 9111 §4.4).
 */
@Timeout(60)
class LateAnswersTest extends ClientTest {
  private static final String WHILE = "max-age=60, stale-while-revalidate=600";

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);
  private volatile boolean hold;
  private volatile boolean confirms = true;

  @AfterEach
  void letGo() throws Exception {
    go.countDown();
    Exchanges.awaitNothingHeld(cache);
  }

  /**
   * Answers with "old" until a PUT, then with "new"; what comes while {@code hold} is set is
   * decided at once and answered when the test lets it go.
   */
  private void origin(String cacheControl, String... fields) {
    String[] state = {"old"};
    origin.on(
        "/a",
        (request, out) -> {
          if (request.method().equals("PUT")) {
            state[0] = "new";
            Origin.reply(out, 200, "");
            return;
          }
          String body = state[0];
          String[] all = new String[fields.length + 4];
          all[0] = "Cache-Control";
          all[1] = cacheControl;
          all[2] = "ETag";
          all[3] = "\"" + body + "\"";
          System.arraycopy(fields, 0, all, 4, fields.length);
          boolean same = confirms && request.field("If-None-Match").equals(all[3]);
          if (hold) {
            asked.countDown();
            go.await();
          }
          if (same) {
            Origin.head(out, 304, -1, all);
          } else {
            Origin.reply(out, 200, body, all);
          }
        });
  }

  private void put() throws Exception {
    hold = false;
    clock.advance(Duration.ofMillis(1));
    HttpRequest put =
        HttpRequest.newBuilder(origin.uri("/a")).PUT(BodyPublishers.ofString("new")).build();
    client.send(put, BodyHandlers.discarding());
    clock.advance(Duration.ofMillis(1));
  }

  private CompletableFuture<HttpResponse<String>> late(String... fields) throws Exception {
    hold = true;
    var late = client.sendAsync(request("/a", fields), BodyHandlers.ofString());
    asked.await();
    return late;
  }

  /** After a PUT, with the late answer still under way, and after it. */
  private void assertNewAfter(CompletableFuture<HttpResponse<String>> late, String... fields)
      throws Exception {
    var follower = client.sendAsync(request("/a", fields), BodyHandlers.ofString());
    Exchanges.await(() -> follower.isDone() || Exchanges.followers(cache) == 1);
    go.countDown();
    assertThat(late.get(30, TimeUnit.SECONDS).body()).isEqualTo("old");
    assertThat(follower.get(30, TimeUnit.SECONDS).body()).isEqualTo("new");
    clock.advance(Duration.ofMillis(1));
    assertThat(get("/a", fields).body()).isEqualTo("new");
    HttpResponse<String> again = get("/a", fields);
    assertThat(again.body()).isEqualTo("new");
    assertThat(isHit(again)).isTrue();
  }

  @Test
  void get_plainAnswerIsLate_neverServed() throws Exception {
    origin(FRESH);
    var late = late();
    put();
    assertNewAfter(late);
  }

  @Test
  void get_confirmationIsLate_neverServed() throws Exception {
    origin(FRESH);
    get("/a");
    clock.advance(Duration.ofMinutes(2));
    var late = late();
    put();
    assertNewAfter(late);
  }

  @Test
  void get_answerWithCredentialsIsLate_neverServed() throws Exception {
    origin(FRESH);
    var late = late("Authorization", "me");
    put();
    assertNewAfter(late, "Authorization", "me");
  }

  @Test
  void get_confirmationWithCredentialsIsLate_neverServed() throws Exception {
    origin(FRESH);
    get("/a", "Authorization", "me");
    clock.advance(Duration.ofMinutes(2));
    var late = late("Authorization", "me");
    put();
    assertNewAfter(late, "Authorization", "me");
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "de", "fr"})
  void get_variantIsLate_neverServed(String language) throws Exception {
    origin(FRESH, "Vary", "Accept-Language");
    get("/a", "Accept-Language", "en");
    clock.advance(Duration.ofMillis(1));
    get("/a", "Accept-Language", "de");
    clock.advance(Duration.ofMinutes(2));
    var late = late("Accept-Language", language);
    put();
    assertNewAfter(late, "Accept-Language", language);
  }

  @Test
  void get_variantIsLateAndAnotherIsStoredAfterThePut_neverServed() throws Exception {
    origin(FRESH, "Vary", "Accept-Language");
    get("/a", "Accept-Language", "en");
    clock.advance(Duration.ofMillis(1));
    get("/a", "Accept-Language", "de");
    clock.advance(Duration.ofMillis(1));
    var late = late("Accept-Language", "fr");
    put();
    get("/a", "Accept-Language", "en");
    clock.advance(Duration.ofMillis(1));
    get("/a", "Accept-Language", "de");
    clock.advance(Duration.ofMillis(1));
    assertNewAfter(late, "Accept-Language", "fr");
  }

  @ParameterizedTest
  @ValueSource(strings = {"200", "304"})
  void get_backgroundAnswerIsLate_neverServed(int status) throws Exception {
    origin(WHILE);
    get("/a");
    clock.advance(Duration.ofMinutes(2));
    confirms = status == 304;
    hold = true;
    assertThat(get("/a").body()).isEqualTo("old");
    asked.await();
    put();
    go.countDown();
    Exchanges.awaitNothingHeld(cache);
    HttpResponse<String> after = get("/a");
    assertThat(after.body()).isEqualTo("new");
    assertThat(isHit(after)).isFalse();
    assertThat(isHit(get("/a"))).isTrue();
  }
}
