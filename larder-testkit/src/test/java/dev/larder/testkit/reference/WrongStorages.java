package dev.larder.testkit.reference;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryFilter;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.storage.EntryWriter;
import dev.larder.storage.Precondition;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.ResponseStorage;
import dev.larder.storage.ScanRequest;
import dev.larder.storage.StoredItem;
import dev.larder.storage.WriteResult;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Exchanger;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Storages with one mistake each, and the test that must notice. */
enum WrongStorages {
  PUBLISHES_ON_CLOSE("close_withoutCommit_leavesWhatWas", PublishesOnClose::new),
  UPDATE_UPSERTS("update_missingEntry_createsNoGhost", UpdateUpserts::new),
  UPDATE_FORGETS_VERSION("update_entryWrittenAgainMeanwhile_isRefused", ForgetsVersion::new),
  UPDATE_FORGETS_ORDER("update_renewedByALaterRequestMeanwhile_isRefused", ForgetsOrder::new),
  SCAN_FORGETS_FILTER("scan_filter_deliversExactlyWhatMatchesInMemory", ForgetsFilter::new),
  SCAN_FORGETS_SEGMENT("scan_segments_areDisjointAndComplete", ForgetsSegment::new),
  SCAN_FORGETS_AFTER("scan_afterAnyEntry_deliversTheRest", ForgetsAfter::new),
  IGNORES_RETAIN_UNTIL("retainUntil_reached_isAbsentToEveryMethod", IgnoresRetainUntil::new),
  TEARS_BODIES("open_afterAReplacement_givesTheOldBodyOrFails", TearsBodies::new),
  KEEPS_BODIES_AS_TEXT("write_anyBody_isReadBackByteForByte", BodiesAsText::new),
  KEEPS_HEADERS_AS_MAP("write_fieldLines_keepOrderCaseAndDuplicates", HeadersAsMap::new),
  TRIMS_KEYS("keys_ofAnyKind_areToldApart", TrimsKeys::new),
  CHECKS_TOO_EARLY("commit_checksThePreconditionThenAndNotBefore", ChecksTooEarly::new),
  CHECKS_THEN_ACTS("writeIfAbsent_byManyAtOnce_publishesExactlyOne", ChecksThenActs::new),
  TAKES_EQUAL_TIMES("write_underEachPrecondition_isPublishedIfItHolds", TakesEqualTimes::new),
  COUNTS_MARKERS("put_marker_isNeitherListedNorCounted", CountsMarkers::new);

  final String caughtBy;

  @SuppressWarnings("ImmutableEnumChecker") // constructor references keep no state
  private final Function<Clock, ResponseStorage> maker;

  WrongStorages(String caughtBy, Function<Clock, ResponseStorage> maker) {
    this.caughtBy = caughtBy;
    this.maker = maker;
  }

  ResponseStorage open(Clock clock) {
    return maker.apply(clock);
  }

  private static final class PublishesOnClose extends ReferenceStorage {
    PublishesOnClose(Clock clock) {
      super(clock);
    }

    @Override
    public EntryWriter write(EntryHead head, Precondition precondition) {
      return new MapWriter(this, head, precondition) {
        @Override
        public void close() {
          if (!done) {
            commit();
          }
        }
      };
    }
  }

  private static final class UpdateUpserts extends ReferenceStorage {
    UpdateUpserts(Clock clock) {
      super(clock);
    }

    @Override
    public synchronized boolean update(EntryHead head) {
      if (read(head.key(), ReadOptions.HEAD).isEmpty()) {
        items.put(head.key(), entry(head, Body.empty()));
        return true;
      }
      return super.update(head);
    }
  }

  private static final class ForgetsVersion extends ReferenceStorage {
    ForgetsVersion(Clock clock) {
      super(clock);
    }

    @Override
    public synchronized boolean update(EntryHead head) {
      EntryHead same =
          live(items.get(head.key()))
              .filter(StoredItem.Entry.class::isInstance)
              .map(found -> ((StoredItem.Entry) found).entry().head().version())
              .map(version -> head.toBuilder().version(version).build())
              .orElse(head);
      return super.update(same);
    }
  }

  private static final class ForgetsOrder extends ReferenceStorage {
    ForgetsOrder(Clock clock) {
      super(clock);
    }

    @Override
    public synchronized boolean update(EntryHead head) {
      boolean updated = super.update(head.toBuilder().requested(Instant.MAX).build());
      if (updated) {
        StoredItem.Entry there = (StoredItem.Entry) items.get(head.key());
        EntryHead stored = there.entry().head().toBuilder().requested(head.requested()).build();
        items.put(head.key(), entry(stored, there.entry().open().body()));
      }
      return updated;
    }
  }

  private static final class ForgetsFilter extends ReferenceStorage {
    ForgetsFilter(Clock clock) {
      super(clock);
    }

    @Override
    public synchronized Stream<CacheEntry> scan(ScanRequest r) {
      return super.scan(
          new ScanRequest(EntryFilter.all(), r.bodies(), r.segment(), r.segments(), r.after()));
    }
  }

  private static final class ForgetsSegment extends ReferenceStorage {
    ForgetsSegment(Clock clock) {
      super(clock);
    }

    @Override
    public synchronized Stream<CacheEntry> scan(ScanRequest r) {
      return super.scan(new ScanRequest(r.filter(), r.bodies(), 0, 1, r.after()));
    }
  }

  private static final class ForgetsAfter extends ReferenceStorage {
    ForgetsAfter(Clock clock) {
      super(clock);
    }

    @Override
    public synchronized Stream<CacheEntry> scan(ScanRequest r) {
      return super.scan(
          new ScanRequest(r.filter(), r.bodies(), r.segment(), r.segments(), Optional.empty()));
    }
  }

  private static final class IgnoresRetainUntil extends ReferenceStorage {
    IgnoresRetainUntil(Clock clock) {
      super(clock);
    }

    @Override
    protected Optional<StoredItem> live(@Nullable StoredItem item) {
      return Optional.ofNullable(item);
    }
  }

  /** A body is looked up by key when it is opened, whatever entry is there by then. */
  private static final class TearsBodies extends ReferenceStorage {
    private final Map<String, Body> bodies = new ConcurrentHashMap<>();

    TearsBodies(Clock clock) {
      super(clock);
    }

    @Override
    protected synchronized WriteResult publish(EntryHead head, byte[] body, Precondition p) {
      WriteResult result = super.publish(head, body, p);
      if (result.published()) {
        bodies.put(head.key(), Body.of(body));
        EntryHead stored = head.toBuilder().version(result.version()).length(body.length).build();
        items.put(head.key(), entry(stored, new LateBody(bodies, head.key())));
      }
      return result;
    }
  }

  private record LateBody(Map<String, Body> bodies, String key) implements Body {
    @Override
    public long length() {
      return -1;
    }

    @Override
    public InputStream open() {
      return bodies.getOrDefault(key, Body.empty()).open();
    }
  }

  private static final class BodiesAsText extends ReferenceStorage {
    BodiesAsText(Clock clock) {
      super(clock);
    }

    @Override
    protected synchronized WriteResult publish(EntryHead head, byte[] body, Precondition p) {
      String text = new String(body, StandardCharsets.UTF_8);
      return super.publish(head, text.getBytes(StandardCharsets.UTF_8), p);
    }
  }

  private static final class HeadersAsMap extends ReferenceStorage {
    HeadersAsMap(Clock clock) {
      super(clock);
    }

    @Override
    protected synchronized WriteResult publish(EntryHead head, byte[] body, Precondition p) {
      Headers headers = Headers.copyOf(head.headers().toMap());
      return super.publish(head.toBuilder().headers(headers).build(), body, p);
    }
  }

  private static final class TrimsKeys extends ReferenceStorage {
    TrimsKeys(Clock clock) {
      super(clock);
    }

    @Override
    public synchronized Optional<StoredItem> read(String key, ReadOptions options) {
      return super.read(key.strip(), options);
    }

    @Override
    public EntryWriter write(EntryHead head, Precondition precondition) {
      return super.write(head.toBuilder().key(head.key().strip()).build(), precondition);
    }
  }

  private static final class ChecksTooEarly extends ReferenceStorage {
    ChecksTooEarly(Clock clock) {
      super(clock);
    }

    @Override
    public EntryWriter write(EntryHead head, Precondition precondition) {
      boolean held = holds(precondition, read(head.key(), ReadOptions.HEAD));
      return new MapWriter(this, head, precondition) {
        @Override
        public WriteResult commit() {
          if (done || !held) {
            return super.commit();
          }
          done = true;
          return storage.publish(head, body.toByteArray(), Precondition.none());
        }
      };
    }
  }

  /** Two writers that check at the same time both find the key absent. */
  private static final class ChecksThenActs extends ReferenceStorage {
    private final Exchanger<Boolean> meeting = new Exchanger<>();

    ChecksThenActs(Clock clock) {
      super(clock);
    }

    @Override
    public EntryWriter write(EntryHead head, Precondition precondition) {
      return new MapWriter(this, head, precondition) {
        @Override
        public WriteResult commit() {
          if (precondition instanceof Precondition.Absent
              && holds(precondition, read(head.key(), ReadOptions.HEAD))
              && meetsAnother()) {
            done = true;
            return storage.publish(head, body.toByteArray(), Precondition.none());
          }
          return super.commit();
        }
      };
    }

    private boolean meetsAnother() {
      try {
        return meeting.exchange(true, 100, TimeUnit.MILLISECONDS);
      } catch (TimeoutException alone) {
        return false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }

  private static final class TakesEqualTimes extends ReferenceStorage {
    TakesEqualTimes(Clock clock) {
      super(clock);
    }

    @Override
    protected boolean holds(Precondition precondition, Optional<StoredItem> there) {
      return precondition instanceof Precondition.NewerThanStored newer
          ? super.holds(Precondition.newerThanStored(newer.requested().plusMillis(1)), there)
          : super.holds(precondition, there);
    }
  }

  private static final class CountsMarkers extends ReferenceStorage {
    CountsMarkers(Clock clock) {
      super(clock);
    }

    @Override
    public synchronized long count() {
      super.count();
      return items.values().stream().filter(item -> live(item).isPresent()).count();
    }
  }
}
