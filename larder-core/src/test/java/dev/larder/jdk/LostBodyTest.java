package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.CacheEvent;
import dev.larder.CacheSettings;
import dev.larder.http.Body;
import dev.larder.storage.StorageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A body that is read when it is needed, and is not there any more by then. */
@Timeout(60)
class LostBodyTest extends ClientTest {
  private volatile boolean lost;

  /** Not in memory, and lost if the test says so. */
  private final class LateBody implements Body {
    private final Body body;

    LateBody(Body body) {
      this.body = body;
    }

    @Override
    public long length() {
      return body.length();
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(bytes());
    }

    @Override
    public byte[] bytes() {
      if (lost) {
        throw new StorageException("the body is lost");
      }
      return body.bytes();
    }

    @Override
    public Optional<ByteBuffer> buffer() {
      return Optional.empty();
    }
  }

  @BeforeEach
  void store() throws Exception {
    storage.bodies = LateBody::new;
    settings(CacheSettings.builder().staleIfError(Duration.ofHours(1)));
    origin.on(
        "/a",
        (request, out) -> {
          boolean conditional = !request.field("If-None-Match").isEmpty();
          if (conditional) {
            Origin.head(out, 304, -1, "ETag", "\"1\"", "Cache-Control", FRESH);
          } else {
            Origin.reply(out, 200, "body", "ETag", "\"1\"", "Cache-Control", FRESH);
          }
        });
    get("/a");
    assertThat(isHit(get("/a"))).isTrue();
  }

  private void makeStale() {
    clock.advance(Duration.ofSeconds(61));
  }

  @Test
  void send_freshAndLost_originAnswers() throws Exception {
    lost = true;
    assertThat(get("/a").body()).isEqualTo("body");
    assertThat(origin.requests()).isEqualTo(2);
  }

  @Test
  void send_confirmedAndThere_isServed() throws Exception {
    makeStale();
    HttpResponse<String> response = get("/a");
    assertThat(response.body()).isEqualTo("body");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(status(response)).contains("fwd-status=304");
    assertThat(CacheInfo.of(response).orElseThrow().revalidated()).isTrue();
    assertThat(origin.requests()).isEqualTo(2);
    assertThat(isHit(get("/a"))).isTrue();
  }

  @Test
  void send_confirmedAndLost_originIsAskedForTheWhole() throws Exception {
    makeStale();
    lost = true;
    HttpResponse<String> response = get("/a");
    assertThat(response.body()).isEqualTo("body");
    assertThat(status(response)).contains("fwd=stale").contains("stored");
    assertThat(origin.requests()).isEqualTo(3);
    assertThat(origin.received.get(2).field("If-None-Match")).isEmpty();
    assertThat(events).extracting(CacheEvent::type).containsExactly(CacheEvent.Type.READ_FAILED);
    lost = false;
    assertThat(isHit(get("/a"))).isTrue();
  }

  @Test
  void sendAsync_confirmedAndLost_originIsAskedForTheWhole() throws Exception {
    makeStale();
    lost = true;
    assertThat(client.sendAsync(request("/a"), BodyHandlers.ofString()).get().body())
        .isEqualTo("body");
  }

  @Test
  void send_originFailsAndStaleBodyIsThere_isServed() throws Exception {
    makeStale();
    origin.on("/a", (request, out) -> Origin.reply(out, 503, "down"));
    assertThat(get("/a").body()).isEqualTo("body");
    origin.on("/a", (request, out) -> {});
    assertThat(get("/a").body()).isEqualTo("body");
  }

  @Test
  void send_originFailsAndStaleBodyIsLost_failureOfTheOriginIsSeen() throws Exception {
    makeStale();
    lost = true;
    origin.on("/a", (request, out) -> Origin.reply(out, 503, "down"));
    HttpResponse<String> response = get("/a");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).isEqualTo("down");
    origin.on("/a", (request, out) -> {});
    assertThatThrownBy(() -> get("/a"))
        .isInstanceOf(IOException.class)
        .hasMessageNotContaining("the body is lost");
  }
}
