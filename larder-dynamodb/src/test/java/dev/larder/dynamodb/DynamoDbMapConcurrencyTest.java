package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.embedded.EmbeddedDynamoDb;
import dev.larder.serial.Serializers;
import dev.larder.storage.StorageException;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.EmbeddedDynamoDbExtension.TableName;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Two maps with clients of their own, as two processes have, and several threads on each. */
@NullUnmarked
@Timeout(120)
@ExtendWith(EmbeddedDynamoDbExtension.class)
class DynamoDbMapConcurrencyTest {
  private static final int THREADS = 6;

  private final List<DynamoDbClient> clients = new ArrayList<>();
  private final List<DynamoDbMap<String>> maps = new ArrayList<>();
  private String table;

  @BeforeEach
  void open(EmbeddedDynamoDb dynamo, @TableName String name) {
    table = name;
    for (int i = 0; i < 2; i++) {
      DynamoDbClient client = dynamo.configure(DynamoDbClient.builder()).build();
      clients.add(client);
      maps.add(DynamoDbMap.builder(Serializers.string()).client(client).tableName(name).build());
    }
  }

  @AfterEach
  void close() {
    clients.forEach(DynamoDbClient::close);
  }

  private interface Work<T> {
    T with(DynamoDbMap<String> map, int thread) throws Exception;
  }

  /** Runs work on all threads at once, each on one of the maps in turn. */
  private <T> List<T> atOnce(Work<T> work) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      CyclicBarrier start = new CyclicBarrier(THREADS);
      List<Callable<T>> calls =
          IntStream.range(0, THREADS)
              .<Callable<T>>mapToObj(
                  i ->
                      () -> {
                        start.await();
                        return work.with(maps.get(i % maps.size()), i);
                      })
              .toList();
      List<T> results = new ArrayList<>();
      for (Future<T> result : pool.invokeAll(calls)) {
        results.add(result.get());
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }

  private static String increment(String number) {
    return Integer.toString(Integer.parseInt(number) + 1);
  }

  @Test
  void merge_manyAtOnceOnOneKey_losesNoIncrement() throws Exception {
    atOnce(
        (map, thread) -> {
          for (int i = 0; i < 25; i++) {
            map.merge("n", "1", (now, one) -> increment(now));
          }
          return null;
        });
    assertThat(maps.get(0)).containsEntry("n", Integer.toString(25 * THREADS));
  }

  @Test
  void merge_manyAtOnceAndAnswersLost_countsWhatItCannotTellAtMost(EmbeddedDynamoDb dynamo)
      throws Exception {
    AtomicInteger puts = new AtomicInteger();
    try (FaultyHttp http = new FaultyHttp();
        DynamoDbClient faulty =
            dynamo.configure(DynamoDbClient.builder()).httpClient(http).build()) {
      DynamoDbMap<String> lossy =
          DynamoDbMap.builder(Serializers.string()).client(faulty).tableName(table).build();
      lossy.prepare();
      http.always(
          (operation, send) -> {
            HttpExecuteResponse answer = send.call();
            if (operation.equals("PutItem") && puts.incrementAndGet() % 7 == 0) {
              answer.responseBody().ifPresent(AbortableInputStream::abort);
              throw new IOException("the answer was lost");
            }
            return answer;
          });
      List<Integer> unknown =
          atOnce(
              (map, thread) -> {
                int notTold = 0;
                for (int i = 0; i < 20; i++) {
                  try {
                    lossy.merge("n", "1", (now, one) -> increment(now));
                  } catch (StorageException e) {
                    assertThat(e).hasMessageContaining("nothing tells");
                    notTold++;
                  }
                }
                return notTold;
              });
      int notTold = unknown.stream().mapToInt(Integer::intValue).sum();
      assertThat(Integer.parseInt(lossy.get("n"))).isBetween(20 * THREADS - notTold, 20 * THREADS);
    }
  }

  @Test
  void compute_manyAtOnceOnSomeKeys_losesNoIncrement() throws Exception {
    atOnce(
        (map, thread) -> {
          for (int i = 0; i < 30; i++) {
            map.compute("n" + i % 3, (key, now) -> now == null ? "1" : increment(now));
          }
          return null;
        });
    for (int i = 0; i < 3; i++) {
      assertThat(maps.get(1)).containsEntry("n" + i, Integer.toString(10 * THREADS));
    }
  }

  @Test
  void replaceIfEqual_manyAtOnce_losesNoIncrement() throws Exception {
    maps.get(0).put("n", "0");
    List<Integer> won =
        atOnce(
            (map, thread) -> {
              int wins = 0;
              for (int i = 0; i < 25; i++) {
                String now = map.get("n");
                wins += map.replace("n", now, increment(now)) ? 1 : 0;
              }
              return wins;
            });
    int wins = won.stream().mapToInt(Integer::intValue).sum();
    assertThat(maps.get(0)).containsEntry("n", Integer.toString(wins));
  }

  @Test
  void putIfAbsent_manyAtOnce_hasOneWinnerWhomAllSee() throws Exception {
    for (int round = 0; round < 10; round++) {
      String key = "k" + round;
      List<Optional<String>> before =
          atOnce((map, thread) -> Optional.ofNullable(map.putIfAbsent(key, "thread " + thread)));
      String winner = maps.get(0).get(key);
      assertThat(before).filteredOn(Optional::isEmpty).hasSize(1);
      assertThat(before)
          .filteredOn(Optional::isPresent)
          .allSatisfy(seen -> assertThat(seen).contains(winner));
    }
  }

  @Test
  void computeIfAbsent_manyAtOnce_allGetTheSame() throws Exception {
    List<String> values =
        atOnce((map, thread) -> map.computeIfAbsent("k", key -> "thread " + thread));
    assertThat(values).containsOnly(maps.get(0).get("k"));
  }

  @Test
  void removeIfEqual_manyAtOnce_hasOneWinner() throws Exception {
    for (int round = 0; round < 10; round++) {
      maps.get(0).put("k", "v");
      assertThat(atOnce((map, thread) -> map.remove("k", "v")))
          .filteredOn(removed -> removed)
          .hasSize(1);
    }
  }

  @Test
  void remove_manyAtOnce_returnsTheValueOnce() throws Exception {
    for (int round = 0; round < 10; round++) {
      maps.get(0).put("k", "v");
      assertThat(atOnce((map, thread) -> Optional.ofNullable(map.remove("k"))))
          .filteredOn(Optional::isPresent)
          .hasSize(1);
    }
  }

  @Test
  void pollEntry_manyAtOnce_neverGivesTheSameTwice() throws Exception {
    int all = 60;
    IntStream.range(0, all).forEach(i -> maps.get(0).put("k" + i, "v" + i));
    Queue<String> polled = new ConcurrentLinkedQueue<>();
    atOnce(
        (map, thread) -> {
          for (Optional<Map.Entry<String, String>> next = map.pollEntry();
              next.isPresent();
              next = map.pollEntry()) {
            polled.add(next.get().getKey());
          }
          return null;
        });
    assertThat(polled).hasSize(all).doesNotHaveDuplicates();
  }

  @Test
  void firstUse_manyAtOnceOnAMissingTable_allSucceed() throws Exception {
    assertThat(atOnce((map, thread) -> map.merge("k", "x", String::concat))).hasSize(THREADS);
    assertThat(maps.get(0)).containsEntry("k", "x".repeat(THREADS));
  }

  @Test
  void compute_changedByOthersEveryTime_givesUpAndNamesTheKey() {
    List<Duration> waits = new ArrayList<>();
    DynamoDbMap<String> patient =
        DynamoDbMap.builder(Serializers.string())
            .client(clients.get(0))
            .tableName(table)
            .sleeper(waits::add)
            .build();
    AtomicInteger calls = new AtomicInteger();
    assertThatThrownBy(
            () ->
                patient.compute(
                    "hot",
                    (key, now) -> {
                      maps.get(1).put("hot", "theirs " + calls.incrementAndGet());
                      return "ours";
                    }))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("\"hot\"")
        .hasMessageContaining(table)
        .hasMessageContaining("64 times");
    assertThat(calls).hasValue(MapRounds.MAX);
    assertThat(waits)
        .hasSize(MapRounds.MAX - 1)
        .allSatisfy(wait -> assertThat(wait).isBetween(Duration.ZERO, Duration.ofMillis(100)));
    assertThat(maps.get(1)).containsEntry("hot", "theirs 64");
  }

  @Test
  void compute_interruptedWhileWaiting_endsAndKeepsTheInterrupt() {
    DynamoDbMap<String> map =
        DynamoDbMap.builder(Serializers.string())
            .client(clients.get(0))
            .tableName(table)
            .sleeper(
                wait -> {
                  throw new InterruptedException();
                })
            .build();
    maps.get(1).put("k", "a");
    assertThatThrownBy(
            () ->
                map.compute(
                    "k",
                    (key, now) -> {
                      maps.get(1).put("k", "b");
                      return "c";
                    }))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(maps.get(1)).containsEntry("k", "b");
  }
}
