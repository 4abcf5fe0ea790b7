package dev.larder.dynamodb;

import dev.larder.http.EntryFilter;
import dev.larder.storage.ScanRequest;
import dev.larder.storage.StorageException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * The keys of entries by their {@linkplain Places place}. The index knows nothing that a 304
 * changes, so that renewing an entry writes nothing into it; whether an entry is alive, and
 * everything else of it, is read from the table. Thread-safe.
 */
final class PlaceIndex {
  static final String NAME = "larder-places";

  /** What is in the index besides the keys: what does not change as long as the body does not. */
  static final Projection PROJECTION =
      Projection.builder()
          .projectionType(ProjectionType.INCLUDE)
          .nonKeyAttributes(Attributes.METHOD, Attributes.STATUS)
          .build();

  static final List<KeySchemaElement> SCHEMA =
      List.of(element(Attributes.SHARD, KeyType.HASH), element(Attributes.PLACE, KeyType.RANGE));

  private static final Logger LOG = LoggerFactory.getLogger(PlaceIndex.class);

  private final TableGateway gateway;
  private final ItemKeys keys;

  PlaceIndex(TableGateway gateway, ItemKeys keys) {
    this.gateway = gateway;
    this.keys = keys;
  }

  private static KeySchemaElement element(String attribute, KeyType type) {
    return KeySchemaElement.builder().attributeName(attribute).keyType(type).build();
  }

  /** The attributes of the table's key and the index's. */
  static List<AttributeDefinition> attributes() {
    return Stream.of(Attributes.KEY, Attributes.SHARD, Attributes.PLACE)
        .map(
            name ->
                AttributeDefinition.builder()
                    .attributeName(name)
                    .attributeType(ScalarAttributeType.S)
                    .build())
        .toList();
  }

  /** The keys in the index of an entry with this URL. */
  static Map<String, AttributeValue> placed(ItemKeys keys, String itemKey, String url) {
    return Map.of(
        Attributes.SHARD, AttributeValue.fromS(keys.shard(itemKey)),
        Attributes.PLACE, AttributeValue.fromS(Places.of(url)));
  }

  /**
   * The keys of an entry that has no room for its place. All of these stand together, and every
   * listing asks for them as well.
   */
  static Map<String, AttributeValue> apart(ItemKeys keys) {
    return Map.of(
        Attributes.SHARD, AttributeValue.fromS(keys.shard(Places.SHARDS)),
        Attributes.PLACE, AttributeValue.fromS(Places.APART));
  }

  /** The index of a table, if it has one of this name. */
  static Optional<GlobalSecondaryIndexDescription> of(TableDescription table) {
    return table.globalSecondaryIndexes().stream()
        .filter(index -> index.indexName().equals(NAME))
        .findAny();
  }

  /**
   * The item keys of all entries that a listing may be about, and of others, in batches that a
   * table is asked for together; empty if the index cannot tell.
   */
  Optional<Stream<List<String>>> keys(ScanRequest request) {
    return Places.prefixes(request.filter()).flatMap(prefixes -> keys(request, prefixes));
  }

  private Optional<Stream<List<String>>> keys(ScanRequest request, List<String> prefixes) {
    Stream<Range> placed =
        IntStream.range(0, Places.SHARDS)
            .boxed()
            .flatMap(shard -> prefixes.stream().map(prefix -> new Range(shard, prefix)));
    List<Range> ranges =
        Stream.concat(placed, Stream.of(new Range(Places.SHARDS, Places.APART))).toList();
    try {
      Batches batches = new Batches(ranges.iterator(), request.filter());
      return Optional.of(
          StreamSupport.stream(
              Spliterators.spliteratorUnknownSize(
                  batches, Spliterator.ORDERED | Spliterator.NONNULL),
              false));
    } catch (StorageException e) {
      if (!isMissing(e)) {
        throw e;
      }
      LOG.warn(
          "table \"{}\" has no index \"{}\" any more, so listings by host or URL read the whole table; run addIndex()",
          gateway.table(),
          NAME);
      return Optional.empty();
    }
  }

  private record Range(int shard, String prefix) {}

  /** There is none of this name, or it is being deleted or filled. */
  private static boolean isMissing(StorageException e) {
    return e.getCause() instanceof ResourceNotFoundException
        || (e.getCause() instanceof DynamoDbException refused
            && refused.awsErrorDetails() != null
            && "ValidationException".equals(refused.awsErrorDetails().errorCode())
            && String.valueOf(refused.awsErrorDetails().errorMessage()).contains("index"));
  }

  private Pages<QueryResponse> query(Range range, EntryFilter filter) {
    Expression expression = new Expression();
    String condition =
        expression.equal(Attributes.SHARD, keys.shard(range.shard()))
            + " AND begins_with("
            + expression.name(Attributes.PLACE)
            + ", "
            + expression.value(range.prefix())
            + ")";
    List<String> more = new ArrayList<>();
    addMethodAndStatus(filter, expression, more);
    return gateway.query(
        NAME,
        query -> {
          query
              .keyConditionExpression(condition)
              .projectionExpression(expression.name(Attributes.KEY));
          if (!more.isEmpty()) {
            query.filterExpression(String.join(" AND ", more));
          }
          return query
              .expressionAttributeNames(expression.names())
              .expressionAttributeValues(expression.values());
        });
  }

  /** Entries of a serializer have neither attribute. */
  private static void addMethodAndStatus(
      EntryFilter filter, Expression expression, List<String> conditions) {
    if (filter instanceof EntryFilter.And and) {
      addMethodAndStatus(and.left(), expression, conditions);
      addMethodAndStatus(and.right(), expression, conditions);
    } else if (filter instanceof EntryFilter.Method method && conditions.size() < 10) {
      conditions.add(
          orMissing(Attributes.METHOD, AttributeValue.fromS(method.method()), expression));
    } else if (filter instanceof EntryFilter.Status status && conditions.size() < 10) {
      conditions.add(orMissing(Attributes.STATUS, Attributes.number(status.code()), expression));
    }
  }

  private static String orMissing(String attribute, AttributeValue value, Expression expression) {
    return "("
        + expression.missing(attribute)
        + " OR "
        + expression.name(attribute)
        + " = "
        + expression.value(value)
        + ")";
  }

  /** What the ranges hold, one after the other, no more than a page of it in memory. */
  private final class Batches implements Iterator<List<String>> {
    private final Iterator<Range> ranges;
    private final EntryFilter filter;
    private Iterator<QueryResponse> pages;
    private Iterator<Map<String, AttributeValue>> items = Collections.emptyIterator();

    /** Reads the first page of the first range. */
    Batches(Iterator<Range> ranges, EntryFilter filter) {
      this.ranges = ranges;
      this.filter = filter;
      this.pages = query(ranges.next(), filter);
    }

    @Override
    public boolean hasNext() {
      while (!items.hasNext()) {
        if (pages.hasNext()) {
          items = pages.next().items().iterator();
        } else if (ranges.hasNext()) {
          pages = query(ranges.next(), filter);
        } else {
          return false;
        }
      }
      return true;
    }

    @Override
    public List<String> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      List<String> batch = new ArrayList<>(TableGateway.READ_BATCH);
      while (batch.size() < TableGateway.READ_BATCH && hasNext()) {
        batch.add(TableGateway.keyOf(items.next()));
      }
      return batch;
    }
  }
}
