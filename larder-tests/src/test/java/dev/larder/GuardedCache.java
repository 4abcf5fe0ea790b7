package dev.larder;

import dev.larder.storage.ResponseStorage;
import dev.larder.testkit.dynamodb.FaultProxy;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A cache whose clients wait for DynamoDB as long as it answers, however slow the machine is, and
 * have waited to the end as soon as the network between keeps them waiting.
 */
final class GuardedCache extends HttpCache {
  /** One where clients do not write behind their callers by default. */
  private static final Map<String, String> LAMBDA = Map.of("AWS_LAMBDA_FUNCTION_NAME", "test");

  /**
   * A timer on which time passes only where a fault keeps a client waiting. Who is ready to wait
   * for longer is in the background, and costs no client anything.
   */
  static final class NetworkTimer implements Timer {
    private static final long LOOK_MICROS = 300;
    private static final long CLIENT_NANOS = CacheSettings.standard().storageTimeout().toNanos();

    private final FaultProxy proxy;
    private long now;

    NetworkTimer(FaultProxy proxy) {
      this.proxy = proxy;
    }

    /** How much time has passed since the beginning. */
    synchronized Duration passed() {
      return Duration.ofNanos(now);
    }

    @Override
    public synchronized long nanoTime() {
      return now;
    }

    @Override
    public <T> T await(CompletableFuture<T> future, long nanos)
        throws InterruptedException, ExecutionException, TimeoutException {
      while (true) {
        try {
          return future.get(LOOK_MICROS, TimeUnit.MICROSECONDS);
        } catch (TimeoutException e) {
          if (proxy.waiting() > 0) {
            pass(nanos);
            throw e;
          }
        }
      }
    }

    private synchronized void pass(long nanos) {
      now += nanos <= CLIENT_NANOS ? nanos : 0;
    }
  }

  GuardedCache(ResponseStorage storage, CacheSettings settings, Clock clock, Timer timer) {
    super(storage, settings, clock, 1, Threads.EXECUTOR, timer, LAMBDA);
  }
}
