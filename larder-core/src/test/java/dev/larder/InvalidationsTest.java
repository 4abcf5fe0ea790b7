package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.storage.StorageException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InvalidationsTest {
  private static final Instant AT = TestClock.START;

  private final Invalidations invalidations = new Invalidations();
  private final Map<String, Instant> written = new HashMap<>();

  @Test
  void remember_thisKey_voidsWhatWasRequestedUntilThen() {
    invalidations.remember("a", AT);
    assertThat(invalidations.isVoid("a", AT.minusMillis(1))).isTrue();
    assertThat(invalidations.isVoid("a", AT)).isTrue();
    assertThat(invalidations.isVoid("a", AT.plusMillis(1))).isFalse();
    assertThat(invalidations.isVoid("b", AT)).isFalse();
  }

  @Test
  void remember_twice_laterCountsInEitherOrder() {
    invalidations.remember("a", AT.plusMillis(5));
    invalidations.remember("a", AT);
    invalidations.remember("b", AT);
    invalidations.remember("b", AT.plusMillis(5));
    assertThat(invalidations.isVoid("a", AT.plusMillis(5))).isTrue();
    assertThat(invalidations.isVoid("b", AT.plusMillis(5))).isTrue();
  }

  @Test
  void remember_tooMany_everythingOlderIsVoidFromThenOn() {
    for (int i = 0; i <= Invalidations.MAX_KEYS; i++) {
      invalidations.remember("key " + i, AT.plusMillis(i));
    }
    Instant last = AT.plusMillis(Invalidations.MAX_KEYS);
    assertThat(invalidations.isVoid("key 0", last)).isTrue();
    assertThat(invalidations.isVoid("any", last)).isTrue();
    assertThat(invalidations.isVoid("any", last.plusMillis(1))).isFalse();
    assertThat(invalidations.isEmpty()).isTrue();
  }

  @Test
  void retry_works_writesAndForgets() {
    invalidations.remember("a", AT);
    invalidations.remember("b", AT.plusMillis(1));
    invalidations.retry(() -> true, written::put);
    assertThat(written).containsOnly(Map.entry("a", AT), Map.entry("b", AT.plusMillis(1)));
    assertThat(invalidations.isEmpty()).isTrue();
    assertThat(invalidations.isVoid("a", AT)).isFalse();
  }

  @Test
  void retry_fails_isRememberedAndTriedAgain() {
    invalidations.remember("a", AT);
    assertThatThrownBy(
            () ->
                invalidations.retry(
                    () -> true,
                    (key, at) -> {
                      throw new StorageException("still down");
                    }))
        .hasMessage("still down");
    assertThat(invalidations.isVoid("a", AT)).isTrue();

    invalidations.retry(() -> true, written::put);

    assertThat(written).containsOnlyKeys("a");
    assertThat(invalidations.isEmpty()).isTrue();
  }

  @Test
  void retry_invalidatedAgainMeanwhile_laterOneIsKept() {
    invalidations.remember("a", AT);
    invalidations.retry(() -> true, (key, at) -> invalidations.remember("a", AT.plusMillis(5)));
    assertThat(invalidations.isVoid("a", AT.plusMillis(5))).isTrue();
  }

  @Test
  void retry_underWay_isNotBegunTwice() {
    invalidations.remember("a", AT);
    AtomicInteger writes = new AtomicInteger();
    invalidations.retry(
        () -> true,
        (key, at) -> {
          writes.incrementAndGet();
          invalidations.retry(() -> true, (k, t) -> writes.incrementAndGet());
        });
    assertThat(writes).hasValue(1);
  }

  /** Nothing may fall between what is forgotten in an overflow and what comes at that moment. */
  @Test
  void remember_manyThreadsOverflowing_nothingIsLost() throws Exception {
    int threads = 4;
    int each = 20_000;
    CyclicBarrier together = new CyclicBarrier(threads);
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    AtomicInteger lost = new AtomicInteger();
    try {
      List<Future<?>> ends = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        int number = thread;
        ends.add(
            executor.submit(
                () -> {
                  together.await();
                  for (int i = 0; i < each; i++) {
                    String key = number + " " + i;
                    // Times grow, so that what an overflow covers does not cover what comes after.
                    Instant at = AT.plusNanos((long) i * threads + number);
                    invalidations.remember(key, at);
                    if (!invalidations.isVoid(key, at)) {
                      lost.incrementAndGet();
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> end : ends) {
        end.get(30, TimeUnit.SECONDS);
      }
    } finally {
      executor.shutdownNow();
    }
    assertThat(lost).hasValue(0);
  }

  @Test
  void retry_keyThatCanNeverBeWritten_staysVoidAndHoldsUpNoOther() {
    for (String key : List.of("a", "bad", "z")) {
      invalidations.remember(key, AT);
    }
    BiConsumer<String, Instant> write =
        (key, at) -> {
          if (key.equals("bad")) {
            throw new IllegalArgumentException("no storage takes this key");
          }
          written.put(key, at);
        };
    invalidations.retry(() -> true, write);
    assertThat(written).containsOnlyKeys("a", "z");
    assertThat(invalidations.isEmpty()).as("left to be written").isTrue();
    assertThat(invalidations.isVoid("bad", AT)).isTrue();
    assertThat(invalidations.isVoid("a", AT)).isFalse();
  }
}
