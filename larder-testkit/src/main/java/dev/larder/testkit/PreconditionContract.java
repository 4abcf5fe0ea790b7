package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.http.Body;
import dev.larder.http.EntryHead;
import dev.larder.storage.Precondition;
import dev.larder.storage.StoredItem;
import dev.larder.storage.WriteResult;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every precondition against everything that can be under a key. */
abstract class PreconditionContract extends StorageContractGroup {
  /** When the item under the key was requested or invalidated. */
  private static final Instant TIME = START.minusSeconds(10);

  private static final Instant SHORT = Instant.parse("2026-11-22T08:00:10Z");
  private static final Instant LONG = Instant.parse("2026-11-22T09:00:00Z");

  PreconditionContract(ResponseStorageContract contract) {
    super(contract);
  }

  /** What is under the key. */
  enum Given {
    NOTHING,
    ENTRY,
    ENTRY_PAST_ITS_TIME,
    ALIAS,
    ALIAS_PAST_ITS_TIME,
    DIRECTORY,
    DIRECTORY_PAST_ITS_TIME,
    TOMBSTONE,
    TOMBSTONE_PAST_ITS_TIME;

    /** Whether an entry, alias or directory is there that is not past its time. */
    boolean live() {
      return this == ENTRY || this == ALIAS || this == DIRECTORY;
    }
  }

  /** What is asked for. */
  enum Condition {
    NONE,
    ABSENT,
    ENTRY_PRESENT,
    ITS_VERSION,
    ANOTHER_VERSION,
    NEWER_THAN_BEFORE,
    NEWER_THAN_THE_SAME,
    NEWER_THAN_AFTER;

    Precondition of(String version) {
      return switch (this) {
        case NONE -> Precondition.none();
        case ABSENT -> Precondition.absent();
        case ENTRY_PRESENT -> Precondition.entryPresent();
        case ITS_VERSION -> Precondition.version(version);
        case ANOTHER_VERSION -> Precondition.version("another-version");
        case NEWER_THAN_BEFORE -> Precondition.newerThanStored(TIME.minusMillis(1));
        case NEWER_THAN_THE_SAME -> Precondition.newerThanStored(TIME);
        case NEWER_THAN_AFTER -> Precondition.newerThanStored(TIME.plusMillis(1));
      };
    }

    boolean holdsFor(Given given) {
      return switch (this) {
        case NONE, NEWER_THAN_AFTER -> true;
        case ABSENT -> !given.live();
        case ENTRY_PRESENT -> given == Given.ENTRY;
        case ITS_VERSION -> given == Given.ENTRY || given == Given.DIRECTORY;
        case ANOTHER_VERSION -> false;
        case NEWER_THAN_BEFORE, NEWER_THAN_THE_SAME ->
            given != Given.ENTRY && given != Given.DIRECTORY && given != Given.TOMBSTONE;
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void write_underEachPrecondition_isPublishedIfItHolds(Given given) {
    forEachCondition(
        given,
        (key, precondition, expected, softly) -> {
          String before = describe(read(key));
          EntryHead head = head(key).status(201).requested(TIME.plusSeconds(1)).build();
          WriteResult result = storage.write(head, Body.of("new"), precondition);
          checkResult(softly, key, result, expected);
          String after = describe(read(key));
          if (expected) {
            softly.assertThat(after).as(key).contains(result.version()).endsWith(" body new");
          } else {
            softly.assertThat(after).as(key).isEqualTo(before);
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void put_underEachPrecondition_isPublishedIfItHolds(Given given) {
    forEachCondition(
        given,
        (key, precondition, expected, softly) -> {
          String before = describe(read(key));
          StoredItem marker = new StoredItem.Alias(key, "new target", Optional.of(LONG));
          WriteResult result = storage.put(marker, precondition);
          checkResult(softly, key, result, expected);
          softly
              .assertThat(describe(read(key)))
              .as(key)
              .isEqualTo(expected ? marker.toString() : before);
        });
  }

  @ParameterizedTest
  @EnumSource
  void remove_underEachPrecondition_removesIfItHolds(Given given) {
    forEachCondition(
        given,
        (key, precondition, expected, softly) -> {
          String before = describe(read(key));
          boolean removed = storage.remove(key, precondition);
          softly.assertThat(removed).as(key).isEqualTo(expected && given.live());
          softly.assertThat(describe(read(key))).as(key).isEqualTo(expected ? "nothing" : before);
        });
  }

  /** One precondition against one key. */
  private interface Check {
    void run(String key, Precondition precondition, boolean expected, SoftAssertions softly);
  }

  private void forEachCondition(Given given, Check check) {
    SoftAssertions softly = new SoftAssertions();
    for (Condition condition : Condition.values()) {
      // Only entries and directories are promised a version.
      if (condition == Condition.ITS_VERSION
          && (given == Given.ALIAS || given == Given.TOMBSTONE)) {
        continue;
      }
      String key = given + " if " + condition;
      clock.set(START);
      String version = arrange(given, key);
      clock.set(SHORT);
      check.run(key, condition.of(version), condition.holdsFor(given), softly);
    }
    softly.assertAll();
  }

  private String arrange(Given given, String key) {
    Optional<Instant> end = Optional.of(given.name().endsWith("_PAST_ITS_TIME") ? SHORT : LONG);
    return switch (given) {
      case NOTHING -> "version-of-nothing";
      case ENTRY, ENTRY_PAST_ITS_TIME ->
          publish(head(key).requested(TIME).retainUntil(end).build(), "old");
      case ALIAS, ALIAS_PAST_ITS_TIME -> written(new StoredItem.Alias(key, "target", end));
      case DIRECTORY, DIRECTORY_PAST_ITS_TIME ->
          written(
              new StoredItem.Directory(
                  key, "", List.of("Accept"), Set.of("v"), Optional.of(TIME), end));
      case TOMBSTONE, TOMBSTONE_PAST_ITS_TIME ->
          written(new StoredItem.Tombstone(key, TIME, end.orElseThrow()));
    };
  }

  private String written(StoredItem marker) {
    WriteResult result = storage.put(marker, Precondition.none());
    assertThat(result.published()).isTrue();
    return result.version();
  }

  private void checkResult(
      SoftAssertions softly, String key, WriteResult result, boolean expected) {
    softly.assertThat(result.published()).as(key).isEqualTo(expected);
    if (expected) {
      softly.assertThat(result.holder()).as(key).isEmpty();
      return;
    }
    softly.assertThat(result.version()).as(key).isEmpty();
    Optional<StoredItem> there = read(key);
    result
        .holder()
        .ifPresent(
            holder -> {
              softly.assertThat(holder.key()).as(key).isEqualTo(key);
              softly
                  .assertThat(Optional.of(kindAndVersion(holder)))
                  .as(key + ": holder")
                  .isEqualTo(there.map(PreconditionContract::kindAndVersion));
            });
  }

  private static String kindAndVersion(StoredItem item) {
    return item instanceof StoredItem.Entry found
        ? "entry " + found.entry().head().version()
        : item.toString();
  }

  @Test
  void newerThanStored_directoryThatWasNeverInvalidated_doesNotHinder() {
    written(
        new StoredItem.Directory(
            "k", "", List.of("Accept"), Set.of("v"), Optional.empty(), Optional.empty()));
    Precondition precondition = Precondition.newerThanStored(Instant.EPOCH);
    assertThat(storage.write(head("k").build(), Body.of("new"), precondition).published()).isTrue();
  }

  @Test
  void newerThanStored_responsesOutOfOrder_keepsTheOneRequestedLast() {
    // Sent at 1, 2 and 3 seconds, answered in the order 2, 1, 3, and 2 once more.
    int[] order = {2, 1, 3, 2};
    boolean[] published = {true, false, true, false};
    for (int i = 0; i < order.length; i++) {
      Instant requested = START.plusSeconds(order[i]);
      EntryHead head = head("k").requested(requested).build();
      Precondition precondition = Precondition.newerThanStored(requested);
      WriteResult result = storage.write(head, Body.of("body " + order[i]), precondition);
      assertThat(result.published()).as("write " + i).isEqualTo(published[i]);
    }
    assertThat(bodyText("k")).isEqualTo("body 3");
  }

  @Test
  void newerThanStored_afterUpdate_comparesWithTheUpdatedTime() {
    String version = publish(head("k").requested(START).build(), "body");
    EntryHead validated =
        entry("k").head().toBuilder().requested(START.plusSeconds(5)).version(version).build();
    assertThat(storage.update(validated)).isTrue();
    Instant between = START.plusSeconds(3);
    assertThat(
            storage
                .write(
                    head("k").requested(between).build(),
                    Body.of("late"),
                    Precondition.newerThanStored(between))
                .published())
        .isFalse();
    assertThat(bodyText("k")).isEqualTo("body");
  }

  @Test
  void preconditions_onAnUndecodableItem_countItAsAnEntry() {
    for (String key : List.of("absent", "present", "newer")) {
      assumeTrue(contract.storeUndecodable(storage, key));
    }
    assertThat(write("absent", Precondition.absent())).isFalse();
    assertThat(write("present", Precondition.entryPresent())).isTrue();
    assertThat(write("newer", Precondition.newerThanStored(Instant.EPOCH))).isTrue();
    assertThat(bodyText("present")).isEqualTo("new");
    assertThat(bodyText("newer")).isEqualTo("new");
  }

  private boolean write(String key, Precondition precondition) {
    return storage.write(head(key).build(), Body.of("new"), precondition).published();
  }
}
