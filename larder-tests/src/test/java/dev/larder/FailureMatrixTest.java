package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.FaultBench.Page;
import dev.larder.dynamodb.DynamoDbCache;
import dev.larder.http.Request;
import dev.larder.jdk.CachingHttpClient;
import dev.larder.storage.StorageException;
import dev.larder.testkit.dynamodb.FaultProxy;
import dev.larder.testkit.dynamodb.WireFault;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything that can go wrong between a client and DynamoDB, in each thing that a client does with
 * it: its caller gets the right bytes all the same, and once the fault is over, responses are
 * stored and served again, in this process and in others.
 */
@Timeout(120)
class FailureMatrixTest {
  private static final Predicate<String> PARTS = key -> key.startsWith("\u0001");

  private static FaultBench bench;

  /** What goes wrong. */
  // A fault on the wire has no state.
  @SuppressWarnings("ImmutableEnumChecker")
  enum Fault {
    REFUSED {
      @Override
      void begin(FaultProxy proxy, CountDownLatch end) {
        proxy.refuse();
      }
    },
    SILENT(WireFault.silent()),
    ANSWER_HELD_BACK {
      @Override
      void begin(FaultProxy proxy, CountDownLatch end) {
        proxy.always(FaultProxy.ANY, WireFault.held(end));
      }
    },
    ANSWER_SLOW {
      @Override
      void begin(FaultProxy proxy, CountDownLatch end) {
        proxy.always(FaultProxy.ANY, WireFault.slow(end));
      }
    },
    RESET_IN_THE_REQUEST(WireFault.resetRequest(20)),
    RESET_IN_THE_ANSWER(WireFault.resetAnswer(20)),
    CUT(WireFault.cut()),
    ANSWER_LOST(WireFault.lostAnswer()),
    THROUGHPUT_EXCEEDED(WireFault.throttled()),
    THROTTLED(WireFault.throttling()),
    SERVER_ERROR(WireFault.serverError()),
    UNAVAILABLE(WireFault.unavailable()),
    ACCESS_DENIED(WireFault.error(400, "AccessDeniedException", "not authorized")),
    PARTS_LOST(WireFault.lostItems(PARTS)),
    PARTS_HALF_WRITTEN(WireFault.truncatedItems(PARTS)),
    /** A reader of a long body has had the others by then, and goes on at the origin. */
    LAST_PART_LOST(
        WireFault.lostItems(PARTS.and(key -> key.endsWith(":" + (KnownBody.LARGE_PARTS - 1))))),
    EVERYTHING_GONE {
      @Override
      void begin(FaultProxy proxy, CountDownLatch end) {
        proxy.always("GetItem", WireFault.lostItems(key -> true));
        proxy.always("BatchGetItem", WireFault.lostItems(key -> true));
      }
    },
    /** What the SDK's second attempt overcomes. */
    ONE_ANSWER_LOST {
      @Override
      void begin(FaultProxy proxy, CountDownLatch end) {
        for (String operation : List.of("GetItem", "PutItem", "UpdateItem", "DeleteItem")) {
          proxy.next(operation, WireFault.lostAnswer());
        }
      }
    },
    WRITES_THROTTLED {
      @Override
      void begin(FaultProxy proxy, CountDownLatch end) {
        for (String operation : List.of("PutItem", "UpdateItem", "DeleteItem")) {
          proxy.always(operation, WireFault.throttled());
        }
      }
    },
    WRITES_SILENT {
      @Override
      void begin(FaultProxy proxy, CountDownLatch end) {
        for (String operation : List.of("PutItem", "UpdateItem", "DeleteItem")) {
          proxy.always(operation, WireFault.silent());
        }
      }
    },
    READS_UNAVAILABLE {
      @Override
      void begin(FaultProxy proxy, CountDownLatch end) {
        proxy.always("GetItem", WireFault.unavailable());
        proxy.always("BatchGetItem", WireFault.unavailable());
      }
    };

    private final WireFault always;

    Fault() {
      this(WireFault.cut());
    }

    Fault(WireFault always) {
      this.always = always;
    }

    void begin(FaultProxy proxy, CountDownLatch end) {
      proxy.always(FaultProxy.ANY, always);
    }
  }

  /** What a client does meanwhile. */
  enum Operation {
    HIT,
    HIT_IN_PARTS,
    /** Its first bytes are out before its last part is read. */
    HIT_STREAMED,
    STORE,
    STORE_IN_PARTS,
    RENEWAL,
    RENEWAL_IN_PARTS,
    INVALIDATION,
    DELETION;

    int length() {
      return name().endsWith("PARTS") || this == HIT_STREAMED ? KnownBody.LARGE : KnownBody.SMALL;
    }

    boolean isStore() {
      return this == STORE || this == STORE_IN_PARTS;
    }

    boolean isRenewal() {
      return this == RENEWAL || this == RENEWAL_IN_PARTS;
    }
  }

  /** What the client's cache has between itself and DynamoDB. */
  // Nothing changes the set.
  @SuppressWarnings("ImmutableEnumChecker")
  enum Between {
    NOTHING(EnumSet.allOf(Operation.class)),
    NEAR_CACHE(
        EnumSet.of(Operation.HIT, Operation.RENEWAL, Operation.INVALIDATION, Operation.DELETION)),
    /** What is stored waits in a queue. */
    WRITE_BEHIND(
        EnumSet.of(
            Operation.STORE, Operation.STORE_IN_PARTS, Operation.RENEWAL, Operation.INVALIDATION));

    private final Set<Operation> operations;

    Between(Set<Operation> operations) {
      this.operations = operations;
    }

    CacheSettings settings() {
      return CacheSettings.builder()
          .nearCacheBytes(this == NEAR_CACHE ? 1 << 20 : 0)
          .writeMode(this == WRITE_BEHIND ? WriteMode.BEHIND : WriteMode.SYNC)
          .build();
    }
  }

  static Stream<Arguments> cases() {
    return Arrays.stream(Between.values())
        .flatMap(
            between ->
                between.operations.stream()
                    .flatMap(
                        operation ->
                            Arrays.stream(Fault.values())
                                .map(fault -> Arguments.of(fault, operation, between))));
  }

  @BeforeAll
  static void open() {
    bench = new FaultBench();
  }

  @AfterAll
  static void close() throws Exception {
    bench.close();
    ReliabilityTable.record(
        Fault.values().length
            + " faults in each of "
            + Operation.values().length
            + " operations, and in 4 of them each with a near cache and with writing behind",
        bench);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void caller_whateverGoesWrong_getsTheRightBytesAndTheCacheRecovers(
      Fault fault, Operation operation, Between between) throws Exception {
    bench.cases++;
    Page page = bench.page("/" + fault + "/" + operation + "/" + between, operation.length());
    long prefetched = operation == Operation.HIT_STREAMED ? 0 : 2 * KnownBody.LARGE;
    HttpCache cache =
        bench.guarded(
            bench.failing(options -> options.prefetchLimit(prefetched)), between.settings());
    CachingHttpClient client = bench.client(cache);
    prepare(operation, page, client);
    cache.flush();

    CountDownLatch end = new CountDownLatch(1);
    fault.begin(bench.proxy, end);
    try {
      run(operation, page, cache, client, end);
    } finally {
      end.countDown();
      bench.mend();
    }

    recover(operation, page, cache, client);
    bench.closeClients();
  }

  private static void prepare(Operation operation, Page page, CachingHttpClient client)
      throws Exception {
    if (!operation.isStore()) {
      page.get(client);
      page.assertHit(client);
    }
    if (operation.isRenewal()) {
      bench.clock.advance(FaultBench.FRESH.plusMinutes(1));
    }
  }

  private static void run(
      Operation operation, Page page, HttpCache cache, CachingHttpClient client, CountDownLatch end)
      throws Exception {
    switch (operation) {
      case INVALIDATION -> {
        page.post(client);
        page.get(client);
      }
      case DELETION -> {
        delete(page, cache, end);
        page.get(client);
      }
      default -> page.get(client);
    }
  }

  /**
   * Who asks for it by hand wants to know that it failed, and waits as long as the SDK does: until
   * the fault ends, where that keeps everybody waiting.
   */
  private static void delete(Page page, HttpCache cache, CountDownLatch end) throws Exception {
    CompletableFuture<Long> deletion =
        CompletableFuture.supplyAsync(() -> cache.deleteUrl(page.uri().toString()));
    Exchanges.await(() -> deletion.isDone() || bench.proxy.waiting() > 0);
    if (!deletion.isDone()) {
      end.countDown();
      bench.proxy.reset();
    }
    try {
      assertThat(deletion.get(60, TimeUnit.SECONDS)).isBetween(0L, 1L);
    } catch (ExecutionException e) {
      assertThat(e.getCause())
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(bench.table);
    }
  }

  private static void recover(
      Operation operation, Page page, HttpCache cache, CachingHttpClient client) throws Exception {
    if (operation == Operation.DELETION) {
      cache.deleteUrl(page.uri().toString());
      assertThat(cache.contains(Request.get(page.uri()))).isFalse();
      bench.clock.advance(Duration.ofMillis(1));
    }
    // As long as a response waits to be stored, nobody sees what has been stored of it.
    cache.flush();
    page.get(client);
    DynamoDbCache elsewhere = bench.direct(options -> options);
    long begun = System.nanoTime();
    do {
      // Where responses wait to be stored, a hit does not say that storing them has worked.
      page.getUntilHit(client);
      cache.flush();
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(FaultBench.RECOVERY);
    } while (!elsewhere.contains(Request.get(page.uri())));
    page.assertHit(bench.client(elsewhere));
  }
}
