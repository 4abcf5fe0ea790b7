package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.CacheEvent;
import dev.larder.CacheSettings;
import dev.larder.TestCache;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The cache never breaks a call. */
class FailingStorageTest extends ClientTest {
  @BeforeEach
  void freshAnswer() {
    origin.on("/a", "x", "Cache-Control", FRESH);
  }

  @Test
  void send_readFails_originAnswersWithOneEvent() throws Exception {
    get("/a");
    storage.readsFail = true;

    HttpResponse<String> response = get("/a");

    assertThat(response.body()).isEqualTo("x");
    assertThat(events).extracting(CacheEvent::type).containsExactly(CacheEvent.Type.READ_FAILED);
  }

  @Test
  void send_writeFails_originAnswersWithOneEvent() throws Exception {
    storage.writesFail = true;

    HttpResponse<String> response = get("/a");

    assertThat(response.body()).isEqualTo("x");
    assertThat(status(response)).isEqualTo("Larder; fwd=uri-miss");
    assertThat(events).extracting(CacheEvent::type).containsExactly(CacheEvent.Type.WRITE_FAILED);
  }

  @Test
  void sendAsync_bothFail_originAnswersWithOneEvent() throws Exception {
    storage.readsFail = true;
    storage.writesFail = true;

    assertThat(client.sendAsync(request("/a"), BodyHandlers.ofString()).get().body())
        .isEqualTo("x");

    // What cannot be read is not written either, while a caller waits.
    assertThat(events).extracting(CacheEvent::type).containsExactly(CacheEvent.Type.READ_FAILED);
  }

  @Test
  void send_invalidationFails_originAnswersWithOneEvent() throws Exception {
    storage.writesFail = true;
    origin.on("/a", (request, out) -> Origin.reply(out, 200, request.method()));

    assertThat(
            client
                .send(
                    HttpRequest.newBuilder(origin.uri("/a"))
                        .POST(BodyPublishers.ofString("q"))
                        .build(),
                    BodyHandlers.ofString())
                .body())
        .isEqualTo("POST");
    assertThat(events).extracting(CacheEvent::type).containsExactly(CacheEvent.Type.WRITE_FAILED);
  }

  @Test
  void send_listenerThrows_originAnswers() throws Exception {
    storage.readsFail = true;
    cache =
        new TestCache(
            storage,
            CacheSettings.builder()
                .listener(
                    event -> {
                      throw new IllegalStateException("a bad listener");
                    })
                .build(),
            clock);
    client = CachingHttpClient.builder(cache).build();
    assertThat(get("/a").body()).isEqualTo("x");
  }

  @Test
  void send_keyFunctionThrows_originAnswers() throws Exception {
    settings(
        CacheSettings.builder()
            .keyFunction(
                (request, fields) -> {
                  throw new IllegalStateException("a bad key function");
                }));
    assertThat(get("/a").body()).isEqualTo("x");
    assertThat(events).isNotEmpty();
  }
}
