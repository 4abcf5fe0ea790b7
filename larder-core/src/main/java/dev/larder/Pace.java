package dev.larder;

import dev.larder.storage.StorageException;
import dev.larder.storage.UnitListener;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/**
 * Holds the threads of an operation back so that together they consume no more units per second
 * than allowed. Each answer takes its share of the time line, and whoever received it waits until
 * that is over; so nothing is saved up while nothing is done, and no burst follows a pause.
 * Thread-safe.
 */
final class Pace implements UnitListener {
  /** Tells the time and waits; tests do not wait. */
  interface Waiter {
    /** As {@link System#nanoTime()}. */
    long nanos();

    /** Waits until {@link #nanos()} is this. */
    void until(long nanos) throws InterruptedException;

    /** The machine's time. */
    Waiter REAL =
        new Waiter() {
          @Override
          public long nanos() {
            return System.nanoTime();
          }

          @Override
          public void until(long nanos) throws InterruptedException {
            TimeUnit.NANOSECONDS.sleep(nanos - System.nanoTime());
          }
        };
  }

  private static final double SECOND = 1e9;

  private final OptionalDouble readsPerSecond;
  private final OptionalDouble writesPerSecond;
  private final Waiter waiter;
  private long readsTakenUntil;
  private long writesTakenUntil;

  Pace(OptionalDouble readsPerSecond, OptionalDouble writesPerSecond, Waiter waiter) {
    this.readsPerSecond = readsPerSecond;
    this.writesPerSecond = writesPerSecond;
    this.waiter = waiter;
    this.readsTakenUntil = waiter.nanos();
    this.writesTakenUntil = readsTakenUntil;
  }

  @Override
  public void consumed(double readUnits, double writeUnits) {
    long until = take(readUnits, writeUnits);
    if (until - waiter.nanos() <= 0) {
      return;
    }
    try {
      waiter.until(until);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException("interrupted during a bulk operation; it may be half-done", e);
    }
  }

  private synchronized long take(double readUnits, double writeUnits) {
    long now = waiter.nanos();
    readsTakenUntil = later(now, readsTakenUntil) + share(readUnits, readsPerSecond);
    writesTakenUntil = later(now, writesTakenUntil) + share(writeUnits, writesPerSecond);
    return later(readsTakenUntil, writesTakenUntil);
  }

  private static long share(double units, OptionalDouble perSecond) {
    return perSecond.isPresent() ? (long) (units / perSecond.getAsDouble() * SECOND) : 0;
  }

  /** As {@link System#nanoTime()} wants to be compared. */
  private static long later(long a, long b) {
    return a - b > 0 ? a : b;
  }
}
