package dev.larder.dynamodb;

import dev.larder.http.Body;
import dev.larder.storage.StoredItem;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Removes what is of no use to anybody from a namespace: items past their time to live, entries
 * that were purged, and parts without an entry. What cannot be decoded here may be of use to others
 * and stays.
 */
final class GarbageCollector {
  private final TableGateway gateway;
  private final ItemKeys keys;
  private final NamespaceState state;
  private final ItemReader reader;
  private final Clock clock;
  private final PartsCollector parts;

  GarbageCollector(
      TableGateway gateway,
      ItemKeys keys,
      NamespaceState state,
      ItemReader reader,
      Clock clock,
      PartsCollector parts) {
    this.gateway = gateway;
    this.keys = keys;
    this.state = state;
    this.reader = reader;
    this.clock = clock;
    this.parts = parts;
  }

  /** Finds it, and unless that is all, removes it. */
  Garbage collect(boolean dryRun) {
    state.refresh();
    Instant now = clock.instant();
    long over = 0;
    long purged = 0;
    try (Stream<Map<String, AttributeValue>> items = items()) {
      for (Map<String, AttributeValue> item :
          (Iterable<Map<String, AttributeValue>>) items::iterator) {
        if (isOver(item, now)) {
          over += dryRun || remove(item, Attributes.TTL) ? 1 : 0;
        } else if (isPurged(item)) {
          purged += dryRun || remove(item, Attributes.VERSION) ? 1 : 0;
        }
      }
    }
    return new Garbage(
        over,
        purged,
        parts.collect(dryRun, item -> Attributes.isOver(item, now) || state.isVoid(item)));
  }

  /**
   * Removes an item if it still has this attribute as it was read. Scenario: the scan takes an
   * hour, and meanwhile what was over is renewed, or a new response or trace of a deletion takes
   * its place.
   */
  private boolean remove(Map<String, AttributeValue> item, String attribute) {
    AttributeValue read = item.get(attribute);
    if (read == null) {
      return false;
    }
    Expression expression = new Expression();
    String unchanged = expression.name(attribute) + " = " + expression.value(read);
    return gateway.delete(TableGateway.keyOf(item), unchanged, expression, false).done();
  }

  /** Another program may mean something else by a number in {@code ttl}. */
  private boolean isOver(Map<String, AttributeValue> item, Instant now) {
    return Attributes.isOver(item, now)
        && (item.containsKey(Attributes.KIND) || isEntry(item, found -> true));
  }

  private boolean isPurged(Map<String, AttributeValue> item) {
    return item.containsKey(Attributes.VERSION)
        && (state.isVoid(item) || (state.isAny() && isEntry(item, state::isVoid)));
  }

  private boolean isEntry(Map<String, AttributeValue> item, Predicate<StoredItem> which) {
    return keys.toUser(TableGateway.keyOf(item))
        .flatMap(key -> reader.read(key, item, Optional.of(Body.empty())))
        .filter(StoredItem.Entry.class::isInstance)
        .filter(found -> !((StoredItem.Entry) found).entry().isInvalid())
        .filter(which)
        .isPresent();
  }

  private Stream<Map<String, AttributeValue>> items() {
    Expression expression = new Expression();
    String filter = "(" + Conditions.isNoMap(expression) + ") AND " + keys.filter(expression);
    return gateway.scan(
        scan ->
            scan.filterExpression(filter)
                .projectionExpression(TableGateway.projection(expression, Heads.ATTRIBUTES))
                .expressionAttributeNames(expression.names())
                .expressionAttributeValues(expression.values()));
  }
}
