package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.net.http.HttpClient;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/** An SSL context of the caller's may hold a client certificate. */
class UnseenCredentialsTest extends ClientTest {
  private boolean storable(HttpClient.Builder delegate, String url, String cacheControl) {
    return new CacheAccess(cache, delegate.build())
        .storable(
            Request.get(url),
            200,
            Headers.of("Cache-Control", cacheControl),
            clock.instant(),
            clock.instant());
  }

  @Test
  void storable_ownSslContext_onlyWhatIsPublicOrClearText() throws Exception {
    SSLContext own = SSLContext.getInstance("TLS");
    own.init(null, null, null);
    HttpClient.Builder delegate = HttpClient.newBuilder().sslContext(own);
    assertThat(storable(delegate, "https://h/", FRESH)).isFalse();
    assertThat(storable(delegate, "https://h/", "public, " + FRESH)).isTrue();
    assertThat(storable(delegate, "http://h/", FRESH)).isTrue();
  }

  @Test
  void storable_defaultSslContext_all() {
    assertThat(storable(HttpClient.newBuilder(), "https://h/", FRESH)).isTrue();
  }
}
