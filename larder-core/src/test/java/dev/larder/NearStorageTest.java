package dev.larder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryHead;
import dev.larder.http.Request;
import dev.larder.storage.EntryWriter;
import dev.larder.storage.Precondition;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.ResponseStorage;
import dev.larder.storage.StorageException;
import dev.larder.storage.StoredItem;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NearStorageTest {
  private static final Duration STALENESS = Duration.ofSeconds(5);
  private static final String KEY = "key";

  private final TestClock clock = new TestClock();

  /** What other processes see. */
  private final ResponseStorage store = InMemoryCache.builder().clock(clock).build().storage();

  private final WatchedStorage watched = new WatchedStorage(store);
  private final NearCache memory = new NearCache(1 << 20, STALENESS, clock);
  private final ResponseStorage near = new NearStorage(watched.storage(), memory);

  // What costs nothing

  @Test
  void read_again_asksTheStorageOnce() {
    write(store, "body");

    assertThat(read()).isEqualTo("body");
    assertThat(watched.calls()).containsExactly("read");
    assertThat(read()).isEqualTo("body");
    assertThat(near.read(KEY, ReadOptions.HEAD)).isPresent();
    assertThat(watched.calls()).isEmpty();
  }

  @Test
  void read_throughAnotherLayer_findsTheSame() {
    ResponseStorage management = new NearStorage(watched.storage(), memory);
    write(store, "old");
    read();
    write(management, "new");
    watched.calls();

    assertThat(read()).isEqualTo("new");
    assertThat(read(management)).isEqualTo("new");
    assertThat(watched.calls()).containsExactly("read");
  }

  @Test
  void read_directoryOrAlias_isRemembered() {
    store.put(directory(), Precondition.none());
    store.put(new StoredItem.Alias("alias", KEY, Optional.empty()), Precondition.none());
    near.read(KEY, ReadOptions.DEFAULT);
    near.read("alias", ReadOptions.DEFAULT);
    watched.calls();

    assertThat(near.read(KEY, ReadOptions.DEFAULT)).get().isInstanceOf(StoredItem.Directory.class);
    assertThat(near.read("alias", ReadOptions.HEAD)).get().isInstanceOf(StoredItem.Alias.class);
    assertThat(watched.calls()).isEmpty();
  }

  @Test
  void readAll_entryAndWhatIsNotThere_asksTheStorageOnce() {
    write(store, "body");
    store.put(tombstone("deleted"), Precondition.none());
    Set<String> keys = Set.of(KEY, "deleted", "absent");

    for (int times = 0; times < 3; times++) {
      assertThat(near.readAll(keys, ReadOptions.DEFAULT)).containsOnlyKeys(KEY, "deleted");
    }

    assertThat(watched.calls()).containsExactly("readAll");
  }

  @Test
  void readAll_someAreRemembered_asksForTheOthersOnly() {
    store.put(directory(), Precondition.none());
    near.read(KEY, ReadOptions.DEFAULT);
    store.remove(KEY, Precondition.none());
    write(store, "variant", "of a variant");

    assertThat(near.readAll(Set.of(KEY, "variant"), ReadOptions.DEFAULT))
        .containsOnlyKeys(KEY, "variant");
  }

  /** Only for a hit: a miss would be one for as long as nothing else is believed. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void read_nothingThere_isAskedForEachTime(boolean deleted) {
    if (deleted) {
      store.put(tombstone(KEY), Precondition.none());
    }
    for (int times = 0; times < 2; times++) {
      near.read(KEY, ReadOptions.DEFAULT);
      near.readAll(Set.of(KEY, "absent"), ReadOptions.DEFAULT);
    }
    assertThat(watched.calls()).containsExactly("read", "readAll", "read", "readAll");

    write(store, "body");

    assertThat(read()).isEqualTo("body");
    assertThat(near.readAll(Set.of(KEY, "absent"), ReadOptions.DEFAULT)).containsOnlyKeys(KEY);
  }

  @Test
  void read_afterTheStorageAnswered_tellsSoOnlyThen() {
    int[] answers = new int[1];
    ResponseStorage told = NearStorage.aboveGuard(watched.storage(), memory, () -> answers[0]++);
    write(store, "body");

    told.read(KEY, ReadOptions.DEFAULT);
    told.read(KEY, ReadOptions.DEFAULT);
    told.readAll(Set.of(KEY), ReadOptions.DEFAULT);

    assertThat(answers[0]).isEqualTo(1);
  }

  // How old it may be

  @Test
  void read_anotherProcessWrote_isSeenWhenTheTimeIsUp() {
    write(store, "old");
    read();
    write(store, "new");

    clock.advance(STALENESS);
    assertThat(read()).isEqualTo("old");
    clock.advance(Duration.ofNanos(1));
    assertThat(read()).isEqualTo("new");
  }

  /** What counts is when the storage was asked, not when it answered or a body was opened. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void read_slowAnswer_countsFromTheQuestion(boolean streams) {
    watched.streams = streams;
    write(store, "old");
    watched.after("read", () -> clock.advance(STALENESS));
    read();
    write(store, "new");
    clock.advance(Duration.ofMillis(1));

    assertThat(read()).isEqualTo("new");
  }

  @Test
  void read_clockSetBack_asksTheStorage() {
    write(store, "old");
    read();
    write(store, "new");
    clock.set(TestClock.START.minusSeconds(1));

    assertThat(read()).isEqualTo("new");
  }

  @Test
  void read_strongly_isNew() {
    write(store, "old");
    read();
    write(store, "new");

    assertThat(text(near.read(KEY, ReadOptions.DEFAULT.strongly()))).isEqualTo("new");
    assertThat(read()).isEqualTo("new");
  }

  @Test
  void read_stronglyAndGone_isGoneFromThenOn() {
    write(store, "old");
    read();
    store.remove(KEY, Precondition.none());

    assertThat(near.read(KEY, ReadOptions.DEFAULT.strongly())).isEmpty();
    assertThat(near.read(KEY, ReadOptions.DEFAULT)).isEmpty();
  }

  @Test
  void read_expired_asksWhetherItHasBeenRenewed() {
    EntryHead head = head(KEY).toBuilder().expires(Optional.of(now().plusSeconds(1))).build();
    store.write(head, Body.of("body"), Precondition.none());
    read();
    clock.advance(Duration.ofSeconds(1));
    watched.calls();

    read();

    assertThat(watched.calls()).containsExactly("read");
  }

  @Test
  void read_pastItsTimeToLive_isGone() {
    EntryHead head = head(KEY).toBuilder().retainUntil(Optional.of(now().plusSeconds(1))).build();
    store.write(head, Body.of("body"), Precondition.none());
    read();
    clock.advance(Duration.ofSeconds(1));

    assertThat(near.read(KEY, ReadOptions.DEFAULT)).isEmpty();
  }

  // Fills that come too late

  static Stream<Arguments> changes() {
    return Stream.of(
        change("write", storage -> write(storage, "new")),
        change(
            "commit",
            storage -> {
              try (EntryWriter writer = storage.write(head(KEY), Precondition.none())) {
                writer.write(ByteBuffer.wrap("new".getBytes(UTF_8)));
                writer.commit();
              }
            }),
        change(
            "update",
            storage ->
                storage.update(
                    stored(storage).head().toBuilder()
                        .expires(Optional.of(TestClock.START.plusSeconds(60)))
                        .build())),
        change("remove", storage -> storage.remove(KEY, Precondition.none())),
        change("removeAll", storage -> storage.removeAll(List.of("other", KEY))),
        change("put", storage -> storage.put(tombstone(KEY), Precondition.none())),
        change("put", storage -> storage.put(directory(), Precondition.none())),
        change("clear", ResponseStorage::clear),
        change("clear", storage -> storage.clear(0, 1)),
        change(
            "writeAll",
            storage ->
                storage.writeAll(
                    List.of(new CachedResponse(head(KEY), Body.of("new"))).iterator())));
  }

  private static Arguments change(String method, Consumer<ResponseStorage> change) {
    return Arguments.of(method, change);
  }

  @ParameterizedTest
  @MethodSource("changes")
  void read_changedAfterwards_isWhatTheStorageHas(String method, Consumer<ResponseStorage> change) {
    write(store, "old");
    read();

    change.accept(near);

    assertReadsLikeTheStorage();
  }

  /**
   * The reader has the old item and is held up; the writer writes and returns; the reader fills.
   */
  @ParameterizedTest
  @MethodSource("changes")
  void read_changedWhileAReaderWasHeldUp_isWhatTheStorageHas(
      String method, Consumer<ResponseStorage> change) {
    write(store, "old");
    watched.after("read", () -> change.accept(near));

    read();

    assertReadsLikeTheStorage();
  }

  @ParameterizedTest
  @MethodSource("changes")
  void readAll_changedWhileAReaderWasHeldUp_isWhatTheStorageHas(
      String method, Consumer<ResponseStorage> change) {
    write(store, "old");
    watched.after("readAll", () -> change.accept(near));

    near.readAll(Set.of(KEY, "absent"), ReadOptions.DEFAULT);

    assertReadsLikeTheStorage();
  }

  /** The body is opened, and the entry remembered, long after it was read. */
  @ParameterizedTest
  @MethodSource("changes")
  void open_changedMeanwhile_isNotRemembered(String method, Consumer<ResponseStorage> change) {
    write(store, "old");
    watched.streams = true;
    CachedResponse opened = stored(near);
    change.accept(near);

    opened.body().bytes();

    assertReadsLikeTheStorage();
  }

  /** The writer is held up before the change; a reader reads the old item and fills. */
  @ParameterizedTest
  @MethodSource("changes")
  void read_whileAChangeWasAboutToHappen_isWhatTheStorageHasAfterwards(
      String method, Consumer<ResponseStorage> change) {
    write(store, "old");
    read();
    watched.before(
        method.equals("commit") ? "write" : method, () -> assertThat(read()).isEqualTo("old"));

    change.accept(near);

    assertReadsLikeTheStorage();
  }

  /** Its connection was cut, and the storage goes on with the request all the same. */
  @Test
  void read_afterAWriteThatFailed_isNotRememberedForAWhile() {
    write(store, "old");
    watched.before(
        "write",
        () -> {
          throw new StorageException("cut off");
        });
    assertThatThrownBy(() -> write(near, "new")).hasMessage("cut off");
    assertThat(read()).isEqualTo("old");
    write(store, "new");

    assertThat(read()).isEqualTo("new");
    clock.advance(NearCache.DOUBT);
    read();
    watched.calls();
    read();
    assertThat(watched.calls()).isEmpty();
  }

  /** The change has happened and its writer is held up: who has seen the new goes on seeing it. */
  @ParameterizedTest
  @MethodSource("changes")
  void read_whileAChangeWasNotYetKnown_isTheNewOneEachTime(
      String method, Consumer<ResponseStorage> change) {
    write(store, "old");
    read();
    if (!method.equals("commit")) {
      watched.after(method, this::assertReadsLikeTheStorage);
    }

    change.accept(near);

    assertReadsLikeTheStorage();
  }

  @ParameterizedTest
  @MethodSource("changes")
  void read_changeMayHaveFailed_isWhatTheStorageHas(
      String method, Consumer<ResponseStorage> change) {
    write(store, "old");
    read();
    watched.after(
        method.equals("commit") ? "write" : method,
        () -> {
          throw new StorageException("no answer");
        });

    assertThatThrownBy(() -> change.accept(near)).isInstanceOf(StorageException.class);

    assertReadsLikeTheStorage();
  }

  /** The reader that asked first fills last. */
  @Test
  void read_anotherProcessWroteBetweenTwoReads_staysTheNewOne() {
    write(store, "old");
    watched.after(
        "read",
        () -> {
          clock.advance(Duration.ofMillis(1));
          write(store, "new");
          assertThat(read()).isEqualTo("new");
        });

    assertThat(read()).isEqualTo("old");

    assertThat(read()).isEqualTo("new");
  }

  /** A URL is made void under its own key, where the directory of its variants lies. */
  @Test
  void readAll_invalidatedWhileAReaderWasHeldUp_hasNoDirectory() {
    store.put(directory(), Precondition.none());
    write(store, "variant", "of a variant");
    watched.after("readAll", () -> near.put(tombstone(KEY), Precondition.none()));

    near.readAll(Set.of(KEY, "variant"), ReadOptions.DEFAULT);

    assertThat(near.readAll(Set.of(KEY, "variant"), ReadOptions.DEFAULT).get(KEY))
        .isInstanceOf(StoredItem.Tombstone.class);
  }

  // How much there is

  @Test
  void read_more_staysWithinTheBytes() {
    NearCache small = new NearCache(40_000, STALENESS, clock);
    ResponseStorage bounded = new NearStorage(watched.storage(), small);
    for (int i = 0; i < 100; i++) {
      write(store, "key" + i, "x".repeat(1000));
      bounded.read("key" + i, ReadOptions.DEFAULT);
      assertThat(small.bytes()).isLessThanOrEqualTo(40_000);
    }
    assertThat(small.bytes()).isGreaterThan(20_000);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void read_takesMoreThanAnEighth_isAskedForEachTime(boolean streams) {
    write(store, "x".repeat((1 << 20) / 8));
    watched.streams = streams;

    read();
    read();

    assertThat(watched.calls()).filteredOn("read"::equals).hasSize(2);
    assertThat(memory.bytes()).isZero();
  }

  @Test
  void open_shortBodyOutsideMemory_isReadOnce() {
    write(store, "body");
    watched.streams = true;
    CachedResponse first = stored(near);
    assertThat(first.body().buffer()).isEmpty();
    assertThat(first.body().text(UTF_8)).isEqualTo("body");
    assertThat(first.body().buffer()).isPresent();
    assertThat(watched.calls()).containsExactly("read", "open");

    assertThat(read()).isEqualTo("body");

    assertThat(watched.calls()).isEmpty();
  }

  @Test
  void read_bodyOutsideMemoryNeverOpened_isAskedForAgain() {
    write(store, "body");
    watched.streams = true;

    near.read(KEY, ReadOptions.DEFAULT);
    near.read(KEY, ReadOptions.DEFAULT);

    assertThat(watched.calls()).containsExactly("read", "read");
  }

  @Test
  void close_whatWasRemembered_isGone() {
    write(store, "body");
    read();

    near.close();

    assertThat(memory.bytes()).isZero();
    assertThatThrownBy(this::read).isInstanceOf(StorageException.class);
  }

  /** One that is not handed on would be the interface's default, past the storage's own. */
  @Test
  void methods_allOfAStorage_areHandedOn() {
    assertThat(
            Arrays.stream(ResponseStorage.class.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .map(NearStorageTest::signature))
        .isSubsetOf(
            Arrays.stream(NearStorage.class.getDeclaredMethods())
                .map(NearStorageTest::signature)
                .toList());
  }

  private static List<Object> signature(Method method) {
    return List.of(method.getName(), List.of(method.getParameterTypes()));
  }

  private void assertReadsLikeTheStorage() {
    for (int times = 0; times < 2; times++) {
      assertThat(describe(near.read(KEY, ReadOptions.DEFAULT)))
          .isEqualTo(describe(store.read(KEY, ReadOptions.DEFAULT)));
      assertThat(describe(readAmongOthers(near))).isEqualTo(describe(readAmongOthers(store)));
    }
  }

  private static Optional<StoredItem> readAmongOthers(ResponseStorage storage) {
    return Optional.ofNullable(
        storage.readAll(Set.of(KEY, "absent"), ReadOptions.DEFAULT).get(KEY));
  }

  private static Object describe(Optional<StoredItem> item) {
    return item.filter(StoredItem.Entry.class::isInstance).isPresent()
        ? List.of(open(item).head(), text(item))
        : item;
  }

  private String read() {
    return read(near);
  }

  private static String read(ResponseStorage storage) {
    return text(storage.read(KEY, ReadOptions.DEFAULT));
  }

  private static CachedResponse stored(ResponseStorage storage) {
    return open(storage.read(KEY, ReadOptions.DEFAULT));
  }

  private static CachedResponse open(Optional<StoredItem> item) {
    CacheEntry entry = ((StoredItem.Entry) item.orElseThrow()).entry();
    return entry.open();
  }

  private static String text(Optional<StoredItem> item) {
    return open(item).body().text(UTF_8);
  }

  private Instant now() {
    return clock.instant();
  }

  private static void write(ResponseStorage storage, String body) {
    write(storage, KEY, body);
  }

  private static void write(ResponseStorage storage, String key, String body) {
    storage.write(head(key), Body.of(body), Precondition.none());
  }

  private static EntryHead head(String key) {
    return EntryHead.builder(key, Request.get("http://example.org/" + key), TestClock.START)
        .build();
  }

  private static StoredItem.Tombstone tombstone(String key) {
    return new StoredItem.Tombstone(key, TestClock.START, TestClock.START.plusSeconds(900));
  }

  private static StoredItem.Directory directory() {
    return new StoredItem.Directory(
        KEY, "", List.of("accept"), Set.of("variant"), Optional.empty(), Optional.empty());
  }
}
