package dev.larder;

import dev.larder.http.CacheEntry;
import dev.larder.http.EntryFilter;
import dev.larder.http.Expiration;
import dev.larder.storage.Precondition;
import dev.larder.storage.ResponseStorage;
import dev.larder.storage.StoredItem;
import dev.larder.storage.UnitListener;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A cache's operations over many entries, done as {@link BulkOptions} say: from {@link
 * HttpCache#bulk(BulkOptions)}.
 *
 * <p>Each runs over the storage's segments in parallel and in constant memory, entry by entry (over
 * one segment where an index answers), and may be stopped anywhere: by a failure, or because a
 * process ends. Whoever keeps the last token that {@link BulkOptions#onProgress} told goes on from
 * there.
 *
 * <p>Each throws {@link IllegalArgumentException} if the options have a token that is none.
 * Thread-safe.
 */
public final class Bulk {
  private final HttpCache cache;
  private final ResponseStorage storage;
  private final Optional<UnitListener> listener;
  private final boolean rehearses;
  private final BulkOptions options;
  private final int segments;
  private final BulkOperations operations;

  private Bulk(
      HttpCache cache,
      ResponseStorage storage,
      Optional<UnitListener> listener,
      boolean rehearses,
      BulkOptions options,
      int segments) {
    this.rehearses = rehearses;
    this.cache = cache;
    this.storage = storage;
    this.listener = listener;
    this.options = options;
    this.segments = options.segments().orElse(segments);
    this.operations = new BulkOperations(storage, this.segments);
  }

  /**
   * The operations.
   *
   * @param segments how many, if the options do not say
   */
  static Bulk of(HttpCache cache, BulkOptions options, int segments) {
    Optional<UnitListener> pace = options.pace().map(limit -> limit);
    ResponseStorage storage =
        pace.map(listener -> cache.storage().metered(listener)).orElseGet(cache::storage);
    return new Bulk(cache, storage, pace, false, options, segments);
  }

  /** The operations without their writes, of which a listener is told all the same. */
  static Bulk rehearsal(HttpCache cache, BulkOptions options, int segments, UnitListener listener) {
    ResponseStorage storage = cache.storage().rehearsal(listener);
    return new Bulk(cache, storage, Optional.of(listener), true, options, segments);
  }

  /**
   * Hands the entries that match to a consumer, bodies unread. Calls come from one thread for each
   * segment; an entry counts as dealt with when its call has returned.
   *
   * @return how many there were
   */
  public long forEach(EntryFilter filter, Consumer<CacheEntry> consumer) {
    return visited(filter, consumer).entries();
  }

  BulkProgress visited(EntryFilter filter, Consumer<CacheEntry> consumer) {
    return run(filter, progress -> operations.forEach(filter, consumer, progress));
  }

  /**
   * Deletes the entries that match, as {@link HttpCache#delete(EntryFilter)} does.
   *
   * @return how many this run has deleted
   */
  public long delete(EntryFilter filter) {
    return deleted(filter).entries();
  }

  BulkProgress deleted(EntryFilter filter) {
    return run(filter, progress -> operations.deleteAll(filter, progress));
  }

  /** Deletes what is expired or cannot be decoded; returns how many this run has deleted. */
  public long removeExpiredResponses() {
    return delete(EntryFilter.expired().or(EntryFilter.invalid()));
  }

  /** Removes everything. Progress is told for whole segments only. */
  public void clear() {
    run(EntryFilter.all(), operations::clear);
  }

  /**
   * Sets a new expiration on the decodable entries that match, as {@link
   * HttpCache#resetExpiration(Expiration, EntryFilter)} does.
   *
   * @return how many this run has changed
   * @throws IllegalArgumentException for {@link Expiration#doNotCache()}: delete the entries
   *     instead
   */
  public long resetExpiration(Expiration expiration, EntryFilter filter) {
    return reset(expiration, filter).entries();
  }

  BulkProgress reset(Expiration expiration, EntryFilter filter) {
    if (expiration.isDoNotCache()) {
      throw new IllegalArgumentException(
          "entries cannot be reset to do-not-cache; use delete(EntryFilter)");
    }
    Instant now = cache.clock().instant();
    Optional<Instant> expires = expiration.from(now);
    return run(
        filter,
        progress ->
            operations.updateAll(
                filter,
                now,
                head ->
                    head.toBuilder()
                        .expires(expires)
                        .explicit(true)
                        .retainUntil(
                            cache.settings().retention().until(head.headers(), expires, now))
                        .build(),
                progress));
  }

  /**
   * Marks the decodable entries that match as stale, as {@link HttpCache#markStale(EntryFilter)}
   * does.
   *
   * @return how many this run has marked
   */
  public long markStale(EntryFilter filter) {
    return markedStale(filter).entries();
  }

  BulkProgress markedStale(EntryFilter filter) {
    Instant now = cache.clock().instant();
    return run(
        filter,
        progress ->
            operations.updateAll(
                filter.and(EntryFilter.valid()), now, HttpCache.staleSince(now), progress));
  }

  /**
   * Copies all decodable entries of another cache, as {@link HttpCache#update(HttpCache)} does. The
   * limits are for both together.
   *
   * @return how many entries this run has copied
   */
  public long update(HttpCache other) {
    return updated(other).entries();
  }

  BulkProgress updated(HttpCache other) {
    ResponseStorage source =
        listener
            .map(
                told -> rehearses ? other.storage().rehearsal(told) : other.storage().metered(told))
            .orElseGet(other::storage);
    BulkProgress progress = new BulkProgress(options, options.segments().orElse(1));
    return other.ready(
        () ->
            run(
                progress,
                () -> {
                  operations.copyAll(source, progress);
                  try (Stream<StoredItem.Alias> aliases = source.aliases()) {
                    aliases.forEach(alias -> storage.put(alias, Precondition.absent()));
                  }
                }));
  }

  /**
   * Moves each entry to the key that the settings give its request, as {@link
   * HttpCache#recreateKeys(KeyMigration)} does. Where to begin, and whom to tell, is said by the
   * migration.
   */
  public RecreatedKeys recreateKeys(KeyMigration migration) {
    return cache.ready(() -> operations.recreateKeys(cache.migrator(storage), migration));
  }

  private BulkProgress run(EntryFilter filter, Consumer<BulkProgress> operation) {
    boolean indexed = cache.ready(() -> storage.isIndexed(filter));
    BulkProgress progress = new BulkProgress(options, indexed ? 1 : segments);
    return run(progress, () -> operation.accept(progress));
  }

  private BulkProgress run(BulkProgress progress, Runnable operation) {
    Supplier<BulkProgress> told =
        () -> {
          operation.run();
          return progress;
        };
    try {
      return cache.ready(told);
    } finally {
      progress.end();
    }
  }
}
