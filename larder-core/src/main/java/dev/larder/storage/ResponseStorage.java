package dev.larder.storage;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryFilter;
import dev.larder.http.EntryHead;
import dev.larder.http.Redirect;
import dev.larder.http.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a cache keeps its entries. Calls block; every method may be called from any thread at any
 * time.
 *
 * <p><b>Visibility.</b> Nothing of an entry is seen before {@link EntryWriter#commit()} and all of
 * it after. Within the process a write that has returned is seen by every later read of the same
 * storage object. Other processes may see it a moment later, unless they read {@linkplain
 * ReadOptions#strong() strongly}.
 *
 * <p><b>Atomicity.</b> Each write of one key is one step that checks its {@link Precondition}. A
 * reader gets the old item or the new one, never a mixture: a body opened from an entry is that
 * entry's, or opening or reading it fails. Operations over many keys are many such steps and may
 * end half-done.
 *
 * <p><b>Versions.</b> Each full write gives the item a new random version. {@link #update} is
 * conditional on it and never brings back what is gone.
 *
 * <p><b>Time to live.</b> From {@code retainUntil} on an item is absent to every method, whether or
 * not the storage has swept it. A storage may drop any item at any time before: it is a cache's.
 *
 * <p><b>Iteration.</b> Scans are lazy, hold a bounded number of entries in memory and deliver each
 * entry that is there from beginning to end exactly once; entries written or removed meanwhile may
 * or may not be delivered. An item that cannot be decoded is delivered as {@linkplain
 * CacheEntry#isInvalid() invalid} and never ends a scan. Streams should be closed.
 *
 * <p><b>Failure.</b> Methods throw {@link StorageException} when the storage fails, {@link
 * StorageNotReadyException} while it is being set up, and {@link IllegalArgumentException} for a
 * key it can never hold, naming the limit. Items of other programs, or that cannot be decoded, are
 * data and not failures. By the {@linkplain StorageException#kind() kind} of failures clients
 * decide whether to leave the storage alone for a while.
 *
 * <p><b>Waiting.</b> Clients that answer requests call a storage that is not {@linkplain #isLocal()
 * local} on threads of Larder's, wait for a bounded time only, and interrupt what takes longer. It
 * should end soon then; whether an interrupted write took place need not be known.
 */
public interface ResponseStorage extends AutoCloseable {
  /** What is under the key. */
  Optional<StoredItem> read(String key, ReadOptions options);

  /** What is under each of these keys, together where the storage can; absent ones are left out. */
  Map<String, StoredItem> readAll(Collection<String> keys, ReadOptions options);

  /**
   * Begins an entry. Its key, and everything else of it but version and length, is the head's.
   *
   * @param precondition checked when the entry is committed
   */
  EntryWriter write(EntryHead head, Precondition precondition);

  /**
   * Writes a whole entry.
   *
   * @throws EntryTooLargeException if it does not fit
   */
  default WriteResult write(EntryHead head, Body body, Precondition precondition) {
    try (EntryWriter writer = write(head, precondition)) {
      Optional<ByteBuffer> inMemory = body.buffer();
      if (inMemory.isPresent()) {
        writer.write(inMemory.get());
      } else {
        copy(body, writer);
      }
      return writer.commit();
    }
  }

  /**
   * Writes an entry under the key of a request that was redirected to the one it answers, if this
   * storage has entries that tell of redirects. By default it has none, and an alias takes the
   * place of such an entry.
   *
   * @param head with the key and the request that were redirected first
   * @param last the request that the response answers
   * @param redirects what happened in between, in order, secrets removed
   * @return what became of it; empty if there are no such entries here
   * @throws EntryTooLargeException if it does not fit
   */
  default Optional<WriteResult> writeRedirected(
      EntryHead head,
      Body body,
      Request last,
      List<Redirect> redirects,
      Precondition precondition) {
    return Optional.empty();
  }

  /**
   * Writes many entries under their heads' keys, overwriting, in batches where the storage can. An
   * entry that is too large, or whose body can no longer be read, is left out.
   *
   * @return how many were written
   */
  long writeAll(Iterator<CachedResponse> responses);

  /** Writes an alias, a directory or a tombstone. */
  WriteResult put(StoredItem marker, Precondition precondition);

  /**
   * Replaces the head of an entry, leaving its body, if the entry's version is still the head's and
   * it was not requested later than the head says: of two renewals the one that was requested later
   * stays, whichever comes first. Key, version, URL, request, length and digest stay as they are.
   * Never creates an item.
   *
   * @return whether the entry was there in this version, and not requested later
   */
  boolean update(EntryHead head);

  /**
   * Removes what is under the key.
   *
   * @return whether the precondition held and anything but a tombstone was removed
   */
  boolean remove(String key, Precondition precondition);

  /**
   * Removes what is under each of these keys, in batches where the storage can. Keys may repeat.
   */
  void removeAll(Collection<String> keys);

  /** Lists entries. */
  Stream<CacheEntry> scan(ScanRequest request);

  /**
   * Whether a scan for this filter in one segment finds its entries without looking at others, so
   * that cutting it into segments would make it dearer. Such a scan may begin from the beginning
   * where it is asked to go on behind an entry. By default no scan does.
   */
  default boolean isIndexed(EntryFilter filter) {
    return false;
  }

  /** Lists the keys of all entries, invalid ones included. */
  default Stream<String> keys() {
    return scan(ScanRequest.of(EntryFilter.all())).map(CacheEntry::key);
  }

  /** Lists aliases. */
  Stream<StoredItem.Alias> aliases();

  /** How many entries there are, invalid ones included; exact. */
  long count();

  /** Removes everything. */
  default void clear() {
    clear(0, 1);
  }

  /**
   * Removes everything in one of several disjoint parts of the storage.
   *
   * @param segment which part, 0 to {@code segments - 1}
   */
  void clear(int segment, int segments);

  /**
   * Makes {@linkplain EntryHead#isVoidSince void} every entry that was requested or first stored at
   * or before this time, whether it is there already or still to come. Void entries are absent to
   * every method that looks up, lists or counts: for this storage object at once, for other
   * processes a moment later. Aliases and directories stay. An earlier time than that of another
   * purge changes nothing.
   *
   * <p>By default it removes everything, and what is still to come is stored.
   */
  default void purge(Instant time) {
    clear();
  }

  /**
   * The time of the latest {@link #purge} that is known here; {@link Instant#MIN} if there was
   * none. Never waits. Whoever keeps items above this storage asks before using one.
   */
  default Instant purgedBefore() {
    return Instant.MIN;
  }

  /**
   * The longest body in bytes that can be stored at all; some of that length may still be too
   * large. Default: any.
   */
  default long maxBodyBytes() {
    return Long.MAX_VALUE;
  }

  /**
   * Whether everything is in this process's memory, so that no operation ever waits for anything
   * outside. Clients do without time budgets and the like then. Default: false.
   */
  default boolean isLocal() {
    return false;
  }

  /** Waits until the storage can be used, setting it up where that is allowed. */
  void prepare();

  /** Leases, if the storage has them. */
  default Optional<Leases> leases() {
    return Optional.empty();
  }

  /**
   * This storage, telling a listener what each request consumes; it and this one see each other's
   * writes, and closing this one closes it. Decorators hand this on. Default: this storage itself,
   * for those whose requests consume nothing.
   */
  default ResponseStorage metered(UnitListener listener) {
    return this;
  }

  /**
   * This storage for a rehearsal: reads take place; writes do not, but end as if they had, their
   * preconditions holding. The listener is told of each request what it has consumed or would have.
   * Decorators hand this on. Default: a view of this one that tells nothing.
   */
  default ResponseStorage rehearsal(UnitListener listener) {
    return new RehearsalStorage(this);
  }

  /** What the storage's operations have cost so far, by operation. */
  default Map<String, OperationStats> stats() {
    return Map.of();
  }

  /** Releases what the storage itself has opened. Later calls fail. May be repeated. */
  @Override
  void close();

  private static void copy(Body body, EntryWriter writer) {
    byte[] chunk = new byte[16 * 1024];
    try (InputStream in = body.open()) {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        writer.write(ByteBuffer.wrap(chunk, 0, count));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the body could not be read to its end; nothing was stored", e);
    }
  }
}
