package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.CacheStats;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryFilter;
import dev.larder.http.Expiration;
import dev.larder.storage.OperationStats;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.MutableClock;
import java.time.Duration;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Whole-table operations on 5,000 entries of 2 KB, about 13 pages of a scan. requests-cache covers
 * the first page only (497 entries of this size), reads each entry again by its key (498 requests
 * for a listing of those 497), and pays for both.
 */
@ExtendWith(EmbeddedDynamoDbExtension.class)
class LargeTableTest {
  private static final int ENTRIES = 5_000;
  private static final int SEGMENTS = 4;

  /**
   * A full scan reads every byte once, at half a unit for 4 KB, and each page and segment rounds
   * up.
   */
  private static final double SCAN_UNITS = ENTRIES * 2_600 / 4096.0 / 2 + 20;

  private static final int PAGES = 15;

  private final MutableClock clock = MutableClock.at(Entries.START);
  private DynamoDbCache cache;
  private CacheStats before;

  @BeforeEach
  void fill(DynamoDbClient client, @EmbeddedDynamoDbExtension.TableName String table) {
    cache =
        DynamoDbCache.builder()
            .tableName(table)
            .client(client)
            .clock(clock)
            .segments(SEGMENTS)
            .build();
    cache.prepare();
    assertThat(cache.storage().writeAll(Entries.many(ENTRIES, 2_000))).isEqualTo(ENTRIES);
    before = cache.stats();
  }

  @Test
  void listings_coverEveryEntryAndCostTheirPages() {
    assertListing(cache.keys());
    assertListing(cache.filter(EntryFilter.all()).map(entry -> entry.head().key()));
    assertListing(cache.filter(EntryFilter.valid()));
    assertListing(cache.urls());
    assertListing(cache.values().map(CachedResponse::key));
    assertThat(cache.count()).isEqualTo(ENTRIES);
    assertScanned(PAGES);
  }

  @Test
  void bulkChanges_coverEveryEntry(
      DynamoDbClient client, @EmbeddedDynamoDbExtension.TableName String other) {
    assertThat(cache.resetExpiration(Expiration.after(Duration.ofMinutes(1)))).isEqualTo(ENTRIES);
    // requests-cache: 995 requests and 1,491 units for the 497 it finds, reading each again.
    assertThat(cost("UpdateItem").requests()).isEqualTo(ENTRIES);
    assertThat(cost("UpdateItem").writeUnits()).isLessThanOrEqualTo(ENTRIES * 3.0);
    assertScanned(PAGES + SEGMENTS);

    DynamoDbCache copy =
        DynamoDbCache.builder().tableName(other).client(client).clock(clock).build();
    copy.prepare();
    assertThat(copy.update(cache)).isEqualTo(ENTRIES);
    assertThat(copy.stats().of("BatchWriteItem").requests()).isEqualTo(ENTRIES / 25);
    assertThat(copy.stats().of("BatchWriteItem").writeUnits()).isLessThanOrEqualTo(ENTRIES * 3.0);
    assertThat(copy.count(EntryFilter.valid())).isEqualTo(ENTRIES);
    // One scan for the entries and one for the aliases.
    assertScanned(2 * PAGES);

    clock.advance(Duration.ofMinutes(2));
    assertThat(cache.delete(EntryFilter.expired())).isEqualTo(ENTRIES);
    assertThat(cost("BatchWriteItem").requests())
        .isBetween((long) ENTRIES / 25, (long) ENTRIES / 25 + SEGMENTS);
    // requests-cache: 519 requests, 377.5 and 1,494 units for 498 of 1,000, the others left.
    assertThat(cost("BatchWriteItem").writeUnits()).isLessThanOrEqualTo(ENTRIES * 3.0);
    assertScanned(PAGES + SEGMENTS);
    assertThat(cache.count()).isZero();

    CacheStats beforeClearing = copy.stats();
    copy.clear();
    // requests-cache: 21 requests, 128.5 and 1,491 units for 497 of 1,000, the others left.
    OperationStats deleted = since(beforeClearing, copy, "BatchWriteItem");
    assertThat(deleted.requests()).isBetween((long) ENTRIES / 25, (long) ENTRIES / 25 + SEGMENTS);
    assertThat(deleted.writeUnits()).isLessThanOrEqualTo(ENTRIES * 3.0);
    OperationStats scanned = since(beforeClearing, copy, "Scan");
    assertThat(scanned.requests()).isLessThanOrEqualTo(PAGES + SEGMENTS);
    assertThat(scanned.readUnits()).isLessThanOrEqualTo(SCAN_UNITS);
    assertThat(since(beforeClearing, copy, "GetItem").requests()).isZero();
    assertThat(copy.count()).isZero();
    assertThat(client.scan(r -> r.tableName(other)).count()).isZero();
  }

  private void assertListing(Stream<?> listing) {
    try (listing) {
      assertThat(listing.distinct().count()).isEqualTo(ENTRIES);
    }
    assertScanned(PAGES);
  }

  /** No more than one scan since the last time, and nothing read by its key. */
  private void assertScanned(int requests) {
    OperationStats scan = cost("Scan");
    SoftAssertions.assertSoftly(
        softly -> {
          softly.assertThat(scan.requests()).isBetween(1L, (long) requests);
          softly
              .assertThat(scan.readUnits())
              .isBetween(1.0, SCAN_UNITS * (requests >= 2 * PAGES ? 2 : 1));
          // Whether there was a purge, unless that is known; each segment for itself after a pause.
          softly.assertThat(cost("GetItem").requests()).isLessThanOrEqualTo(SEGMENTS);
          softly.assertThat(cost("BatchGetItem").requests()).isZero();
        });
    before = cache.stats();
  }

  private OperationStats cost(String operation) {
    return since(before, cache, operation);
  }

  private static OperationStats since(CacheStats earlier, DynamoDbCache of, String operation) {
    return of.stats().minus(earlier).of(operation);
  }
}
