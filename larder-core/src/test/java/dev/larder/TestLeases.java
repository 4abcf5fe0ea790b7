package dev.larder;

import dev.larder.storage.Leases;
import dev.larder.storage.StorageException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Leases in a map, which fail while a test says so. */
public final class TestLeases implements Leases {
  private final Map<String, Lease> stored = new HashMap<>();
  private int tokens;
  private int attempts;
  private int looks;

  volatile boolean acquiringFails;
  volatile boolean findingFails;
  volatile boolean endingFails;

  /** Runs before each lease is given back. */
  volatile Runnable beforeEnding = () -> {};

  /** Runs once before the next attempt, as what others do at that moment. */
  volatile Runnable beforeNextAttempt = () -> {};

  /** Nobody holds one. */
  public TestLeases() {}

  @Override
  public Attempt acquire(String key, Duration duration, Optional<String> seen) {
    Runnable before = beforeNextAttempt;
    beforeNextAttempt = () -> {};
    before.run();
    failIf(acquiringFails);
    synchronized (this) {
      attempts++;
      Lease present = stored.get(key);
      if (present != null && !present.dismissed() && !seen.equals(Optional.of(present.token()))) {
        return new Attempt(present, false);
      }
      Lease lease = new Lease(key, "token-" + ++tokens, duration, false);
      stored.put(key, lease);
      return new Attempt(lease, true);
    }
  }

  @Override
  public synchronized Optional<Lease> find(String key) {
    looks++;
    failIf(findingFails);
    return Optional.ofNullable(stored.get(key));
  }

  @Override
  public boolean release(Lease lease) {
    beforeEnding.run();
    failIf(endingFails);
    synchronized (this) {
      return stored.remove(lease.key(), lease);
    }
  }

  @Override
  public boolean dismiss(Lease lease) {
    beforeEnding.run();
    failIf(endingFails);
    synchronized (this) {
      return stored.replace(
          lease.key(), lease, new Lease(lease.key(), lease.token(), lease.duration(), true));
    }
  }

  /** Does this once before the next attempt, on the thread that makes it. */
  public void beforeNextAttempt(Runnable action) {
    beforeNextAttempt = action;
  }

  /** How many leases are held. */
  public synchronized long held() {
    return stored.values().stream().filter(lease -> !lease.dismissed()).count();
  }

  /** How often somebody has tried to take one. */
  synchronized int attempts() {
    return attempts;
  }

  /** How often somebody has looked who holds one. */
  public synchronized int looks() {
    return looks;
  }

  /** As a sweeper does, or {@code clear()}. */
  synchronized void removeAll() {
    stored.clear();
  }

  private static void failIf(boolean failing) {
    if (failing) {
      throw new StorageException("leases fail");
    }
  }
}
