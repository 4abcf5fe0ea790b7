package dev.larder.dynamodb;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryHead;
import dev.larder.storage.EntryTooLargeException;
import dev.larder.storage.Precondition;
import dev.larder.storage.StorageException;
import dev.larder.storage.StoredItem;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateGlobalSecondaryIndexAction;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
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

  /** DescribeTable may tell of a table as it was a while ago. */
  private static final int POLLS_WITHOUT_INDEX = 12;

  /** So many keys of entries that are too large a message gives. */
  private static final int NAMED = 10;

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
      awaitActive(gateway.client());
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
      TableDescription table = describe(client);
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
      if (String.valueOf(e.getMessage()).contains("already exists")) {
        // It was made a moment ago, and the table was described as it was before.
        return;
      }
      throw Failures.translate(e, "UpdateTable", gateway.table(), gateway.setup());
    }
  }

  private TableDescription describe(DynamoDbClient client) {
    return client
        .describeTable(DescribeTableRequest.builder().tableName(gateway.table()).build())
        .table();
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

  private void awaitActive(DynamoDbClient client) throws InterruptedException {
    int without = 0;
    for (Optional<IndexStatus> status = status(client);
        !status.equals(Optional.of(IndexStatus.ACTIVE));
        status = status(client)) {
      without = status.isEmpty() ? without + 1 : 0;
      if (without > POLLS_WITHOUT_INDEX) {
        throw new StorageException(
            "the index of table \""
                + gateway.table()
                + "\" was not made, because the table is being changed otherwise; try again later");
      }
      sleeper.sleep(POLL);
    }
  }

  private Optional<IndexStatus> status(DynamoDbClient client) {
    try {
      return PlaceIndex.of(describe(client)).map(GlobalSecondaryIndexDescription::indexStatus);
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
    List<String> full = new ArrayList<>();
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
        } else {
          try {
            added += add(TableGateway.keyOf(item), head.get()) ? 1 : 0;
          } catch (EntryTooLargeException e) {
            full.add(head.get().key());
          }
        }
      }
    }
    if (foreign > 0 || unreadable > 0 || !full.isEmpty()) {
      throw new StorageException(
          "the index of table \""
              + gateway.table()
              + "\" stays unused, because "
              + foreign
              + " items of requests-cache, "
              + unreadable
              + " entries that cannot be decoded here and "
              + full.size()
              + " that leave no room for it in 400 KB "
              + full.subList(0, Math.min(full.size(), NAMED))
              + " cannot be put into it; "
              + added
              + " entries were. Give Larder a namespace or table of its own, delete what is invalid or too large, and run addIndex() again");
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

  private boolean add(String itemKey, EntryHead head) {
    try {
      return add(itemKey, head, PlaceIndex.placed(keys, itemKey, head.url()));
    } catch (EntryTooLargeException e) {
      return add(itemKey, head, PlaceIndex.apart(keys));
    }
  }

  /** One that was replaced or removed since is not added: it is in the index, or gone. */
  private boolean add(String itemKey, EntryHead head, Map<String, AttributeValue> wanted) {
    Expression expression = new Expression();
    String condition =
        Conditions.of(Precondition.version(head.version()), expression, clock.instant());
    String update =
        new HeadUpdate(expression)
            .attributes("", List.of(Attributes.SHARD, Attributes.PLACE), wanted)
            .text();
    return gateway.update(itemKey, update, condition, expression).done();
  }
}
