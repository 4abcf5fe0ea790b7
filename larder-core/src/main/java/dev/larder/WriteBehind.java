package dev.larder;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written to the storage, behind the callers whose requests have brought it.
 *
 * <p><b>Lines.</b> What concerns one URL is one line and is written in order, one after the other;
 * lines are written side by side by a few threads. A line is an immutable list, replaced as a
 * whole, so look-ups take no lock.
 *
 * <p>Hazards, and what keeps them off:
 *
 * <ol>
 *   <li><b>Full queue.</b> The storage is slower than the origin. What waits and what is being
 *       recorded share one budget of bytes. What finds no room in it is not stored, and nobody
 *       waits.
 *   <li><b>Storage down.</b> Each write is tried once and fails, which empties the queue. A cache
 *       loses little by that, and a response that is kept for a second try would keep out those
 *       that come after.
 *   <li><b>The next request.</b> The caller sends its request again before the response is written.
 *       Look-ups find what waits, by the rules for what is stored.
 *   <li><b>Invalidated while waiting.</b> A POST succeeds, and the response of an earlier GET still
 *       waits. The invalidation takes it out before it leaves its trace in the storage.
 *   <li><b>Invalidated while being written.</b> It cannot be taken back any more. From then on no
 *       look-up finds it here; its write comes either before the trace, which takes its place, or
 *       after it, and is refused, because it was requested before.
 *   <li><b>Late arrival.</b> A GET is sent, a POST is sent and answered, and then the response to
 *       the GET arrives. The storage would refuse it, but it would be found here until then. So
 *       this process remembers what it has made void, and does not let it in. If that is too much
 *       to remember, everything requested before that moment counts as void.
 *   <li><b>Replaced while waiting.</b> A newer response to the same request takes the place of one
 *       that waits; one requested earlier does not. Newer is what was requested later, as for the
 *       storage. A new head takes the place of a new head, but never of a whole response that it is
 *       not the head of.
 *   <li><b>Changed layout.</b> While a response waits, another variant of the URL is looked up and
 *       finds nothing in the storage. When its turn has come, what is there by then counts: {@link
 *       Pending#unsettled}.
 *   <li><b>The process ends.</b> {@link #close} waits a bounded time, and tells of what it leaves.
 *       Without it, what waits is lost: as if it had never been fetched. A response is published by
 *       one write, so none is there in half.
 *   <li><b>Waiting for oneself.</b> A listener asks the cache how many entries it has, on a thread
 *       that writes. Such a thread never waits here.
 * </ol>
 *
 * <p>Thread-safe.
 */
final class WriteBehind {
  /** How many writes are under way at once: enough for some hundred a second. */
  static final int THREADS = 8;

  private static final Duration IDLE = Duration.ofSeconds(10);

  /** What became of an offer. */
  enum Offer {
    ACCEPTED,
    /** Something newer is there, or it is void. */
    OUTDATED,
    FULL,
    CLOSED
  }

  private final AtomicLong budget;
  private final Consumer<Pending> unwritten;
  private final Consumer<Pending> lost;
  private final ConcurrentMap<String, List<Pending>> lines;
  private final Invalidations madeVoid = new Invalidations();
  private final ThreadLocal<Boolean> isWriter = ThreadLocal.withInitial(() -> false);
  private final ThreadPoolExecutor writers;
  private volatile boolean closed;

  /**
   * A queue.
   *
   * @param budget what recordings and this may still take, in bytes
   * @param unwritten is told of all that was accepted and will not be written
   * @param lost is told besides if that is because of {@link #close}
   */
  WriteBehind(AtomicLong budget, Consumer<Pending> unwritten, Consumer<Pending> lost) {
    this(budget, unwritten, lost, new ConcurrentHashMap<>());
  }

  /** The same where tests bring along what the lines are kept in. */
  WriteBehind(
      AtomicLong budget,
      Consumer<Pending> unwritten,
      Consumer<Pending> lost,
      ConcurrentMap<String, List<Pending>> lines) {
    this.budget = budget;
    this.unwritten = unwritten;
    this.lost = lost;
    this.lines = lines;
    this.writers =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            WriteBehind::daemon);
    writers.allowCoreThreadTimeOut(true);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "larder-writer");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Takes what is to be written, or refuses it at once.
   *
   * @param held how many of its bytes have been taken out of the budget already; they are given
   *     back here if it is accepted
   */
  Offer offer(Pending pending, long held) {
    long more = pending.bytes - held;
    if (!reserve(more)) {
      return Offer.FULL;
    }
    Admission admission = new Admission(pending);
    lines.compute(pending.line, (line, waiting) -> admission.to(waiting));
    if (admission.outcome != Offer.ACCEPTED) {
      release(more);
      return admission.outcome;
    }
    admission.superseded.forEach(
        old -> {
          release(old.bytes);
          follow(pending.done, old.done);
          unwritten.accept(old);
        });
    // An invalidation that came while its line was being made could not see it.
    if (isVoid(pending) && withdraw(pending)) {
      release(more);
      return Offer.OUTDATED;
    }
    if (admission.opensLine) {
      schedule(pending.line);
    }
    return Offer.ACCEPTED;
  }

  private boolean isVoid(Pending pending) {
    return madeVoid.isVoid(pending.line, pending.requested())
        || madeVoid.isVoid(pending.urlKey, pending.requested());
  }

  /** Takes back what has just been accepted; returns whether it still waited. */
  private boolean withdraw(Pending pending) {
    AtomicBoolean waited = new AtomicBoolean();
    change(
        pending.line,
        waiting -> {
          pending.cancelled = true;
          waited.set(!pending.inFlight && waiting.contains(pending));
          return waited.get() ? waiting.stream().filter(each -> each != pending).toList() : waiting;
        });
    return waited.get();
  }

  // Completing it is all there is to do; nobody waits for the stage that is returned.
  @SuppressWarnings("FutureReturnValueIgnored")
  private static void follow(CompletableFuture<Void> first, CompletableFuture<Void> then) {
    first.thenRun(() -> then.complete(null));
  }

  /** What is decided about an offer while nothing else changes its line. */
  private final class Admission {
    private final Pending pending;
    private final List<Pending> superseded = new ArrayList<>(0);
    private Offer outcome = Offer.ACCEPTED;
    private boolean opensLine;

    Admission(Pending pending) {
      this.pending = pending;
    }

    @Nullable List<Pending> to(@Nullable List<Pending> waiting) {
      if (closed) {
        outcome = Offer.CLOSED;
        return waiting;
      }
      if (isVoid(pending)) {
        outcome = Offer.OUTDATED;
        return waiting;
      }
      if (waiting == null) {
        opensLine = true;
        return List.of(pending);
      }
      List<Pending> after = new ArrayList<>(waiting.size() + 1);
      for (Pending other : waiting) {
        boolean same = other.variantKey.equals(pending.variantKey) && !other.cancelled;
        if (same && isOutdatedBy(other)) {
          outcome = Offer.OUTDATED;
          superseded.clear();
          return waiting;
        }
        if (same && !other.inFlight) {
          superseded.add(other);
        } else {
          after.add(other);
        }
      }
      pending.unsettled = true;
      after.add(pending);
      // All that waited was superseded, but its turn is still to come.
      return List.copyOf(after);
    }

    private boolean isOutdatedBy(Pending other) {
      return !pending.requested().isAfter(other.requested()) || (pending.renewal && !other.renewal);
    }
  }

  /** What concerns this line, in the order in which it came. */
  List<Pending> waiting(String line) {
    return lines.getOrDefault(line, List.of());
  }

  boolean isIdle() {
    return lines.isEmpty();
  }

  /** Makes void what was requested at or before this time under this key. */
  void invalidate(String key, Instant at) {
    madeVoid.remember(key, at);
    if (Selection.isVariantKey(key)) {
      madeVoid.remember(Selection.urlKeyOf(key), at);
    }
    if (lines.containsKey(key)) {
      cancel(key, key, at);
    } else {
      // The key of a variant, or one that request fields take part in.
      lines.keySet().forEach(line -> cancel(line, key, at));
    }
  }

  /**
   * Makes void the new heads of the entry with this key that were requested at or before this time.
   */
  void withdrawRenewals(String line, String entryKey, Instant at) {
    cancel(
        line,
        pending ->
            pending.renewal
                && pending.entry.key().equals(entryKey)
                && !pending.requested().isAfter(at));
  }

  private void cancel(String line, String key, Instant at) {
    cancel(line, pending -> pending.isUnder(key) && !pending.requested().isAfter(at));
  }

  private void cancel(String line, Predicate<Pending> which) {
    List<Pending> cancelled = new ArrayList<>(0);
    change(
        line,
        waiting -> {
          List<Pending> left = new ArrayList<>(waiting.size());
          for (Pending pending : waiting) {
            boolean isVoid = which.test(pending);
            if (isVoid) {
              pending.cancelled = true;
            }
            if (isVoid && !pending.inFlight) {
              cancelled.add(pending);
            } else {
              left.add(pending);
            }
          }
          return left;
        });
    cancelled.forEach(this::drop);
  }

  /**
   * Waits until what waits now is written or has failed.
   *
   * @return false if this took longer, or the thread was interrupted, which it still is then
   */
  boolean flush(Duration limit) {
    if (isIdle() || isWriter.get()) {
      return isIdle();
    }
    CompletableFuture<?>[] ends =
        lines.values().stream()
            .flatMap(List::stream)
            .map(pending -> pending.done)
            .toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(ends).get(nanos(limit), TimeUnit.NANOSECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new AssertionError("nothing pending ends by failing", e);
    }
  }

  private static long nanos(Duration limit) {
    return limit.compareTo(Duration.ofNanos(Long.MAX_VALUE)) < 0 ? limit.toNanos() : Long.MAX_VALUE;
  }

  /** Accepts nothing any more, and waits for what was accepted; what is left then is lost. */
  void close(Duration limit) {
    closed = true;
    flush(limit);
    lines.keySet().forEach(this::dropLine);
    writers.shutdown();
  }

  private void dropLine(String line) {
    List<Pending> dropped = new ArrayList<>();
    change(
        line,
        waiting -> {
          waiting.stream().filter(pending -> !pending.inFlight).forEach(dropped::add);
          return waiting.stream().filter(pending -> pending.inFlight).toList();
        });
    for (Pending pending : dropped) {
      drop(pending);
      lost.accept(pending);
    }
  }

  private void schedule(String line) {
    try {
      writers.execute(() -> writeNext(line));
    } catch (RejectedExecutionException e) {
      // Closed in between.
      dropLine(line);
    }
  }

  private void writeNext(String line) {
    Pending next = begin(line);
    if (next == null) {
      return;
    }
    isWriter.set(true);
    try {
      next.writer.write(next.unsettled);
    } finally {
      isWriter.set(false);
      change(line, waiting -> waiting.stream().filter(pending -> pending != next).toList());
      end(next);
      if (lines.containsKey(line)) {
        schedule(line);
      }
    }
  }

  /** The first of a line; null if there is none, or it is being written already. */
  private @Nullable Pending begin(String line) {
    AtomicReference<@Nullable Pending> begun = new AtomicReference<>();
    lines.computeIfPresent(
        line,
        (key, waiting) -> {
          Pending first = waiting.get(0);
          if (!first.inFlight) {
            first.inFlight = true;
            begun.set(first);
          }
          return waiting;
        });
    return begun.get();
  }

  /** Replaces a line; an empty one is none. */
  private void change(String line, UnaryOperator<List<Pending>> change) {
    lines.computeIfPresent(
        line,
        (key, waiting) -> {
          List<Pending> left = change.apply(waiting);
          return left.isEmpty() ? null : List.copyOf(left);
        });
  }

  private void drop(Pending pending) {
    end(pending);
    unwritten.accept(pending);
  }

  private void end(Pending pending) {
    release(pending.bytes);
    pending.done.complete(null);
  }

  private boolean reserve(long bytes) {
    if (budget.addAndGet(-bytes) >= 0) {
      return true;
    }
    budget.addAndGet(bytes);
    return false;
  }

  private void release(long bytes) {
    budget.addAndGet(bytes);
  }
}
