package dev.larder.dynamodb;

import software.amazon.awssdk.core.metrics.CoreMetric;
import software.amazon.awssdk.metrics.MetricCollection;
import software.amazon.awssdk.metrics.MetricPublisher;

/**
 * Tells a meter how often a client of ours has sent a request, and why again. It is called at the
 * end of each request, by the thread that made it. Thread-safe.
 */
final class AttemptMetrics implements MetricPublisher {
  /** The SDK's word for an error that says there were too many requests. */
  private static final String THROTTLED = "Throttling";

  private final CapacityMeter meter;

  AttemptMetrics(CapacityMeter meter) {
    this.meter = meter;
  }

  @Override
  public void publish(MetricCollection request) {
    int retries =
        request.metricValues(CoreMetric.RETRY_COUNT).stream().mapToInt(Integer::intValue).sum();
    long throttles =
        request.children().stream()
            .flatMap(attempt -> attempt.metricValues(CoreMetric.ERROR_TYPE).stream())
            .filter(THROTTLED::equals)
            .count();
    request
        .metricValues(CoreMetric.OPERATION_NAME)
        .forEach(operation -> meter.repeated(operation, retries, (int) throttles));
  }

  @Override
  public void close() {
    // Nothing is held back.
  }
}
