package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.EnabledOnJre;
import org.junit.jupiter.api.condition.JRE;

class DelegationTest extends ClientTest {
  @Test
  void properties_areTheDelegates() throws Exception {
    Executor executor = Runnable::run;
    ProxySelector proxy = ProxySelector.of(null);
    delegate(
        HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(3))
            .followRedirects(HttpClient.Redirect.ALWAYS)
            .proxy(proxy)
            .version(HttpClient.Version.HTTP_1_1)
            .executor(executor));

    assertThat(client.connectTimeout()).contains(Duration.ofSeconds(3));
    assertThat(client.followRedirects()).isEqualTo(HttpClient.Redirect.ALWAYS);
    assertThat(client.proxy()).contains(proxy);
    assertThat(client.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    assertThat(client.executor()).contains(executor);
    assertThat(client.cookieHandler()).isEmpty();
    assertThat(client.authenticator()).isEmpty();
    assertThat(client.sslContext()).isNotNull();
    assertThat(client.sslParameters()).isNotNull();
    assertThat(client.newWebSocketBuilder()).isNotNull();
  }

  @Test
  @EnabledOnJre(JRE.JAVA_17)
  void close_beforeJdk21_doesNothing() throws Exception {
    client.shutdown();
    client.close();
    assertThat(client.isTerminated()).isFalse();
    assertThat(client.awaitTermination(Duration.ofDays(1))).isFalse();
    origin.on("/a", "x");
    assertThat(get("/a").body()).isEqualTo("x");
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void close_fromJdk21_closesTheDelegateAndNotTheCache() throws Exception {
    assertThat(client.isTerminated()).isFalse();
    client.close();
    assertThat(client.isTerminated()).isTrue();
    assertThat(client.awaitTermination(Duration.ofSeconds(1))).isTrue();
    assertThat(cache.count()).isZero();
  }
}
