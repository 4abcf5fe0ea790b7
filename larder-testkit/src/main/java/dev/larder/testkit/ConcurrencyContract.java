package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.http.LarderException;
import dev.larder.storage.EntryWriter;
import dev.larder.storage.Precondition;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.WriteResult;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Writes and reads at the same time. */
@Timeout(120)
abstract class ConcurrencyContract extends StorageContractGroup {
  private static final int THREADS = 6;
  private static final int ROUNDS = 15;

  ConcurrencyContract(ResponseStorageContract contract) {
    super(contract);
  }

  @Test
  void writeIfAbsent_byManyAtOnce_publishesExactlyOne() {
    for (int round = 0; round < ROUNDS; round++) {
      String key = "key-" + round;
      List<Callable<WriteResult>> tasks = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        tasks.add(numberedWrite(key, i, Precondition.absent()));
      }
      List<WriteResult> results = Race.run(tasks);
      List<Integer> winners = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        if (results.get(i).published()) {
          winners.add(i);
        }
      }
      assertThat(winners).hasSize(1);
      CacheEntry entry = entry(key);
      assertThat(checkedNumber(entry)).isEqualTo(winners.get(0));
      assertThat(entry.head().version()).isEqualTo(results.get(winners.get(0)).version());
    }
  }

  @Test
  void writeIfNewer_byManyAtOnce_keepsTheNewest() {
    for (int round = 0; round < ROUNDS; round++) {
      String key = "key-" + round;
      List<Callable<WriteResult>> tasks = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Precondition precondition = Precondition.newerThanStored(requested(i));
        tasks.add(numberedWrite(key, i, precondition));
      }
      Collections.rotate(tasks, round);
      Race.run(tasks);
      assertThat(checkedNumber(entry(key))).isEqualTo(THREADS - 1);
    }
  }

  @Test
  void writeOfOneVersion_byManyAtOnce_publishesExactlyOne() {
    for (int round = 0; round < ROUNDS; round++) {
      String version = publish("k", "old");
      List<Callable<WriteResult>> tasks = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        tasks.add(numberedWrite("k", i, Precondition.version(version)));
      }
      assertThat(Race.run(tasks).stream().filter(WriteResult::published)).hasSize(1);
    }
  }

  @Test
  void remove_byManyAtOnce_removesOnce() {
    for (int round = 0; round < ROUNDS; round++) {
      Precondition precondition = Precondition.version(publish("k", "body"));
      Callable<Boolean> task = () -> storage.remove("k", precondition);
      List<Boolean> removed = Race.run(Collections.nCopies(THREADS, task));
      assertThat(removed.stream().filter(Boolean::booleanValue)).hasSize(1);
      assertThat(read("k")).isEmpty();
    }
  }

  @Test
  void update_racingAFullWrite_neverLandsOnAnotherVersion() {
    for (int round = 0; round < 2 * ROUNDS; round++) {
      String version = publish("k", "old");
      EntryHead updated =
          head("k").version(version).status(203).headers(Headers.of("X-Updated", "1")).build();
      Callable<Boolean> update = () -> storage.update(updated);
      Callable<Boolean> write = () -> numberedWrite("k", 1, Precondition.none()).call().published();
      Race.run(round % 2 == 0 ? List.of(update, write) : List.of(write, update));
      CacheEntry entry = entry("k");
      assertThat(entry.head().headers().contains("X-Updated")).isFalse();
      assertThat(entry.head().status()).isEqualTo(200);
      assertThat(checkedNumber(entry)).isOne();
    }
  }

  @Test
  void update_racingARemoval_leavesNoGhost() {
    for (int round = 0; round < ROUNDS; round++) {
      EntryHead head = head("k").version(publish("k", "body")).status(203).build();
      Callable<Boolean> update = () -> storage.update(head);
      Callable<Boolean> remove = () -> storage.remove("k", Precondition.none());
      List<Boolean> results = Race.run(List.of(update, remove));
      assertThat(results.get(1)).isTrue();
      assertThat(read("k")).isEmpty();
      assertThat(storage.count()).isZero();
    }
  }

  @Test
  void read_duringReplacements_seesOneEntryOrTheOther() {
    int replacements = 60;
    AtomicBoolean done = new AtomicBoolean();
    numberedPublish(0);
    Callable<Integer> writer =
        () -> {
          try {
            for (int i = 1; i <= replacements; i++) {
              numberedPublish(i);
            }
            return replacements;
          } finally {
            done.set(true);
          }
        };
    Callable<Integer> reader =
        () -> {
          int last = 0;
          ReadOptions[] options = {ReadOptions.DEFAULT.strongly(), ReadOptions.HEAD.strongly()};
          for (int i = 0; !done.get() || i < 2; i++) {
            CacheEntry entry = goodEntry(storage.read("k", options[i % 2]));
            int number = number(entry.head());
            assertThat(number).as("not older than seen before").isGreaterThanOrEqualTo(last);
            last = number;
            checkUnlessReplaced(entry);
          }
          return last;
        };
    List<Integer> seen = Race.run(List.of(writer, reader, reader, reader));
    assertThat(seen).first().isEqualTo(replacements);
    assertThat(checkedNumber(entry("k"))).isEqualTo(replacements);
  }

  @Test
  void open_afterAReplacement_givesTheOldBodyOrFails() {
    for (int number : new int[] {1, 2, 3}) {
      numberedPublish(number);
      CacheEntry withBody = entry("k");
      CacheEntry headOnly = goodEntry(storage.read("k", ReadOptions.HEAD));
      numberedPublish(number + 1);
      checkUnlessReplaced(withBody);
      checkUnlessReplaced(headOnly);
      storage.remove("k", Precondition.none());
      checkUnlessReplaced(withBody);
      checkUnlessReplaced(headOnly);
    }
  }

  private void numberedPublish(int number) throws AssertionError {
    try {
      assertThat(numberedWrite("k", number, Precondition.none()).call().published()).isTrue();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Writes an entry whose head and every eight bytes of whose body say which one it is. */
  private Callable<WriteResult> numberedWrite(String key, int number, Precondition precondition) {
    return () -> {
      EntryHead head =
          head(key)
              .requested(requested(number))
              .headers(Headers.of("X-Number", String.valueOf(number)))
              .build();
      try (EntryWriter writer = storage.write(head, precondition)) {
        byte[] piece = piece(number);
        // Some are small and some are not, because storages keep those in different ways.
        int pieces = number % 3 == 0 ? 4 : 2500 * (number % 3 + 1);
        ByteBuffer body = ByteBuffer.allocate(piece.length * pieces);
        for (int i = 0; i < pieces; i++) {
          body.put(piece);
        }
        body.flip();
        int half = body.remaining() / 2;
        writer.write(body.duplicate().limit(half));
        writer.write(body.position(half));
        return writer.commit();
      }
    };
  }

  private static byte[] piece(int number) {
    return String.format("%07d\n", number).getBytes(StandardCharsets.US_ASCII);
  }

  private static Instant requested(int number) {
    return START.plusSeconds(number);
  }

  private static int number(EntryHead head) {
    return Integer.parseInt(head.headers().first("X-Number").orElseThrow());
  }

  private static void checkUnlessReplaced(CacheEntry entry) {
    byte[] bytes;
    try {
      Body body = entry.open().body();
      bytes = body.bytes();
    } catch (LarderException | UncheckedIOException replaced) {
      return;
    }
    check(entry.head(), bytes);
  }

  private static int checkedNumber(CacheEntry entry) {
    check(entry.head(), entry.open().body().bytes());
    return number(entry.head());
  }

  private static void check(EntryHead head, byte[] body) {
    byte[] piece = piece(number(head));
    assertThat(body.length).as("length").isEqualTo((int) head.length()).isNotZero();
    for (int at = 0; at < body.length; at += piece.length) {
      if (!Arrays.equals(piece, 0, piece.length, body, at, at + piece.length)) {
        throw new AssertionError("at byte " + at + " the body is not that of its head " + head);
      }
    }
  }
}
