package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryHead;
import dev.larder.http.Request;
import dev.larder.storage.Precondition;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.ResponseStorage;
import dev.larder.storage.StoredItem;
import dev.larder.storage.WriteResult;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the groups of the contract suite share: a storage, a clock, and words for common steps. */
abstract class StorageContractGroup {
  static final Instant START = Instant.parse("2026-11-22T08:00:00.123Z");

  final ResponseStorageContract contract;
  final MutableClock clock = MutableClock.at(START);
  ResponseStorage storage;

  StorageContractGroup(ResponseStorageContract contract) {
    this.contract = contract;
  }

  @BeforeEach
  void openStorage() {
    storage = contract.newStorage(clock);
  }

  @AfterEach
  void closeStorage() {
    // Null if opening it failed: then that failure should be seen alone.
    if (storage != null) {
      storage.close();
    }
  }

  /** An entry that never expires and is kept for ever, requested at {@link #START}. */
  static EntryHead.Builder head(String key) {
    return EntryHead.builder(key, Request.get("https://example.org/page"), START);
  }

  String publish(String key, String body) {
    return publish(head(key).build(), body);
  }

  /** Writes over whatever is there. Returns the version. */
  String publish(EntryHead head, String body) {
    WriteResult result = storage.write(head, Body.of(body), Precondition.none());
    assertThat(result.published()).as("published").isTrue();
    return result.version();
  }

  void put(StoredItem marker) {
    assertThat(storage.put(marker, Precondition.none()).published()).as("published").isTrue();
  }

  Optional<StoredItem> read(String key) {
    return storage.read(key, ReadOptions.DEFAULT);
  }

  /** What is under the key, which must be a good entry. */
  CacheEntry entry(String key) {
    return goodEntry(read(key));
  }

  static CacheEntry goodEntry(Optional<StoredItem> item) {
    assertThat(item).containsInstanceOf(StoredItem.Entry.class);
    CacheEntry entry = ((StoredItem.Entry) item.orElseThrow()).entry();
    assertThat(entry.problem()).isEmpty();
    return entry;
  }

  String bodyText(String key) {
    return bodyText(entry(key));
  }

  static String bodyText(CacheEntry entry) {
    return entry.open().body().text(StandardCharsets.UTF_8);
  }

  /** The keys that a scan delivered; fails if one came twice. Closes the stream. */
  static Set<String> keysOf(Stream<CacheEntry> scan) {
    Set<String> keys = new TreeSet<>();
    try (scan) {
      scan.forEach(
          entry -> assertThat(keys.add(entry.key())).as("once only: " + entry.key()).isTrue());
    }
    return keys;
  }

  /** Everything that can be told of an item, to compare before and after. */
  static String describe(Optional<StoredItem> item) {
    if (item.isEmpty()) {
      return "nothing";
    }
    if (item.get() instanceof StoredItem.Entry found) {
      EntryHead head = found.entry().head();
      return head + " version " + head.version() + " body " + bodyText(found.entry());
    }
    return item.get().toString();
  }

  /** Equal but for what the storage adds: version and length. */
  static void assertSameHead(EntryHead actual, EntryHead expected) {
    assertThat(actual.request().method()).isEqualTo(expected.request().method());
    assertThat(actual.request().uri()).isEqualTo(expected.request().uri());
    assertThat(actual.request().headers().fields())
        .isEqualTo(expected.request().headers().fields());
    assertThat(actual.request().body().bytes()).isEqualTo(expected.request().body().bytes());
    assertThat(actual.key()).isEqualTo(expected.key());
    assertThat(actual.url()).isEqualTo(expected.url());
    assertThat(actual.status()).isEqualTo(expected.status());
    assertThat(actual.headers().fields()).isEqualTo(expected.headers().fields());
    assertThat(actual.created()).isEqualTo(expected.created());
    assertThat(actual.requested()).isEqualTo(expected.requested());
    assertThat(actual.responded()).isEqualTo(expected.responded());
    assertThat(actual.expires()).isEqualTo(expected.expires());
    assertThat(actual.explicit()).isEqualTo(expected.explicit());
    assertThat(actual.retainUntil()).isEqualTo(expected.retainUntil());
    assertThat(actual.digest()).isEqualTo(expected.digest());
    assertThat(actual.range()).isEqualTo(expected.range());
    assertThat(actual.credential()).isEqualTo(expected.credential());
    assertThat(actual.tags()).isEqualTo(expected.tags());
  }
}
