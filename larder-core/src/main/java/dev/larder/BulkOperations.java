package dev.larder;

import dev.larder.http.CacheEntry;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryFilter;
import dev.larder.http.EntryHead;
import dev.larder.storage.EntryTooLargeException;
import dev.larder.storage.Precondition;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.ResponseStorage;
import dev.larder.storage.ScanRequest;
import dev.larder.storage.StorageException;
import dev.larder.storage.StorageNotReadyException;
import dev.larder.storage.StoredItem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Operations over many entries: one thread for each segment of the storage, each walking its
 * segment once and holding no more than a page and a batch of it. The threads live as long as the
 * operation.
 */
final class BulkOperations {
  private static final Logger LOG = LoggerFactory.getLogger(HttpCache.class);
  private static final int DELETE_BATCH = 25;
  private static final int COPY_BATCH = 100;
  private static final int UPDATE_ATTEMPTS = 5;

  private static final long MOMENT = Duration.ofSeconds(1).toNanos();

  private final ResponseStorage storage;
  private final int segments;
  private final LongSupplier ticker;

  BulkOperations(ResponseStorage storage, int segments) {
    this(storage, segments, System::nanoTime);
  }

  /**
   * Operations.
   *
   * @param ticker tells nanoseconds
   */
  BulkOperations(ResponseStorage storage, int segments, LongSupplier ticker) {
    this.storage = storage;
    this.segments = segments;
    this.ticker = ticker;
  }

  <T> T ready(Supplier<T> operation) {
    try {
      return operation.get();
    } catch (StorageNotReadyException e) {
      storage.prepare();
      return operation.get();
    }
  }

  /** The sum of a function over keys. */
  long sum(Collection<String> keys, ToLongFunction<String> function) {
    if (keys.size() <= 1 || segments == 1) {
      return keys.stream().mapToLong(function).sum();
    }
    List<String> list = List.copyOf(keys);
    return sumInParallel(
        segments,
        worker ->
            IntStream.iterate(worker, i -> i < list.size(), i -> i + segments)
                .mapToLong(i -> function.applyAsLong(list.get(i)))
                .sum());
  }

  void forEach(EntryFilter filter, Consumer<CacheEntry> consumer, BulkProgress progress) {
    overSegments(
        storage,
        ScanRequest.of(filter),
        progress,
        (entries, segment) ->
            entries.forEach(
                entry -> {
                  consumer.accept(entry);
                  progress.dealtWith(segment, List.of(entry.key()), 1);
                }));
  }

  void deleteAll(EntryFilter filter, BulkProgress progress) {
    overSegments(
        storage,
        ScanRequest.of(filter),
        progress,
        (entries, segment) -> {
          List<CacheEntry> batch = new ArrayList<>(DELETE_BATCH);
          long begun = 0;
          for (CacheEntry entry : (Iterable<CacheEntry>) entries::iterator) {
            begun = batch.isEmpty() ? ticker.getAsLong() : begun;
            batch.add(entry);
            if (batch.size() == DELETE_BATCH) {
              delete(segment, batch, begun, progress);
            }
          }
          delete(segment, batch, begun, progress);
        });
  }

  /**
   * Deletes what has been listed. Scenario: among a million entries few match, so that a batch
   * takes a minute to fill, and meanwhile one of it is renewed. So a batch that took longer than a
   * moment is deleted one by one, each if it still is what was listed.
   */
  private void delete(int segment, List<CacheEntry> batch, long begun, BulkProgress progress) {
    if (batch.isEmpty()) {
      return;
    }
    List<String> keys = batch.stream().map(CacheEntry::key).toList();
    long removed = keys.size();
    if (ticker.getAsLong() - begun <= MOMENT) {
      storage.removeAll(keys);
    } else {
      removed = batch.stream().filter(this::removeUnchanged).count();
    }
    progress.dealtWith(segment, keys, removed);
    batch.clear();
  }

  private boolean removeUnchanged(CacheEntry entry) {
    if (entry.isInvalid()) {
      // It has no version that could be read.
      storage.removeAll(List.of(entry.key()));
      return true;
    }
    return storage.remove(entry.key(), Precondition.version(entry.head().version()));
  }

  void clear(BulkProgress progress) {
    sumInParallel(
        progress.segments(),
        segment -> {
          if (!progress.isDone(segment)) {
            storage.clear(segment, progress.segments());
            progress.done(segment);
          }
          return 0L;
        });
  }

  /** Writes the decodable entries of another storage here, many at a time. */
  void copyAll(ResponseStorage source, BulkProgress progress) {
    overSegments(
        source,
        ScanRequest.of(EntryFilter.invalid().not()).withBodies(),
        progress,
        (entries, segment) -> {
          Iterator<CacheEntry> left = entries.iterator();
          // At least once, so that a closed storage tells even if there is nothing to copy.
          do {
            Some some = new Some(left);
            long written = storage.writeAll(some);
            progress.dealtWith(segment, some.keys, written);
          } while (left.hasNext());
        });
  }

  /** So many of the entries that are left, and their keys once they were taken. */
  private static final class Some implements Iterator<CachedResponse> {
    private final Iterator<CacheEntry> left;
    private final List<String> keys = new ArrayList<>(COPY_BATCH);

    Some(Iterator<CacheEntry> left) {
      this.left = left;
    }

    @Override
    public boolean hasNext() {
      return keys.size() < COPY_BATCH && left.hasNext();
    }

    @Override
    public CachedResponse next() {
      CacheEntry entry = left.next();
      keys.add(entry.key());
      return entry.open();
    }
  }

  void updateAll(
      EntryFilter filter, Instant now, UnaryOperator<EntryHead> change, BulkProgress progress) {
    overSegments(
        storage,
        ScanRequest.of(filter.and(EntryFilter.invalid().not())),
        progress,
        (entries, segment) ->
            entries.forEach(
                entry ->
                    progress.dealtWith(
                        segment,
                        List.of(entry.key()),
                        update(entry, filter, now, change) ? 1 : 0)));
  }

  /**
   * Changes one head. If the entry was replaced since it was listed, the new one is changed if it
   * matches too: the caller asked for every entry, and a listing may be minutes old.
   */
  boolean update(
      CacheEntry listed, EntryFilter filter, Instant now, UnaryOperator<EntryHead> change) {
    Optional<CacheEntry> current = Optional.of(listed);
    for (int attempt = 0; attempt < UPDATE_ATTEMPTS && current.isPresent(); attempt++) {
      try {
        if (storage.update(change.apply(current.get().head()))) {
          return true;
        }
      } catch (EntryTooLargeException e) {
        // An entry so near the limit that a longer head does not fit must not end the operation for
        // all others.
        LOG.warn("left as it is: {}", e.getMessage());
        return false;
      }
      current =
          storage
              .read(listed.key(), ReadOptions.HEAD.strongly())
              .filter(StoredItem.Entry.class::isInstance)
              .map(item -> ((StoredItem.Entry) item).entry())
              .filter(entry -> !entry.isInvalid() && filter.matches(entry, now));
    }
    if (current.isPresent()) {
      throw new StorageException(
          "entry \""
              + listed.key()
              + "\" was replaced "
              + UPDATE_ATTEMPTS
              + " times while it was to be changed; run the operation again");
    }
    return false;
  }

  Optional<CachedResponse> poll() {
    try (Stream<CacheEntry> entries =
        storage.scan(ScanRequest.of(EntryFilter.invalid().not()).withBodies())) {
      return entries
          .map(CacheEntry::open)
          .filter(
              response ->
                  storage.remove(response.key(), Precondition.version(response.head().version())))
          .findFirst();
    }
  }

  /** Hands every decodable entry to the migrator, from where the options say. */
  RecreatedKeys recreateKeys(KeyMigrator migrator, KeyMigration options) {
    MigrationProgress progress = new MigrationProgress(options, segments);
    ScanRequest all = ScanRequest.of(EntryFilter.invalid().not()).withBodies();
    try {
      sumInParallel(
          progress.segments(),
          segment -> {
            if (!progress.isDone(segment)) {
              ScanRequest part = all.segment(segment, progress.segments());
              ScanRequest rest = progress.after(segment).map(part::after).orElse(part);
              try (Stream<CacheEntry> entries = storage.scan(rest)) {
                entries.forEach(
                    entry -> progress.dealtWith(segment, entry.key(), migrator.migrate(entry)));
              }
              progress.done(segment);
            }
            return 0L;
          });
    } finally {
      progress.end();
    }
    return progress.soFar();
  }

  /** Walks each segment of a storage once, from where the progress is. */
  private void overSegments(
      ResponseStorage source,
      ScanRequest request,
      BulkProgress progress,
      ObjIntConsumer<Stream<CacheEntry>> work) {
    sumInParallel(
        progress.segments(),
        segment -> {
          if (!progress.isDone(segment)) {
            ScanRequest part = request.segment(segment, progress.segments());
            ScanRequest rest = progress.after(segment).map(part::after).orElse(part);
            try (Stream<CacheEntry> entries = source.scan(rest)) {
              work.accept(entries, segment);
            }
            progress.done(segment);
          }
          return 0L;
        });
  }

  private long sumInParallel(int parts, IntFunction<Long> work) {
    if (parts == 1) {
      return work.apply(0);
    }
    ExecutorService threads =
        Executors.newFixedThreadPool(Math.min(parts, segments), BulkOperations::daemon);
    try {
      List<Future<Long>> results =
          IntStream.range(0, parts)
              .mapToObj(part -> threads.submit(() -> work.apply(part)))
              .toList();
      long sum = 0;
      for (Future<Long> result : results) {
        sum += result.get();
      }
      return sum;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        // The trace of the thread that waited matters less than that of the one that failed.
        throw failure;
      }
      throw new StorageException("a bulk operation failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException("interrupted during a bulk operation; it may be half-done", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "larder-bulk");
    thread.setDaemon(true);
    return thread;
  }
}
