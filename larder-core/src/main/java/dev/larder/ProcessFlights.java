package dev.larder;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.larder.storage.Leases;
import dev.larder.storage.Leases.Attempt;
import dev.larder.storage.Leases.Lease;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Requests on their way to origins, one for each key, across processes: whoever leads a {@linkplain
 * Flights flight} of this process takes the lease of its key before it goes to the origin. Who does
 * not get it waits for the holder, looks whether the storage has an answer now, and goes on.
 *
 * <p><b>Waiting</b> is looking at the lease, which is a small item, now and then: after a quarter
 * of the time that has been waited already, give or take, so that the wait is at most about a
 * quarter longer than it need be and takes a number of reads that grows with the logarithm of its
 * length. These looks may be a moment old; they only say when to look closely. What is decided upon
 * is a strong read of the entry and a conditional write of the lease.
 *
 * <p>Hazards, and what keeps them off:
 *
 * <ol>
 *   <li><b>Crashed leader.</b> The holder's process dies while the origin works. Each process
 *       measures the lease's duration on its own clock, from when it first met this token, and
 *       takes over after it. What it has seen is remembered for later callers, who wait only for
 *       what is left, or not at all.
 *   <li><b>Slow leader.</b> The holder is still at it when its lease ends. Another takes over, and
 *       there are two requests. Which response is kept is the matter of preconditions: the one that
 *       was requested later.
 *   <li><b>Answer for nobody else.</b> The holder gets what may not be stored. If it gave the lease
 *       back, those who wait would take turns, one origin's time after the other. It dismisses
 *       them, and they go to the origin all at once. Who has learnt this takes no lease for the key
 *       for as long as one lasts.
 *   <li><b>Answer for others.</b> What is stored varies by a field, or has to be validated at each
 *       use. Who finds something newer than before that is for its request, and still has to go to
 *       the origin, does so without a lease. Who finds nothing of its own takes the lease, by the
 *       key of its variant if that is known by now.
 *   <li><b>Lost release.</b> The response is stored and the lease is not given back: the process
 *       ended, or the write failed. As with a crash; but the storage is read before the origin is
 *       asked.
 *   <li><b>Late reader.</b> A look-up misses, then the holder stores and gives the lease back, then
 *       the one who missed takes it. So whoever has taken a lease reads the entry once more.
 *   <li><b>Two take over.</b> Taking over is conditional on the token that was seen; one wins, and
 *       the others wait for the winner. Nobody waits for more than two holders.
 *   <li><b>Process ends.</b> A lease that is about to be given back would be left behind, as by a
 *       crash. {@link #close} waits for it.
 *   <li><b>Clocks.</b> None is compared with another's: a lease has a duration and no time.
 *   <li><b>Lease swept or cleared.</b> Those who wait see it gone, read, find nothing, and one of
 *       them takes it: a second request.
 *   <li><b>Storage down or slow.</b> Without an answer about the lease there is none, and the
 *       request goes to the origin as if leases were off.
 *   <li><b>Caller gone.</b> A caller that gives up while its lease is being taken, or held, gives
 *       it back; one that waits stops looking.
 *   <li><b>No-cache.</b> Who asks for validation must not get what was fetched before. Such
 *       requests neither take leases nor wait for them.
 * </ol>
 *
 * <p>Thread-safe. Nothing here throws.
 */
final class ProcessFlights {
  /** How many holders one caller waits for, one after the other. */
  private static final int MOST_HOLDERS = 2;

  /** No holder is waited for longer, whatever its lease says. */
  static final Duration LONGEST = Duration.ofMinutes(5);

  private static final long FIRST_LOOK_MILLIS = 50;
  private static final long LAST_LOOK_MILLIS = 1_000;
  private static final int REMEMBERED = 10_000;

  private final Leases leases;
  private final Duration duration;
  private final LeaseTimer timer;
  private final Events events;
  private final Cache<String, Sighting> sightings =
      Caffeine.newBuilder().maximumSize(REMEMBERED).executor(Runnable::run).build();

  /** Who holds a lease. */
  private final Set<Turn> holding = ConcurrentHashMap.newKeySet();

  /** Leases that are being given back. */
  private final Set<CompletableFuture<?>> ending = ConcurrentHashMap.newKeySet();

  ProcessFlights(Leases leases, Duration duration, LeaseTimer timer, Events events) {
    this.leases = leases;
    this.duration = duration;
    this.timer = timer;
    this.events = events;
  }

  /** What has come of trying to take a lease. */
  enum Bid {
    /** It is this request's: go to the origin, unless the storage has an answer by now. */
    HELD,
    /** Another holds it. */
    BUSY,
    /** There is none to be had: go to the origin. */
    WITHOUT
  }

  /** How waiting for a holder has ended. */
  enum Waited {
    /** It has given the lease back, or its time is over: there may be an answer. */
    OVER,
    /** It has dismissed those who wait. */
    DISMISSED,
    /** The storage does not tell. */
    UNKNOWN
  }

  /**
   * When this process first met a lease.
   *
   * @param since by the timer
   */
  private record Sighting(Lease lease, long since) {
    long nanosLeft(long now) {
      Duration term = lease.duration().compareTo(LONGEST) > 0 ? LONGEST : lease.duration();
      return term.toNanos() - (now - since);
    }
  }

  /** A part in this for one request. */
  Turn turn() {
    return new Turn();
  }

  /** Whether another is known to hold the lease of a key. Asks nobody. */
  boolean isHeldElsewhere(String key) {
    Sighting known = sightings.getIfPresent(key);
    return known != null && !known.lease.dismissed() && known.nanosLeft(timer.nanoTime()) > 0;
  }

  private Sighting remember(String key, Lease lease) {
    long now = timer.nanoTime();
    return sightings
        .asMap()
        .compute(
            key,
            (k, known) ->
                known != null && known.lease.equals(lease) ? known : new Sighting(lease, now));
  }

  /** This lease is gone. */
  private void forget(Lease lease) {
    sightings
        .asMap()
        .computeIfPresent(
            lease.key(), (key, known) -> known.lease.token().equals(lease.token()) ? null : known);
  }

  private <T> Optional<T> ask(String key, Supplier<T> question) {
    try {
      return Optional.of(question.get());
    } catch (RuntimeException e) {
      events.failed(CacheEvent.Type.LEASE_FAILED, key, e);
      return Optional.empty();
    }
  }

  /** One request's part. {@link #end} may be called at any time, the others one after the other. */
  final class Turn {
    private String key = "";
    private Optional<String> previous = Optional.empty();
    private int holders;
    private @Nullable Sighting inTheWay;
    private @Nullable Lease held;
    private @Nullable CompletableFuture<Waited> waiting;
    private boolean ended;

    private Turn() {}

    /** Tries to take the lease of a key. May wait for the storage. */
    Bid take(String leaseKey) {
      key = leaseKey;
      Sighting known = sightings.getIfPresent(key);
      boolean over = known != null && known.nanosLeft(timer.nanoTime()) <= 0;
      if (known != null && known.lease.dismissed() && !over) {
        return Bid.WITHOUT;
      }
      Optional<String> seen =
          over ? Optional.ofNullable(known).map(each -> each.lease.token()) : Optional.empty();
      Optional<Attempt> attempt = ask(key, () -> leases.acquire(key, duration, seen));
      if (attempt.isEmpty()) {
        return Bid.WITHOUT;
      }
      Lease lease = attempt.get().lease();
      if (attempt.get().acquired()) {
        sightings.invalidate(key);
        return hold(lease) ? Bid.HELD : Bid.WITHOUT;
      }
      inTheWay = remember(key, lease);
      if (!previous.equals(Optional.of(lease.token()))) {
        previous = Optional.of(lease.token());
        holders++;
      }
      return holders > MOST_HOLDERS ? Bid.WITHOUT : Bid.BUSY;
    }

    private synchronized boolean hold(Lease lease) {
      if (ended) {
        later(() -> giveBack(lease, false));
        return false;
      }
      held = lease;
      holding.add(this);
      return true;
    }

    /** Waits for the holder that was in the way, at most so long. The future never fails. */
    CompletableFuture<Waited> await(Duration patience) {
      Sighting holder = Objects.requireNonNull(inTheWay);
      CompletableFuture<Waited> future = new CompletableFuture<>();
      synchronized (this) {
        if (ended) {
          return CompletableFuture.completedFuture(Waited.UNKNOWN);
        }
        waiting = future;
      }
      long begun = timer.nanoTime();
      long limit = Math.min(patience.toNanos(), holder.nanosLeft(begun));
      lookLater(future, holder.lease, begun, begun + limit);
      return future;
    }

    private void lookLater(
        CompletableFuture<Waited> future, Lease holder, long begun, long deadline) {
      long now = timer.nanoTime();
      long pause = Math.min(pauseMillis((now - begun) / 1_000_000) * 1_000_000, deadline - now);
      timer.schedule(
          () -> look(future, holder, begun, deadline), Duration.ofNanos(Math.max(0, pause)));
    }

    private void look(CompletableFuture<Waited> future, Lease holder, long begun, long deadline) {
      if (future.isDone()) {
        return;
      }
      if (timer.nanoTime() - deadline >= 0) {
        future.complete(Waited.OVER);
        return;
      }
      Optional<Optional<Lease>> answer = ask(holder.key(), () -> leases.find(holder.key()));
      if (answer.isEmpty()) {
        future.complete(Waited.UNKNOWN);
        return;
      }
      Optional<Lease> present = answer.get().filter(each -> each.token().equals(holder.token()));
      if (present.isEmpty()) {
        forget(holder);
        future.complete(Waited.OVER);
      } else if (present.get().dismissed()) {
        remember(holder.key(), present.get());
        future.complete(Waited.DISMISSED);
      } else {
        lookLater(future, holder, begun, deadline);
      }
    }

    /**
     * This request has come to its end, or goes on without a lease: gives back what it holds and
     * stops waiting.
     *
     * @param reusable whether those who wait may find an answer, or else should look for one
     *     themselves one after the other; if not, they are dismissed
     * @return what gives it back and may wait for the storage; empty if there is nothing to do
     */
    Optional<Runnable> end(boolean reusable) {
      CompletableFuture<Waited> pending;
      Lease mine;
      synchronized (this) {
        ended = true;
        pending = waiting;
        mine = held;
        held = null;
        holding.remove(this);
      }
      if (pending != null) {
        pending.complete(Waited.UNKNOWN);
      }
      return Optional.ofNullable(mine).map(lease -> () -> giveBack(lease, !reusable));
    }

    private void giveBack(Lease lease, boolean dismiss) {
      if (dismiss) {
        remember(lease.key(), new Lease(lease.key(), lease.token(), lease.duration(), true));
      }
      ask(lease.key(), () -> dismiss ? leases.dismiss(lease) : leases.release(lease));
    }
  }

  /** Gives back a lease where its holder may not wait. */
  void later(Runnable giveBack) {
    later(CompletableFuture.completedFuture(null), giveBack);
  }

  /** Gives back a lease when this is complete, which it will be. */
  // What is to be waited for is not the stage that is returned, but that the lease is given back;
  // and futures are equal to themselves only, as is wanted here.
  @SuppressWarnings({"FutureReturnValueIgnored", "CollectionUndefinedEquality"})
  void later(CompletableFuture<Void> after, Runnable giveBack) {
    CompletableFuture<Void> given = new CompletableFuture<>();
    ending.add(given);
    after.thenRun(
        () ->
            timer.schedule(
                () -> {
                  try {
                    giveBack.run();
                  } finally {
                    ending.remove(given);
                    given.complete(null);
                  }
                },
                Duration.ZERO));
  }

  /**
   * Gives back what is held, since nothing will come of it any more, and waits until everything is
   * given back; no longer than this, and not if the thread is interrupted, which it still is then.
   */
  void close(Duration limit) {
    holding.forEach(holder -> holder.end(true).ifPresent(this::later));
    try {
      CompletableFuture.allOf(ending.toArray(CompletableFuture<?>[]::new))
          .get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      // Others wait as they do after a crash.
    } catch (ExecutionException e) {
      throw new AssertionError("giving back never ends by failing", e);
    }
  }

  private static long pauseMillis(long waitedMillis) {
    long pause = Math.min(LAST_LOOK_MILLIS, Math.max(FIRST_LOOK_MILLIS, waitedMillis / 4));
    return pause * 3 / 4 + ThreadLocalRandom.current().nextLong(pause / 2 + 1);
  }
}
