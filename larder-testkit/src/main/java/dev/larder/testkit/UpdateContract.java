package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Body;
import dev.larder.http.EntryFilter;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.storage.Precondition;
import dev.larder.storage.ScanRequest;
import dev.larder.storage.StoredItem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Update replaces a head of the same version and creates nothing. */
abstract class UpdateContract extends StorageContractGroup {
  private static final Instant END = Instant.parse("2026-11-22T09:00:00Z");

  UpdateContract(ResponseStorageContract contract) {
    super(contract);
  }

  static Stream<SampleBody> bodies() {
    return SampleBody.all();
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void update_sameVersion_replacesTheHeadAndKeepsTheBody(SampleBody sample) {
    storage.write(head("k").build(), sample.body(), Precondition.none());
    EntryHead before = entry("k").head();
    EntryHead changed = changed(before);
    assertThat(storage.update(changed)).isTrue();
    EntryHead after = entry("k").head();
    assertSameHead(after, changed);
    assertThat(after.version()).isEqualTo(before.version());
    assertThat(after.length()).isEqualTo(before.length());
    assertThat(entry("k").open().body().bytes()).isEqualTo(sample.body().bytes());
    assertThat(storage.count()).isOne();
  }

  private static EntryHead changed(EntryHead head) {
    return head.toBuilder()
        .status(203)
        .headers(Headers.of("ETag", "\"2\"", "X-New", "", "etag", "again"))
        .created(START.minusSeconds(1))
        .requested(START.plusMillis(1))
        .responded(START.plusMillis(2))
        .expires(Optional.of(START.plusSeconds(60)))
        .explicit(true)
        .retainUntil(Optional.of(END))
        .range(Optional.of("bytes 0-9/10"))
        .credential(Optional.of("c0ffee"))
        .tags(Set.of("new"))
        .build();
  }

  @Test
  void update_backToNothing_removesEveryOptionalAttribute() {
    EntryHead changed = changed(head("k").digest(Optional.of("d")).build());
    publish(changed, "body");
    EntryHead plain = head("k").digest(Optional.of("d")).requested(changed.requested()).build();
    EntryHead head = plain.toBuilder().version(entry("k").head().version()).build();
    assertThat(storage.update(head)).isTrue();
    assertSameHead(entry("k").head(), plain);
    clock.advance(Duration.ofDays(36_500));
    assertThat(bodyText("k")).isEqualTo("body");
  }

  @Test
  void update_whatIdentifiesTheEntry_staysAsItWas() {
    EntryHead original = head("k").digest(Optional.of("digest")).build();
    publish(original, "body");
    EntryHead other =
        entry("k").head().toBuilder()
            .request(Request.get("https://elsewhere.example/"))
            .url("https://elsewhere.example/")
            .length(99)
            .digest(Optional.of("another"))
            .status(203)
            .build();
    assertThat(storage.update(other)).isTrue();
    assertSameHead(entry("k").head(), original.toBuilder().status(203).build());
    assertThat(entry("k").head().length()).isEqualTo(4);
  }

  @Test
  void update_twice_worksOnTheSameVersion() {
    publish("k", "body");
    EntryHead read = entry("k").head();
    assertThat(storage.update(read.toBuilder().status(203).build())).isTrue();
    assertThat(storage.update(read.toBuilder().status(206).build())).isTrue();
    assertThat(entry("k").head().status()).isEqualTo(206);
    assertThat(entry("k").head().version()).isEqualTo(read.version());
  }

  @Test
  void update_entryWrittenAgainMeanwhile_isRefused() {
    publish("k", "one");
    EntryHead old = entry("k").head();
    publish("k", "two");
    String before = describe(read("k"));
    assertThat(storage.update(old.toBuilder().status(203).build())).isFalse();
    assertThat(describe(read("k"))).isEqualTo(before);
    assertThat(storage.update(old.toBuilder().version("").status(203).build())).isFalse();
    assertThat(describe(read("k"))).isEqualTo(before);
  }

  @Test
  void update_renewedByALaterRequestMeanwhile_isRefused() {
    publish("k", "body");
    EntryHead read = entry("k").head();
    EntryHead later =
        read.toBuilder().requested(read.requested().plusMillis(2)).status(203).build();
    EntryHead earlier =
        read.toBuilder().requested(read.requested().plusMillis(1)).status(206).build();
    assertThat(storage.update(later)).isTrue();
    assertThat(storage.update(earlier)).isFalse();
    assertSameHead(entry("k").head(), later);
    assertThat(storage.update(later.toBuilder().status(404).build())).isTrue();
    assertThat(entry("k").head().status()).isEqualTo(404);
  }

  @Test
  void update_missingEntry_createsNoGhost() {
    assertThat(storage.update(head("k").version("v").build())).isFalse();
    assertThat(storage.update(head("k").build())).isFalse();
    assertNothingIsThere();
  }

  @Test
  void update_entryRemovedMeanwhile_createsNoGhost() {
    publish("k", "body");
    EntryHead old = entry("k").head();
    storage.remove("k", Precondition.none());
    assertThat(storage.update(old)).isFalse();
    assertNothingIsThere();
  }

  @Test
  void update_entryPastItsTime_isRefusedAndStaysAbsent() {
    publish(head("k").retainUntil(Optional.of(END)).build(), "body");
    EntryHead old = entry("k").head();
    clock.set(END);
    assertThat(storage.update(old.toBuilder().retainUntil(Optional.empty()).build())).isFalse();
    assertNothingIsThere();
    clock.advance(Duration.ofDays(1));
    assertNothingIsThere();
  }

  @Test
  void update_longerTime_keepsTheEntryLonger() {
    publish(head("k").retainUntil(Optional.of(END)).build(), "body");
    Instant later = END.plus(Duration.ofHours(1));
    EntryHead head = entry("k").head().toBuilder().retainUntil(Optional.of(later)).build();
    assertThat(storage.update(head)).isTrue();
    clock.set(END);
    assertThat(bodyText("k")).isEqualTo("body");
    clock.set(later);
    assertNothingIsThere();
  }

  @Test
  void update_whatIsNoEntry_isRefused() {
    List<StoredItem> markers =
        List.of(
            new StoredItem.Alias("k", "target", Optional.of(END)),
            new StoredItem.Directory(
                "k", "", List.of("A"), Set.of("v"), Optional.empty(), Optional.of(END)),
            new StoredItem.Tombstone("k", START, END));
    for (StoredItem marker : markers) {
      String version = storage.put(marker, Precondition.none()).version();
      String before = describe(read("k"));
      assertThat(storage.update(head("k").version(version).build())).isFalse();
      assertThat(describe(read("k"))).isEqualTo(before);
    }
  }

  @Test
  void update_bodyOpenedBefore_isReadToItsEnd() {
    byte[] bytes = SampleBody.random(SampleBody.LARGE);
    storage.write(head("k").build(), Body.of(bytes), Precondition.none());
    Body body = entry("k").open().body();
    storage.update(changed(entry("k").head()));
    assertThat(body.bytes()).isEqualTo(bytes);
  }

  private void assertNothingIsThere() {
    assertThat(read("k")).isEmpty();
    assertThat(storage.count()).isZero();
    assertThat(keysOf(storage.scan(ScanRequest.of(EntryFilter.all())))).isEmpty();
  }
}
