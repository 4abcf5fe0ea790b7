package dev.larder.dynamodb;

import dev.larder.storage.OperationStats;
import dev.larder.storage.StorageException;
import dev.larder.storage.StorageNotReadyException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;

/**
 * The requests of a map: items in, items out, an absent item being an empty map. Waits for a table
 * that is being created. Thread-safe.
 *
 * <p>The SDK repeats a request whose answer is lost, although it may have taken place. Hazards,
 * each with a test:
 *
 * <ol>
 *   <li>We write upon version a; it becomes b; the answer is lost. The repeated write finds b where
 *       it wanted a and fails. It would look as if somebody else had come first, and a counter
 *       would count twice. So each write has a random version, and finding our own means that we
 *       have written.
 *   <li>The same, but somebody else writes c upon b before we repeat. We find c. So an item carries
 *       the versions it had before ({@link MapItems#PAST}), as long as each was written upon the
 *       last, and we find b among them, or a without b. After more than 32 we find neither, and say
 *       so. A {@code put} forgets them; then we are simply earlier than it.
 *   <li>We remove a; the answer is lost. The repeated removal finds nothing, and whether it was we
 *       who removed it, nothing can tell. {@code remove(key, value)} and {@code pollEntry} take it
 *       for somebody else's, so that two never get the same; {@code compute} takes it for ours, so
 *       that its function is not applied to its own result.
 *   <li>{@code put} writes b over a in one request; the answer is lost. The repeated write replaces
 *       b by b and returns b as what was there before. It is not: what was, is lost, and {@code
 *       put} returns null.
 *   <li>An item of another kind comes under our key, from a cache on the same table. Every single
 *       write is conditional on that not being so. Batches cannot be: they look before they write.
 * </ol>
 */
final class MapTable {
  private static final List<String> KIND_ONLY = List.of(Attributes.KEY, Attributes.KIND);

  private final TableGateway gateway;
  private final MapKeys keys;
  private final boolean strong;
  private final Backoff.Sleeper sleeper;
  private volatile boolean closed;

  MapTable(TableGateway gateway, MapKeys keys, boolean strong, Backoff.Sleeper sleeper) {
    this.gateway = gateway;
    this.keys = keys;
    this.strong = strong;
    this.sleeper = sleeper;
  }

  String name() {
    return gateway.table();
  }

  Map<String, OperationStats> stats() {
    return gateway.stats();
  }

  /** Sends a request; if the table is missing, waits until it is there and sends it once more. */
  <R> R ready(Supplier<R> request) {
    if (closed) {
      throw new StorageException(
          "the map on table \"" + name() + "\" is closed; build another one");
    }
    try {
      return request.get();
    } catch (StorageNotReadyException e) {
      gateway.prepare();
      return request.get();
    }
  }

  void prepare() {
    ready(
        () -> {
          gateway.prepare();
          return true;
        });
  }

  List<String> verify() {
    return ready(() -> gateway.verify(new ItemKeys(""), false));
  }

  void close() {
    closed = true;
    gateway.close();
  }

  /** The item as this map reads by default. */
  Map<String, AttributeValue> load(String itemKey) {
    return load(itemKey, strong, List.of());
  }

  /** The item as it is now. */
  Map<String, AttributeValue> loadStrongly(String itemKey) {
    return load(itemKey, true, List.of());
  }

  /** The kind of the item, without its value. */
  Map<String, AttributeValue> loadKind(String itemKey) {
    return load(itemKey, strong, KIND_ONLY);
  }

  private Map<String, AttributeValue> load(
      String itemKey, boolean consistent, Collection<String> projected) {
    return ready(() -> gateway.get(itemKey, consistent, projected)).orElse(Map.of());
  }

  /** The items under these keys as this map reads by default; absent ones are left out. */
  Map<String, Map<String, AttributeValue>> loadAll(Collection<String> itemKeys) {
    return ready(() -> gateway.getAll(itemKeys, strong, List.of()));
  }

  /** The kinds of the items under these keys as they are now; absent ones are left out. */
  Map<String, Map<String, AttributeValue>> loadKinds(Collection<String> itemKeys) {
    return ready(() -> gateway.getAll(itemKeys, true, KIND_ONLY));
  }

  /** Writes an item unless one of another kind is there; returns what it replaced. */
  TableGateway.Outcome replaceAny(Map<String, AttributeValue> item) {
    Expression expression = new Expression();
    String condition = MapItems.absentOrPresent(expression);
    return ready(() -> gateway.put(item, condition, expression, true));
  }

  /** Removes the item of a map; returns it. */
  TableGateway.Outcome removeAny(String itemKey) {
    Expression expression = new Expression();
    String condition = MapItems.present(expression);
    return ready(() -> gateway.delete(itemKey, condition, expression, true));
  }

  /** What has become of an attempt to write. */
  record Attempt(boolean done, boolean repeated, Map<String, AttributeValue> now) {
    private static final Attempt DONE = new Attempt(true, false, Map.of());
  }

  /**
   * Writes an item upon having seen another, or none.
   *
   * @return done, also if an answer was lost; otherwise with what is there now
   * @throws StorageException if an answer may have been lost and nothing tells what became of it
   */
  Attempt write(Map<String, AttributeValue> item, Map<String, AttributeValue> seen) {
    Expression expression = new Expression();
    String condition =
        seen.isEmpty() ? MapItems.absent(expression) : MapItems.unchanged(seen, expression);
    TableGateway.Outcome outcome = ready(() -> gateway.put(item, condition, expression));
    if (outcome.done()) {
      return Attempt.DONE;
    }
    Map<String, AttributeValue> now = inTheWay(TableGateway.keyOf(item), outcome);
    MapItems.Fate fate = MapItems.fate(item, seen, now);
    if (fate == MapItems.Fate.UNKNOWN && outcome.repeated()) {
      throw new StorageException(
          "the write to key "
              + MapKeys.shown(keys.toUser(TableGateway.keyOf(item)).orElseThrow())
              + " of the map in table \""
              + name()
              + "\" had to be repeated, and others have written so often meanwhile that nothing tells whether it"
              + " took place the first time; read the value before you run the operation again");
    }
    return fate == MapItems.Fate.DONE ? Attempt.DONE : new Attempt(false, outcome.repeated(), now);
  }

  /** Removes an item upon having seen it. */
  Attempt remove(Map<String, AttributeValue> seen) {
    Expression expression = new Expression();
    String condition = MapItems.unchanged(seen, expression);
    String itemKey = TableGateway.keyOf(seen);
    TableGateway.Outcome outcome =
        ready(() -> gateway.delete(itemKey, condition, expression, false));
    return outcome.done()
        ? Attempt.DONE
        : new Attempt(false, outcome.repeated(), inTheWay(itemKey, outcome));
  }

  MapRounds rounds(String key) {
    return new MapRounds(name(), key, sleeper);
  }

  void writeAll(Collection<Map<String, AttributeValue>> items) {
    ready(
        () -> {
          gateway.putAll(items);
          return true;
        });
  }

  /** Removes items that were seen to be of this map, as many at once as DynamoDB takes. */
  void removeAll(Iterator<String> itemKeys) {
    List<String> batch = new ArrayList<>(TableGateway.WRITE_BATCH);
    while (itemKeys.hasNext()) {
      batch.add(itemKeys.next());
      if (batch.size() == TableGateway.WRITE_BATCH || !itemKeys.hasNext()) {
        List<String> full = List.copyOf(batch);
        ready(
            () -> {
              gateway.deleteAll(full);
              return true;
            });
        batch.clear();
      }
    }
  }

  long count() {
    return ready(() -> gateway.count(request -> mine(request, false)));
  }

  /** Lists this map's items, page by page; without their values if only the keys are wanted. */
  Iterator<Map<String, AttributeValue>> list(boolean keysOnly) {
    return new MapListing(this, () -> gateway.scan(request -> mine(request, keysOnly)));
  }

  /** The keys of this map's items, for one who will need only a few of them. */
  Iterator<String> keysOneByOne() {
    return new MapSampling(this, keys);
  }

  /** Up to {@code limit} items after one, without their values, of this map or not. */
  List<Map<String, AttributeValue>> some(int limit, Map<String, AttributeValue> after) {
    Expression expression = new Expression();
    String projection = TableGateway.projection(expression, KIND_ONLY);
    return ready(
        () ->
            gateway
                .scan(
                    request ->
                        request
                            .consistentRead(strong)
                            .limit(limit)
                            .exclusiveStartKey(after.isEmpty() ? null : after)
                            .projectionExpression(projection)
                            .expressionAttributeNames(expression.names()))
                .limit(limit)
                .toList());
  }

  private ScanRequest.Builder mine(ScanRequest.Builder request, boolean keysOnly) {
    Expression expression = new Expression();
    request.consistentRead(strong).filterExpression(keys.filter(expression));
    if (keysOnly) {
      request.projectionExpression(expression.name(Attributes.KEY));
    }
    return request
        .expressionAttributeNames(expression.names())
        .expressionAttributeValues(expression.values());
  }

  /** What made a condition fail; back ends that do not say are asked. */
  private Map<String, AttributeValue> inTheWay(String itemKey, TableGateway.Outcome outcome) {
    return outcome.holder().isEmpty() ? loadStrongly(itemKey) : outcome.holder();
  }
}
