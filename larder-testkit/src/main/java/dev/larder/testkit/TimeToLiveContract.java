package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryFilter;
import dev.larder.http.EntryHead;
import dev.larder.storage.Precondition;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.ScanRequest;
import dev.larder.storage.StoredItem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** From {@code retainUntil} on an item is absent to every method, swept or not. */
abstract class TimeToLiveContract extends StorageContractGroup {
  private static final Instant END = Instant.parse("2026-11-22T09:00:00Z");

  TimeToLiveContract(ResponseStorageContract contract) {
    super(contract);
  }

  private void storeOneOfEachUntilEnd() {
    publish(head("entry").retainUntil(Optional.of(END)).build(), "body");
    put(new StoredItem.Alias("alias", "entry", Optional.of(END)));
    put(new StoredItem.Tombstone("tombstone", START, END));
    put(
        new StoredItem.Directory(
            "directory", "", List.of("A"), Set.of("v"), Optional.of(START), Optional.of(END)));
  }

  @Test
  void retainUntil_oneMillisecondBefore_isStillThere() {
    storeOneOfEachUntilEnd();
    clock.set(END.minusMillis(1));
    assertThat(bodyText("entry")).isEqualTo("body");
    for (String key : List.of("alias", "tombstone", "directory")) {
      assertThat(read(key)).as(key).isPresent();
    }
    assertThat(storage.count()).isOne();
  }

  @Test
  void retainUntil_reached_isAbsentToEveryMethod() {
    storeOneOfEachUntilEnd();
    EntryHead stored = entry("entry").head();
    clock.set(END);
    List<String> keys = List.of("entry", "alias", "tombstone", "directory");
    for (String key : keys) {
      assertThat(read(key)).as(key).isEmpty();
      assertThat(storage.read(key, ReadOptions.HEAD.strongly())).as(key).isEmpty();
    }
    assertThat(storage.readAll(keys, ReadOptions.DEFAULT)).isEmpty();
    for (EntryFilter filter :
        List.of(EntryFilter.all(), EntryFilter.expired(), EntryFilter.valid())) {
      assertThat(keysOf(storage.scan(ScanRequest.of(filter)))).isEmpty();
    }
    assertThat(keysOf(storage.scan(ScanRequest.of(EntryFilter.expired().not()).withBodies())))
        .isEmpty();
    try (Stream<StoredItem.Alias> aliases = storage.aliases()) {
      assertThat(aliases).isEmpty();
    }
    assertThat(storage.count()).isZero();
    assertThat(storage.update(stored)).isFalse();
    for (String key : keys) {
      assertThat(storage.remove(key, Precondition.none())).as(key).isFalse();
    }
  }

  @Test
  void retainUntil_withinASecond_lastsToTheEndOfTheSecond() {
    publish(head("k").retainUntil(Optional.of(END.plusMillis(500))).build(), "body");
    clock.set(END.plusMillis(999));
    assertThat(bodyText("k")).isEqualTo("body");
    clock.set(END.plusSeconds(1));
    assertThat(read("k")).isEmpty();
    assertThat(storage.count()).isZero();
  }

  @Test
  void write_overAnItemPastItsTime_isLikeWritingToAnAbsentKey() {
    storeOneOfEachUntilEnd();
    clock.set(END.plusSeconds(1));
    for (String key : List.of("entry", "alias", "tombstone", "directory")) {
      EntryHead head = head(key).build();
      assertThat(storage.write(head, Body.of("new"), Precondition.absent()).published())
          .as(key)
          .isTrue();
      assertThat(bodyText(key)).isEqualTo("new");
      assertThat(entry(key).head().retainUntil()).isEmpty();
    }
    clock.advance(Duration.ofDays(36_500));
    assertThat(storage.count()).isEqualTo(4);
  }

  @Test
  void write_withoutTimeToLive_isKeptForEver() {
    publish("k", "body");
    put(new StoredItem.Alias("alias", "k", Optional.empty()));
    clock.advance(Duration.ofDays(36_500));
    assertThat(bodyText("k")).isEqualTo("body");
    assertThat(read("alias")).isPresent();
  }

  @Test
  void expires_past_doesNotMakeTheEntryAbsent() {
    publish(head("k").expires(Optional.of(START.minusSeconds(1))).build(), "stale");
    clock.advance(Duration.ofDays(1000));
    assertThat(bodyText("k")).isEqualTo("stale");
    assertThat(storage.count()).isOne();
  }

  @Test
  void readAll_someItemsPastTheirTime_leavesThemOut() {
    storeOneOfEachUntilEnd();
    publish("kept", "body");
    clock.set(END);
    assertThat(storage.readAll(List.of("entry", "kept", "alias"), ReadOptions.DEFAULT))
        .containsOnlyKeys("kept");
    try (Stream<CacheEntry> scan = storage.scan(ScanRequest.of(EntryFilter.all()))) {
      assertThat(scan.map(CacheEntry::key)).containsExactly("kept");
    }
    assertThat(storage.count()).isOne();
  }

  @Test
  void scan_itemThatEndsDuringTheScan_isOpenedOrFailsButIsNeverEmpty() {
    publish(head("k").retainUntil(Optional.of(END)).build(), "body");
    CacheEntry entry = entry("k");
    clock.set(END);
    String text;
    try {
      text = bodyText(entry);
    } catch (RuntimeException gone) {
      text = "body";
    }
    assertThat(text).isEqualTo("body");
  }
}
