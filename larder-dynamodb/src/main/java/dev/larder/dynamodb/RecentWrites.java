package dev.larder.dynamodb;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The keys that this process has written lately. An eventually consistent read may not know of such
 * a write yet, so these keys are read strongly: whoever has put something gets it, and whoever has
 * deleted something does not. Thread-safe.
 */
final class RecentWrites {
  /** How long a write is taken to need to reach all replicas; usually it is well under a second. */
  static final Duration WINDOW = Duration.ofSeconds(5);

  private static final int MAX_KEYS = 100_000;

  private final Clock clock;
  private final Cache<String, Instant> writes;

  /** Until then keys may have been pushed out by others, so everything is read strongly. */
  private volatile Instant allUntil = Instant.MIN;

  RecentWrites(Clock clock) {
    this.clock = clock;
    this.writes =
        Caffeine.newBuilder()
            .maximumSize(MAX_KEYS)
            .executor(Runnable::run)
            .evictionListener(this::forgotten)
            .build();
  }

  void add(String key) {
    writes.put(key, clock.instant().plus(WINDOW));
  }

  boolean contains(String key) {
    Instant now = clock.instant();
    if (now.isBefore(allUntil)) {
      return true;
    }
    Instant until = writes.getIfPresent(key);
    if (until == null) {
      return false;
    }
    if (now.isBefore(until)) {
      return true;
    }
    writes.asMap().remove(key, until);
    return false;
  }

  private void forgotten(@Nullable String key, @Nullable Instant until, RemovalCause cause) {
    if (until != null && until.isAfter(allUntil)) {
      allUntil = until;
    }
  }
}
