package dev.larder.dynamodb;

import dev.larder.storage.OperationStats;
import dev.larder.storage.StorageException;
import dev.larder.storage.UnitListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DeleteRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * All requests to one table: sends them, meters them, follows pages, repeats what a batch left
 * unprocessed, and turns the SDK's exceptions into ours. Knows items as attribute maps and nothing
 * of what they mean. Thread-safe.
 *
 * <p>A conditional write whose condition does not hold is an answer, not an error: the methods that
 * take a condition return it.
 */
sealed class TableGateway implements AutoCloseable permits RehearsingGateway {
  /** The most that DynamoDB takes in one BatchWriteItem. */
  static final int WRITE_BATCH = 25;

  /**
   * The most that is sent in one BatchWriteItem. DynamoDB takes 16 MB, but a request has to get
   * through within the time of an attempt, over slower lines than those inside AWS too.
   */
  static final long WRITE_BATCH_BYTES = 1 << 20;

  /** The most that DynamoDB takes in one BatchGetItem. */
  static final int READ_BATCH = 100;

  /** Up to so many items are no more than one, for the time that a request may take. */
  private static final int FEW = 10;

  private final String table;
  private final LazyClient client;
  private final TableSetup setup;
  private final Backoff backoff;
  private final CapacityMeter meter;
  private final UnitListener listener;

  TableGateway(
      String table, LazyClient client, TableSetup setup, Backoff backoff, CapacityMeter meter) {
    this.table = table;
    this.client = client;
    this.setup = setup;
    this.backoff = backoff;
    this.meter = meter;
    this.listener = (readUnits, writeUnits) -> {};
  }

  /** The same gateway, which tells a listener what its requests consume. */
  TableGateway(TableGateway other, UnitListener listener) {
    this(other, listener, other.setup);
  }

  /** As before, with another way to set the table up. */
  TableGateway(TableGateway other, UnitListener listener, TableSetup setup) {
    this.table = other.table;
    this.client = other.client;
    this.setup = setup;
    this.backoff = other.backoff;
    this.meter = other.meter;
    this.listener = listener;
  }

  String table() {
    return table;
  }

  TableSetup setup() {
    return setup;
  }

  Map<String, OperationStats> stats() {
    return meter.snapshot();
  }

  /** The item under a key; with {@code projected} only these attributes of it. */
  Optional<Map<String, AttributeValue>> get(
      String key, boolean strong, Collection<String> projected) {
    GetItemRequest.Builder request =
        GetItemRequest.builder()
            .tableName(table)
            .key(keyOf(key))
            .consistentRead(strong)
            .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL);
    if (!projected.isEmpty()) {
      Expression expression = new Expression();
      request
          .projectionExpression(projection(expression, projected))
          .expressionAttributeNames(expression.names());
    }
    GetItemResponse response =
        call(
            "GetItem",
            0,
            c -> c.getItem(request.build()),
            r -> Usage.read(r.consumedCapacity(), r.item()));
    return response.hasItem() ? Optional.of(response.item()) : Optional.empty();
  }

  /** The items under many keys; absent ones are left out. Keys may repeat. */
  final Map<String, Map<String, AttributeValue>> getAll(
      Collection<String> keys, boolean strong, Collection<String> projected) {
    return getAll(keys, strong, projected, Set.of()).items();
  }

  /**
   * What a request for many items has brought.
   *
   * @param items those that are there, by their keys
   * @param left the keys of which nothing is known
   */
  record Batch(Map<String, Map<String, AttributeValue>> items, Set<String> left) {}

  /**
   * The items under many keys, as before, but for those that can be done without: they are not
   * asked for again when DynamoDB leaves nothing else unprocessed.
   */
  Batch getAll(
      Collection<String> keys,
      boolean strong,
      Collection<String> projected,
      Set<String> dispensable) {
    Set<String> notRead = new HashSet<>();
    Map<String, Map<String, AttributeValue>> found = new LinkedHashMap<>();
    for (List<String> batch : batches(new LinkedHashSet<>(keys), READ_BATCH, key -> 0)) {
      Expression expression = new Expression();
      KeysAndAttributes.Builder wanted =
          KeysAndAttributes.builder()
              .keys(batch.stream().map(TableGateway::keyOf).toList())
              .consistentRead(strong);
      if (!projected.isEmpty()) {
        wanted
            .projectionExpression(projection(expression, projected))
            .expressionAttributeNames(expression.names());
      }
      untilProcessed(
          wanted.build(),
          left -> {
            BatchGetItemResponse response =
                call(
                    "BatchGetItem",
                    0,
                    c ->
                        c.batchGetItem(
                            BatchGetItemRequest.builder()
                                .requestItems(Map.of(table, left))
                                .overrideConfiguration(
                                    left.keys().size() > FEW ? client.forMany() : asForOne -> {})
                                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                                .build()),
                    r ->
                        Usage.read(
                            r.consumedCapacity(), r.responses().getOrDefault(table, List.of())));
            response
                .responses()
                .getOrDefault(table, List.of())
                .forEach(item -> found.put(keyOf(item), item));
            Optional<KeysAndAttributes> rest =
                Optional.ofNullable(response.unprocessedKeys().get(table));
            List<String> unread =
                rest.map(each -> each.keys().stream().map(TableGateway::keyOf).toList())
                    .orElse(List.of());
            if (!unread.isEmpty() && dispensable.containsAll(unread)) {
              notRead.addAll(unread);
              return Optional.empty();
            }
            return rest;
          },
          left -> left.keys().size());
    }
    return new Batch(found, notRead);
  }

  /**
   * Whether a conditional write took place, and if not, what was in the way.
   *
   * @param holder what was in the way, or, where asked for, what was there before; empty if nothing
   * @param repeated whether a write that did not take place was sent more than once, so that it may
   *     have been its own first sending that was in the way
   */
  record Outcome(boolean done, Map<String, AttributeValue> holder, boolean repeated) {
    static Outcome done(Map<String, AttributeValue> before) {
      return new Outcome(true, before, false);
    }
  }

  /**
   * Writes an item if a condition holds.
   *
   * @param condition its text, or empty for none; names and values are the expression's
   */
  Outcome put(Map<String, AttributeValue> item, String condition, Expression expression) {
    return put(item, condition, expression, false);
  }

  /**
   * Writes an item if a condition holds. With {@code returnOld} the outcome's holder is what it
   * replaced.
   */
  Outcome put(
      Map<String, AttributeValue> item,
      String condition,
      Expression expression,
      boolean returnOld) {
    PutItemRequest.Builder request =
        PutItemRequest.builder()
            .tableName(table)
            .item(item)
            .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL);
    if (returnOld) {
      request.returnValues("ALL_OLD");
    }
    if (!condition.isEmpty()) {
      request
          .conditionExpression(condition)
          .expressionAttributeNames(nullIfEmpty(expression.names()))
          .expressionAttributeValues(nullIfEmpty(expression.values()))
          .returnValuesOnConditionCheckFailure("ALL_OLD");
    }
    return conditional(
        () ->
            call(
                    "PutItem",
                    ItemSize.of(item),
                    c -> c.putItem(request.build()),
                    (PutItemResponse r) -> Usage.written(r.consumedCapacity(), r.attributes()))
                .attributes());
  }

  /**
   * Changes attributes of an item if a condition holds.
   *
   * @param condition its text, or empty for none: then it makes an item that is not there
   */
  Outcome update(String key, String update, String condition, Expression expression) {
    UpdateItemRequest request =
        UpdateItemRequest.builder()
            .tableName(table)
            .key(keyOf(key))
            .updateExpression(update)
            .conditionExpression(condition.isEmpty() ? null : condition)
            .expressionAttributeNames(expression.names())
            .expressionAttributeValues(nullIfEmpty(expression.values()))
            .returnValuesOnConditionCheckFailure("ALL_OLD")
            .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
            .build();
    return conditional(
        () ->
            call(
                    "UpdateItem",
                    ItemSize.of(expression.values()),
                    c -> c.updateItem(request),
                    (UpdateItemResponse r) -> Usage.written(r.consumedCapacity(), r.attributes()))
                .attributes());
  }

  /**
   * Removes an item if a condition holds. With {@code returnOld} the outcome's holder is what was
   * removed.
   */
  Outcome delete(String key, String condition, Expression expression, boolean returnOld) {
    DeleteItemRequest.Builder request =
        DeleteItemRequest.builder()
            .tableName(table)
            .key(keyOf(key))
            .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL);
    if (returnOld) {
      request.returnValues("ALL_OLD");
    }
    if (!condition.isEmpty()) {
      request
          .conditionExpression(condition)
          .expressionAttributeNames(nullIfEmpty(expression.names()))
          .expressionAttributeValues(nullIfEmpty(expression.values()))
          .returnValuesOnConditionCheckFailure("ALL_OLD");
    }
    return conditional(
        () ->
            call(
                    "DeleteItem",
                    0,
                    c -> c.deleteItem(request.build()),
                    (DeleteItemResponse r) -> Usage.written(r.consumedCapacity(), r.attributes()))
                .attributes());
  }

  /** Writes items in batches, each under its own key; the later one counts where keys repeat. */
  void putAll(Collection<Map<String, AttributeValue>> items) {
    Map<String, WriteRequest> byKey = new LinkedHashMap<>();
    for (Map<String, AttributeValue> item : items) {
      PutRequest put = PutRequest.builder().item(item).build();
      byKey.put(keyOf(item), WriteRequest.builder().putRequest(put).build());
    }
    writeAll(batches(byKey.values(), WRITE_BATCH, TableGateway::bytesOf));
  }

  /** Removes items in batches. Keys may repeat and be absent. */
  void deleteAll(Collection<String> keys) {
    List<WriteRequest> deletes =
        new LinkedHashSet<>(keys)
            .stream()
                .map(
                    key ->
                        WriteRequest.builder()
                            .deleteRequest(DeleteRequest.builder().key(keyOf(key)).build())
                            .build())
                .toList();
    writeAll(batches(deletes, WRITE_BATCH, delete -> 0));
  }

  /**
   * Lists items. The first page is read at once, so that a missing table shows here, the others as
   * the stream gets to them.
   *
   * @param configure adds filter, projection, segment or start
   */
  Stream<Map<String, AttributeValue>> scan(
      Function<ScanRequest.Builder, ScanRequest.Builder> configure) {
    return scanning(configure.apply(scanRequest())).stream().flatMap(page -> page.items().stream());
  }

  /** What has to be known of items that are listed to be removed. */
  List<String> attributesForRemoval() {
    return List.of(Attributes.KEY);
  }

  /** Counts items by listing them on the other side. */
  long count(Function<ScanRequest.Builder, ScanRequest.Builder> configure) {
    return scanning(configure.apply(scanRequest()).select("COUNT")).stream()
        .mapToLong(ScanResponse::count)
        .sum();
  }

  private Pages<ScanResponse> scanning(ScanRequest.Builder request) {
    return new Pages<>(
        start -> {
          if (!start.isEmpty()) {
            request.exclusiveStartKey(start);
          }
          return call(
              "Scan",
              0,
              c -> c.scan(request.build()),
              r -> Usage.read(r.consumedCapacity(), r.items()));
        },
        ScanResponse::lastEvaluatedKey);
  }

  /**
   * Lists items by an index. The first page is read at once, so that a missing index shows here.
   *
   * @param configure adds key condition and projection
   */
  Pages<QueryResponse> query(
      String index, Function<QueryRequest.Builder, QueryRequest.Builder> configure) {
    QueryRequest.Builder request =
        configure.apply(
            QueryRequest.builder()
                .tableName(table)
                .indexName(index)
                .overrideConfiguration(client.forMany())
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL));
    return new Pages<>(
        start ->
            call(
                "Query",
                0,
                c -> c.query(request.exclusiveStartKey(nullIfEmpty(start)).build()),
                r -> Usage.read(r.consumedCapacity(), r.items())),
        QueryResponse::lastEvaluatedKey);
  }

  /** Fails if it is closed, for operations that may have nothing to send. */
  void checkOpen() {
    client.checkOpen();
  }

  /** The client, for what is not done to items. */
  DynamoDbClient client() {
    return client.get();
  }

  /** Waits until the table can be used, creating it if it is missing and that is allowed. */
  void prepare() {
    setup.prepare(client.get());
  }

  /**
   * What is wrong with the table.
   *
   * @param keys of the items to be there
   * @param searches whether the index is asked if the namespace has it
   */
  List<String> verify(ItemKeys keys, boolean searches) {
    return new TableCheck(table, client.get(), setup.ttl(), setup.isIndexed(), keys, searches)
        .problems();
  }

  @Override
  public void close() {
    setup.close();
    client.close();
  }

  /** The key of an item. */
  static String keyOf(Map<String, AttributeValue> item) {
    return Attributes.text(item, Attributes.KEY).orElseThrow();
  }

  static Map<String, AttributeValue> keyOf(String key) {
    return Map.of(Attributes.KEY, AttributeValue.fromS(key));
  }

  private ScanRequest.Builder scanRequest() {
    return ScanRequest.builder()
        .tableName(table)
        .overrideConfiguration(client.forMany())
        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL);
  }

  static String projection(Expression expression, Collection<String> attributes) {
    return String.join(", ", attributes.stream().map(expression::name).toList());
  }

  /** Sends batches of writes, each until all of it is done. */
  void writeAll(List<List<WriteRequest>> batches) {
    for (List<WriteRequest> batch : batches) {
      untilProcessed(
          batch,
          left -> {
            BatchWriteItemResponse response =
                call(
                    "BatchWriteItem",
                    left.stream().mapToLong(TableGateway::bytesOf).sum(),
                    c ->
                        c.batchWriteItem(
                            BatchWriteItemRequest.builder()
                                .requestItems(Map.of(table, left))
                                .overrideConfiguration(client.forMany())
                                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                                .build()),
                    r -> Usage.written(r.consumedCapacity()));
            return Optional.ofNullable(response.unprocessedItems().get(table));
          },
          List::size);
    }
  }

  private static long bytesOf(WriteRequest write) {
    return write.putRequest() == null ? 0 : ItemSize.of(write.putRequest().item());
  }

  /**
   * Sends a batch, then what was left of it, and so on, waiting longer as long as nothing is taken.
   */
  private <T> void untilProcessed(
      T batch, Function<T, Optional<T>> send, Function<T, Integer> size) {
    T left = batch;
    int idleRounds = 0;
    while (size.apply(left) > 0) {
      Optional<T> rest = send.apply(left);
      if (rest.isEmpty() || size.apply(rest.get()) == 0) {
        return;
      }
      idleRounds = size.apply(rest.get()) < size.apply(left) ? 1 : idleRounds + 1;
      left = rest.get();
      if (idleRounds > Backoff.MAX_IDLE_ROUNDS) {
        throw new StorageException(
            "DynamoDB left "
                + size.apply(left)
                + " items of a batch on table \""
                + table
                + "\" unprocessed "
                + idleRounds
                + " times in a row: it is throttled; raise its capacity or run the operation again");
      }
      await(idleRounds);
    }
  }

  private void await(int idleRounds) {
    try {
      backoff.await(idleRounds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException(
          "interrupted while a batch on table \"" + table + "\" was half-done", e);
    }
  }

  private static <T> List<List<T>> batches(Collection<T> all, int count, ToLongFunction<T> bytes) {
    List<List<T>> batches = new ArrayList<>();
    List<T> batch = new ArrayList<>();
    long size = 0;
    for (T element : all) {
      long added = bytes.applyAsLong(element);
      if (batch.size() == count || (size + added > WRITE_BATCH_BYTES && !batch.isEmpty())) {
        batches.add(batch);
        batch = new ArrayList<>();
        size = 0;
      }
      batch.add(element);
      size += added;
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    return batches;
  }

  private static <K, V> @Nullable Map<K, V> nullIfEmpty(Map<K, V> map) {
    return map.isEmpty() ? null : map;
  }

  private Outcome conditional(Supplier<Map<String, AttributeValue>> write) {
    try {
      return Outcome.done(write.get());
    } catch (ConditionFailed e) {
      return new Outcome(false, e.holder, e.repeated);
    }
  }

  /**
   * Sends a request and meters it.
   *
   * @param sent bytes of the items in it
   */
  private <R> R call(
      String operation, long sent, Function<DynamoDbClient, R> request, Function<R, Usage> usage) {
    DynamoDbClient connected = client.get();
    long start = System.nanoTime();
    try {
      R response = request.apply(connected);
      answered(operation, usage.apply(response), sent, start);
      return response;
    } catch (ConditionalCheckFailedException e) {
      Map<String, AttributeValue> holder = e.hasItem() ? e.item() : Map.of();
      answered(operation, Usage.refused(holder), sent, start);
      Integer attempts = e.numAttempts();
      throw new ConditionFailed(holder, attempts != null && attempts > 1);
    } catch (SdkException e) {
      meter.failed(operation, e, sent, since(start));
      throw Failures.translate(e, operation, table, setup);
    }
  }

  private void answered(String operation, Usage usage, long sent, long start) {
    meter.answered(operation, usage, sent, since(start));
    listener.consumed(usage.readUnits(), usage.writeUnits());
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }
}
