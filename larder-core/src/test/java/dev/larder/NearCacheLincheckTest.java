package dev.larder;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.http.Body;
import dev.larder.http.EntryHead;
import dev.larder.http.Request;
import dev.larder.storage.Precondition;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.ResponseStorage;
import dev.larder.storage.StoredItem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A storage behind a near cache, seen from threads that read and change two keys, behaves as if one
 * did so after the other: nobody is given what has been replaced.
 */
@Param(name = "key", gen = IntGen.class, conf = "0:1")
public class NearCacheLincheckTest {
  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");

  private final ResponseStorage near =
      new NearStorage(
          InMemoryCache.create().storage(),
          new NearCache(1 << 20, Duration.ofHours(1), Clock.systemUTC()));

  /** For Lincheck. */
  public NearCacheLincheckTest() {}

  @Operation
  public String read(@Param(name = "key") int key) {
    return near.read("key" + key, ReadOptions.DEFAULT).map(NearCacheLincheckTest::text).orElse("");
  }

  @Operation
  public String readAmongOthers(@Param(name = "key") int key) {
    StoredItem item =
        near.readAll(Set.of("key" + key, "absent"), ReadOptions.DEFAULT).get("key" + key);
    return item == null ? "" : text(item);
  }

  @Operation
  public void write(
      @Param(name = "key") int key, @Param(gen = IntGen.class, conf = "1:9") int value) {
    EntryHead head =
        EntryHead.builder("key" + key, Request.get("http://example.org/" + key), NOW).build();
    near.write(head, Body.of(String.valueOf(value)), Precondition.none());
  }

  @Operation
  public boolean remove(@Param(name = "key") int key) {
    return near.remove("key" + key, Precondition.none());
  }

  @Operation
  public void removeAll(@Param(name = "key") int key) {
    near.removeAll(List.of("key" + key));
  }

  @Operation
  public boolean invalidate(@Param(name = "key") int key) {
    StoredItem tombstone = new StoredItem.Tombstone("key" + key, NOW, Instant.MAX);
    return near.put(tombstone, Precondition.entryPresent()).published();
  }

  private static String text(StoredItem item) {
    return item instanceof StoredItem.Entry entry
        ? entry.entry().open().body().text(UTF_8)
        : item.getClass().getSimpleName();
  }

  @Test
  @Timeout(120)
  void readsAndChanges_underStress_areLinearizable() {
    new StressOptions()
        .threads(3)
        .actorsPerThread(4)
        .iterations(10)
        .invocationsPerIteration(1000)
        .check(NearCacheLincheckTest.class);
  }
}
