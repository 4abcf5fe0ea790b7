package dev.larder.dynamodb;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Finds parts that no entry refers to, and removes them.
 *
 * <p>Parts come before the entry that publishes them, so young ones may be about to be referred to;
 * they are left alone. Entries are listed after the parts, so an entry that refers to old ones has
 * been there before its listing began.
 */
final class PartsCollector {
  /** Longer than any body takes to be written. */
  static final Duration YOUNG = Duration.ofHours(1);

  /** What tells which parts an entry has, and whether it is of use. */
  private static final List<String> TOLD_BY =
      List.of(
          Attributes.PARTS,
          Attributes.KIND,
          Attributes.TTL,
          Attributes.REQUESTED,
          Attributes.CREATED);

  private final TableGateway gateway;
  private final ItemKeys keys;
  private final Clock clock;

  PartsCollector(TableGateway gateway, ItemKeys keys, Clock clock) {
    this.gateway = gateway;
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * Finds them, and unless that is all, removes them. Returns how many.
   *
   * @param dead which entries are of no use any more, so that their parts are not either
   */
  long collect(boolean dryRun, Predicate<Map<String, AttributeValue>> dead) {
    Instant limit = clock.instant().minus(YOUNG);
    Set<String> unused = new HashSet<>();
    try (Stream<String> parts = partsUntil(limit)) {
      parts.flatMap(key -> keys.tokenOfPart(key).stream()).forEach(unused::add);
    }
    if (unused.isEmpty()) {
      return 0;
    }
    try (Stream<String> used = tokensInUse(dead)) {
      used.forEach(unused::remove);
    }
    return unused.isEmpty() ? 0 : remove(unused, limit, dryRun);
  }

  private long remove(Set<String> tokens, Instant limit, boolean dryRun) {
    long removed = 0;
    List<String> batch = new ArrayList<>(TableGateway.WRITE_BATCH);
    try (Stream<String> parts = partsUntil(limit)) {
      for (String key : (Iterable<String>) parts::iterator) {
        if (keys.tokenOfPart(key).filter(tokens::contains).isPresent()) {
          removed++;
          if (!dryRun) {
            batch.add(key);
          }
        }
        if (batch.size() == TableGateway.WRITE_BATCH) {
          gateway.deleteAll(batch);
          batch.clear();
        }
      }
    }
    gateway.deleteAll(batch);
    return removed;
  }

  private Stream<String> partsUntil(Instant limit) {
    Expression expression = new Expression();
    String filter =
        keys.partsFilter(expression)
            + " AND "
            + expression.name(Attributes.CREATED)
            + " <= "
            + expression.value(Attributes.instant(limit));
    return scan(filter, List.of(Attributes.KEY), expression).map(TableGateway::keyOf);
  }

  private Stream<String> tokensInUse(Predicate<Map<String, AttributeValue>> dead) {
    Expression expression = new Expression();
    String filter = expression.exists(Attributes.PARTS) + " AND " + keys.filter(expression);
    return scan(filter, TOLD_BY, expression)
        .filter(item -> !dead.test(item))
        .flatMap(item -> Attributes.text(item, Attributes.PARTS).stream())
        .flatMap(text -> token(text).stream());
  }

  private static Optional<String> token(String list) {
    try {
      return Optional.of(PartList.parse(list).token());
    } catch (EntryFormat.InvalidItemException e) {
      return Optional.empty();
    }
  }

  private Stream<Map<String, AttributeValue>> scan(
      String filter, List<String> attributes, Expression expression) {
    return gateway.scan(
        scan ->
            scan.filterExpression(filter)
                .projectionExpression(TableGateway.projection(expression, attributes))
                .expressionAttributeNames(expression.names())
                .expressionAttributeValues(expression.values()));
  }
}
