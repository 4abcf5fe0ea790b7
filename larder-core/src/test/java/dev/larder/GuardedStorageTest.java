package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryHead;
import dev.larder.http.Request;
import dev.larder.storage.EntryWriter;
import dev.larder.storage.Precondition;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.ResponseStorage;
import dev.larder.storage.StorageException;
import dev.larder.storage.StoredItem;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What of a storage is guarded: each operation of a client, and the bodies it leads to. */
@Timeout(60)
class GuardedStorageTest {
  private static final Duration BUDGET = Duration.ofMillis(400);

  private final TestClock clock = new TestClock();
  private final TestTimer timer = new TestTimer();
  private final FaultyStorage storage = new FaultyStorage(clock);
  private final Guard guard =
      new Guard("the table", CacheSettings.standard(), clock, Threads.EXECUTOR, timer);
  private final GuardedStorage guarded = new GuardedStorage(storage, guard);

  @AfterEach
  void release() {
    timer.release();
  }

  private static EntryHead head() {
    return EntryHead.builder("k", Request.get("http://example.org/"), TestClock.START).build();
  }

  private Body stored(Body body) {
    StoredItem item = new StoredItem.Entry(CacheEntry.of(head(), body, -1));
    ResponseStorage one =
        (ResponseStorage)
            Proxy.newProxyInstance(
                ResponseStorage.class.getClassLoader(),
                new Class<?>[] {ResponseStorage.class},
                (proxy, method, arguments) -> Optional.of(item));
    StoredItem.Entry found =
        (StoredItem.Entry)
            new GuardedStorage(one, guard).read("k", ReadOptions.DEFAULT).orElseThrow();
    return found.entry().open().body();
  }

  @Test
  void open_hangs_callerLeavesAndTheLateStreamIsClosed() {
    AtomicBoolean closed = new AtomicBoolean();
    Body body =
        stored(
            new LazyBody(
                () -> {
                  timer.hang();
                  return new InputStream() {
                    @Override
                    public int read() {
                      return -1;
                    }

                    @Override
                    public void close() {
                      closed.set(true);
                    }
                  };
                }));
    assertThatThrownBy(body::open)
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("the table did not answer within 400 ms");
    assertThat(timer.passed()).isEqualTo(BUDGET);
    Exchanges.await(closed::get);
  }

  @Test
  void read_pieceHangs_streamFailsAndIsClosedWhenTheCallEnds() throws IOException {
    AtomicInteger reads = new AtomicInteger();
    AtomicBoolean closed = new AtomicBoolean();
    Body body =
        stored(
            new LazyBody(
                () ->
                    new InputStream() {
                      @Override
                      public int read() {
                        if (reads.incrementAndGet() > 3) {
                          timer.hangForGood();
                        }
                        return 'x';
                      }

                      @Override
                      public int read(byte[] target, int offset, int length) {
                        target[offset] = (byte) read();
                        return 1;
                      }

                      @Override
                      public void close() {
                        closed.set(true);
                      }
                    }));
    InputStream in = body.open();
    assertThat(in.readNBytes(3)).isEqualTo("xxx".getBytes(StandardCharsets.UTF_8));
    assertThat(timer.passed()).isZero();
    assertThatThrownBy(in::read)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("did not answer within 400 ms");
    assertThat(timer.passed()).isEqualTo(BUDGET);
    assertThatThrownBy(in::read).isInstanceOf(IOException.class);
    in.close();
    assertThat(closed).isFalse();
    timer.release();
    Exchanges.await(closed::get);
  }

  @Test
  void write_inPieces_isStored() {
    try (EntryWriter writer = guarded.write(head(), Precondition.none())) {
      writer.write(ByteBuffer.wrap(new byte[] {1, 2}));
      writer.write(ByteBuffer.wrap(new byte[] {3}));
      assertThat(writer.commit().published()).isTrue();
    }
    StoredItem.Entry found =
        (StoredItem.Entry) guarded.read("k", ReadOptions.DEFAULT).orElseThrow();
    assertThat(found.entry().open().body().bytes()).containsExactly(1, 2, 3);
  }

  @Test
  void write_hangs_callerLeaves() {
    storage.onEachCall = timer::hang;
    assertThatThrownBy(() -> guarded.write(head(), Body.of("x"), Precondition.none()))
        .isInstanceOf(StorageException.class);
    assertThat(timer.passed()).isEqualTo(BUDGET);
    assertThat(guard.isWell()).isFalse();
  }

  @Test
  void inBackground_hangs_hasABudgetOfItsOwnAndTheSameBreakers() {
    storage.onEachCall = timer::hang;
    GuardedStorage background = guarded.inBackground(Duration.ofSeconds(10));
    for (int i = 0; i < Breaker.MOST_FAILURES; i++) {
      assertThatThrownBy(() -> background.write(head(), Body.of("x"), Precondition.none()))
          .isInstanceOf(StorageException.class);
    }
    assertThat(timer.passed()).isEqualTo(Duration.ofSeconds(50));
    assertThatThrownBy(() -> guarded.update(head())).hasMessageContaining("left alone");
    assertThat(timer.passed()).isEqualTo(Duration.ofSeconds(50));
  }

  /** A body that is not in memory. */
  private record LazyBody(Supplier<InputStream> source) implements Body {
    @Override
    public long length() {
      return -1;
    }

    @Override
    public InputStream open() {
      return source.get();
    }
  }
}
