package dev.larder;

import dev.larder.http.EntryFilter;
import dev.larder.http.Expiration;
import dev.larder.storage.UnitListener;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * Tells what a cache's bulk operations would touch and cost, and writes nothing: from {@link
 * HttpCache#dryRun()}. It goes through the operation as the real one does, over a storage that
 * leaves out the writes, so it reads, and pays for, what the real one reads.
 *
 * <p>A table that is missing, and that the operation would create, counts as empty and is not
 * created. Other errors are those of the operations. Thread-safe.
 */
public final class DryRun {
  private final HttpCache cache;
  private final BulkOptions options;
  private final int segments;

  /**
   * Dry runs.
   *
   * @param segments how many, if the options do not say
   */
  DryRun(HttpCache cache, BulkOptions options, int segments) {
    this.cache = cache;
    this.options = options;
    this.segments = segments;
  }

  /** What {@link HttpCache#delete(EntryFilter)} would do. */
  public BulkEstimate delete(EntryFilter filter) {
    return estimate(bulk -> bulk.deleted(filter));
  }

  /** What {@link HttpCache#removeExpiredResponses()} would do. */
  public BulkEstimate removeExpiredResponses() {
    return delete(EntryFilter.expired().or(EntryFilter.invalid()));
  }

  /**
   * What {@link HttpCache#clear()} would do. The entries are counted by a listing of its own, which
   * is not in the estimate; what else it would remove, such as parts of bodies and lists of
   * variants, is in the units.
   */
  public BulkEstimate clear() {
    BulkProgress listed =
        bulk(new Recorder(options.pace())).visited(EntryFilter.all(), entry -> {});
    Recorder clearing = new Recorder(options.pace());
    bulk(clearing).clear();
    return clearing.estimate(listed);
  }

  /** What {@link HttpCache#resetExpiration(Expiration, EntryFilter)} would do. */
  public BulkEstimate resetExpiration(Expiration expiration, EntryFilter filter) {
    return estimate(bulk -> bulk.reset(expiration, filter));
  }

  /** What {@link HttpCache#markStale(EntryFilter)} would do. */
  public BulkEstimate markStale(EntryFilter filter) {
    return estimate(bulk -> bulk.markedStale(filter));
  }

  /**
   * What {@link HttpCache#update(HttpCache)} would do. Reads the bodies, too: they decide what is
   * written.
   */
  public BulkEstimate update(HttpCache other) {
    return estimate(bulk -> bulk.updated(other));
  }

  /**
   * What {@link HttpCache#recreateKeys()} would do; the entries are those it would move. That an
   * entry is moved to where another one moves, too, is not foreseen.
   */
  public BulkEstimate recreateKeys() {
    Recorder recorder = new Recorder(options.pace());
    RecreatedKeys moves = bulk(recorder).recreateKeys(KeyMigration.DEFAULT);
    return recorder.estimate(moves.moved(), List.of());
  }

  private BulkEstimate estimate(Function<Bulk, BulkProgress> operation) {
    Recorder recorder = new Recorder(options.pace());
    return recorder.estimate(operation.apply(bulk(recorder)));
  }

  private Bulk bulk(Recorder recorder) {
    return Bulk.rehearsal(cache, options, segments, recorder);
  }

  /** Adds up requests and units, of which only reads are really consumed. */
  private static final class Recorder implements UnitListener {
    private final Optional<Pace> pace;
    private final LongAdder requests = new LongAdder();
    private final DoubleAdder reads = new DoubleAdder();
    private final DoubleAdder writes = new DoubleAdder();

    Recorder(Optional<Pace> pace) {
      this.pace = pace;
    }

    @Override
    public void consumed(double readUnits, double writeUnits) {
      requests.increment();
      reads.add(readUnits);
      writes.add(writeUnits);
      pace.ifPresent(limit -> limit.consumed(readUnits, 0));
    }

    BulkEstimate estimate(BulkProgress progress) {
      return estimate(progress.entries(), progress.sample());
    }

    BulkEstimate estimate(long entries, List<String> sample) {
      return new BulkEstimate(entries, sample, requests.sum(), reads.sum(), writes.sum());
    }
  }
}
