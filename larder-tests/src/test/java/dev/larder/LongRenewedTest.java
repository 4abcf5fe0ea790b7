package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.FaultBench.Page;
import dev.larder.http.EntryFilter;
import dev.larder.jdk.CachingHttpClient;
import dev.larder.testkit.dynamodb.TtlSweep;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * An origin confirms a response in parts every other day, for longer than its parts are kept, and
 * DynamoDB sweeps at once what is over. There is never an entry without its body: the last sweep
 * before the parts go takes the entry, and the response is stored anew.
 */
@Timeout(120)
class LongRenewedTest {
  private static final int DAYS = 80;
  private static final int DAYS_BETWEEN = 2;

  @Test
  void renewals_longerThanTheReserveWithSweeps_neverLeaveAnEntryWithoutItsBody() throws Exception {
    DynamoDbClient client = DynamoDbCaches.DYNAMO_DB.client();
    try (FaultBench bench = new FaultBench()) {
      Instant end = bench.clock.instant().plus(Duration.ofDays(DAYS));
      Page page = bench.page("/confirmed", KnownBody.SMALL);
      HttpCache cache = bench.direct(options -> options.inlineBodyLimit(0));
      CachingHttpClient first = bench.client(cache);
      while (bench.clock.instant().isBefore(end)) {
        page.get(first);
        page.assertHit(first);
        assertThat(cache.count(EntryFilter.invalid())).isZero();
        bench.clock.advance(Duration.ofDays(DAYS_BETWEEN));
        TtlSweep.sweep(client, bench.table, bench.clock.instant());
      }
      long whole =
          bench.origin.requests(page.path).stream()
              .filter(request -> !request.headers().contains("If-None-Match"))
              .count();
      assertThat(whole).as("times that it was transferred in %s days", DAYS).isBetween(2L, 4L);
      assertThat(bench.wrongBodies).isZero();
    }
  }
}
