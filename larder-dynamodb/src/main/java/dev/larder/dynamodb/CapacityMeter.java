package dev.larder.dynamodb;

import dev.larder.storage.OperationStats;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** Adds up what each kind of request has cost. Thread-safe. */
final class CapacityMeter {
  private final Map<String, Counters> counters = new ConcurrentHashMap<>();

  void add(String operation, double readUnits, double writeUnits, boolean failed, long nanos) {
    Counters of = counters.computeIfAbsent(operation, name -> new Counters());
    of.requests.increment();
    of.readUnits.add(readUnits);
    of.writeUnits.add(writeUnits);
    of.nanos.add(nanos);
    if (failed) {
      of.failures.increment();
    }
  }

  Map<String, OperationStats> snapshot() {
    Map<String, OperationStats> snapshot = new TreeMap<>();
    counters.forEach((operation, of) -> snapshot.put(operation, of.snapshot()));
    return snapshot;
  }

  private static final class Counters {
    private final LongAdder requests = new LongAdder();
    private final DoubleAdder readUnits = new DoubleAdder();
    private final DoubleAdder writeUnits = new DoubleAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    OperationStats snapshot() {
      return new OperationStats(
          requests.sum(),
          readUnits.sum(),
          writeUnits.sum(),
          failures.sum(),
          Duration.ofNanos(nanos.sum()));
    }
  }
}
