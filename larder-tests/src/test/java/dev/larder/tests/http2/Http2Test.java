package dev.larder.tests.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.CacheSettings;
import dev.larder.InMemoryCache;
import dev.larder.jdk.CachingHttpClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Content;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the client does is the same over HTTP/2; what only that has, it passes on. */
@Timeout(120)
class Http2Test {
  private static final String PASSWORD = "secret";
  private static final String FRESH = "public, max-age=3600";

  @TempDir private static Path folder;
  private static SSLContext trusting;
  private static SSLContext known;
  private static Http2Origin clear;
  private static Http2Origin tls;
  private static Http2Origin strict;

  private final InMemoryCache cache = InMemoryCache.builder().build();
  private final CachingHttpClient client = client(cache, trusting);

  /** How the origin is spoken to. */
  enum Over {
    CLEAR,
    TLS;

    Http2Origin origin() {
      return this == CLEAR ? clear : tls;
    }
  }

  @BeforeAll
  static void start() throws Exception {
    KeyStore keys = selfSigned();
    trusting = context(keys, false);
    known = context(keys, true);
    clear = Http2Origin.inTheClear();
    tls = Http2Origin.overTls(keys, PASSWORD, false);
    strict = Http2Origin.overTls(keys, PASSWORD, true);
  }

  @AfterAll
  static void stop() throws Exception {
    clear.close();
    tls.close();
    strict.close();
  }

  @ParameterizedTest
  @EnumSource
  void get_fresh_isAHitTheSecondTime(Over over) throws Exception {
    String path = "/fresh" + over;
    over.origin().on(path, "apples", "Cache-Control", FRESH, "X-Line", "a", "X-Line", "b");

    HttpResponse<String> first = get(over.origin(), path);
    HttpResponse<String> second = get(over.origin(), path);

    assertThat(first.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(status(first)).isEqualTo("Larder; fwd=uri-miss; stored");
    assertThat(status(second)).startsWith("Larder; hit");
    assertThat(List.of(first.body(), second.body())).containsOnly("apples");
    assertThat(second.headers().allValues("X-Line")).containsExactly("a", "b");
    assertThat(second.headers().map().keySet()).noneMatch(name -> name.startsWith(":"));
    assertThat(over.origin().count(path)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void get_stale_isValidated(Over over) throws Exception {
    String path = "/stale" + over;
    over.origin()
        .on(
            path,
            (request, response, callback) -> {
              response.getHeaders().add("Cache-Control", "public, no-cache");
              response.getHeaders().add("ETag", "\"1\"");
              if (request.getHeaders().contains("If-None-Match", "\"1\"")) {
                response.setStatus(304);
                callback.succeeded();
              } else {
                Content.Sink.write(response, true, "apples", callback);
              }
            });
    get(over.origin(), path);

    HttpResponse<String> validated = get(over.origin(), path);

    assertThat(validated.statusCode()).isEqualTo(200);
    assertThat(validated.body()).isEqualTo("apples");
    assertThat(status(validated)).contains("fwd=stale; fwd-status=304");
    assertThat(over.origin().count(path)).isEqualTo(2);
  }

  /** With a principal: who may show a certificate unseen shares no request under way. */
  @ParameterizedTest
  @EnumSource
  void get_manyAtOnce_shareOneRequest(Over over) throws Exception {
    String path = "/many" + over;
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch open = new CountDownLatch(1);
    over.origin()
        .on(
            path,
            (request, response, callback) -> {
              asked.countDown();
              open.await();
              response.getHeaders().add("Cache-Control", FRESH);
              Content.Sink.write(response, true, "apples", callback);
            });
    HttpRequest request = HttpRequest.newBuilder(over.origin().uri(path)).build();
    CacheSettings settings = CacheSettings.builder().principal(asking -> Optional.of("shelf")).build();
    CachingHttpClient named =
        client(InMemoryCache.builder().settings(settings).build(), trusting);
    List<CompletableFuture<HttpResponse<String>>> calls =
        IntStream.range(0, 20)
            .mapToObj(i -> named.sendAsync(request, BodyHandlers.ofString()))
            .toList();
    asked.await();
    open.countDown();

    assertThat(calls).allSatisfy(call -> assertThat(call.get().body()).isEqualTo("apples"));
    assertThat(over.origin().count(path)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void body_ofManyFrames_arrivesAsItComesAndIsStoredWhole(Over over) throws Exception {
    String path = "/long" + over;
    String piece = "0123456789".repeat(100_000);
    CountDownLatch begun = new CountDownLatch(1);
    over.origin()
        .on(
            path,
            (request, response, callback) -> {
              response.getHeaders().add("Cache-Control", FRESH);
              try (var out = Content.Sink.asOutputStream(response)) {
                out.write('x');
                out.flush();
                begun.await();
                out.write(piece.getBytes(StandardCharsets.US_ASCII));
              }
              callback.succeeded();
            });
    HttpRequest request = HttpRequest.newBuilder(over.origin().uri(path)).build();

    HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      assertThat(body.read()).isEqualTo('x');
      begun.countDown();
      assertThat(body.readAllBytes()).hasSize(piece.length());
    }

    HttpResponse<String> second = get(over.origin(), path);
    assertThat(status(second)).startsWith("Larder; hit");
    assertThat(second.body()).isEqualTo("x" + piece);
  }

  @ParameterizedTest
  @EnumSource
  void post_isPassedOnAndInvalidates(Over over) throws Exception {
    String path = "/post" + over;
    over.origin()
        .on(
            path,
            (request, response, callback) -> {
              response.getHeaders().add("Cache-Control", FRESH);
              ByteBuffer body = Content.Source.asByteBuffer(request);
              response.write(true, body, callback);
            });
    get(over.origin(), path);
    HttpRequest post =
        HttpRequest.newBuilder(over.origin().uri(path))
            .POST(BodyPublishers.ofString("pears"))
            .build();

    assertThat(client.send(post, BodyHandlers.ofString()).body()).isEqualTo("pears");
    assertThat(status(get(over.origin(), path))).startsWith("Larder; fwd=");
    assertThat(over.origin().count(path)).isEqualTo(3);
  }

  @Test
  void reset_ofTheStream_failsTheCallAndStoresNothing() throws Exception {
    tls.on(
        "/reset",
        (request, response, callback) -> {
          response.getHeaders().add("Cache-Control", FRESH);
          Content.Sink.write(response, false, ByteBuffer.wrap(new byte[] {1, 2, 3}));
          callback.failed(new IOException("broken"));
        });
    HttpRequest request = HttpRequest.newBuilder(tls.uri("/reset")).build();

    assertThat(client.sendAsync(request, BodyHandlers.ofString()))
        .failsWithin(Duration.ofSeconds(60))
        .withThrowableThat()
        .withCauseInstanceOf(IOException.class);
    assertThat(cache.count()).isZero();
  }

  @Test
  void push_isPassedOnAndNotStored() throws Exception {
    tls.on("/pushed", "style", "Cache-Control", FRESH);
    tls.on(
        "/page",
        (request, response, callback) -> {
          HttpURI uri = HttpURI.build(request.getHttpURI()).path("/pushed").asImmutable();
          request.push(new MetaData.Request("GET", uri, HttpVersion.HTTP_2, HttpFields.EMPTY));
          response.getHeaders().add("Cache-Control", FRESH);
          Content.Sink.write(response, true, "page", callback);
        });
    ConcurrentMap<HttpRequest, CompletableFuture<HttpResponse<String>>> pushes = new ConcurrentHashMap<>();
    HttpRequest page = HttpRequest.newBuilder(tls.uri("/page")).build();

    HttpResponse<String> first =
        client
            .sendAsync(
                page,
                BodyHandlers.ofString(),
                PushPromiseHandler.of(request -> BodyHandlers.ofString(), pushes))
            .get();

    assertThat(first.body()).isEqualTo("page");
    assertThat(pushes).hasSize(1);
    HttpResponse<String> pushed = pushes.values().iterator().next().get();
    assertThat(pushed.body()).isEqualTo("style");
    assertThat(cache.containsUrl(tls.uri("/page").toString())).isTrue();
    assertThat(cache.containsUrl(tls.uri("/pushed").toString())).isFalse();

    ConcurrentMap<HttpRequest, CompletableFuture<HttpResponse<String>>> none = new ConcurrentHashMap<>();
    HttpResponse<String> second =
        client
            .sendAsync(
                page,
                BodyHandlers.ofString(),
                PushPromiseHandler.of(request -> BodyHandlers.ofString(), none))
            .get();
    assertThat(status(second)).startsWith("Larder; hit");
    assertThat(none).isEmpty();
  }

  /** Who the certificate says the caller is, the cache cannot see. */
  @Test
  void clientCertificate_countsAsHiddenCredentials() throws Exception {
    strict.on("/mine", "mine", "Cache-Control", "max-age=3600");
    strict.on("/ours", "ours", "Cache-Control", FRESH);
    CachingHttpClient knownClient = client(cache, known);

    for (int i = 0; i < 2; i++) {
      for (String path : List.of("/mine", "/ours")) {
        HttpRequest request = HttpRequest.newBuilder(strict.uri(path)).build();
        assertThat(knownClient.send(request, BodyHandlers.ofString()).body())
            .isEqualTo(path.substring(1));
      }
    }

    assertThat(strict.count("/mine")).isEqualTo(2);
    assertThat(strict.count("/ours")).isEqualTo(1);
    assertThat(cache.containsUrl(strict.uri("/mine").toString())).isFalse();
  }

  @Test
  void clientCertificate_missing_isTheDelegatesFailure() {
    HttpRequest request = HttpRequest.newBuilder(strict.uri("/mine")).build();

    assertThat(client.sendAsync(request, BodyHandlers.ofString()))
        .failsWithin(Duration.ofSeconds(60))
        .withThrowableThat()
        .withCauseInstanceOf(IOException.class);
  }

  private static CachingHttpClient client(InMemoryCache cache, SSLContext context) {
    return CachingHttpClient.builder(cache)
        .delegate(
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).sslContext(context))
        .build();
  }

  private HttpResponse<String> get(Http2Origin origin, String path)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(origin.uri(path)).build(), BodyHandlers.ofString());
  }

  private static String status(HttpResponse<?> response) {
    return response.headers().firstValue("Cache-Status").orElse("");
  }

  /** A key with a certificate for localhost, which the JDK can make by its tool only. */
  private static KeyStore selfSigned() throws Exception {
    Path file = folder.resolve("keys.p12");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "larder",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  /** A context that trusts the certificate and, if it is to, shows it as the client's own. */
  private static SSLContext context(KeyStore keys, boolean shows) throws Exception {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(keys);
    KeyManagerFactory own =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(shows ? own.getKeyManagers() : null, trust.getTrustManagers(), null);
    return context;
  }
}
