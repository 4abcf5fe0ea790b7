package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.http.Body;
import dev.larder.http.EntryFilter;
import dev.larder.storage.Precondition;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.ScanRequest;
import dev.larder.storage.StoredItem;
import dev.larder.storage.WriteResult;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Any key is told from any other, and what is not an entry is kept as well. */
abstract class KeyContract extends StorageContractGroup {
  private static final Instant LATER = Instant.parse("2026-12-24T18:00:00Z");

  KeyContract(ResponseStorageContract contract) {
    super(contract);
  }

  private List<String> keys() {
    int longest = Math.min(1000, contract.maxKeyBytes().orElse(1000));
    List<String> keys =
        new ArrayList<>(
            List.of(
                "a",
                "A",
                " ",
                "a ",
                " a",
                "a/b",
                "a//b",
                "/",
                "..",
                "a\\b",
                "a\tb",
                "a\nb",
                "%20",
                "+",
                "a:b|c?d=e&f#g",
                "'; DROP TABLE t; --",
                "null",
                "*",
                "#k",
                ":v",
                "\u00E9",
                "e\u0301",
                "日本",
                "\uD83D\uDE00",
                "\uFFFD",
                "a\u0000b",
                "~",
                "\"",
                "GET https://x/?q=1"));
    keys.add("x".repeat(longest));
    keys.add("x".repeat(longest - 1) + "y");
    keys.add("ü".repeat(longest / 2));
    return keys;
  }

  @Test
  void keys_ofAnyKind_areToldApart() {
    Map<String, String> bodies = new LinkedHashMap<>();
    for (String key : keys()) {
      bodies.put(key, "body of " + key);
    }
    bodies.forEach(this::publish);
    assertThat(keysOf(storage.scan(ScanRequest.of(EntryFilter.all())))).isEqualTo(bodies.keySet());
    assertThat(storage.readAll(bodies.keySet(), ReadOptions.DEFAULT)).hasSize(bodies.size());
    bodies.forEach(
        (key, body) -> {
          assertThat(entry(key).key()).isEqualTo(key);
          assertThat(bodyText(key)).isEqualTo(body);
          assertThat(storage.remove(key, Precondition.none())).as("removed " + key).isTrue();
          assertThat(read(key)).isEmpty();
        });
    assertThat(storage.count()).isZero();
  }

  @Test
  void keys_tooLong_areRefusedNamingTheLimit() {
    int limit = contract.maxKeyBytes().orElse(0);
    assumeTrue(limit > 0, "no limit");
    publish("x".repeat(limit), "fits");
    assertThat(bodyText("x".repeat(limit))).isEqualTo("fits");
    // Half as many characters, but more bytes than the limit.
    String wide = "ü".repeat(limit / 2 + 1);
    for (String key : List.of("x".repeat(limit + 1), wide)) {
      assertThat(key.getBytes(StandardCharsets.UTF_8).length).isGreaterThan(limit);
      refused(limit, () -> storage.write(head(key).build(), Body.of("body"), Precondition.none()));
      refused(limit, () -> storage.put(alias(key), Precondition.none()));
      refused(limit, () -> storage.read(key, ReadOptions.DEFAULT));
      refused(limit, () -> storage.readAll(List.of("a", key), ReadOptions.DEFAULT));
      refused(limit, () -> storage.remove(key, Precondition.none()));
      refused(limit, () -> storage.removeAll(List.of("a", key)));
      refused(limit, () -> storage.update(head(key).version("v").build()));
    }
    assertThat(storage.count()).isOne();
  }

  private static void refused(int limit, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .containsAnyOf(String.valueOf(limit), String.format(Locale.ROOT, "%,d", limit));
  }

  private static StoredItem.Alias alias(String key) {
    return new StoredItem.Alias(key, "target", Optional.empty());
  }

  static Stream<StoredItem> markers() {
    return Stream.of(
        new StoredItem.Alias("k", "ünïcode target/ \uD83D\uDE00", Optional.empty()),
        new StoredItem.Alias("k", "k", Optional.of(LATER)),
        new StoredItem.Directory("k", "", List.of(), Set.of(), Optional.empty(), Optional.empty()),
        new StoredItem.Directory(
            "k",
            "",
            List.of("Accept-Language", "accept", "X-B"),
            Set.of("k~1", "k~2", "日本"),
            Optional.of(START.minusMillis(1)),
            Optional.of(LATER)),
        new StoredItem.Tombstone("k", START.plusMillis(7), LATER));
  }

  @ParameterizedTest
  @MethodSource("markers")
  void put_marker_isReadBackEqual(StoredItem marker) {
    WriteResult result = storage.put(marker, Precondition.none());
    assertThat(result.published()).isTrue();
    StoredItem expected =
        marker instanceof StoredItem.Directory directory
            ? withVersion(directory, result.version())
            : marker;
    assertThat(read("k")).contains(expected);
    assertThat(storage.read("k", ReadOptions.HEAD.strongly())).contains(expected);
    assertThat(storage.readAll(List.of("k", "x"), ReadOptions.HEAD))
        .isEqualTo(Map.of("k", expected));
  }

  @ParameterizedTest
  @MethodSource("markers")
  void put_markerOverEntryAndBack_replaces(StoredItem marker) {
    publish("k", "old");
    put(marker);
    assertThat(read("k").map(Object::getClass)).contains(marker.getClass());
    publish("k", "new");
    assertThat(bodyText("k")).isEqualTo("new");
    assertThat(storage.count()).isOne();
  }

  @ParameterizedTest
  @MethodSource("markers")
  void put_marker_isNeitherListedNorCounted(StoredItem marker) {
    publish("entry", "body");
    put(marker);
    assertThat(keysOf(storage.scan(ScanRequest.of(EntryFilter.all())))).containsExactly("entry");
    assertThat(keysOf(storage.scan(ScanRequest.of(EntryFilter.invalid())))).isEmpty();
    assertThat(storage.count()).isOne();
  }

  @Test
  void put_directory_getsANewVersionEachTime() {
    Set<String> versions = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      StoredItem.Directory directory =
          new StoredItem.Directory(
              "k", "mine", List.of("Accept"), Set.of("v" + i), Optional.empty(), Optional.empty());
      String version = storage.put(directory, Precondition.none()).version();
      assertThat(version).isNotEmpty().isNotEqualTo("mine");
      assertThat(versions.add(version)).isTrue();
      assertThat(read("k")).contains(withVersion(directory, version));
    }
  }

  @Test
  void aliases_amongOtherItems_listsAliasesOnly() {
    publish("entry", "body");
    put(new StoredItem.Tombstone("tombstone", START, LATER));
    put(
        new StoredItem.Directory(
            "directory", "", List.of("A"), Set.of("v"), Optional.empty(), Optional.empty()));
    Set<StoredItem.Alias> expected = new HashSet<>();
    for (int i = 0; i < 40; i++) {
      StoredItem.Alias alias = new StoredItem.Alias("alias-" + i, "entry", Optional.of(LATER));
      put(alias);
      expected.add(alias);
    }
    try (Stream<StoredItem.Alias> aliases = storage.aliases()) {
      assertThat(aliases).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  private static StoredItem.Directory withVersion(StoredItem.Directory directory, String version) {
    return new StoredItem.Directory(
        directory.key(),
        version,
        directory.vary(),
        directory.variants(),
        directory.invalidatedAt(),
        directory.retainUntil());
  }
}
