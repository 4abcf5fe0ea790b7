package dev.larder.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.dynamodb.DynamoDbCache;
import dev.larder.embedded.EmbeddedDynamoDb;
import dev.larder.jdk.CacheInfo;
import dev.larder.jdk.CachingHttpClient;
import dev.larder.testkit.Answer;
import dev.larder.testkit.ScriptedOrigin;
import dev.larder.testkit.dynamodb.FaultProxy;
import dev.larder.testkit.dynamodb.WireFault;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * What an outage of DynamoDB costs a caller of {@link CachingHttpClient} with default options, on
 * the real clock. Run with {@code -Dlarder.docs.write=true} to write the table of
 * docs/reliability.md anew.
 */
@Tag("drill")
class OutageDrill {
  private static final Path DOCUMENT = Path.of("..", "docs", "reliability.md");
  private static final String BEGIN = "<!-- table: OutageDrill -->\n";
  private static final String END = "<!-- end -->\n";

  /** So many failures in a row open the breaker. */
  private static final int FIRST = 5;

  private static final int WHILE_OPEN = 500;
  private static final int WARM_UP = 200;
  private static final Duration MOST_AT_FIRST = Duration.ofMillis(500);
  private static final Duration MOST_WHILE_OPEN = Duration.ofMillis(5);
  private static final Duration LONGEST_RECOVERY = Duration.ofSeconds(45);

  private final List<String> rows = new ArrayList<>();
  private int paths;

  @Test
  void send_duringAnOutage_costsLittleMoreThanTheOrigin() throws Exception {
    try (EmbeddedDynamoDb dynamoDb = EmbeddedDynamoDb.inMemory();
        ScriptedOrigin origin = ScriptedOrigin.start()) {
      outage("refuses connections", "25.6 s, exception", FaultProxy::refuse, dynamoDb, origin);
      outage(
          "accepts and says nothing",
          "627 s, exception",
          proxy -> proxy.always(FaultProxy.ANY, WireFault.silent()),
          dynamoDb,
          origin);
      outage(
          "answers 500",
          "25.6 s, exception",
          proxy -> proxy.always(FaultProxy.ANY, WireFault.serverError()),
          dynamoDb,
          origin);
      outage(
          "throttles",
          "25.6 s, exception",
          proxy -> proxy.always(FaultProxy.ANY, WireFault.throttled()),
          dynamoDb,
          origin);
    }
    write();
  }

  private void outage(
      String what,
      String original,
      Consumer<FaultProxy> begin,
      EmbeddedDynamoDb dynamoDb,
      ScriptedOrigin origin)
      throws Exception {
    try (FaultProxy proxy = FaultProxy.to(dynamoDb.endpoint());
        DynamoDbCache cache =
            DynamoDbCache.builder()
                .endpoint(proxy.endpoint())
                .region("us-east-1")
                .credentials(
                    StaticCredentialsProvider.create(AwsBasicCredentials.create("some", "secret")))
                .build()) {
      cache.prepare();
      CachingHttpClient client = CachingHttpClient.builder(cache).build();
      HttpClient plain = HttpClient.newHttpClient();
      for (int i = 0; i < WARM_UP; i++) {
        get(client, origin, newPath(origin));
        get(plain, origin, newPath(origin));
      }
      String known = newPath(origin);
      get(client, origin, known);
      long originTime = median(measure(plain, origin, WHILE_OPEN));

      begin.accept(proxy);
      long[] first = measure(client, origin, FIRST);
      long[] open = measure(client, origin, WHILE_OPEN);
      proxy.reset();
      Duration recovery = untilHit(client, origin, known);
      client.close();

      Duration longest = Duration.ofNanos(Arrays.stream(first).max().orElseThrow() - originTime);
      Duration usual = Duration.ofNanos(median(open) - originTime);
      Duration rare = Duration.ofNanos(open[WHILE_OPEN * 99 / 100] - originTime);
      row(what, longest, usual, rare, recovery, original);
      assertThat(longest).as(what).isLessThanOrEqualTo(MOST_AT_FIRST);
      assertThat(usual).as(what).isLessThanOrEqualTo(MOST_WHILE_OPEN);
      assertThat(recovery).as(what).isLessThanOrEqualTo(LONGEST_RECOVERY);
    }
  }

  /** The times of so many requests for what is not stored, in nanoseconds, in ascending order. */
  private long[] measure(HttpClient client, ScriptedOrigin origin, int count) throws Exception {
    long[] times = new long[count];
    for (int i = 0; i < count; i++) {
      String path = newPath(origin);
      long begun = System.nanoTime();
      HttpResponse<String> response = get(client, origin, path);
      times[i] = System.nanoTime() - begun;
      assertThat(response.body()).isEqualTo("body of " + path);
    }
    Arrays.sort(times);
    return times;
  }

  private static Duration untilHit(HttpClient client, ScriptedOrigin origin, String path)
      throws Exception {
    long begun = System.nanoTime();
    while (!isHit(get(client, origin, path))) {
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONGEST_RECOVERY);
    }
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private static boolean isHit(HttpResponse<String> response) {
    return CacheInfo.of(response).map(CacheInfo::fromCache).orElse(false);
  }

  private String newPath(ScriptedOrigin origin) {
    String path = "/" + paths++;
    origin.respond(path, Answer.ok("body of " + path).withHeader("Cache-Control", "max-age=3600"));
    return path;
  }

  private static HttpResponse<String> get(HttpClient client, ScriptedOrigin origin, String path)
      throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(origin.uri(path)).build(), BodyHandlers.ofString());
  }

  private static long median(long[] sorted) {
    return sorted[sorted.length / 2];
  }

  private void row(
      String what,
      Duration longest,
      Duration usual,
      Duration rare,
      Duration recovery,
      String original) {
    String row =
        String.format(
            Locale.ROOT,
            "| %s | %d ms | %.1f ms | %.1f ms | %.1f s | %s |%n",
            what,
            longest.toMillis(),
            usual.toNanos() / 1e6,
            rare.toNanos() / 1e6,
            recovery.toMillis() / 1e3,
            original);
    System.out.print(row);
    rows.add(row);
  }

  private void write() throws IOException {
    if (!Boolean.getBoolean("larder.docs.write")) {
      return;
    }
    String document = Files.readString(DOCUMENT);
    String table =
        "| DynamoDB | first failures: longest | then: median | 99 of 100 | answers again after | requests-cache 1.3.3 |\n"
            + "| --- | --- | --- | --- | --- | --- |\n"
            + String.join("", rows);
    int begin = document.indexOf(BEGIN) + BEGIN.length();
    Files.writeString(
        DOCUMENT,
        document.substring(0, begin) + table + document.substring(document.indexOf(END, begin)));
  }
}
