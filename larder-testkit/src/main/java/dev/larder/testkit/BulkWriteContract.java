package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.http.Body;
import dev.larder.http.CachedResponse;
import dev.larder.http.LarderException;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.StoredItem;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Writing and reading many keys at once. */
abstract class BulkWriteContract extends StorageContractGroup {
  /** More than any back end takes in one batch. */
  private static final int MANY = 130;

  BulkWriteContract(ResponseStorageContract contract) {
    super(contract);
  }

  static CachedResponse response(String key, String body) {
    return new CachedResponse(head(key).build(), Body.of(body));
  }

  static List<CachedResponse> many() {
    List<CachedResponse> responses = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      responses.add(response("key-" + i, "body " + i));
    }
    return responses;
  }

  @Test
  void writeAll_many_writesEachUnderItsKey() {
    assertThat(storage.writeAll(many().iterator())).isEqualTo(MANY);
    assertThat(storage.count()).isEqualTo(MANY);
    Set<String> versions = new HashSet<>();
    for (int i = 0; i < MANY; i++) {
      assertThat(bodyText("key-" + i)).isEqualTo("body " + i);
      assertThat(versions.add(entry("key-" + i).head().version())).isTrue();
    }
  }

  @Test
  void writeAll_overWhatIsThere_overwrites() {
    String version = publish("key-1", "old");
    put(new StoredItem.Alias("key-2", "key-1", Optional.empty()));
    put(new StoredItem.Tombstone("key-3", START.plusSeconds(60), START.plusSeconds(600)));
    assertThat(storage.writeAll(many().iterator())).isEqualTo(MANY);
    assertThat(bodyText("key-1")).isEqualTo("body 1");
    assertThat(entry("key-1").head().version()).isNotEqualTo(version);
    assertThat(bodyText("key-2")).isEqualTo("body 2");
    assertThat(bodyText("key-3")).isEqualTo("body 3");
  }

  @Test
  void writeAll_keyTwice_keepsTheLater() {
    storage.writeAll(
        List.of(response("k", "one"), response("other", "x"), response("k", "two")).iterator());
    assertThat(bodyText("k")).isEqualTo("two");
    assertThat(bodyText("other")).isEqualTo("x");
    assertThat(storage.count()).isEqualTo(2);
  }

  @Test
  void writeAll_nothing_isZero() {
    assertThat(storage.writeAll(Collections.emptyIterator())).isZero();
    assertThat(storage.count()).isZero();
  }

  @Test
  void writeAll_allSampleBodies_readsThemBack() {
    List<SampleBody> samples = SampleBody.all().toList();
    List<CachedResponse> responses = new ArrayList<>();
    for (SampleBody sample : samples) {
      responses.add(new CachedResponse(head(sample.name()).build(), sample.body()));
    }
    assertThat(storage.writeAll(responses.iterator())).isEqualTo(samples.size());
    for (SampleBody sample : samples) {
      assertThat(entry(sample.name()).open().body().bytes())
          .as(sample.name())
          .isEqualTo(sample.body().bytes());
    }
  }

  @Test
  void writeAll_bodiesThatCannotBeRead_areLeftOut() {
    publish("half", "old");
    List<CachedResponse> responses =
        List.of(
            response("a", "one"),
            new CachedResponse(head("half").build(), WriterContract.broken()),
            new CachedResponse(head("gone").build(), gone()),
            response("b", "two"));
    assertThat(storage.writeAll(responses.iterator())).isEqualTo(2);
    assertThat(bodyText("a")).isEqualTo("one");
    assertThat(bodyText("b")).isEqualTo("two");
    assertThat(bodyText("half")).isEqualTo("old");
    assertThat(read("gone")).isEmpty();
  }

  @Test
  void writeAll_tooLarge_isLeftOut() {
    long length = contract.tooLargeBodyBytes().orElse(0);
    assumeTrue(length > 0, "no limit");
    CachedResponse large =
        new CachedResponse(
            head("large").build(), Body.of(SampleBody.random(Math.toIntExact(length))));
    assertThat(storage.writeAll(List.of(response("a", "one"), large).iterator())).isEqualTo(1);
    assertThat(bodyText("a")).isEqualTo("one");
    assertThat(read("large")).isEmpty();
  }

  @Test
  void readAll_many_leavesOutTheAbsent() {
    storage.writeAll(many().iterator());
    Instant later = START.plusSeconds(600);
    put(new StoredItem.Alias("alias", "key-1", Optional.empty()));
    put(new StoredItem.Tombstone("tombstone", START, later));
    List<String> keys = new ArrayList<>(List.of("absent", "alias", "tombstone", "absent"));
    for (int i = 0; i < MANY; i++) {
      keys.add("key-" + i);
      keys.add("not-there-" + i);
    }
    for (ReadOptions options :
        List.of(ReadOptions.DEFAULT, ReadOptions.HEAD, ReadOptions.DEFAULT.strongly())) {
      Map<String, StoredItem> found = storage.readAll(keys, options);
      assertThat(found).hasSize(MANY + 2);
      found.forEach((key, item) -> assertThat(item.key()).isEqualTo(key));
      assertThat(bodyText(goodEntry(Optional.ofNullable(found.get("key-77")))))
          .isEqualTo("body 77");
      assertThat(found.get("alias")).isInstanceOf(StoredItem.Alias.class);
      assertThat(found.get("tombstone")).isInstanceOf(StoredItem.Tombstone.class);
    }
  }

  @Test
  void readAll_keysThatRepeat_areReadOnce() {
    publish("a", "one");
    assertThat(storage.readAll(List.of("a", "b", "a", "b", "a"), ReadOptions.DEFAULT))
        .containsOnlyKeys("a");
    assertThat(storage.readAll(List.of(), ReadOptions.DEFAULT)).isEmpty();
  }

  private static Body gone() {
    return new Body() {
      @Override
      public long length() {
        return 10;
      }

      @Override
      public InputStream open() {
        throw new LarderException("the body is gone");
      }
    };
  }
}
