package dev.larder.cli;

import dev.larder.CacheSettings;
import dev.larder.dynamodb.DynamoDbCache;
import dev.larder.embedded.EmbeddedDynamoDb;
import dev.larder.http.LarderException;
import dev.larder.jdk.CacheInfo;
import dev.larder.jdk.CachingHttpClient;
import dev.larder.storage.OperationStats;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The steps of the demonstration, and what they cost. */
final class Demo {
  private static final CacheSettings PATIENT =
      CacheSettings.builder().storageTimeout(CacheOptions.PATIENCE).build();

  private static final Duration DELAY = Duration.ofMillis(300);
  private static final Duration SHIFT = Duration.ofHours(2);
  private static final int MORE_HITS = 100;
  private static final String TABLE = "http_cache";

  private final Console console;
  private final PrintWriter out;
  private final Workplace workplace;
  private final ShiftedClock clock = new ShiftedClock();
  private final SlowOrigin origin;
  private final URI url;
  private final TextTable costs =
      new TextTable(
          "what each step cost",
          "origin asked",
          "DynamoDB requests",
          "read units",
          "write units",
          "ms");
  private Cost total = Cost.NOTHING;
  private int answers;

  /** A cache in use and a client of it. */
  private record Session(OpenCache opened, HttpClient client) {
    DynamoDbCache cache() {
      return opened.cache();
    }
  }

  /** An answer and what it cost. */
  private record Answer(HttpResponse<String> response, Cost cost) {}

  Demo(Console console, Workplace workplace) throws IOException {
    this.console = console;
    this.out = console.out();
    this.workplace = workplace;
    this.origin = workplace.add(SlowOrigin.start(clock, DELAY));
    this.url = origin.uri("/stock");
  }

  void run() throws IOException, InterruptedException {
    long start = System.nanoTime();
    Session first = open();
    out.println(console.bold("What Larder does, in six steps"));
    say("origin   " + url + ", which takes " + DELAY.toMillis() + " ms to answer");
    say("table    " + TABLE + " in an embedded DynamoDB, started in " + millisSince(start) + " ms");
    say("files    " + workplace.directory() + ", deleted at the end");

    heading("1. A miss: nothing is stored, so the origin is asked");
    answer("1. miss", first);

    heading("2. A hit: the origin is not asked");
    answer("2. hit", first);
    moreHits(first);

    heading("3. A hit after a restart: all is closed, and a new process opens the same file");
    workplace.remove(first.opened());
    answerInAnotherProcess("3. hit in a new process");

    heading("4. An expiry: the demo's clock is put forward by two hours (nobody waits for them)");
    clock.shift(SHIFT);
    Session second = open();
    String key = answer("4. expired, fetched again", second);

    heading("5. The item, as the DynamoDB console shows it");
    ItemJson.lines(item(second, key)).forEach(this::say);

    heading("6. The bill");
    costs.lines().forEach(this::say);
    say("");
    conclude();
    workplace.remove(second.opened());
  }

  private Session open() {
    Path home = workplace.directory();
    OpenCache opened =
        workplace.add(
            OpenCache.embedded(
                DynamoDbCache.builder().tableName(TABLE).clock(clock).settings(PATIENT), home));
    HttpClient.Builder plain = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
    return new Session(opened, CachingHttpClient.builder(opened.cache()).delegate(plain).build());
  }

  private String answer(String name, Session session) throws IOException, InterruptedException {
    int before = origin.requests();
    Answer answer = get(session);
    Report.of(answer.response(), clock.instant(), answer.cost()).forEach(this::say);
    say("status   Cache-Status: " + String.join(", ", cacheStatus(answer)));
    say("body     " + answer.response().body().strip());
    record(name, 1, origin.requests() - before, answer.cost());
    return CacheInfo.of(answer.response())
        .orElseThrow(() -> new LarderException("the answer to " + name + " was not cached"))
        .key();
  }

  private void moreHits(Session session) throws IOException, InterruptedException {
    int before = origin.requests();
    List<Duration> times = new ArrayList<>();
    Cost all = Cost.NOTHING;
    for (int i = 0; i < MORE_HITS; i++) {
      Cost cost = get(session).cost();
      times.add(cost.time());
      all = all.plus(cost);
    }
    times.sort(null);
    Duration median = times.get(MORE_HITS / 2);
    say("");
    say(MORE_HITS + " hits more: " + Cost.millis(median) + " ms each (median)");
    say(
        "One read unit each, not half of one: what a process wrote less than 5 seconds ago, it reads");
    say("with strong consistency.");
    record(MORE_HITS + " hits more, together", MORE_HITS, origin.requests() - before, all);
  }

  private void answerInAnotherProcess(String name) throws IOException, InterruptedException {
    int before = origin.requests();
    List<String> arguments =
        List.of(
            "get", url.toString(), "--home", workplace.directory().toString(), "--table", TABLE);
    say("$ larder " + String.join(" ", arguments));
    OtherProcess process = OtherProcess.run(workplace, arguments);
    process.err().forEach(this::say);
    process.out().forEach(line -> say("body     " + line));
    Cost cost =
        process.err().stream()
            .flatMap(line -> Cost.parse(line).stream())
            .findFirst()
            .orElseThrow(() -> new LarderException("the second process did not say what it cost"));
    record(name, 1, origin.requests() - before, cost);
  }

  private Answer get(Session session) throws IOException, InterruptedException {
    OperationStats before = Cost.soFar(session.cache());
    long start = System.nanoTime();
    HttpResponse<String> response =
        session.client().send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString());
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    return new Answer(response, Cost.since(before, session.cache(), time));
  }

  private static List<String> cacheStatus(Answer answer) {
    return answer.response().headers().allValues("Cache-Status");
  }

  private static Map<String, AttributeValue> item(Session session, String key) {
    EmbeddedDynamoDb dynamo =
        session
            .opened()
            .embedded()
            .orElseThrow(() -> new LarderException("the demo's table is not embedded"));
    return dynamo
        .client()
        .getItem(r -> r.tableName(TABLE).key(Map.of("key", AttributeValue.fromS(key))))
        .item();
  }

  private void record(String name, int count, int asked, Cost cost) {
    answers += count;
    total = total.plus(cost);
    costs.add(
        name,
        Integer.toString(asked),
        Long.toString(cost.requests()),
        Cost.units(cost.readUnits()),
        Cost.units(cost.writeUnits()),
        Cost.millis(cost.time()));
  }

  private void conclude() {
    int asked = origin.requests();
    say(
        answers
            + " answers took "
            + asked
            + " requests to the origin and "
            + seconds(total.time())
            + " s. Always asking the origin: "
            + answers
            + " requests and "
            + seconds(DELAY.multipliedBy(answers))
            + " s.");
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f", time.toMillis() / 1e3);
  }

  private static String millisSince(long nanos) {
    return Cost.millis(Duration.ofNanos(System.nanoTime() - nanos));
  }

  private void heading(String text) {
    out.println();
    out.println(console.bold(text));
  }

  private void say(String line) {
    out.println(line.isEmpty() ? "" : "   " + line);
  }
}
