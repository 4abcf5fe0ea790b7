package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.embedded.EmbeddedDynamoDb;
import dev.larder.storage.StorageException;
import dev.larder.storage.StorageNotReadyException;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.EmbeddedDynamoDbExtension.TableName;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
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
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

@NullUnmarked
@Timeout(60)
@ExtendWith(EmbeddedDynamoDbExtension.class)
class TableSetupTest {
  private static final Backoff.Sleeper SHORT = wait -> Thread.onSpinWait();

  private final FaultyHttp http = new FaultyHttp();
  private DynamoDbClient client;
  private DynamoDbClient faulty;
  private String table;

  @BeforeEach
  void open(EmbeddedDynamoDb dynamo, DynamoDbClient embedded, @TableName String name) {
    client = embedded;
    faulty = dynamo.configure(DynamoDbClient.builder()).httpClient(http).build();
    table = name;
  }

  @AfterEach
  void close() {
    faulty.close();
    http.close();
  }

  private TableSetup setup(DynamoDbClient some, boolean create, boolean ttl) {
    return new TableSetup(table, create, ttl, LazyClient.given(some), SHORT);
  }

  private TimeToLiveStatus ttlStatus() {
    return client
        .describeTimeToLive(r -> r.tableName(table))
        .timeToLiveDescription()
        .timeToLiveStatus();
  }

  private boolean exists() {
    try {
      client.describeTable(r -> r.tableName(table));
      return true;
    } catch (ResourceNotFoundException e) {
      return false;
    }
  }

  @Test
  void prepare_missingTable_createsItOnDemandWithTimeToLive() {
    setup(client, true, true).prepare(client);
    TableDescription made = client.describeTable(r -> r.tableName(table)).table();
    assertThat(made.keySchema())
        .singleElement()
        .satisfies(e -> assertThat(e.attributeName()).isEqualTo("key"));
    assertThat(made.billingModeSummary().billingModeAsString()).isEqualTo("PAY_PER_REQUEST");
    assertThat(ttlStatus()).isEqualTo(TimeToLiveStatus.ENABLED);
  }

  @Test
  void prepare_ttlOff_leavesTimeToLiveOff() {
    setup(client, true, false).prepare(client);
    assertThat(ttlStatus()).isEqualTo(TimeToLiveStatus.DISABLED);
  }

  @Test
  void prepare_existingTable_changesNothing() {
    setup(client, true, false).prepare(client);
    setup(client, true, true).prepare(client);
    assertThat(ttlStatus()).isEqualTo(TimeToLiveStatus.DISABLED);
  }

  @Test
  void missing_creationOff_saysWhatToDo() {
    TableSetup setup = setup(client, false, true);
    assertThatThrownBy(() -> setup.prepare(client))
        .isInstanceOf(StorageException.class)
        .isNotInstanceOf(StorageNotReadyException.class)
        .hasMessageContaining('"' + table + '"')
        .hasMessageContaining("does not exist")
        .hasMessageContaining("createTable(true)");
    assertThat(exists()).isFalse();
  }

  @Test
  void missing_creationOn_isNotReadyAndCreatesBehind() {
    TableSetup setup = setup(client, true, true);
    assertThat(setup.missing(ResourceNotFoundException.builder().message("gone").build()))
        .isInstanceOf(StorageNotReadyException.class)
        .hasMessageContaining(table);
    setup.prepare(client);
    assertThat(exists()).isTrue();
  }

  @Test
  void prepare_manyThreadsAndProcesses_createOnce() throws Exception {
    AtomicInteger creations = new AtomicInteger();
    DynamoDbClient counting =
        FaultyClient.answering(
            client,
            "createTable",
            CreateTableRequest.class,
            request -> {
              creations.incrementAndGet();
              return client.createTable(request);
            });
    List<TableSetup> processes = List.of(setup(counting, true, true), setup(counting, true, true));
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      CountDownLatch start = new CountDownLatch(8);
      List<Callable<Boolean>> calls =
          IntStream.range(0, 8)
              .<Callable<Boolean>>mapToObj(
                  i ->
                      () -> {
                        start.countDown();
                        start.await();
                        processes.get(i % 2).prepare(counting);
                        return exists();
                      })
              .toList();
      for (Future<Boolean> ready : pool.invokeAll(calls)) {
        assertThat(ready.get()).isTrue();
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(creations.get()).isBetween(1, 2);
    assertThat(ttlStatus()).isEqualTo(TimeToLiveStatus.ENABLED);
  }

  @Test
  void prepare_otherDiedBeforeTurningOnTimeToLive_turnsItOn() {
    http.once(
        "CreateTable",
        (operation, send) -> {
          setup(client, true, false).prepare(client);
          return send.call();
        });
    setup(faulty, true, true).prepare(faulty);
    assertThat(ttlStatus()).isEqualTo(TimeToLiveStatus.ENABLED);
  }

  @Test
  void prepare_noRightForTimeToLive_goesOnWithout() {
    http.always(
        (operation, send) ->
            operation.equals("UpdateTimeToLive")
                ? FaultyHttp.error(400, "AccessDeniedException", "not authorized")
                : send.call());
    TableSetup setup = setup(faulty, true, true);
    assertThatCode(() -> setup.prepare(faulty)).doesNotThrowAnyException();
    assertThat(ttlStatus()).isEqualTo(TimeToLiveStatus.DISABLED);
  }

  @Test
  void prepare_stateOfTheIndexRefused_turnsOnTimeToLiveAllTheSame() {
    http.always(
        (operation, send) ->
            operation.equals("PutItem")
                ? FaultyHttp.error(400, "AccessDeniedException", "not authorized")
                : send.call());
    TableSetup setup =
        new TableSetup(
            table,
            true,
            true,
            LazyClient.given(faulty),
            SHORT,
            NamespaceState.indexed(new ItemKeys("")));
    assertThatCode(() -> setup.prepare(faulty)).doesNotThrowAnyException();
    assertThat(ttlStatus()).isEqualTo(TimeToLiveStatus.ENABLED);
  }

  @Test
  void prepare_timeToLiveUnreachable_goesOnWithout() {
    http.always(
        (operation, send) -> {
          if (operation.equals("DescribeTimeToLive")) {
            throw new IOException("connection reset");
          }
          return send.call();
        });
    TableSetup setup = setup(faulty, true, true);
    assertThatCode(() -> setup.prepare(faulty)).doesNotThrowAnyException();
  }

  @Test
  void prepare_noRightToCreate_saysSoAndTheNextOneTriesAgain() {
    http.always(
        (operation, send) ->
            operation.equals("CreateTable")
                ? FaultyHttp.error(400, "AccessDeniedException", "not authorized")
                : send.call());
    TableSetup setup = setup(faulty, true, true);
    assertThatThrownBy(() -> setup.prepare(faulty))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("dynamodb:CreateTable")
        .hasMessageContaining(table)
        .hasMessageContaining("IAM");
    http.always((operation, send) -> send.call());
    setup.prepare(faulty);
    assertThat(exists()).isTrue();
  }

  @Test
  void prepare_creationUnreachable_saysWhy() {
    http.always(
        (operation, send) -> {
          if (operation.equals("CreateTable")) {
            throw new java.net.ConnectException("Connection refused");
          }
          return send.call();
        });
    TableSetup setup = setup(faulty, true, true);
    assertThatThrownBy(() -> setup.prepare(faulty))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("cannot be reached")
        .hasMessageContaining(table);
  }

  @Test
  void prepare_failedEarlierAndTableThereNow_succeeds() {
    http.always(
        (operation, send) ->
            operation.equals("CreateTable")
                ? FaultyHttp.error(400, "AccessDeniedException", "not authorized")
                : send.call());
    TableSetup setup = setup(faulty, true, true);
    StorageException unused =
        setup.missing(ResourceNotFoundException.builder().message("gone").build());
    assertThatThrownBy(() -> setup.prepare(faulty)).hasMessageContaining("CreateTable");
    StorageException unusedToo =
        setup.missing(ResourceNotFoundException.builder().message("gone").build());
    setup(client, true, true).prepare(client);
    assertThatCode(() -> setup.prepare(faulty)).doesNotThrowAnyException();
  }

  @Test
  void prepare_tableBeingUpdated_isUsable() {
    setup(client, true, true).prepare(client);
    DynamoDbClient updating =
        FaultyClient.answering(
            client,
            "describeTable",
            Object.class,
            request ->
                DescribeTableResponse.builder().table(t -> t.tableStatus("UPDATING")).build());
    assertThatCode(() -> setup(updating, false, true).prepare(updating)).doesNotThrowAnyException();
  }

  @Test
  void prepare_creationOffAndTableBeingCreated_waitsAndChangesNothing() {
    setup(client, true, false).prepare(client);
    AtomicInteger asked = new AtomicInteger();
    DynamoDbClient creating =
        FaultyClient.answering(
            client,
            "describeTable",
            Object.class,
            request ->
                DescribeTableResponse.builder()
                    .table(t -> t.tableStatus(asked.incrementAndGet() < 4 ? "CREATING" : "ACTIVE"))
                    .build());
    setup(creating, false, true).prepare(creating);
    assertThat(asked).hasValue(4);
    assertThat(ttlStatus()).isEqualTo(TimeToLiveStatus.DISABLED);
  }

  @Test
  void prepare_closedMeanwhile_saysSo() throws Exception {
    CountDownLatch creating = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    http.once(
        "CreateTable",
        (operation, send) -> {
          creating.countDown();
          closed.await();
          return send.call();
        });
    TableSetup setup = setup(faulty, true, true);
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try {
      Future<?> waiting = pool.submit(() -> setup.prepare(faulty));
      creating.await();
      setup.close();
      assertThatThrownBy(waiting::get)
          .hasCauseInstanceOf(StorageException.class)
          .hasMessageContaining("closed");
    } finally {
      closed.countDown();
      pool.shutdownNow();
    }
  }

  @Test
  void prepare_interrupted_endsAndKeepsTheInterrupt() {
    CountDownLatch released = new CountDownLatch(1);
    http.once(
        "CreateTable",
        (operation, send) -> {
          released.await();
          return send.call();
        });
    TableSetup setup = setup(faulty, true, true);
    Thread.currentThread().interrupt();
    try {
      StorageException notReady =
          setup.missing(ResourceNotFoundException.builder().message("gone").build());
      assertThat(notReady).isInstanceOf(StorageNotReadyException.class);
      assertThatThrownBy(() -> setup.prepare(faulty))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("interrupted");
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      boolean unused = Thread.interrupted();
      released.countDown();
      setup.close();
    }
  }
}
