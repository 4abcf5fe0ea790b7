package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.GuardedCache.NetworkTimer;
import dev.larder.dynamodb.DynamoDbCache;
import dev.larder.dynamodb.NoPauses;
import dev.larder.http.Body;
import dev.larder.http.CachedResponse;
import dev.larder.http.Headers;
import dev.larder.jdk.CachingHttpClient;
import dev.larder.testkit.Answer;
import dev.larder.testkit.ScriptedOrigin;
import dev.larder.testkit.dynamodb.FaultProxy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * An origin, DynamoDB behind a network that fails as a test says, and clients with a cache between
 * the two. Counts what it has seen: cases, requests of clients, and wrong bodies.
 */
final class FaultBench implements AutoCloseable {
  /** How long the origin's responses are fresh. */
  static final Duration FRESH = Duration.ofHours(1);

  private static final Duration BUDGET = CacheSettings.standard().storageTimeout();
  static final Duration RECOVERY = Duration.ofSeconds(20);
  private static final AtomicInteger BENCHES = new AtomicInteger();

  /** DynamoDB sweeps by the real clock what is over by that. */
  final TestClock clock = new TestClock();

  final FaultProxy proxy = FaultProxy.to(DynamoDbCaches.DYNAMO_DB.endpoint());
  final NetworkTimer timer = new NetworkTimer(proxy);
  final ScriptedOrigin origin = ScriptedOrigin.start();
  final String table = "faults-" + BENCHES.incrementAndGet();
  private final SdkHttpClient http =
      Apache5HttpClient.builder()
          .proxyConfiguration(
              ProxyConfiguration.builder()
                  .useSystemPropertyValues(false)
                  .useEnvironmentVariableValues(false)
                  .build())
          .build();
  private final DynamoDbClient overProxy =
      DynamoDbCaches.DYNAMO_DB
          .configure(DynamoDbClient.builder())
          .httpClient(http)
          .endpointOverride(proxy.endpoint())
          .overrideConfiguration(
              options ->
                  options.retryStrategy(
                      StandardRetryStrategy.builder()
                          .maxAttempts(2)
                          .backoffStrategy(BackoffStrategy.retryImmediately())
                          .throttlingBackoffStrategy(BackoffStrategy.retryImmediately())
                          .circuitBreakerEnabled(false)
                          .build()))
          .build();
  private final Deque<Runnable> opened = new ArrayDeque<>();

  int cases;
  int requests;
  int wrongBodies;

  FaultBench() {
    clock.set(Instant.parse("2100-01-01T00:00:00Z"));
    direct(builder -> builder).prepare();
  }

  /** A cache whose requests go through the proxy. */
  DynamoDbCache failing(UnaryOperator<DynamoDbCache.Builder> options) {
    return cache(options.apply(builder(overProxy, clock)));
  }

  /** A cache of another process, which nothing happens to. */
  DynamoDbCache direct(UnaryOperator<DynamoDbCache.Builder> options) {
    return cache(options.apply(builder(DynamoDbCaches.DYNAMO_DB.client(), clock)));
  }

  /** A cache of another process with a clock of its own. */
  DynamoDbCache direct(Clock own) {
    return cache(builder(DynamoDbCaches.DYNAMO_DB.client(), own));
  }

  private DynamoDbCache.Builder builder(DynamoDbClient client, Clock at) {
    return NoPauses.builder().tableName(table).client(client).clock(at);
  }

  private DynamoDbCache cache(DynamoDbCache.Builder builder) {
    DynamoDbCache cache = builder.build();
    opened.push(cache::close);
    return cache;
  }

  /** The same cache for clients, who wait for it on the bench's timer. */
  HttpCache guarded(HttpCache cache, CacheSettings settings) {
    HttpCache guarded = new GuardedCache(cache.storage(), settings, cache.clock(), timer);
    opened.push(guarded::close);
    return guarded;
  }

  /** A client over a cache. */
  CachingHttpClient client(HttpCache cache) {
    HttpCache guarded =
        cache instanceof GuardedCache ? cache : guarded(cache, CacheSettings.standard());
    CachingHttpClient client =
        CachingHttpClient.builder(guarded).delegate(HttpClient.newBuilder()).build();
    opened.push(client::shutdownNow);
    return client;
  }

  /** Ends what goes wrong, and waits until nobody is kept waiting any more. */
  void mend() {
    proxy.reset();
    Exchanges.await(() -> proxy.waiting() == 0);
    // As long as a storage that has failed is left alone at most.
    clock.advance(Duration.ofMinutes(5));
  }

  /** Ends the clients and caches so far. */
  void closeClients() {
    opened.forEach(Runnable::run);
    opened.clear();
  }

  /** A resource of the origin, in its first version. */
  Page page(String path, int length) {
    Page page = new Page(path, length);
    origin.respond(path, page::answer);
    return page;
  }

  /** What the origin has under a path. POST makes a new version of it. */
  final class Page {
    final String path;
    final int length;
    private final AtomicInteger version = new AtomicInteger(1);

    private Page(String path, int length) {
      this.path = path;
      this.length = length;
    }

    int version() {
      return version.get();
    }

    URI uri() {
      return origin.uri(path);
    }

    void change() {
      version.incrementAndGet();
    }

    private Answer answer(ScriptedOrigin.Request request) {
      if (request.method().equals("POST")) {
        change();
        return Answer.of(204, Headers.empty());
      }
      int now = version.get();
      String tag = "\"" + now + "\"";
      Headers headers = Headers.of("Cache-Control", "max-age=" + FRESH.toSeconds(), "ETag", tag);
      if (request.headers().first("If-None-Match").filter(tag::equals).isPresent()) {
        return Answer.of(304, headers);
      }
      byte[] body = KnownBody.of(path, now, length);
      return request.headers().first("If-Range").filter(tag::equals).isPresent()
          ? part(headers, body, request.headers().first("Range").orElseThrow())
          : Answer.of(200, headers, Body.of(body));
    }

    private Answer part(Headers headers, byte[] body, String range) {
      String[] ends = range.substring("bytes=".length()).split("-", 2);
      byte[] part =
          Arrays.copyOfRange(body, Integer.parseInt(ends[0]), Integer.parseInt(ends[1]) + 1);
      String contentRange = "bytes " + ends[0] + "-" + ends[1] + "/" + length;
      return Answer.of(206, headers, Body.of(part)).withHeader("Content-Range", contentRange);
    }

    /** Gets it; the body has to be the version that the origin has. Returns the response. */
    HttpResponse<byte[]> get(CachingHttpClient client) throws IOException, InterruptedException {
      requests++;
      HttpRequest get = HttpRequest.newBuilder(uri()).build();
      HttpResponse<byte[]> response = send(client, get, BodyHandlers.ofByteArray());
      assertThat(response.statusCode()).isEqualTo(200);
      check(response.body());
      return response;
    }

    /** Counts a body that is not the version that the origin has, and fails. */
    void check(byte[] body) {
      check(body, version.get());
    }

    /**
     * Counts a response that has not the body of its own version, or of no known one, and fails.
     */
    void checkOldOrNew(CachedResponse response) {
      String tag = response.headers().first("ETag").orElseThrow();
      int stored = Integer.parseInt(tag.substring(1, tag.length() - 1));
      assertThat(stored).isBetween(1, version.get());
      check(response.body().bytes(), stored);
    }

    private void check(byte[] body, int wanted) {
      String difference = KnownBody.difference(body, path, wanted, length);
      if (!difference.isEmpty()) {
        wrongBodies++;
        throw new AssertionError(difference);
      }
    }

    /** Changes it at the origin, through the client. */
    void post(CachingHttpClient client) throws IOException, InterruptedException {
      requests++;
      HttpRequest post = HttpRequest.newBuilder(uri()).POST(BodyPublishers.noBody()).build();
      assertThat(send(client, post, BodyHandlers.discarding()).statusCode()).isEqualTo(204);
    }

    /** Whatever happens, it costs what the origin costs, and one budget. */
    private <T> HttpResponse<T> send(
        CachingHttpClient client, HttpRequest request, BodyHandler<T> handler)
        throws IOException, InterruptedException {
      clock.advance(Duration.ofMillis(1));
      Duration before = timer.passed();
      try {
        return client.send(request, handler);
      } finally {
        assertThat(timer.passed().minus(before)).isLessThanOrEqualTo(BUDGET);
      }
    }

    /**
     * Gets it until it is stored and given from there. A client asks in the background whether a
     * storage is well again, so that takes some requests, which are not counted.
     */
    void getUntilHit(CachingHttpClient client) throws IOException, InterruptedException {
      int counted = requests;
      long begun = System.nanoTime();
      while (!isHit(get(client))) {
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(RECOVERY);
        LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
      }
      requests = counted + 1;
    }

    /** It is stored, and a client is given what is stored. */
    void assertHit(CachingHttpClient client) throws IOException, InterruptedException {
      HttpResponse<?> response = get(client);
      assertThat(isHit(response)).as("hit: %s, %s", path, response.headers().map()).isTrue();
    }
  }

  static boolean isHit(HttpResponse<?> response) {
    return response.headers().firstValue("Cache-Status").orElse("").startsWith("Larder; hit");
  }

  @Override
  public void close() {
    closeClients();
    origin.close();
    overProxy.close();
    http.close();
    proxy.close();
  }
}
