package dev.larder.dynamodb;

import dev.larder.storage.Latencies;
import dev.larder.storage.OperationStats;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;

/**
 * Adds up what each kind of request has cost. Thread-safe.
 *
 * <p>Attempts that the SDK repeats by itself are seen by a client's own metrics only. A client of
 * ours {@linkplain AttemptMetrics reports} them; of one that we were given, whose metrics are its
 * owner's, is known what the failure of a request says.
 */
final class CapacityMeter {
  private final Map<String, Counters> counters = new ConcurrentHashMap<>();
  private final boolean attemptsReported;

  /** Whether {@link #repeated} is called for everything that is sent. */
  CapacityMeter(boolean attemptsReported) {
    this.attemptsReported = attemptsReported;
  }

  /** A request was answered. */
  void answered(String operation, Usage usage, long sent, Duration time) {
    Counters of = of(operation);
    of.requests.increment();
    of.readUnits.add(usage.readUnits());
    of.writeUnits.add(usage.writeUnits());
    of.sent.add(sent);
    of.received.add(usage.received());
    of.latencies.add(time);
  }

  /** A request failed. */
  void failed(String operation, SdkException failure, long sent, Duration time) {
    Counters of = of(operation);
    of.requests.increment();
    of.failures.increment();
    of.sent.add(sent);
    of.latencies.add(time);
    if (!attemptsReported) {
      Integer attempts = failure.numAttempts();
      boolean throttled =
          failure instanceof ProvisionedThroughputExceededException
              || (failure instanceof AwsServiceException service
                  && service.isThrottlingException());
      repeated(operation, attempts == null ? 0 : attempts - 1, throttled ? 1 : 0);
    }
  }

  /** The client has repeated a request so many times, and was told so often to send fewer. */
  void repeated(String operation, int retries, int throttles) {
    if (retries > 0 || throttles > 0) {
      of(operation).retries.add(retries);
      of(operation).throttles.add(throttles);
    }
  }

  Map<String, OperationStats> snapshot() {
    Map<String, OperationStats> snapshot = new TreeMap<>();
    counters.forEach((operation, of) -> snapshot.put(operation, of.snapshot()));
    return snapshot;
  }

  private Counters of(String operation) {
    return counters.computeIfAbsent(operation, name -> new Counters());
  }

  private static final class Counters {
    private final LongAdder requests = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder throttles = new LongAdder();
    private final DoubleAdder readUnits = new DoubleAdder();
    private final DoubleAdder writeUnits = new DoubleAdder();
    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final Latencies.Recorder latencies = new Latencies.Recorder();

    OperationStats snapshot() {
      return new OperationStats(
          requests.sum(),
          retries.sum(),
          failures.sum(),
          throttles.sum(),
          readUnits.sum(),
          writeUnits.sum(),
          sent.sum(),
          received.sum(),
          latencies.snapshot());
    }
  }
}
