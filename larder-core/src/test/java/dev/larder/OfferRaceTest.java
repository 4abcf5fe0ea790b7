package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryHead;
import dev.larder.http.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An invalidation that comes while a response is being let into the queue. */
@Timeout(60)
class OfferRaceTest {
  private static final String KEY = "key";
  private static final Instant REQUESTED = TestClock.START;
  private static final long BUDGET = 10_000;

  private final AtomicLong budget = new AtomicLong(BUDGET);
  private final AtomicInteger writes = new AtomicInteger();
  private final Lines lines = new Lines();
  private final WriteBehind queue = new WriteBehind(budget, unwritten -> {}, lost -> {}, lines);

  /** Does something on another thread when a new line is decided upon, and not there yet. */
  private static final class Lines extends ConcurrentHashMap<String, List<Pending>> {
    private static final long serialVersionUID = 1;

    private transient volatile Runnable meanwhile = () -> {};

    @Override
    public List<Pending> compute(
        String key,
        BiFunction<? super String, ? super List<Pending>, ? extends List<Pending>> change) {
      return super.compute(
          key,
          (line, waiting) -> {
            List<Pending> changed = change.apply(line, waiting);
            CompletableFuture.runAsync(meanwhile).join();
            return changed;
          });
    }
  }

  @AfterEach
  void close() {
    queue.close(Duration.ofSeconds(30));
  }

  private Pending pending() {
    Request request = Request.get("http://example.com/a");
    EntryHead head = EntryHead.builder(KEY, request, REQUESTED).version(Pending.VERSION).build();
    return new Pending(
        KEY,
        KEY,
        new Selection(request, Optional.empty(), CacheSettings.standard()),
        List.of(),
        CacheEntry.of(head, Body.of("old"), -1),
        false,
        false,
        unsettled -> writes.incrementAndGet());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1})
  void offer_invalidatedWhileItsLineIsBeingMade_isTakenBack(long millisLater) {
    lines.meanwhile = () -> queue.invalidate(KEY, REQUESTED.plusMillis(millisLater));

    WriteBehind.Offer outcome = queue.offer(pending(), 0);

    assertThat(outcome).isEqualTo(WriteBehind.Offer.OUTDATED);
    assertThat(queue.waiting(KEY)).isEmpty();
    assertThat(queue.isIdle()).isTrue();
    assertThat(writes).hasValue(0);
    assertThat(budget).hasValue(BUDGET);
  }

  @Test
  void offer_requestedAfterTheInvalidationMeanwhile_isWritten() {
    lines.meanwhile = () -> queue.invalidate(KEY, REQUESTED.minusMillis(1));

    assertThat(queue.offer(pending(), 0)).isEqualTo(WriteBehind.Offer.ACCEPTED);

    queue.flush(Duration.ofSeconds(30));
    assertThat(writes).hasValue(1);
    assertThat(budget).hasValue(BUDGET);
  }
}
