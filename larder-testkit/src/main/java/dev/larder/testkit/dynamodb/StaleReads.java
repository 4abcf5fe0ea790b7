package dev.larder.testkit.dynamodb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Shows eventually consistent reads at their worst, always: of an item that was written through
 * {@link #client()}, they see the state before the first such write, until {@link #catchUp()}.
 * Strongly consistent and transactional reads see the truth. DynamoDB may answer so for a moment;
 * DynamoDB Local practically never does.
 *
 * <p>What the reads are to see is kept in a table of its own beside the real one, which is there
 * while anything lags behind and goes with {@link #catchUp()}; filters, projections, pages and
 * indexes are therefore DynamoDB's own. Its name appears in {@code ListTables}. Each first write of
 * a key costs a read, and each beginning of an eventually consistent query or scan a copy of the
 * table: this is for small tables.
 *
 * <p>Writes known are those of {@code PutItem}, {@code UpdateItem}, {@code DeleteItem}, {@code
 * BatchWriteItem} and {@code TransactWriteItems}; writes by PartiQL, and those past this client,
 * are seen at once. Thread-safe.
 */
public final class StaleReads {
  private final DynamoDbClient real;
  private final DynamoDbClient client;
  private final Map<String, PastTable> tables = new HashMap<>();

  private StaleReads(DynamoDbClient real) {
    this.real = real;
    this.client = ClientProxy.wrap(real, this::call);
  }

  /** Stale reads for what goes to this client through {@link #client()}. */
  public static StaleReads of(DynamoDbClient client) {
    return new StaleReads(client);
  }

  /** The client to use in place of the wrapped one; closing it closes that. */
  public DynamoDbClient client() {
    return client;
  }

  /** From now on every read sees what has been written until now. */
  public synchronized void catchUp() {
    tables.values().forEach(PastTable::drop);
    tables.clear();
  }

  /** How many items eventually consistent reads see in a state that is past. */
  public synchronized int lagging() {
    return tables.values().stream().mapToInt(PastTable::size).sum();
  }

  private DynamoDbResponse call(
      String operation, DynamoDbRequest request, ClientProxy.Operation operationOnReal) {
    if (request instanceof PutItemRequest put) {
      remember(put.tableName(), put.item());
    } else if (request instanceof UpdateItemRequest update) {
      remember(update.tableName(), update.key());
    } else if (request instanceof DeleteItemRequest delete) {
      remember(delete.tableName(), delete.key());
    } else if (request instanceof BatchWriteItemRequest batch) {
      batch.requestItems().forEach((table, writes) -> writes.forEach(w -> remember(table, w)));
    } else if (request instanceof TransactWriteItemsRequest transaction) {
      transaction.transactItems().forEach(this::remember);
    } else if (request instanceof DeleteTableRequest delete) {
      forget(delete.tableName());
    } else {
      return read(request, operationOnReal);
    }
    return operationOnReal.call(request);
  }

  private void remember(String table, WriteRequest write) {
    if (write.putRequest() != null) {
      remember(table, write.putRequest().item());
    } else {
      remember(table, write.deleteRequest().key());
    }
  }

  private void remember(TransactWriteItem item) {
    if (item.put() != null) {
      remember(item.put().tableName(), item.put().item());
    } else if (item.update() != null) {
      remember(item.update().tableName(), item.update().key());
    } else if (item.delete() != null) {
      remember(item.delete().tableName(), item.delete().key());
    }
  }

  /** Keeps the state of an item that is about to be written, unless an earlier one is kept. */
  private synchronized void remember(String tableName, Map<String, AttributeValue> keyOrItem) {
    tables.computeIfAbsent(tableName, name -> new PastTable(real, name)).remember(keyOrItem);
  }

  private synchronized void forget(String tableName) {
    PastTable past = tables.remove(tableName);
    if (past != null) {
      past.drop();
    }
  }

  private synchronized DynamoDbResponse read(
      DynamoDbRequest request, ClientProxy.Operation operationOnReal) {
    DynamoDbRequest redirected = request;
    if (request instanceof GetItemRequest get && !isStrong(get.consistentRead())) {
      PastTable past = tables.get(get.tableName());
      if (past != null && past.holds(get.key())) {
        redirected = get.toBuilder().tableName(past.name()).build();
      }
    } else if (request instanceof QueryRequest query && !isStrong(query.consistentRead())) {
      PastTable past = tables.get(query.tableName());
      if (past != null) {
        past.completeUnless(query.hasExclusiveStartKey());
        redirected = query.toBuilder().tableName(past.name()).build();
      }
    } else if (request instanceof ScanRequest scan && !isStrong(scan.consistentRead())) {
      PastTable past = tables.get(scan.tableName());
      if (past != null) {
        past.completeUnless(scan.hasExclusiveStartKey());
        redirected = scan.toBuilder().tableName(past.name()).build();
      }
    } else if (request instanceof BatchGetItemRequest batch) {
      return read(batch, operationOnReal);
    }
    return operationOnReal.call(redirected);
  }

  private BatchGetItemResponse read(
      BatchGetItemRequest request, ClientProxy.Operation operationOnReal) {
    Map<String, KeysAndAttributes> split = new HashMap<>();
    Map<String, String> realNames = new HashMap<>();
    request
        .requestItems()
        .forEach(
            (table, wanted) -> {
              PastTable past = tables.get(table);
              List<Map<String, AttributeValue>> now = new ArrayList<>();
              List<Map<String, AttributeValue>> then = new ArrayList<>();
              for (Map<String, AttributeValue> key : wanted.keys()) {
                boolean stale =
                    past != null && !isStrong(wanted.consistentRead()) && past.holds(key);
                (stale ? then : now).add(key);
              }
              if (!now.isEmpty()) {
                split.put(table, wanted.toBuilder().keys(now).build());
              }
              if (past != null && !then.isEmpty()) {
                split.put(past.name(), wanted.toBuilder().keys(then).build());
                realNames.put(past.name(), table);
              }
            });
    if (realNames.isEmpty()) {
      return (BatchGetItemResponse) operationOnReal.call(request);
    }
    BatchGetItemResponse response =
        (BatchGetItemResponse)
            operationOnReal.call(request.toBuilder().requestItems(split).build());
    Map<String, List<Map<String, AttributeValue>>> items = new HashMap<>();
    response
        .responses()
        .forEach(
            (table, found) ->
                items
                    .computeIfAbsent(realNames.getOrDefault(table, table), t -> new ArrayList<>())
                    .addAll(found));
    Map<String, KeysAndAttributes> unprocessed = new HashMap<>();
    response
        .unprocessedKeys()
        .forEach(
            (table, rest) ->
                unprocessed.merge(
                    realNames.getOrDefault(table, table), rest, StaleReads::together));
    return response.toBuilder().responses(items).unprocessedKeys(unprocessed).build();
  }

  private static KeysAndAttributes together(KeysAndAttributes one, KeysAndAttributes two) {
    List<Map<String, AttributeValue>> keys = new ArrayList<>(one.keys());
    keys.addAll(two.keys());
    return one.toBuilder().keys(keys).build();
  }

  private static boolean isStrong(Boolean consistentRead) {
    return Boolean.TRUE.equals(consistentRead);
  }
}
