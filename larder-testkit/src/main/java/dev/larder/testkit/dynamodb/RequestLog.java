package dev.larder.testkit.dynamodb;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;

/**
 * Records the calls that pass through a client: which operations, with what, at what cost.
 *
 * <pre>{@code
 * RequestLog log = RequestLog.of(client);
 * cache(log.client()).count();
 * assertThat(log.count("Scan")).isEqualTo(3);
 * }</pre>
 *
 * <p>The log changes no request: capacity is known of those calls only that asked for it with
 * {@code ReturnConsumedCapacity}. Calls are recorded when they end, failed ones too; retries that
 * the wrapped client makes by itself are part of one call. Thread-safe.
 */
public final class RequestLog {
  private static final Set<String> READS =
      Set.of("GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems");

  private final List<Call> calls = new ArrayList<>();
  private final DynamoDbClient client;

  /**
   * One call.
   *
   * @param operation its name as the API has it, such as {@code GetItem}
   * @param request what was asked
   * @param capacityUnits what it consumed over all tables and indexes; 0 if that is not known
   * @param failure what was thrown instead of an answer
   */
  public record Call(
      String operation,
      DynamoDbRequest request,
      double capacityUnits,
      Optional<RuntimeException> failure) {
    /** Whether the operation reads items; what it consumed are then read units. */
    public boolean isRead() {
      return READS.contains(operation);
    }
  }

  private RequestLog(DynamoDbClient wrapped) {
    this.client = ClientProxy.wrap(wrapped, this::record);
  }

  /** A log of what goes to this client through {@link #client()}. */
  public static RequestLog of(DynamoDbClient client) {
    return new RequestLog(client);
  }

  /** The client to use in place of the wrapped one; closing it closes that. */
  public DynamoDbClient client() {
    return client;
  }

  /** The calls since the last {@link #reset()}, in the order in which they ended. A copy. */
  public synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  /** The calls of one operation, such as {@code GetItem}. */
  public List<Call> calls(String operation) {
    return calls().stream().filter(call -> call.operation().equals(operation)).toList();
  }

  /** How many calls there were. */
  public int count() {
    return calls().size();
  }

  /** How many calls of one operation there were. */
  public int count(String operation) {
    return calls(operation).size();
  }

  /** Read capacity units consumed, as far as requests asked for them. */
  public double readUnits() {
    return calls().stream().filter(Call::isRead).mapToDouble(Call::capacityUnits).sum();
  }

  /** Write capacity units consumed, as far as requests asked for them. */
  public double writeUnits() {
    return calls().stream().filter(call -> !call.isRead()).mapToDouble(Call::capacityUnits).sum();
  }

  /** Forgets all calls. */
  public synchronized void reset() {
    calls.clear();
  }

  private DynamoDbResponse record(
      String operation, DynamoDbRequest request, ClientProxy.Operation real) {
    try {
      DynamoDbResponse response = real.call(request);
      add(new Call(operation, request, capacity(response), Optional.empty()));
      return response;
    } catch (RuntimeException e) {
      add(new Call(operation, request, 0, Optional.of(e)));
      throw e;
    }
  }

  private synchronized void add(Call call) {
    calls.add(call);
  }

  private static double capacity(DynamoDbResponse response) {
    Object consumed = response.getValueForField("ConsumedCapacity", Object.class).orElse(List.of());
    Collection<?> each = consumed instanceof Collection<?> many ? many : List.of(consumed);
    double units = 0;
    for (Object one : each) {
      if (one instanceof ConsumedCapacity capacity && capacity.capacityUnits() != null) {
        units += capacity.capacityUnits();
      }
    }
    return units;
  }

  @Override
  public String toString() {
    return calls().stream().map(Call::operation).toList().toString();
  }
}
