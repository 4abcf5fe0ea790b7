package dev.larder.dynamodb;

import dev.larder.http.Body;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    List<String> batch = new ArrayList<>(TableGateway.WRITE_BATCH);
    try (Stream<Map<String, AttributeValue>> items = items()) {
      for (Map<String, AttributeValue> item :
          (Iterable<Map<String, AttributeValue>>) items::iterator) {
        boolean isOver = Attributes.isOver(item, now);
        if (!isOver && !isPurged(item)) {
          continue;
        }
        over += isOver ? 1 : 0;
        purged += isOver ? 0 : 1;
        if (!dryRun) {
          batch.add(TableGateway.keyOf(item));
        }
        if (batch.size() == TableGateway.WRITE_BATCH) {
          gateway.deleteAll(batch);
          batch.clear();
        }
      }
    }
    gateway.deleteAll(batch);
    return new Garbage(
        over,
        purged,
        parts.collect(dryRun, item -> Attributes.isOver(item, now) || state.isVoid(item)));
  }

  private boolean isPurged(Map<String, AttributeValue> item) {
    return state.isVoid(item)
        || (state.isAny()
            && keys.toUser(TableGateway.keyOf(item))
                .flatMap(key -> reader.read(key, item, Optional.of(Body.empty())))
                .filter(state::isVoid)
                .isPresent());
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
