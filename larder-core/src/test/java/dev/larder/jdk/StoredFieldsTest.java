package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** Which fields of a response are stored (RFC 9111 §3.1). */
class StoredFieldsTest extends ClientTest {
  @Test
  void send_secretAboutTheConnection_isLeftOutAndTheRestStored() throws Exception {
    origin.on(
        "/a", "x", "Cache-Control", "max-age=60", "Proxy-Authorization", "Basic x", "X-Shelf", "4");

    HttpResponse<String> first = get("/a");
    HttpResponse<String> second = get("/a");

    assertThat(first.headers().firstValue("Proxy-Authorization")).contains("Basic x");
    assertThat(isHit(second)).isTrue();
    assertThat(second.headers().firstValue("X-Shelf")).contains("4");
    assertThat(second.headers().firstValue("Proxy-Authorization")).isEmpty();
  }
}
