package dev.larder;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryHead;
import dev.larder.http.Redirect;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.key.CacheKey;
import dev.larder.storage.EntryTooLargeException;
import dev.larder.storage.Precondition;
import dev.larder.storage.ResponseStorage;
import dev.larder.storage.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Stores what clients have received, before they go on or behind them. Nothing here throws because
 * of the storage; what fails is an event. Thread-safe.
 *
 * <p><b>Overtaken renewals.</b> A 304 that changes what a response is selected by is heeded before
 * its caller goes on, so it overtakes new heads of the same response that wait to be written or are
 * being written; the storage compares the response, not the heads. So this remembers such a head.
 * Older ones are taken out of the queue, are not found any more, are not written from then on, and
 * one whose write was under way at that moment is followed by the newer once more.
 */
final class Storer {
  private static final int REMEMBERED = 1_000;

  private final ResponseStorage storage;
  private final ResponseStorage written;
  private final boolean behind;
  private final WriteBehind queue;
  private final Publisher publisher;
  private final Guard guard;
  private final CacheSettings settings;
  private final Finder finder;
  private final Events events;
  private final Redirections redirections;

  /** Heads that have overtaken what waits to be written, by their keys. */
  private final Cache<String, EntryHead> overtaking =
      Caffeine.newBuilder().maximumSize(REMEMBERED).executor(Runnable::run).build();

  /**
   * What stores.
   *
   * @param storage the cache's storage as clients use it
   * @param background the storage that is written to behind callers; empty if nothing is
   * @param budget what recordings and this may still take, in bytes
   */
  Storer(
      ResponseStorage storage,
      Optional<ResponseStorage> background,
      Guard guard,
      CacheSettings settings,
      Finder finder,
      Events events,
      Redirections redirections,
      AtomicLong budget) {
    this.storage = storage;
    this.written = background.orElse(storage);
    this.behind = background.isPresent();
    this.publisher = new Publisher(written, settings, finder);
    this.guard = guard;
    this.settings = settings;
    this.finder = finder;
    this.events = events;
    this.redirections = redirections;
    this.queue =
        new WriteBehind(
            budget, this::unwritten, pending -> skipped(pending, "the cache was closed"));
  }

  /** Whether responses are stored behind callers, and their bodies kept in memory until then. */
  boolean isBehind() {
    return behind;
  }

  /** What waits to be written. */
  WriteBehind queue() {
    return queue;
  }

  /** What waits to be written for the URL of this request. */
  List<Pending> waiting(Request request, CacheKey key) {
    return queue.isIdle() ? List.of() : queue.waiting(finder.lineOf(request, key));
  }

  /** Complete when what waits now for the URL of this request is written or has failed. */
  CompletableFuture<Void> written(Request request, CacheKey key) {
    List<Pending> waiting = waiting(request, key);
    return waiting.isEmpty()
        ? CompletableFuture.completedFuture(null)
        : waiting.get(waiting.size() - 1).done;
  }

  /** Makes void what is on its way to the storage, but for what is requested later than this. */
  void invalidate(String key, Instant at) {
    if (behind) {
      queue.invalidate(key, at);
    }
  }

  /** Waits until what waits now is written or has failed; returns false if that took longer. */
  boolean flush(Duration limit) {
    return queue.flush(limit);
  }

  /** Accepts nothing any more, and waits for what was accepted, no longer than this. */
  void close(Duration limit) {
    queue.close(limit);
  }

  /**
   * Stores a response, or lets it wait for that.
   *
   * @param held how many bytes of its body are taken out of the budget; if it waits, they are given
   *     back when it is stored
   * @return its head; empty if it could not be stored, or something newer is there
   */
  Optional<EntryHead> publish(Publication publication, long held) {
    if (!behind) {
      return publishNow(publication, false);
    }
    Found found = publication.found();
    EntryHead head =
        publication.head().toBuilder()
            .version(Pending.VERSION)
            .length(publication.body().length())
            .build();
    return offer(
        new Pending(
            finder.lineOf(publication.request(), found.key()),
            found.key().value(),
            publication.selection(),
            finder.namesOf(head.headers()),
            CacheEntry.of(head, publication.body(), -1),
            false,
            found.unsettled(),
            unsettled -> publishNow(publication, unsettled)),
        held);
  }

  private Optional<EntryHead> publishNow(Publication publication, boolean unsettled) {
    EntryHead head = publication.head();
    try {
      Optional<EntryHead> stored = inTime(() -> write(publication, unsettled));
      events.recovered();
      count(stored.isPresent());
      stored.ifPresent(end -> storeChain(publication.chain(), end, publication.body()));
      return stored;
    } catch (EntryTooLargeException e) {
      events.skipped(CacheEvent.Type.TOO_LARGE, head.key(), e);
    } catch (RuntimeException e) {
      events.failed(CacheEvent.Type.WRITE_FAILED, head.key(), e);
    }
    count(false);
    return Optional.empty();
  }

  private Optional<EntryHead> write(Publication publication, boolean unsettled) {
    Found found = unsettled ? publisher.again(publication.found()) : publication.found();
    return publisher.publish(
        found, publication.selection(), publication.head(), publication.body());
  }

  /**
   * A caller waits for all of it together no longer than for a look-up; a writer, for each step.
   */
  private <T> T inTime(Supplier<T> work) {
    return behind ? work.get() : guard.deadline().within(work);
  }

  private void count(boolean stored) {
    events.counters().count(stored ? ClientCounters.Kind.STORED : ClientCounters.Kind.SKIPPED);
  }

  /**
   * In another program's table, which stores the end of a chain of redirects under its first key,
   * too: does so.
   */
  private void storeChain(List<Redirect> chain, EntryHead end, Body body) {
    if (chain.isEmpty() || !settings.keyFunction().mayCollide()) {
      return;
    }
    Response.Builder response =
        Response.builder().status(end.status()).headers(end.headers()).body(body);
    chain.forEach(step -> response.redirectedFrom(step.request(), step.response()));
    Precondition precondition = Precondition.newerThanStored(end.requested());
    try {
      boolean unused =
          inTime(
              () -> {
                redirections.store(written, end, response.build(), precondition);
                return true;
              });
    } catch (RuntimeException e) {
      events.failed(CacheEvent.Type.WRITE_FAILED, end.key(), e);
    }
  }

  /**
   * Renews the head of what a look-up has found, if it still is what was found, or lets the new
   * head wait for that.
   *
   * @return whether it was; or will be, as far as is known
   */
  boolean renew(
      Request request, Found found, Selection selection, CacheEntry old, EntryHead renewed) {
    Optional<String> problem = HeadLimits.problem(renewed);
    if (problem.isPresent()) {
      events.skipped(
          CacheEvent.Type.TOO_LARGE, renewed.key(), new EntryTooLargeException(problem.get()));
      return false;
    }
    List<String> names = finder.namesOf(renewed.headers());
    boolean selectedAsBefore = names.equals(finder.namesOf(old.head().headers()));
    Body body = old.open().body();
    if (Pending.isUnstored(old.head())) {
      // It has no version yet, or not one that is known here: it is stored again as a whole.
      EntryHead unstored = renewed.toBuilder().version("").build();
      return selectedAsBefore
          && publish(
                  new Publication(
                      request, found.whileUnsettled(false), selection, unstored, body, List.of()),
                  0)
              .isPresent();
    }
    // What is selected by more than before is told from others by the stored request only.
    if (!behind) {
      return update(renewed, storage);
    }
    String line = finder.lineOf(request, found.key());
    if (!selectedAsBefore || settings.keyFunction().mayCollide()) {
      overtake(line, renewed);
      return updateInOrder(renewed, storage);
    }
    boolean accepted =
        offer(
                new Pending(
                    line,
                    found.key().value(),
                    selection,
                    names,
                    CacheEntry.of(renewed, body, old.storedSize()),
                    true,
                    found.unsettled(),
                    unsettled -> updateInOrder(renewed, written)),
                0)
            .isPresent();
    // Otherwise it was overtaken on its way into the queue, or before.
    return accepted && overtook(renewed).filter(newer -> overtake(line, newer)).isEmpty();
  }

  /** Returns true. */
  private boolean overtake(String line, EntryHead head) {
    overtaking.asMap().merge(head.key(), head, (a, b) -> isNewer(b, a) ? b : a);
    queue.withdrawRenewals(line, head.key(), head.requested());
    return true;
  }

  /** The newer head that has overtaken this one. */
  private Optional<EntryHead> overtook(EntryHead head) {
    return Optional.ofNullable(overtaking.getIfPresent(head.key()))
        .filter(newer -> isNewer(newer, head));
  }

  private static boolean isNewer(EntryHead one, EntryHead other) {
    return one.requested().isAfter(other.requested());
  }

  /** Writes a head unless a newer one has overtaken it. */
  private boolean updateInOrder(EntryHead head, ResponseStorage to) {
    if (overtook(head).isPresent()) {
      return false;
    }
    boolean updated = update(head, to);
    Optional<EntryHead> newer = overtook(head);
    // It may have been written in between.
    newer.ifPresent(last -> update(last, to));
    return updated && newer.isEmpty();
  }

  private boolean update(EntryHead head, ResponseStorage to) {
    try {
      boolean updated = to.update(head);
      events.recovered();
      return updated;
    } catch (RuntimeException e) {
      events.failed(CacheEvent.Type.WRITE_FAILED, head.key(), e);
      return false;
    }
  }

  private Optional<EntryHead> offer(Pending pending, long held) {
    WriteBehind.Offer outcome = queue.offer(pending, held);
    if (outcome == WriteBehind.Offer.ACCEPTED) {
      return Optional.of(pending.entry.head());
    }
    if (outcome == WriteBehind.Offer.FULL) {
      skipped(
          pending,
          "what waits to be stored, or is being recorded, has more bytes than recordingBudget allows");
    } else if (outcome == WriteBehind.Offer.CLOSED) {
      skipped(pending, "the cache is closed");
    }
    unwritten(pending);
    return Optional.empty();
  }

  private void skipped(Pending pending, String why) {
    events.skipped(CacheEvent.Type.WRITE_SKIPPED, pending.entry.key(), new StorageException(why));
  }

  private void unwritten(Pending pending) {
    if (!pending.renewal) {
      count(false);
    }
  }
}
