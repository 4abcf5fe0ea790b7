package dev.larder.cli;

import dev.larder.HttpCache;
import dev.larder.jdk.CachingHttpClient;
import java.net.http.HttpClient;
import java.time.Duration;

/** The client that a proxy asks: it sends each request once, and changes nothing. */
final class OriginClient {
  private OriginClient() {}

  /**
   * A client of the cache.
   *
   * <p>The JDK's client has options that are properties of the process only, and are read when its
   * first instance is made:
   *
   * <ul>
   *   <li>It sends a GET again when the connection ends before an answer. A proxy leaves that to
   *       its caller, who knows what it may cost; two attempts are one too many.
   *   <li>It keeps idle connections for 20 minutes (before JDK 20). Without a second attempt, an
   *       origin that closes one just when it is used again would be seen. Few close theirs before
   *       5 seconds.
   * </ul>
   *
   * Properties that the user has set win.
   */
  static HttpClient build(HttpCache cache, Duration connectTimeout) {
    setIfAbsent("jdk.httpclient.redirects.retrylimit", "1");
    setIfAbsent("jdk.httpclient.keepalive.timeout", "4");
    return CachingHttpClient.builder(cache)
        .delegate(
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectTimeout))
        .build();
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
