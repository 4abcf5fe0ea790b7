package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryFilter;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.storage.Precondition;
import dev.larder.storage.ScanRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A scan delivers each entry once. */
abstract class ScanContract extends StorageContractGroup {
  private static final int SOME = 60;

  ScanContract(ResponseStorageContract contract) {
    super(contract);
  }

  private Set<String> storeSome() {
    List<CachedResponse> responses = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < SOME; i++) {
      keys.add("key-" + i);
      responses.add(
          new CachedResponse(
              head("key-" + i).status(200 + i % 2).build(), Body.of("body of key-" + i)));
    }
    assertThat(storage.writeAll(responses.iterator())).isEqualTo(SOME);
    return keys;
  }

  private static final ScanRequest ALL = ScanRequest.of(EntryFilter.all());

  @Test
  void scan_emptyStorage_isEmpty() {
    assertThat(keysOf(storage.scan(ALL))).isEmpty();
    assertThat(keysOf(storage.scan(ALL.segment(3, 7).withBodies()))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void scan_segments_areDisjointAndComplete(int segments) {
    Set<String> expected = storeSome();
    Set<String> found = new HashSet<>();
    for (int segment = 0; segment < segments; segment++) {
      Set<String> part = keysOf(storage.scan(ALL.segment(segment, segments)));
      assertThat(found).doesNotContainAnyElementsOf(part);
      found.addAll(part);
    }
    assertThat(found).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void scan_segmentsWithFilter_deliverTheMatches(int segments) {
    storeSome();
    int found = 0;
    for (int segment = 0; segment < segments; segment++) {
      ScanRequest request = ScanRequest.of(EntryFilter.status(201)).segment(segment, segments);
      found += keysOf(storage.scan(request)).size();
    }
    assertThat(found).isEqualTo(SOME / 2);
  }

  @Test
  void scan_withAndWithoutBodies_givesHeadAndBody() {
    Headers headers = Headers.of("A", "1", "a", "2", "A", "1");
    Map<String, EntryHead> heads = new HashMap<>();
    for (int i = 0; i < 5; i++) {
      EntryHead head = head("key-" + i).headers(headers).status(200 + i).build();
      publish(head, "body of key-" + i);
      heads.put(head.key(), head);
    }
    byte[] large = SampleBody.random(SampleBody.LARGE);
    storage.write(head("large").build(), Body.of(large), Precondition.none());
    heads.put("large", head("large").build());
    for (ScanRequest request : List.of(ALL, ALL.withBodies())) {
      List<CacheEntry> entries = list(request);
      assertThat(entries).hasSize(heads.size());
      for (CacheEntry entry : entries) {
        EntryHead expected = heads.get(entry.key());
        assertThat(expected).isNotNull();
        assertSameHead(entry.head(), expected);
        assertThat(entry.head().version()).isEqualTo(entry(entry.key()).head().version());
        assertThat(entry.head().length()).isEqualTo(entry.open().body().bytes().length);
        assertThat(entry.storedSize()).isGreaterThanOrEqualTo(-1).isNotZero();
        if (entry.key().equals("large")) {
          assertThat(entry.open().body().bytes()).isEqualTo(large);
        } else {
          assertThat(bodyText(entry)).isEqualTo("body of " + entry.key());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7})
  void scan_afterAnyEntry_deliversTheRest(int segments) {
    storeSome();
    for (int segment = 0; segment < segments; segment++) {
      ScanRequest request = ALL.segment(segment, segments);
      List<String> order = list(request).stream().map(CacheEntry::key).toList();
      for (int i = 0; i < order.size(); i += segments == 1 ? 7 : 1) {
        assertThat(keysOf(storage.scan(request.after(order.get(i)))))
            .containsExactlyInAnyOrderElementsOf(order.subList(i + 1, order.size()));
      }
    }
  }

  @Test
  void scan_afterAnEntryThatIsGone_deliversTheRest() {
    storeSome();
    Set<String> remaining = new HashSet<>();
    List<String> order = list(ALL).stream().map(CacheEntry::key).toList();
    storage.removeAll(order.subList(0, 20));
    remaining.addAll(order.subList(20, order.size()));
    assertThat(keysOf(storage.scan(ALL.after(order.get(19))))).isEqualTo(remaining);
  }

  @Test
  void scan_whileEntriesComeAndGo_deliversTheOthersOnce() {
    Set<String> keys = storeSome();
    Set<String> delivered = new HashSet<>();
    Set<String> removed = new HashSet<>();
    try (Stream<CacheEntry> scan = storage.scan(ALL)) {
      Iterator<CacheEntry> entries = scan.iterator();
      for (int i = 0; entries.hasNext(); i++) {
        String key = entries.next().key();
        assertThat(delivered.add(key)).as("once only: " + key).isTrue();
        if (i < 10) {
          publish("new-" + i, "body");
          storage.remove("key-" + i, Precondition.none());
          removed.add("key-" + i);
          publish("key-" + (20 + i), "changed");
        }
      }
    }
    keys.removeAll(removed);
    assertThat(delivered).containsAll(keys);
  }

  @Test
  void scan_closedEarly_leavesTheStorageUsable() {
    storeSome();
    for (int i = 0; i < 20; i++) {
      try (Stream<CacheEntry> scan = storage.scan(ALL.withBodies())) {
        assertThat(scan.limit(3)).hasSize(3);
      }
    }
    assertThat(keysOf(storage.scan(ALL))).hasSize(SOME);
  }

  @Test
  void scan_twoAtOnce_areIndependent() {
    Set<String> keys = storeSome();
    Set<String> one = new HashSet<>();
    Set<String> two = new HashSet<>();
    try (Stream<CacheEntry> first = storage.scan(ALL);
        Stream<CacheEntry> second = storage.scan(ALL)) {
      Iterator<CacheEntry> left = first.iterator();
      Iterator<CacheEntry> right = second.iterator();
      while (left.hasNext() && right.hasNext()) {
        one.add(left.next().key());
        two.add(right.next().key());
      }
      assertThat(left.hasNext()).isEqualTo(right.hasNext());
    }
    assertThat(one).isEqualTo(keys);
    assertThat(two).isEqualTo(keys);
  }

  @Test
  void scan_moreThanAPage_deliversEverything() {
    // 1.5 MB: more than DynamoDB returns in one page.
    int count = 300;
    Body body = Body.of(SampleBody.random(5 * 1024));
    List<CachedResponse> responses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      responses.add(new CachedResponse(head("key-" + i).status(200 + i % 3).build(), body));
    }
    assertThat(storage.writeAll(responses.iterator())).isEqualTo(count);
    assertThat(keysOf(storage.scan(ALL))).hasSize(count);
    assertThat(keysOf(storage.scan(ALL.withBodies()))).hasSize(count);
    assertThat(keysOf(storage.scan(ScanRequest.of(EntryFilter.status(202))))).hasSize(count / 3);
    assertThat(storage.count()).isEqualTo(count);
    storage.clear();
    assertThat(storage.count()).isZero();
  }

  private List<CacheEntry> list(ScanRequest request) {
    try (Stream<CacheEntry> scan = storage.scan(request)) {
      return scan.toList();
    }
  }
}
