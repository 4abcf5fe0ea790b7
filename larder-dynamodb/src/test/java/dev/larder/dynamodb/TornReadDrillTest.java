package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Body;
import dev.larder.http.EntryHead;
import dev.larder.storage.Precondition;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.dynamodb.StaleReads;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Writers replace an entry of 5 MB again and again, and readers read it under eventually consistent
 * reads at their worst. Every eight bytes of a body say whose it is and where they belong, so a
 * mixture of two, a gap or an early end cannot go unseen.
 */
@Tag("drill")
@ExtendWith(EmbeddedDynamoDbExtension.class)
class TornReadDrillTest {
  private static final int BODY = 5_000_000;
  private static final int WRITERS = 4;
  private static final int READERS = 8;
  private static final int ROUNDS = 6;
  private static final int WORDS = BODY / Long.BYTES;
  private static final int INDEX_BITS = 32;

  private final AtomicLong written = new AtomicLong();
  private final AtomicLong read = new AtomicLong();

  @Test
  void readers_whileWritersReplace_getWholeBodiesOnly(
      DynamoDbClient client, @EmbeddedDynamoDbExtension.TableName String table) throws Exception {
    StaleReads stale = StaleReads.of(client);
    write(open(stale.client(), table, false), 0);
    stale.catchUp();

    CyclicBarrier start = new CyclicBarrier(WRITERS + READERS);
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int i = 1; i <= WRITERS; i++) {
      DynamoDbCache writer = open(stale.client(), table, false);
      int first = i * ROUNDS;
      tasks.add(
          () -> {
            start.await();
            for (int round = 0; round < ROUNDS; round++) {
              write(writer, first + round);
              stale.catchUp();
            }
            return null;
          });
    }
    for (int i = 0; i < READERS; i++) {
      DynamoDbCache reader = open(stale.client(), table, i % 2 == 0);
      tasks.add(
          () -> {
            start.await();
            for (int round = 0; round < ROUNDS; round++) {
              read(reader);
            }
            return null;
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      for (Future<Void> result : threads.invokeAll(tasks)) {
        result.get();
      }
    } finally {
      threads.shutdownNow();
    }
    System.out.println(
        "torn reads: "
            + written
            + " bodies written by "
            + WRITERS
            + ", "
            + read
            + " read whole by "
            + READERS
            + ", 0 mixed");
    assertThat(written).hasValue(1 + WRITERS * ROUNDS);
    assertThat(read).hasValue(READERS * ROUNDS);
  }

  private static DynamoDbCache open(DynamoDbClient client, String table, boolean streaming) {
    DynamoDbCache cache =
        DynamoDbCache.builder()
            .tableName(table)
            .client(client)
            .prefetchLimit(streaming ? 0 : 8 << 20)
            .build();
    cache.prepare();
    return cache;
  }

  private void write(DynamoDbCache writer, long id) {
    ByteBuffer body = ByteBuffer.allocate(BODY);
    for (long index = 0; body.hasRemaining(); index++) {
      body.putLong(id << INDEX_BITS | index);
    }
    EntryHead head = EntryHead.builder("k", Entries.request(1), writer.clock().instant()).build();
    assertThat(
            writer
                .storage()
                .write(
                    head.toBuilder().status((int) (200 + id)).build(),
                    Body.of(body.flip()),
                    Precondition.none())
                .published())
        .isTrue();
    written.incrementAndGet();
  }

  private void read(DynamoDbCache reader) throws Exception {
    var response = reader.getResponse("k").orElseThrow();
    long id = response.status() - 200L;
    byte[] body;
    try (InputStream in = response.body().open()) {
      body = in.readAllBytes();
    }
    assertThat(body).hasSize(BODY);
    ByteBuffer words = ByteBuffer.wrap(body);
    for (long index = 0; index < WORDS; index++) {
      if (words.getLong() != (id << INDEX_BITS | index)) {
        assertThat(index).as("first word of another body than %s", id).isEqualTo(-1);
      }
    }
    read.incrementAndGet();
  }
}
