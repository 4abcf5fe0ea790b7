package dev.larder.jdk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A body that did not come whole is not stored. */
@Timeout(60)
class BrokenBodiesTest extends ClientTest {
  private static final String BODY = "x".repeat(300_000);

  @Test
  void send_streamClosedHalfWay_notStoredUntilReadWhole() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    origin.on(
        "/a",
        (request, out) -> {
          Origin.head(out, 200, BODY.length(), "Cache-Control", FRESH);
          out.write(BODY.substring(0, 1000).getBytes(UTF_8));
          out.flush();
          closed.await();
          out.write(BODY.substring(1000).getBytes(UTF_8));
        });

    try (InputStream body = stream()) {
      assertThat(body.readNBytes(10)).hasSize(10);
    }
    closed.countDown();
    assertThat(cache.count()).isZero();

    try (InputStream body = stream()) {
      assertThat(body.readAllBytes()).hasSize(BODY.length());
    }
    assertThat(cache.count()).isEqualTo(1);
    assertThat(isHit(get("/a"))).isTrue();
  }

  @Test
  void send_streamOpenButUnread_notStored() throws Exception {
    origin.on("/a", BODY, "Cache-Control", FRESH);
    try (InputStream body = stream()) {
      assertThat(body.read()).isEqualTo('x');
      assertThat(cache.count()).isZero();
    }
  }

  @Test
  void send_contentLengthTooLong_errorToCallerAndNotStored() throws Exception {
    origin.on(
        "/a",
        (request, out) -> {
          Origin.head(out, 200, 100, "Cache-Control", FRESH);
          out.write(new byte[99]);
        });
    assertThatThrownBy(() -> get("/a")).isInstanceOf(IOException.class);
    assertThat(cache.count()).isZero();
  }

  @Test
  void send_contentLengthTooShort_asThePlainClientAndNothingWrongStored() throws Exception {
    origin.on(
        "/a",
        (request, out) -> {
          Origin.head(out, 200, 3, "Cache-Control", FRESH);
          out.write("abcdef".getBytes(UTF_8));
        });
    assertThat(get("/a").body()).isEqualTo("abc");
    assertThat(get("/a").body()).isEqualTo("abc");
  }

  @Test
  void send_chunksEndEarly_errorToCallerAndNotStored() throws Exception {
    origin.on(
        "/a",
        (request, out) -> {
          Origin.head(out, 200, -1, "Cache-Control", FRESH, "Transfer-Encoding", "chunked");
          out.write("5\r\nhello\r\n5\r\nhe".getBytes(UTF_8));
        });
    assertThatThrownBy(() -> get("/a")).isInstanceOf(IOException.class);
    assertThat(cache.count()).isZero();
  }

  @Test
  void send_chunked_stored() throws Exception {
    origin.on(
        "/a",
        (request, out) -> {
          Origin.head(out, 200, -1, "Cache-Control", FRESH, "Transfer-Encoding", "chunked");
          out.write("5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n".getBytes(UTF_8));
        });
    get("/a");
    HttpResponse<String> hit = get("/a");
    assertThat(isHit(hit)).isTrue();
    assertThat(hit.body()).isEqualTo("hello!");
    assertThat(hit.headers().firstValue("Transfer-Encoding")).isEmpty();
  }

  private InputStream stream() throws Exception {
    return client.send(request("/a"), BodyHandlers.ofInputStream()).body();
  }
}
