package dev.larder.dynamodb;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryHead;
import dev.larder.storage.Precondition;
import dev.larder.storage.StorageException;
import dev.larder.storage.StoredItem;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateGlobalSecondaryIndexAction;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexUpdate;
import software.amazon.awssdk.services.dynamodb.model.IndexStatus;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * Gives a table the index and puts a namespace's entries into it.
 *
 * <p>An entry that is not in the index is not listed by it, so nothing asks the index before all
 * are. The steps, in this order: the namespace's {@linkplain NamespaceState state} says that
 * entries are to be written into the index; some time passes, until every process knows; what was
 * written before is added; the state says that the index is complete. Whoever stops in between
 * leaves a namespace whose listings are scans; running it again goes on with what is missing.
 */
final class IndexBuilder {
  /**
   * Longer than a process writes with what it knew before: {@link NamespaceState#WRITE_INTERVAL},
   * and the time that a write and an eventually consistent read can take.
   */
  static final Duration SETTLING = NamespaceState.WRITE_INTERVAL.plusSeconds(30);

  private static final Duration POLL = Duration.ofSeconds(5);

  private final TableGateway gateway;
  private final ItemKeys keys;
  private final NamespaceState state;
  private final ItemReader reader;
  private final Clock clock;
  private final Backoff.Sleeper sleeper;

  IndexBuilder(
      TableGateway gateway,
      ItemKeys keys,
      NamespaceState state,
      ItemReader reader,
      Clock clock,
      Backoff.Sleeper sleeper) {
    this.gateway = gateway;
    this.keys = keys;
    this.state = state;
    this.reader = reader;
    this.clock = clock;
    this.sleeper = sleeper;
  }

  /** Returns how many entries were added. */
  long build() {
    try {
      createIfMissing(gateway.client());
      state.index(NamespaceState.Index.BUILDING);
      while (status(gateway.client()) != IndexStatus.ACTIVE) {
        sleeper.sleep(POLL);
      }
      sleeper.sleep(SETTLING);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException(
          "interrupted while table \"" + gateway.table() + "\" was given an index", e);
    }
    long added = addEntries();
    state.index(NamespaceState.Index.COMPLETE);
    return added;
  }

  /** What is to be done before listings can use the index; empty if they do. */
  List<String> problems() {
    state.refresh();
    return state.isIndexComplete()
        ? List.of()
        : List.of(
            "the index of table \""
                + gateway.table()
                + "\" does not have everything that is in this namespace, so every listing is a scan: call addIndex()");
  }

  private void createIfMissing(DynamoDbClient client) {
    try {
      TableDescription table = client.describeTable(r -> r.tableName(gateway.table())).table();
      Optional<GlobalSecondaryIndexDescription> present = PlaceIndex.of(table);
      if (present.isEmpty()) {
        create(client, table);
      } else if (!present.get().keySchema().equals(PlaceIndex.SCHEMA)) {
        throw new StorageException(
            "table \""
                + gateway.table()
                + "\" has an index \""
                + PlaceIndex.NAME
                + "\" with another key; delete it first");
      }
    } catch (ResourceInUseException e) {
      // Another process does the same. If it is something else, the index will be missing below.
    } catch (SdkException e) {
      throw Failures.translate(e, "UpdateTable", gateway.table(), gateway.setup());
    }
  }

  private void create(DynamoDbClient client, TableDescription table) {
    CreateGlobalSecondaryIndexAction.Builder action =
        CreateGlobalSecondaryIndexAction.builder()
            .indexName(PlaceIndex.NAME)
            .keySchema(PlaceIndex.SCHEMA)
            .projection(PlaceIndex.PROJECTION);
    if (table.billingModeSummary() == null
        || table.billingModeSummary().billingMode() == BillingMode.PROVISIONED) {
      // As much as the table's own: an index that cannot follow holds up the table's writes.
      action.provisionedThroughput(
          t ->
              t.readCapacityUnits(table.provisionedThroughput().readCapacityUnits())
                  .writeCapacityUnits(table.provisionedThroughput().writeCapacityUnits()));
    }
    client.updateTable(
        r ->
            r.tableName(gateway.table())
                .attributeDefinitions(PlaceIndex.attributes())
                .globalSecondaryIndexUpdates(
                    GlobalSecondaryIndexUpdate.builder().create(action.build()).build()));
  }

  private IndexStatus status(DynamoDbClient client) {
    try {
      return PlaceIndex.of(client.describeTable(r -> r.tableName(gateway.table())).table())
          .orElseThrow(
              () ->
                  new StorageException(
                      "the index of table \""
                          + gateway.table()
                          + "\" was not made, because the table is being changed otherwise; try again later"))
          .indexStatus();
    } catch (SdkException e) {
      throw Failures.translate(e, "DescribeTable", gateway.table(), gateway.setup());
    }
  }

  private long addEntries() {
    Expression expression = new Expression();
    String filter =
        Conditions.present(expression, clock.instant())
            + " AND ("
            + Conditions.isEntry(expression)
            + ") AND "
            + expression.missing(Attributes.PLACE)
            + " AND "
            + keys.filter(expression);
    long added = 0;
    long foreign = 0;
    long unreadable = 0;
    try (Stream<Map<String, AttributeValue>> items =
        gateway.scan(
            scan ->
                scan.filterExpression(filter)
                    .projectionExpression(TableGateway.projection(expression, Heads.ATTRIBUTES))
                    .expressionAttributeNames(expression.names())
                    .expressionAttributeValues(expression.values()))) {
      for (Map<String, AttributeValue> item :
          (Iterable<Map<String, AttributeValue>>) items::iterator) {
        Optional<EntryHead> head = head(item);
        if (!item.containsKey(Attributes.KIND)) {
          foreign++;
        } else if (head.isEmpty()) {
          unreadable++;
        } else if (add(TableGateway.keyOf(item), head.get())) {
          added++;
        }
      }
    }
    if (foreign > 0 || unreadable > 0) {
      throw new StorageException(
          "the index of table \""
              + gateway.table()
              + "\" stays unused, because "
              + foreign
              + " items of requests-cache and "
              + unreadable
              + " entries that cannot be decoded here cannot be put into it; "
              + added
              + " entries were. Give Larder a namespace or table of its own, remove what is invalid, and run addIndex() again");
    }
    return added;
  }

  private Optional<EntryHead> head(Map<String, AttributeValue> item) {
    String itemKey = TableGateway.keyOf(item);
    return reader
        .read(keys.toUser(itemKey).orElse(itemKey), item, Optional.of(Body.empty()))
        .filter(StoredItem.Entry.class::isInstance)
        .map(found -> ((StoredItem.Entry) found).entry())
        .filter(entry -> !entry.isInvalid())
        .map(CacheEntry::head);
  }

  /** One that was replaced or removed since is not added: it is in the index, or gone. */
  private boolean add(String itemKey, EntryHead head) {
    Expression expression = new Expression();
    String condition =
        Conditions.of(Precondition.version(head.version()), expression, clock.instant());
    Map<String, AttributeValue> wanted =
        Map.of(
            Attributes.SHARD, AttributeValue.fromS(keys.shard(itemKey)),
            Attributes.PLACE, AttributeValue.fromS(Places.of(head.url())));
    String update =
        new HeadUpdate(expression)
            .attributes("", List.of(Attributes.SHARD, Attributes.PLACE), wanted)
            .text();
    return gateway.update(itemKey, update, condition, expression).done();
  }
}
