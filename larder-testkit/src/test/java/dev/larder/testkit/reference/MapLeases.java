package dev.larder.testkit.reference;

import dev.larder.storage.Leases;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Leases in a map under one lock. */
final class MapLeases implements Leases {
  private final Map<String, Lease> stored = new HashMap<>();

  @Override
  public synchronized Attempt acquire(String key, Duration duration, Optional<String> seen) {
    Lease present = stored.get(key);
    if (present != null && !present.dismissed() && !seen.equals(Optional.of(present.token()))) {
      return new Attempt(present, false);
    }
    Lease lease = new Lease(key, UUID.randomUUID().toString(), duration, false);
    stored.put(key, lease);
    return new Attempt(lease, true);
  }

  @Override
  public synchronized Optional<Lease> find(String key) {
    return Optional.ofNullable(stored.get(key));
  }

  @Override
  public synchronized boolean release(Lease lease) {
    return stored.remove(lease.key(), lease);
  }

  @Override
  public synchronized boolean dismiss(Lease lease) {
    Lease word = new Lease(lease.key(), lease.token(), lease.duration(), true);
    return stored.replace(lease.key(), lease, word);
  }
}
