package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.http.Body;
import dev.larder.http.EntryFilter;
import dev.larder.storage.OperationStats;
import dev.larder.storage.Precondition;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.ScanRequest;
import dev.larder.storage.StoredItem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Removing, counting, clearing, closing. */
abstract class RemovalContract extends StorageContractGroup {
  private static final Instant LATER = Instant.parse("2026-12-24T18:00:00Z");

  RemovalContract(ResponseStorageContract contract) {
    super(contract);
  }

  private void storeOneOfEach() {
    publish("entry", "body");
    put(new StoredItem.Alias("alias", "entry", Optional.empty()));
    put(new StoredItem.Tombstone("tombstone", START, LATER));
    put(
        new StoredItem.Directory(
            "directory", "", List.of("A"), Set.of("v"), Optional.of(START), Optional.empty()));
  }

  @Test
  void remove_eachKind_tellsWhetherAnythingButATombstoneWasThere() {
    storeOneOfEach();
    assertThat(storage.remove("entry", Precondition.none())).isTrue();
    assertThat(storage.remove("alias", Precondition.none())).isTrue();
    assertThat(storage.remove("directory", Precondition.none())).isTrue();
    assertThat(storage.remove("tombstone", Precondition.none())).isFalse();
    for (String key : List.of("entry", "alias", "directory", "tombstone", "never")) {
      assertThat(read(key)).as(key).isEmpty();
      assertThat(storage.remove(key, Precondition.none())).as(key).isFalse();
    }
  }

  @Test
  void remove_largeEntry_leavesNothingOfIt() {
    byte[] bytes = SampleBody.random(SampleBody.LARGE);
    storage.write(head("k").build(), Body.of(bytes), Precondition.none());
    assertThat(storage.remove("k", Precondition.none())).isTrue();
    assertThat(storage.count()).isZero();
    publish("k", "small");
    assertThat(bodyText("k")).isEqualTo("small");
  }

  @Test
  void removeAll_keysThatRepeatOrAreAbsent_removesTheRest() {
    storage.writeAll(BulkWriteContract.many().iterator());
    storeOneOfEach();
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      keys.add("key-" + i);
      keys.add("absent-" + i % 3);
      keys.add("key-" + i / 2);
    }
    keys.addAll(List.of("alias", "tombstone", "directory", "alias"));
    storage.removeAll(keys);
    assertThat(storage.readAll(keys, ReadOptions.HEAD)).isEmpty();
    assertThat(storage.count()).isEqualTo(31);
    assertThat(bodyText("entry")).isEqualTo("body");
    assertThat(bodyText("key-100")).isEqualTo("body 100");
  }

  @Test
  void removeAll_nothing_doesNothing() {
    publish("k", "body");
    storage.removeAll(List.of());
    storage.removeAll(Collections.nCopies(60, "absent"));
    assertThat(storage.count()).isOne();
  }

  @Test
  void count_asEntriesComeAndGo_isExact() {
    assertThat(storage.count()).isZero();
    storeOneOfEach();
    assertThat(storage.count()).isEqualTo(1);
    storage.writeAll(BulkWriteContract.many().iterator());
    assertThat(storage.count()).isEqualTo(131);
    publish("entry", "again");
    assertThat(storage.count()).isEqualTo(131);
    storage.remove("entry", Precondition.none());
    assertThat(storage.count()).isEqualTo(130);
  }

  @Test
  void clear_withEverythingInIt_leavesNothing() {
    storeOneOfEach();
    storage.writeAll(BulkWriteContract.many().iterator());
    storage.write(
        head("large").build(), Body.of(SampleBody.random(SampleBody.LARGE)), Precondition.none());
    storage.clear();
    assertThat(storage.count()).isZero();
    assertThat(keysOf(storage.scan(ScanRequest.of(EntryFilter.all())))).isEmpty();
    try (var aliases = storage.aliases()) {
      assertThat(aliases).isEmpty();
    }
    assertThat(
            storage.readAll(
                List.of("entry", "alias", "directory", "tombstone", "key-7"), ReadOptions.HEAD))
        .isEmpty();
    publish("entry", "after");
    assertThat(bodyText("entry")).isEqualTo("after");
  }

  @Test
  void clear_oneSegmentAfterTheOther_leavesNothing() {
    storage.writeAll(BulkWriteContract.many().iterator());
    storage.clear(0, 2);
    assertThat(storage.count()).isLessThan(130);
    storage.clear(1, 2);
    assertThat(storage.count()).isZero();
  }

  @Test
  void undecodableItem_isListedCountedAndRemoved() {
    assumeTrue(contract.storeUndecodable(storage, "bad"), "cannot happen here");
    assumeTrue(contract.storeUndecodable(storage, "worse"), "cannot happen here");
    publish("good", "body");
    assertThat(storage.count()).isEqualTo(3);
    assertThat(read("bad").orElseThrow()).isInstanceOf(StoredItem.Entry.class);
    StoredItem.Entry bad = (StoredItem.Entry) read("bad").orElseThrow();
    assertThat(bad.entry().isInvalid()).isTrue();
    assertThat(bad.entry().problem().orElseThrow()).isNotBlank();
    assertThat(keysOf(storage.scan(ScanRequest.of(EntryFilter.all()).withBodies())))
        .containsExactly("bad", "good", "worse");
    assertThat(keysOf(storage.scan(ScanRequest.of(EntryFilter.invalid()))))
        .containsExactly("bad", "worse");
    assertThat(keysOf(storage.scan(ScanRequest.of(EntryFilter.valid())))).containsExactly("good");
    assertThat(storage.readAll(List.of("bad", "good"), ReadOptions.DEFAULT)).hasSize(2);
    assertThat(storage.update(head("bad").build())).isFalse();
    assertThat(storage.remove("bad", Precondition.none())).isTrue();
    storage.removeAll(List.of("worse"));
    assertThat(storage.count()).isEqualTo(1);
  }

  @Test
  void prepare_onAStorageInUse_changesNothing() {
    publish("k", "body");
    storage.prepare();
    storage.prepare();
    assertThat(bodyText("k")).isEqualTo("body");
  }

  @Test
  void stats_asTheStorageIsUsed_neverGoBack() {
    Map<String, OperationStats> before = storage.stats();
    publish("k", "body");
    assertThat(bodyText("k")).isEqualTo("body");
    Map<String, OperationStats> after = storage.stats();
    before.forEach(
        (operation, earlier) -> {
          OperationStats added = after.getOrDefault(operation, OperationStats.NONE).minus(earlier);
          assertThat(added.requests()).as(operation).isNotNegative();
          assertThat(added.readUnits()).as(operation).isNotNegative();
          assertThat(added.writeUnits()).as(operation).isNotNegative();
          assertThat(added.failures()).as(operation).isNotNegative();
          assertThat(added.time()).as(operation).isGreaterThanOrEqualTo(Duration.ZERO);
        });
  }

  @Test
  void close_thenUse_fails() {
    publish("k", "body");
    storage.close();
    assertThatCode(storage::close).doesNotThrowAnyException();
    assertThatThrownBy(() -> read("k")).isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> publish("k", "new")).isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> storage.remove("k", Precondition.none()))
        .isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> storage.count()).isInstanceOf(RuntimeException.class);
  }
}
