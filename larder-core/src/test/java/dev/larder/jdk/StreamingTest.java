package dev.larder.jdk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.CacheEvent;
import dev.larder.CacheSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies pass through at their reader's pace, and one reader does not hold up another. */
@Timeout(60)
class StreamingTest extends ClientTest {
  private static final int BLOCK = 64 * 1024;
  private static final long LARGE = 64L << 20;

  private final AtomicLong written = new AtomicLong();

  private void large(String path, boolean chunked) {
    origin.on(
        path,
        (request, out) -> {
          if (chunked) {
            Origin.head(out, 200, -1, "Cache-Control", FRESH, "Transfer-Encoding", "chunked");
          } else {
            Origin.head(out, 200, LARGE, "Cache-Control", FRESH);
          }
          for (long position = 0; position < LARGE; position += BLOCK) {
            out.write(chunked ? "10000\r\n".getBytes(UTF_8) : new byte[0]);
            out.write(new byte[BLOCK]);
            out.write(chunked ? "\r\n".getBytes(UTF_8) : new byte[0]);
            written.addAndGet(BLOCK);
          }
          out.write(chunked ? "0\r\n\r\n".getBytes(UTF_8) : new byte[0]);
        });
  }

  @Test
  void send_readerThatStops_originIsNotReadOnAndOthersFinish() throws Exception {
    large("/large", true);
    origin.on("/small", "x", "Cache-Control", FRESH);
    try (InputStream slow = stream("/large")) {
      assertThat(slow.readNBytes(1000)).hasSize(1000);
      assertThat(get("/small").body()).isEqualTo("x");
      assertThat(isHit(get("/small"))).isTrue();
      try (InputStream other = stream("/large")) {
        assertThat(other.skip(LARGE)).isPositive();
      }
      assertThat(written).as("both together").hasValueLessThan(2 * LARGE);
    }
    assertThat(cache.count()).as("the small one").isEqualTo(1);
  }

  @Test
  void send_moreThanMayBeStored_deliveredAndTold() throws Exception {
    settings(CacheSettings.builder().maxBodyBytes(1 << 20));
    for (boolean chunked : new boolean[] {true, false}) {
      events.clear();
      large("/" + chunked, chunked);
      try (InputStream body = stream("/" + chunked)) {
        body.skipNBytes(LARGE);
        assertThat(body.read()).isEqualTo(-1);
      }
      assertThat(events).extracting(CacheEvent::type).containsExactly(CacheEvent.Type.TOO_LARGE);
    }
    assertThat(cache.count()).isZero();
  }

  @Test
  void send_handlerThatThrows_failsAndTheNextCallerIsServed() throws Exception {
    origin.on("/a", "x", "Cache-Control", FRESH);
    assertThatThrownBy(
            () ->
                client.send(
                    request("/a"),
                    head -> {
                      throw new IllegalStateException("no");
                    }))
        .isInstanceOf(IOException.class);
    assertThat(cache.count()).isZero();
    assertThat(get("/a").body()).isEqualTo("x");
  }

  private InputStream stream(String path) throws Exception {
    HttpResponse<InputStream> response = client.send(request(path), BodyHandlers.ofInputStream());
    return response.body();
  }
}
