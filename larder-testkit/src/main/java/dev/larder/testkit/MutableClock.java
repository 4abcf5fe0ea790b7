package dev.larder.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A clock that stands still until it is set, in UTC. Thread-safe: a new time is seen at once by
 * every thread and by every clock made of it with {@link #withZone}.
 */
public final class MutableClock extends Clock {
  private final AtomicReference<Instant> now;
  private final ZoneId zone;

  private MutableClock(AtomicReference<Instant> now, ZoneId zone) {
    this.now = now;
    this.zone = Objects.requireNonNull(zone, "zone");
  }

  /** A clock that shows this time. */
  public static MutableClock at(Instant now) {
    return new MutableClock(
        new AtomicReference<>(Objects.requireNonNull(now, "now")), ZoneOffset.UTC);
  }

  /** A clock that shows this time, written as {@link Instant#parse} reads it. */
  public static MutableClock at(String now) {
    return at(Instant.parse(now));
  }

  /** Shows this time from now on; it may lie before the present one. */
  public void set(Instant time) {
    now.set(Objects.requireNonNull(time, "time"));
  }

  /** Goes forward by this much, or back if it is negative. Returns the new time. */
  public Instant advance(Duration by) {
    while (true) {
      Instant before = instant();
      Instant after = before.plus(by);
      if (now.compareAndSet(before, after)) {
        return after;
      }
    }
  }

  @Override
  public Instant instant() {
    return Objects.requireNonNull(now.get());
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  /** The same clock seen from another zone: setting one sets the other. */
  @Override
  public MutableClock withZone(ZoneId other) {
    return new MutableClock(now, other);
  }

  @Override
  public String toString() {
    return "MutableClock[" + now.get() + ", " + zone + ']';
  }
}
