package dev.larder.storage;

import java.time.Duration;
import java.util.Optional;

/**
 * The right to fetch a response, held by one process at a time. Leases save work; they do not guard
 * correctness, which is the matter of {@link Precondition}s.
 *
 * <p>A lease holds a random token and a duration and no point in time, so that no two clocks need
 * to agree: who waits for a lease measures its duration on a clock of its own, and takes over if
 * the token is still the same afterwards.
 *
 * <p>Methods are thread-safe and may throw {@link StorageException}.
 */
public interface Leases {
  /**
   * A lease as it is stored.
   *
   * @param key what it is about
   * @param token names the holder and this time of holding
   * @param duration how long the holder asked for
   * @param dismissed whether nobody holds it any more, and its last holder has {@linkplain #dismiss
   *     left word} that there was nothing to wait for
   */
  record Lease(String key, String token, Duration duration, boolean dismissed) {}

  /**
   * The outcome of trying to take a lease.
   *
   * @param lease the caller's new lease, or the one that is in the way
   * @param acquired whether it is the caller's
   */
  record Attempt(Lease lease, boolean acquired) {}

  /**
   * Takes the lease if nobody holds it, or if {@code seen} is given and still the holder's token.
   */
  Attempt acquire(String key, Duration duration, Optional<String> seen);

  /**
   * Who holds the lease, or has dismissed those who wait for it; empty if neither. The answer may
   * be a moment old: who wants to be sure tries to {@linkplain #acquire acquire}.
   */
  Optional<Lease> find(String key);

  /** Gives the lease back if it is still the caller's. Returns whether it was. */
  boolean release(Lease lease);

  /**
   * Gives the lease back if it is still the caller's, and leaves word for those who wait that what
   * came of it is not for them, so that they need not take turns. The word stays until somebody
   * takes the lease. Returns whether it was the caller's.
   */
  boolean dismiss(Lease lease);
}
