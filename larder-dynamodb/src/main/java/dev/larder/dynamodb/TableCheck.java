package dev.larder.dynamodb;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.IndexStatus;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Looks at a table and says what has to be changed for Larder to use it. Costs about ten requests,
 * most of one unit.
 */
final class TableCheck {
  private static final String NEEDED = "a partition key named \"key\" of type S and no sort key";

  private final String table;
  private final DynamoDbClient client;
  private final boolean ttl;
  private final boolean indexed;
  private final ItemKeys keys;
  private final boolean searches;
  private final List<String> problems = new ArrayList<>();

  /**
   * A check.
   *
   * @param ttl whether the table is to have a time to live
   * @param indexed whether it is to have the index
   * @param keys of the items to be there
   * @param searches whether the index is asked if the namespace has it
   */
  TableCheck(
      String table,
      DynamoDbClient client,
      boolean ttl,
      boolean indexed,
      ItemKeys keys,
      boolean searches) {
    this.table = table;
    this.client = client;
    this.ttl = ttl;
    this.indexed = indexed;
    this.keys = keys;
    this.searches = searches;
  }

  List<String> problems() {
    try {
      TableDescription description = client.describeTable(r -> r.tableName(table)).table();
      boolean usable = checkSchema(description);
      checkTtl();
      boolean searchable = indexed && checkIndex(description);
      if (usable) {
        checkRights();
        searchable |= isIndexedByOthers(description);
      }
      if (searchable) {
        checkRightToSearch();
      }
    } catch (ResourceNotFoundException e) {
      problems.add(
          "table \""
              + table
              + "\" does not exist here: create it, or correct table name, region or endpoint");
    } catch (DynamoDbException e) {
      problems.add(denied(e) ? right("DescribeTable") : "DescribeTable failed: " + e.getMessage());
    } catch (SdkException e) {
      problems.add("DynamoDB cannot be asked about table \"" + table + "\": " + e.getMessage());
    }
    return List.copyOf(problems);
  }

  private boolean checkSchema(TableDescription description) {
    List<KeySchemaElement> schema = description.keySchema();
    Map<String, String> types =
        description.attributeDefinitions().stream()
            .collect(
                Collectors.toMap(
                    AttributeDefinition::attributeName,
                    AttributeDefinition::attributeTypeAsString));
    boolean right =
        schema.size() == 1
            && schema.get(0).attributeName().equals(Attributes.KEY)
            && "S".equals(types.get(Attributes.KEY));
    if (!right) {
      String found =
          String.join(
              ", ",
              schema.stream()
                  .map(
                      e ->
                          e.attributeName()
                              + " ("
                              + e.keyTypeAsString()
                              + ", "
                              + types.get(e.attributeName())
                              + ")")
                  .toList());
      problems.add(
          "table \""
              + table
              + "\" has the key "
              + found
              + " but Larder needs "
              + NEEDED
              + ": choose another table name or create the table anew (DynamoDB cannot change a key schema)");
    }
    return right;
  }

  /** Whether the index can be asked. */
  private boolean checkIndex(TableDescription description) {
    Optional<GlobalSecondaryIndexDescription> index = PlaceIndex.of(description);
    String which = "table \"" + table + "\" has no usable index \"" + PlaceIndex.NAME + "\"";
    if (index.isEmpty()) {
      problems.add(
          which
              + ": call addIndex(), or leave out index(true); without it every listing is a scan");
    } else if (!index.get().keySchema().equals(PlaceIndex.SCHEMA)) {
      problems.add(
          which + ": there is one of that name with another key; delete it, then call addIndex()");
    } else if (index.get().indexStatus() != IndexStatus.ACTIVE) {
      problems.add(
          which
              + " yet: DynamoDB says it is "
              + index.get().indexStatusAsString()
              + "; every listing is a scan until addIndex() has been called to its end");
    } else {
      return true;
    }
    return false;
  }

  /** Whether listings ask the index although this cache has no such option. */
  private boolean isIndexedByOthers(TableDescription description) {
    if (indexed || !searches || PlaceIndex.of(description).isEmpty()) {
      return false;
    }
    try {
      return client
          .getItem(r -> r.tableName(table).key(state()))
          .item()
          .containsKey(Attributes.PLACES);
    } catch (DynamoDbException e) {
      // Reported already: another operation was tried on it.
      return false;
    }
  }

  private void checkRightToSearch() {
    tryRight(
        "Query",
        () ->
            client.query(
                r ->
                    r.tableName(table)
                        .indexName(PlaceIndex.NAME)
                        .keyConditionExpression("#shard = :shard")
                        .expressionAttributeNames(Map.of("#shard", Attributes.SHARD))
                        .expressionAttributeValues(
                            Map.of(":shard", AttributeValue.fromS(keys.shard(0))))
                        .limit(1)));
  }

  private void checkTtl() {
    if (!ttl) {
      return;
    }
    try {
      TimeToLiveDescription found =
          client.describeTimeToLive(r -> r.tableName(table)).timeToLiveDescription();
      switch (found.timeToLiveStatus()) {
        case ENABLED, ENABLING -> {
          if (!Attributes.TTL.equals(found.attributeName())) {
            problems.add(
                "table \""
                    + table
                    + "\" has time to live on attribute \""
                    + found.attributeName()
                    + "\" but Larder writes \"ttl\": turn it off there and on for \"ttl\" (at most one change an hour), or set ttl(false)");
          }
        }
        default ->
            problems.add(
                "table \""
                    + table
                    + "\" has time to live turned off: turn it on for attribute \"ttl\", or set ttl(false);"
                    + " without it expired items stay and are billed");
      }
    } catch (DynamoDbException e) {
      problems.add(
          denied(e) ? right("DescribeTimeToLive") : "DescribeTimeToLive failed: " + e.getMessage());
    }
  }

  /**
   * Tries every data operation on a key that no user's can be and no listing shows. It begins as
   * the keys of the namespace's entries do, because rights may be for these only; some are tried on
   * the keys of Larder's own as well.
   */
  private void checkRights() {
    Map<String, AttributeValue> key = TableGateway.keyOf(keys.place(ItemKeys.CONTROL + "verify"));
    Map<String, AttributeValue> item =
        Map.of(
            Attributes.KEY, key.get(Attributes.KEY),
            Attributes.KIND, AttributeValue.fromS(Attributes.KIND_CONTROL));
    tryRight("GetItem", () -> client.getItem(r -> r.tableName(table).key(key)));
    tryRight(
        "BatchGetItem",
        () -> client.batchGetItem(r -> r.requestItems(Map.of(table, wanted(key, state())))));
    tryRight("Scan", () -> client.scan(r -> r.tableName(table).limit(1)));
    tryRight("PutItem", () -> client.putItem(r -> r.tableName(table).item(item)));
    tryRight(
        "UpdateItem",
        () ->
            client.updateItem(
                r ->
                    r.tableName(table)
                        .key(key)
                        .updateExpression("SET #k = :k")
                        .expressionAttributeNames(Map.of("#k", Attributes.KIND))
                        .expressionAttributeValues(
                            Map.of(":k", AttributeValue.fromS(Attributes.KIND_CONTROL)))));
    tryRight(
        "BatchWriteItem",
        () ->
            client.batchWriteItem(
                r ->
                    r.requestItems(
                        Map.of(
                            table,
                            List.of(
                                deletion(key),
                                deletion(TableGateway.keyOf(keys.control("verify"))))))));
    tryRight("DeleteItem", () -> client.deleteItem(r -> r.tableName(table).key(key)));
  }

  private Map<String, AttributeValue> state() {
    return TableGateway.keyOf(NamespaceState.keyOf(keys));
  }

  private static KeysAndAttributes wanted(
      Map<String, AttributeValue> key, Map<String, AttributeValue> other) {
    return KeysAndAttributes.builder().keys(List.of(key, other)).build();
  }

  private static WriteRequest deletion(Map<String, AttributeValue> key) {
    return WriteRequest.builder().deleteRequest(DeleteRequest.builder().key(key).build()).build();
  }

  private void tryRight(String operation, Runnable request) {
    try {
      request.run();
    } catch (DynamoDbException e) {
      problems.add(denied(e) ? right(operation) : operation + " failed: " + e.getMessage());
    }
  }

  private String right(String operation) {
    return "no permission for dynamodb:"
        + operation
        + " on table \""
        + table
        + "\": allow it in the IAM policy of these credentials";
  }

  private static boolean denied(DynamoDbException e) {
    return e.awsErrorDetails() != null
        && "AccessDeniedException".equals(e.awsErrorDetails().errorCode());
  }
}
