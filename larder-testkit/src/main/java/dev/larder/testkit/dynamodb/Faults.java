package dev.larder.testkit.dynamodb;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;

/**
 * Makes chosen calls of a client fail, lose their answer, do half of a batch, or wait for something
 * else. Without orders it changes nothing.
 *
 * <pre>{@code
 * Faults faults = Faults.of(client);
 * faults.failNext(2, "PutItem", Faults::throttled);
 * faults.loseAnswers(1, "UpdateItem", Faults::serverError);
 * faults.beforeCall(1, "BatchGetItem", barrier::await);
 * }</pre>
 *
 * <p>Operations are named as the API has them, such as {@code GetItem}; {@link #ANY} stands for
 * each. Exceptions are thrown where the SDK would throw them after its own retries; the SDK retries
 * none of them. Orders are carried out once each, oldest first, those for the operation before
 * those for {@link #ANY}. Thread-safe.
 */
public final class Faults {
  /** Every operation. */
  public static final String ANY = "*";

  private final DynamoDbClient client;
  private final Map<String, Queue<Order>> orders = new HashMap<>();
  private final Map<String, Integer> calls = new HashMap<>();
  private final Map<String, Map<Integer, Runnable>> before = new HashMap<>();
  private final Map<String, Map<Integer, Runnable>> after = new HashMap<>();

  /** What happens to one call. */
  @FunctionalInterface
  private interface Order {
    DynamoDbResponse call(DynamoDbRequest request, ClientProxy.Operation real);
  }

  private Faults(DynamoDbClient wrapped) {
    this.client = ClientProxy.wrap(wrapped, this::call);
  }

  /** Faults for what goes to this client through {@link #client()}. */
  public static Faults of(DynamoDbClient client) {
    return new Faults(client);
  }

  /** The client to use in place of the wrapped one; closing it closes that. */
  public DynamoDbClient client() {
    return client;
  }

  /** Fails the next calls of an operation; they do not reach DynamoDB. */
  public Faults failNext(
      int count, String operation, Supplier<? extends RuntimeException> failure) {
    return order(
        count,
        operation,
        (request, real) -> {
          throw failure.get();
        });
  }

  /** Carries out the next calls of an operation and fails them nevertheless. */
  public Faults loseAnswers(
      int count, String operation, Supplier<? extends RuntimeException> failure) {
    return order(
        count,
        operation,
        (request, real) -> {
          real.call(request);
          throw failure.get();
        });
  }

  /**
   * Carries out only so many items of the next batches and hands the rest back as unprocessed.
   *
   * @param count how many calls
   * @param operation {@code BatchGetItem} or {@code BatchWriteItem}
   * @param items how many items of each batch are carried out; from 0 on
   * @throws IllegalArgumentException if the operation is another one or items is negative
   */
  public Faults partialBatches(int count, String operation, int items) {
    if (items < 0) {
      throw new IllegalArgumentException("items must not be negative, but is " + items);
    }
    return switch (operation) {
      case "BatchGetItem" ->
          order(
              count,
              operation,
              (request, real) -> PartialBatch.get((BatchGetItemRequest) request, real, items));
      case "BatchWriteItem" ->
          order(
              count,
              operation,
              (request, real) -> PartialBatch.write((BatchWriteItemRequest) request, real, items));
      default ->
          throw new IllegalArgumentException(
              "only BatchGetItem and BatchWriteItem can be done in part, not " + operation);
    };
  }

  /**
   * Runs this in the caller's thread before one call goes out.
   *
   * @param call which one, 1 being the next call of that operation from now on
   */
  public synchronized Faults beforeCall(int call, String operation, Runnable hook) {
    return hook(before, call, operation, hook);
  }

  /**
   * Runs this in the caller's thread after one call came back, also if it failed.
   *
   * @param call which one, 1 being the next call of that operation from now on
   */
  public synchronized Faults afterCall(int call, String operation, Runnable hook) {
    return hook(after, call, operation, hook);
  }

  /** How many calls of an operation (or of {@link #ANY}) there were, failed ones included. */
  public synchronized int calls(String operation) {
    return calls.getOrDefault(operation, 0);
  }

  /** Forgets all orders that are left, and counts from 0. */
  public synchronized void reset() {
    orders.clear();
    before.clear();
    after.clear();
    calls.clear();
  }

  /** What DynamoDB answers when a table's throughput is exceeded. */
  public static RuntimeException throttled() {
    return ProvisionedThroughputExceededException.builder()
        .message("The level of configured provisioned throughput for the table was exceeded.")
        .statusCode(400)
        .build();
  }

  /** What DynamoDB answers when it fails itself. */
  public static RuntimeException serverError() {
    return InternalServerErrorException.builder()
        .message("Internal server error")
        .statusCode(500)
        .build();
  }

  private synchronized Faults order(int count, String operation, Order order) {
    for (int i = 0; i < count; i++) {
      orders.computeIfAbsent(operation, name -> new ArrayDeque<>()).add(order);
    }
    return this;
  }

  private Faults hook(
      Map<String, Map<Integer, Runnable>> hooks, int call, String operation, Runnable hook) {
    if (call < 1) {
      throw new IllegalArgumentException("calls are counted from 1, but this is " + call);
    }
    hooks
        .computeIfAbsent(operation, name -> new HashMap<>())
        .merge(
            calls(operation) + call,
            hook,
            (first, second) ->
                () -> {
                  first.run();
                  second.run();
                });
    return this;
  }

  private DynamoDbResponse call(
      String operation, DynamoDbRequest request, ClientProxy.Operation real) {
    Runnable first;
    Runnable last;
    synchronized (this) {
      int ofThis = calls.merge(operation, 1, Integer::sum);
      int ofAny = calls.merge(ANY, 1, Integer::sum);
      first = both(take(before, operation, ofThis), take(before, ANY, ofAny));
      last = both(take(after, operation, ofThis), take(after, ANY, ofAny));
    }
    // Hooks may wait for other calls, so they run without the lock. What they order counts for
    // this call already.
    first.run();
    try {
      return nextOrder(operation).call(request, real);
    } finally {
      last.run();
    }
  }

  private synchronized Order nextOrder(String operation) {
    for (String name : new String[] {operation, ANY}) {
      Queue<Order> waiting = orders.get(name);
      if (waiting != null && !waiting.isEmpty()) {
        return waiting.remove();
      }
    }
    return (request, real) -> real.call(request);
  }

  private static Runnable take(
      Map<String, Map<Integer, Runnable>> hooks, String operation, int call) {
    Map<Integer, Runnable> ofOperation = hooks.getOrDefault(operation, Map.of());
    return Objects.requireNonNullElse(ofOperation.get(call), () -> {});
  }

  private static Runnable both(Runnable one, Runnable two) {
    return () -> {
      one.run();
      two.run();
    };
  }
}
