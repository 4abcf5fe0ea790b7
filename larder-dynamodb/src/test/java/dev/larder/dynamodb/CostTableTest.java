package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryFilter;
import dev.larder.http.EntryHead;
import dev.larder.http.Request;
import dev.larder.storage.Leases;
import dev.larder.storage.Leases.Lease;
import dev.larder.storage.OperationStats;
import dev.larder.storage.ReadOptions;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The table of docs/costs.md: what DynamoDB bills for the usual operations, by its own count,
 * beside what requests-cache 1.3.3 pays for the same bodies. Run with {@code
 * -Dlarder.docs.write=true} to write the table anew.
 */
@ExtendWith(EmbeddedDynamoDbExtension.class)
class CostTableTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "costs.md");
  private static final String BEGIN = "<!-- table: CostTableTest -->\n";
  private static final String END = "<!-- end -->\n";
  private static final int ENTRIES = 1_000;

  /** In place of what the original pays: it has no such thing. */
  private static final double NONE = -2;

  private final MutableClock clock = MutableClock.at(Entries.START);
  private final List<String> rows = new ArrayList<>();
  private DynamoDbCache cache;
  private Cost last = new Cost(0, 0, 0);

  /** What something has cost in requests, read units and write units. */
  private record Cost(long requests, double read, double written) {
    static Cost of(DynamoDbCache cache) {
      OperationStats sum = cache.stats().total();
      return new Cost(sum.requests(), sum.readUnits(), sum.writeUnits());
    }

    Cost since(Cost earlier) {
      return new Cost(requests - earlier.requests, read - earlier.read, written - earlier.written);
    }
  }

  private DynamoDbClient client;
  private String table;

  @BeforeEach
  void open(DynamoDbClient embedded, @EmbeddedDynamoDbExtension.TableName String unique) {
    client = embedded;
    table = unique;
    cache =
        DynamoDbCache.builder().tableName(table).client(client).clock(clock).segments(1).build();
    // Without time to live: the clock stands in the past, and DynamoDB sweeps by the real one.
    RawTable.create(client, table, "key HASH S");
  }

  @Test
  void units_ofTheUsualOperations_areAsDocumented() throws IOException {
    // 2 requests, 0.5 / 17 and 160: the look-up and the store. Of the store alone, 17 and 160.
    storeAndHit(20, 17, 2.5);
    storeAndHit(200, 160, 20);
    lease();
    wholeTable();
    oneHost(false);
    oneHost(true);
    String text =
        "| operation | requests-cache: read / write units | Larder: requests | read / write units | of the original's |\n"
            + "| --- | --- | --- | --- | --- |\n"
            + String.join("", rows);
    String document = Files.readString(DOCUMENT);
    String before = document.substring(0, document.indexOf(BEGIN) + BEGIN.length());
    String wanted = before + text + document.substring(document.indexOf(END));
    if (Boolean.getBoolean("larder.docs.write")) {
      Files.writeString(DOCUMENT, wanted);
    }
    assertThat(Files.readString(DOCUMENT)).isEqualTo(wanted);
  }

  private void storeAndHit(int thousands, double originalStore, double originalHit) {
    Request request = Entries.request(thousands);
    byte[] body = Entries.issues(thousands);
    String json = thousands + " KB JSON";
    double share = thousands == 200 ? 0.3 : 0.4;
    measure(
        "store, " + json,
        0,
        originalStore,
        () -> cache.saveResponse(request, Entries.response(Body.of(body))));
    assertThat(last.written).isLessThanOrEqualTo(share * originalStore);

    measure(
        "hit, " + json,
        originalHit,
        0,
        () -> assertThat(cache.getResponse(request).orElseThrow().body().bytes()).isEqualTo(body));
    assertThat(last.read).isLessThanOrEqualTo(share * originalHit);

    if (thousands == 200) {
      measure(
          "hit again, " + json,
          originalHit,
          0,
          () ->
              assertThat(cache.getResponse(request).orElseThrow().body().bytes()).isEqualTo(body));
      assertThat(last.requests).isOne();
      // It is an expired entry that is refreshed: its parts are not asked for beforehand.
      cache.getResponse(request).orElseThrow().expires().ifPresent(clock::set);
    }

    // requests-cache reads the entry, asks the origin, and writes the entry whole.
    measure(
        "304 refresh, " + json,
        thousands == 200 ? 20.5 : -1,
        thousands == 200 ? 161 : -1,
        () -> {
          EntryHead head = cache.getResponse(request).orElseThrow().head();
          assertThat(
                  cache
                      .storage()
                      .update(
                          head.toBuilder()
                              .requested(clock.instant())
                              .responded(clock.instant())
                              .expires(Optional.of(clock.instant().plusSeconds(3_600)))
                              .build()))
              .isTrue();
        });
    if (thousands == 200) {
      assertThat(last.written).isLessThanOrEqualTo(2);
    }

    measure(
        "contains, " + json, originalHit, 0, () -> assertThat(cache.contains(request)).isTrue());
  }

  /** What leases add to a request to the origin, and to waiting for another process's. */
  private void lease() {
    Leases leases = cache.storage().leases().orElseThrow();
    String key = cache.createKey(Entries.request(1));
    measure(
        "a lease: taken, the entry looked up again, given back",
        NONE,
        NONE,
        () -> {
          Lease lease = leases.acquire(key, Duration.ofSeconds(10), Optional.empty()).lease();
          assertThat(cache.storage().read(key, ReadOptions.DEFAULT.strongly())).isEmpty();
          assertThat(leases.release(lease)).isTrue();
        });
    assertThat(last).isEqualTo(new Cost(3, 1, 2));

    leases.acquire(key, Duration.ofSeconds(10), Optional.empty());
    measure(
        "another process's lease: met and looked at ten times",
        NONE,
        NONE,
        () -> {
          assertThat(leases.acquire(key, Duration.ofSeconds(10), Optional.empty()).acquired())
              .isFalse();
          for (int look = 0; look < 10; look++) {
            assertThat(leases.find(key)).isPresent();
          }
        });
  }

  private void wholeTable() {
    cache.clear();
    byte[] body = Entries.issues(2);
    assertThat(
            cache
                .storage()
                .writeAll(
                    IntStream.range(0, ENTRIES)
                        .mapToObj(
                            index ->
                                new CachedResponse(Entries.cached(index, 1).head(), Body.of(body)))
                        .iterator()))
        .isEqualTo(ENTRIES);
    measure(
        "listing 1,000 entries of 2 KB (requests-cache lists 497 of them)",
        377,
        0,
        () -> {
          try (Stream<CacheEntry> entries = cache.filter(EntryFilter.all())) {
            assertThat(entries).hasSize(ENTRIES);
          }
        });
    assertThat(last.read).isLessThan(377);
    measure(
        "clear, 1,000 entries of 2 KB (requests-cache leaves 503 of them)",
        128.5,
        1_491,
        cache::clear);
    assertThat(cache.count()).isZero();
  }

  private void oneHost(boolean index) {
    DynamoDbCache.Builder builder =
        DynamoDbCache.builder()
            .tableName(table + (index ? "-index" : "-none"))
            .client(client)
            .clock(clock)
            .segments(1)
            .sleeper(wait -> LockSupport.parkNanos(Duration.ofMillis(20).toNanos()))
            .index(index);
    // The clock stands in the past, and DynamoDB sweeps by the real one where it is let.
    DynamoDbCache first = builder.ttl(false).build();
    first.prepare();
    if (index) {
      assertThat(first.addIndex()).isZero();
    }
    cache = builder.ttl(true).build();
    byte[] body = Entries.issues(2);
    cache
        .storage()
        .writeAll(
            IntStream.range(0, 4 * ENTRIES)
                .mapToObj(i -> new CachedResponse(onHost(i), Body.of(body)))
                .iterator());
    measure(
        "listing one host, 1,000 of 4,000 entries of 2 KB, "
            + (index ? "with the index" : "without the index"),
        -1,
        0,
        () -> assertThat(cache.count(EntryFilter.host("api.example.org"))).isEqualTo(ENTRIES));
  }

  private static EntryHead onHost(int index) {
    EntryHead head = Entries.cached(index, 1).head();
    return index < ENTRIES
        ? head
        : head.toBuilder().url("https://other.example.org/items/" + index).build();
  }

  private void measure(String operation, double read, double written, Runnable work) {
    // Past the time in which own writes are read strongly, at twice the price.
    clock.advance(RecentWrites.WINDOW);
    // Asks for purges, which is one more item to read every five seconds.
    assertThat(cache.contains("absent")).isFalse();
    Cost before = Cost.of(cache);
    work.run();
    last = Cost.of(cache).since(before);
    String ratio =
        read < 0
            ? ""
            : String.format(
                Locale.ROOT, "%.2f", (last.read + 5 * last.written) / (read + 5 * written));
    rows.add(
        String.join(
            " | ",
            "| " + operation,
            read == NONE
                ? "has none"
                : read < 0 ? "not measured" : units(read) + " / " + units(written),
            Long.toString(last.requests),
            units(last.read) + " / " + units(last.written),
            ratio + " |\n"));
  }

  private static String units(double units) {
    return units == Math.rint(units)
        ? String.format(Locale.ROOT, "%,.0f", units)
        : String.format(Locale.ROOT, "%,.1f", units);
  }
}
