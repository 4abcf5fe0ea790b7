package dev.larder.dynamodb;

import dev.larder.storage.StorageException;
import dev.larder.storage.StorageNotReadyException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/**
 * Creates the table when it is found missing, and not before: control-plane calls are rate-limited
 * by account, and a thousand processes that start at once would trip over them. Thread-safe.
 *
 * <p>Hazards:
 *
 * <ol>
 *   <li>Many threads find the table missing at once. One of them starts the creation; all wait for
 *       the same one.
 *   <li>Another process creates the table at the same time. {@code ResourceInUseException} then
 *       means what we want: we wait for its table to become active.
 *   <li>The other process dies between creating the table and turning on TTL. Whoever waits for the
 *       table turns it on if it is off.
 *   <li>Creation fails for good, for lack of a permission. Every request would try it again. So for
 *       half a minute the failure is the answer to whoever finds the table missing; only {@link
 *       #prepare} tries again at once.
 *   <li>Other processes store entries or purge before the first item is there. It says no more than
 *       that the index is being built, and never replaces one that tells of a purge.
 * </ol>
 */
final class TableSetup implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TableSetup.class);
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(30);

  private final String table;
  private final boolean create;
  private final boolean ttl;
  private final LazyClient client;
  private final Backoff.Sleeper sleeper;
  private final Map<String, AttributeValue> firstItem;
  private final AtomicReference<@Nullable CompletableFuture<Void>> creation =
      new AtomicReference<>();

  private volatile @Nullable StorageException lastFailure;
  private volatile long failedAt;

  TableSetup(
      String table, boolean create, boolean ttl, LazyClient client, Backoff.Sleeper sleeper) {
    this(table, create, ttl, client, sleeper, Map.of());
  }

  /**
   * A setup.
   *
   * @param firstItem what a table gets that is created with the index; empty if it is created
   *     without
   */
  TableSetup(
      String table,
      boolean create,
      boolean ttl,
      LazyClient client,
      Backoff.Sleeper sleeper,
      Map<String, AttributeValue> firstItem) {
    this.table = table;
    this.create = create;
    this.ttl = ttl;
    this.client = client;
    this.sleeper = sleeper;
    this.firstItem = firstItem;
  }

  boolean ttl() {
    return ttl;
  }

  /** Whether a table that is missing is created. */
  boolean creates() {
    return create;
  }

  /** The same, but that it creates nothing. */
  TableSetup withoutCreating() {
    return new TableSetup(table, false, ttl, client, sleeper, firstItem);
  }

  /** Whether the table is to have the index. */
  boolean isIndexed() {
    return !firstItem.isEmpty();
  }

  /** The table was found missing: begins to create it in the background, if that is allowed. */
  StorageException missing(SdkException cause) {
    if (!create) {
      return new StorageException(
          "table \""
              + table
              + "\" does not exist here and createTable is off; create it, correct table name, region or endpoint,"
              + " or set createTable(true)",
          cause,
          StorageException.Kind.UNUSABLE);
    }
    Optional<StorageException> failure = recentFailure();
    if (failure.isPresent()) {
      return failure.get();
    }
    CompletableFuture<Void> unused = begin();
    return new StorageNotReadyException(
        "table \"" + table + "\" does not exist yet and is being created", cause);
  }

  /** Waits until the table is active, creating it if it is missing and that is allowed. */
  void prepare(DynamoDbClient connected) {
    CompletableFuture<Void> running = creation.get();
    if (running == null || running.isDone()) {
      if (isUsable(connected)) {
        return;
      }
      running = begin();
    }
    try {
      running.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException("interrupted while table \"" + table + "\" was created", e);
    } catch (CancellationException e) {
      throw new StorageException("closed while table \"" + table + "\" was created", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StorageException failure) {
        throw failure;
      }
      throw new StorageException("table \"" + table + "\" could not be created", e.getCause());
    }
  }

  @Override
  public void close() {
    CompletableFuture<Void> running = creation.get();
    if (running != null) {
      running.cancel(true);
    }
  }

  private Optional<StorageException> recentFailure() {
    StorageException failure = lastFailure;
    return failure != null && System.nanoTime() - failedAt < RETRY_AFTER.toNanos()
        ? Optional.of(
            new StorageException(
                String.valueOf(failure.getMessage()), failure, StorageException.Kind.UNUSABLE))
        : Optional.empty();
  }

  private void failed(CompletableFuture<Void> mine, StorageException failure) {
    failedAt = System.nanoTime();
    lastFailure = failure;
    mine.completeExceptionally(failure);
  }

  private CompletableFuture<Void> begin() {
    CompletableFuture<Void> mine = new CompletableFuture<>();
    CompletableFuture<Void> running = creation.get();
    if (running != null && !running.isDone()) {
      return running;
    }
    if (!creation.compareAndSet(running, mine)) {
      return begin();
    }
    Thread thread =
        new Thread(
            () -> {
              try {
                createAndWait(client.get());
                mine.complete(null);
              } catch (StorageException e) {
                failed(mine, e);
              } catch (RuntimeException | InterruptedException e) {
                failed(
                    mine,
                    new StorageException("table \"" + table + "\" could not be created: " + e, e));
              }
            },
            "larder-create-table");
    thread.setDaemon(true);
    thread.start();
    return mine;
  }

  private void createAndWait(DynamoDbClient connected) throws InterruptedException {
    boolean created = false;
    try {
      if (create) {
        connected.createTable(request());
        created = true;
      }
    } catch (ResourceInUseException e) {
      LOG.debug("table {} is created by another process", table);
    } catch (SdkException e) {
      throw Failures.translate(e, "CreateTable", table, this);
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (long wait = 20; !isUsable(connected); wait = Math.min(2 * wait, 1_000)) {
      if (System.nanoTime() > deadline) {
        throw new StorageException(
            "table \"" + table + "\" did not become active within " + PATIENCE);
      }
      sleeper.sleep(Duration.ofMillis(wait));
    }
    if (create && ttl) {
      enableTtl(connected);
    }
    if (created && isIndexed()) {
      putFirstItem(connected);
    }
  }

  private void putFirstItem(DynamoDbClient connected) {
    Expression expression = new Expression();
    String isAbsent = expression.missing(Attributes.KEY);
    try {
      connected.putItem(
          PutItemRequest.builder()
              .tableName(table)
              .item(firstItem)
              .conditionExpression(isAbsent)
              .expressionAttributeNames(expression.names())
              .build());
    } catch (ConditionalCheckFailedException e) {
      LOG.debug("another process has written the state of a namespace in table {}", table);
    } catch (SdkException e) {
      // The cache works without: listings are scans, as they are until addIndex() anyway.
      LOG.warn(
          "table \"{}\" was created with an index, but entries are not written into it before addIndex() is called: {}",
          table,
          e.getMessage());
    }
  }

  private CreateTableRequest request() {
    CreateTableRequest.Builder request =
        CreateTableRequest.builder()
            .tableName(table)
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .attributeDefinitions(
                AttributeDefinition.builder()
                    .attributeName(Attributes.KEY)
                    .attributeType(ScalarAttributeType.S)
                    .build())
            .keySchema(
                KeySchemaElement.builder()
                    .attributeName(Attributes.KEY)
                    .keyType(KeyType.HASH)
                    .build());
    if (isIndexed()) {
      request
          .attributeDefinitions(PlaceIndex.attributes())
          .globalSecondaryIndexes(
              GlobalSecondaryIndex.builder()
                  .indexName(PlaceIndex.NAME)
                  .keySchema(PlaceIndex.SCHEMA)
                  .projection(PlaceIndex.PROJECTION)
                  .build());
    }
    return request.build();
  }

  /** Active, or being updated: that may take hours, and the table serves meanwhile. */
  private boolean isUsable(DynamoDbClient connected) {
    try {
      TableStatus status = connected.describeTable(r -> r.tableName(table)).table().tableStatus();
      return status == TableStatus.ACTIVE || status == TableStatus.UPDATING;
    } catch (ResourceNotFoundException e) {
      if (!create) {
        throw missing(e);
      }
      return false;
    } catch (SdkException e) {
      throw Failures.translate(e, "DescribeTable", table, this);
    }
  }

  private void enableTtl(DynamoDbClient connected) {
    try {
      TimeToLiveDescription now =
          connected.describeTimeToLive(r -> r.tableName(table)).timeToLiveDescription();
      if (now.timeToLiveStatus() == TimeToLiveStatus.DISABLED) {
        connected.updateTimeToLive(
            r ->
                r.tableName(table)
                    .timeToLiveSpecification(s -> s.attributeName(Attributes.TTL).enabled(true)));
      }
    } catch (SdkException e) {
      // The cache works without: entries past their time are absent to it, only nobody sweeps them.
      LOG.warn(
          "time to live could not be turned on for table \"{}\", so that expired items stay and are billed; allow"
              + " dynamodb:UpdateTimeToLive and dynamodb:DescribeTimeToLive or turn it on for attribute \"ttl\" by hand: {}",
          table,
          e.getMessage());
    }
  }
}
