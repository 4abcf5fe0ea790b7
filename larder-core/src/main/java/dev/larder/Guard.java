package dev.larder;

import dev.larder.http.LarderException;
import dev.larder.storage.StorageException;
import dev.larder.storage.StorageException.Kind;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between clients and a storage that may be slow, broken or gone, so that none of them waits
 * longer than their budget, nor again and again.
 *
 * <p>Hazards, and what keeps them off:
 *
 * <ol>
 *   <li><b>No answer ever.</b> A connection is accepted and nothing comes; not every read from a
 *       socket can be interrupted. The call is made on a thread of its own, and its caller leaves
 *       when the budget is used up. The thread is interrupted; what it brings later is discarded.
 *   <li><b>Thread after thread.</b> Each caller leaves one behind. When {@value #MOST_OVERDUE} are
 *       overdue, no others are started until some come back.
 *   <li><b>Again and again.</b> Each request of an outage would wait for its budget. After a few
 *       failures in a row a {@link Breaker} opens: one for reads, one for writes, since a table may
 *       be throttled, or denied, for one of them only.
 *   <li><b>Who tries.</b> Once a pause is over, somebody has to find out whether the storage is
 *       well, and may wait for the whole budget. A client does not: its call is made in the
 *       background, and it goes on as if the breaker were open still.
 *   <li><b>Much to write.</b> A body of many MB takes as many requests, and longer than the budget
 *       although the storage is well. Each answer to one of them {@linkplain Deadline#renew renews}
 *       the budget, so it is silence that counts, and not the size.
 *   <li><b>Failures that are none.</b> A condition that does not hold is no exception. An entry
 *       that is too large, or has lost a part, is {@link Kind#UNAFFECTED}: the storage has
 *       answered.
 * </ol>
 *
 * <p>Thread-safe.
 */
final class Guard {
  static final int MOST_OVERDUE = 64;

  private static final Logger LOG = LoggerFactory.getLogger(HttpCache.class);

  private final Object storage;
  private final Duration budget;
  private final Executor executor;
  private final Timer timer;
  private final Breaker reads;
  private final Breaker writes;
  private final AtomicInteger overdue = new AtomicInteger();

  /**
   * A guard, its budget in the settings.
   *
   * @param storage what messages name
   */
  Guard(Object storage, CacheSettings settings, Clock clock, Executor executor, Timer timer) {
    this.storage = storage;
    this.budget = settings.storageTimeout();
    this.executor = executor;
    this.timer = timer;
    this.reads = new Breaker(clock, () -> ThreadLocalRandom.current().nextDouble());
    this.writes = new Breaker(clock, () -> ThreadLocalRandom.current().nextDouble());
  }

  /**
   * How a caller waits.
   *
   * @param budget the longest it waits, unless it is under a {@link Deadline}
   * @param tries whether it may wait to find out whether the storage is well again
   */
  record Patience(Duration budget, boolean tries) {}

  /** What a call is about. */
  enum Direction {
    /** Finding something. */
    READ,
    /** Storing or removing something. */
    WRITE
  }

  /** How clients wait that answer a request. */
  Patience ofClients() {
    return new Patience(budget, false);
  }

  /** A deadline for one step of an exchange. */
  Deadline deadline() {
    return Deadline.in(budget, timer);
  }

  /** Whether the storage has answered the last time, as far as is known, to both. */
  boolean isWell() {
    return !reads.isFailing() && !writes.isFailing();
  }

  /** What a call does when a breaker is open. */
  enum Manner {
    /** It will do as a trial: it may be made in the background, and its result be discarded. */
    MAY_TRY,
    /** It fails. */
    FAILS,
    /** It is made all the same: it goes on with what was begun before. */
    GOES_ON
  }

  /**
   * Makes a call, or fails instead of it.
   *
   * @param late takes a result that comes when nobody waits for it any more
   * @throws StorageException if the storage fails, does not answer in time, or is left alone
   */
  <T> T call(
      Direction direction,
      Patience patience,
      Manner manner,
      Supplier<T> work,
      Consumer<? super T> late) {
    return callInSteps(direction, patience, manner, progress -> work.get(), late);
  }

  /**
   * Makes a call that is not over with one answer of the storage; as {@link #call}, but for the
   * budget.
   *
   * @param work is given what it has to run after each answer: then the budget begins anew
   */
  <T> T callInSteps(
      Direction direction,
      Patience patience,
      Manner manner,
      Function<Runnable, T> work,
      Consumer<? super T> late) {
    Breaker breaker = direction == Direction.READ ? reads : writes;
    Deadline deadline = Deadline.currentOr(patience.budget(), timer);
    if (deadline.left() <= 0) {
      throw new StorageException(timedOut(deadline));
    }
    if (overdue.get() >= MOST_OVERDUE) {
      throw new StorageException(
          MOST_OVERDUE + " calls of " + storage + " are overdue; none is begun before some end");
    }
    Breaker.Pass pass =
        manner == Manner.GOES_ON
            ? breaker.goOn()
            : breaker.enter(manner == Manner.MAY_TRY).orElseThrow(() -> leftAlone(breaker));
    if (pass.trial() && !patience.tries()) {
      tryInBackground(breaker, pass, work, late);
      throw leftAlone(breaker);
    }
    return await(breaker, pass, deadline, work, late);
  }

  /** Does something that nobody waits for. */
  void inBackground(Runnable work) {
    executor.execute(work);
  }

  /** The storage has been made ready: neither reads nor writes are left alone any more. */
  void prepared() {
    reads.reset();
    writes.reset();
  }

  private StorageException leftAlone(Breaker breaker) {
    return new StorageException(
        storage + " is left alone for a moment after it has failed: " + breaker.reason());
  }

  private String timedOut(Deadline deadline) {
    return storage
        + " did not answer within "
        + deadline.budget().toMillis()
        + " ms, which is all that storageTimeout allows";
  }

  private <T> void tryInBackground(
      Breaker breaker, Breaker.Pass pass, Function<Runnable, T> work, Consumer<? super T> late) {
    start(
        breaker,
        pass,
        () -> {
          try {
            late.accept(await(breaker, pass, deadline(), work, late));
          } catch (RuntimeException e) {
            LOG.debug("the storage is not well yet", e);
          }
        });
  }

  private <T> T await(
      Breaker breaker,
      Breaker.Pass pass,
      Deadline deadline,
      Function<Runnable, T> work,
      Consumer<? super T> late) {
    Worker<T> worker = new Worker<>(() -> work.apply(deadline::renew), late, overdue);
    start(breaker, pass, worker);
    try {
      T value = outcome(worker, deadline);
      breaker.answered(pass);
      return value;
    } catch (InterruptedException e) {
      breaker.withdrawn(pass);
      Thread.currentThread().interrupt();
      throw new StorageException("interrupted while waiting for the storage", e, Kind.UNAFFECTED);
    } catch (RuntimeException e) {
      judge(breaker, pass, e);
      throw e;
    } catch (Error e) {
      breaker.withdrawn(pass);
      throw e;
    }
  }

  private void start(Breaker breaker, Breaker.Pass pass, Runnable work) {
    try {
      executor.execute(work);
    } catch (RuntimeException | Error e) {
      breaker.withdrawn(pass);
      throw e;
    }
  }

  private <T> T outcome(Worker<T> worker, Deadline deadline) throws InterruptedException {
    try {
      while (true) {
        int renewals = deadline.renewals();
        try {
          return timer.await(worker.result(), Math.max(0, deadline.left()));
        } catch (TimeoutException e) {
          if (deadline.renewals() == renewals) {
            return worker
                .leave()
                .orElseThrow(() -> new StorageException(timedOut(deadline), e))
                .get();
          }
        }
      }
    } catch (ExecutionException e) {
      throw Worker.thrown(e);
    } catch (InterruptedException e) {
      Supplier<T> came = worker.leave().orElse(null);
      if (came == null) {
        throw e;
      }
      Thread.currentThread().interrupt();
      return came.get();
    }
  }

  private static void judge(Breaker breaker, Breaker.Pass pass, RuntimeException thrown) {
    RuntimeException e = cause(thrown);
    if (e instanceof StorageException failure && failure.kind() != Kind.UNAFFECTED) {
      breaker.failed(pass, failure.kind() == Kind.UNUSABLE, String.valueOf(e.getMessage()));
    } else if (e instanceof LarderException || e instanceof IllegalArgumentException) {
      breaker.answered(pass);
    } else {
      breaker.failed(pass, false, e.toString());
    }
  }

  /** What really failed, where a stream has made it its own exception. */
  static RuntimeException cause(RuntimeException e) {
    Throwable broken = e instanceof UncheckedIOException ? e.getCause() : null;
    return broken != null && broken.getCause() instanceof LarderException failure ? failure : e;
  }
}
