package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.FaultBench.Page;
import dev.larder.dynamodb.DynamoDbCache;
import dev.larder.http.CachedResponse;
import dev.larder.http.Request;
import dev.larder.jdk.CachingHttpClient;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A process ends while it replaces a stored response, at each of its requests to DynamoDB in turn,
 * before or after that has carried it out. What it was doing is visible to others whole or not at
 * all, and what it has left lying about can be found and removed.
 */
@Timeout(120)
class PublishCrashTest {
  private static FaultBench bench;

  @BeforeAll
  static void open() {
    bench = new FaultBench();
  }

  @AfterAll
  static void close() throws Exception {
    bench.close();
    ReliabilityTable.record(
        "a process that dies while it replaces a response, before or after each of its requests",
        bench);
  }

  @Test
  void publish_processEndsAtAnyRequest_othersSeeTheOldOrTheNewWhole() throws Exception {
    Page rehearsal = bench.page("/rehearsal", KnownBody.LARGE);
    storeOld(rehearsal);
    bench.proxy.reset();
    rehearsal.get(bench.client(bench.failing(options -> options)));
    int steps = bench.proxy.requests("*");
    assertThat(steps).as("the look-up, the parts, the entry").isEqualTo(2 + KnownBody.LARGE_PARTS);
    bench.direct(options -> options).clear();

    for (int step = 1; step <= steps; step++) {
      for (boolean carriedOut : new boolean[] {false, true}) {
        crash(bench.page("/" + step + "/" + carriedOut, KnownBody.LARGE), step, carriedOut);
        bench.closeClients();
      }
    }
  }

  /** Stores a version and makes another one of it at the origin. */
  private void storeOld(Page page) throws Exception {
    CachingHttpClient client = bench.client(bench.direct(options -> options));
    page.get(client);
    page.assertHit(client);
    page.change();
    bench.clock.advance(FaultBench.FRESH.plusMinutes(1));
  }

  private void crash(Page page, int step, boolean carriedOut) throws Exception {
    bench.cases++;
    storeOld(page);
    bench.proxy.crashAt(step, carriedOut);
    page.get(bench.client(bench.failing(options -> options)));
    bench.proxy.reset();

    DynamoDbCache other = bench.direct(options -> options);
    Optional<CachedResponse> found = other.getResponse(Request.get(page.uri()));
    found.ifPresent(page::checkOldOrNew);
    CachingHttpClient client = bench.client(other);
    page.get(client);
    page.assertHit(client);

    // Parts of the last hour may be about to be published.
    bench.clock.advance(FaultBench.FRESH.plusMinutes(1));
    other.removeUnusedParts();
    assertThat(parts()).isEqualTo(KnownBody.LARGE_PARTS);
    page.get(client);
    page.assertHit(client);
    other.clear();
  }

  private long parts() {
    return DynamoDbCaches.DYNAMO_DB
        .client()
        .scanPaginator(scan -> scan.tableName(bench.table).projectionExpression("k"))
        .items()
        .stream()
        .filter(item -> item.get("k").equals(AttributeValue.fromS("part")))
        .count();
  }
}
