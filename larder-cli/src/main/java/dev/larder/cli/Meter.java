package dev.larder.cli;

import dev.larder.HttpCache;
import dev.larder.storage.OperationStats;
import java.time.Duration;

/** Measures what a command spends. */
record Meter(HttpCache cache, OperationStats before, long start) {
  static Meter of(HttpCache cache) {
    return new Meter(cache, Cost.soFar(cache), System.nanoTime());
  }

  /** What has been spent since. */
  Cost cost() {
    return Cost.since(before, cache, Duration.ofNanos(System.nanoTime() - start));
  }
}
