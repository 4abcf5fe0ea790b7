package dev.larder.testkit.reference;

import dev.larder.storage.Leases;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Leases in a map under one lock. */
final class MapLeases implements Leases {
  private final Map<String, Lease> held = new HashMap<>();

  @Override
  public synchronized Attempt acquire(String key, Duration duration, Optional<String> seen) {
    Lease holder = held.get(key);
    if (holder != null && !seen.equals(Optional.of(holder.token()))) {
      return new Attempt(holder, false);
    }
    Lease lease = new Lease(key, UUID.randomUUID().toString(), duration);
    held.put(key, lease);
    return new Attempt(lease, true);
  }

  @Override
  public synchronized boolean release(Lease lease) {
    return held.remove(lease.key(), lease);
  }
}
