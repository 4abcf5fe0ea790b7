package dev.larder.dynamodb;

import dev.larder.storage.Leases;
import dev.larder.storage.StorageException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Leases as items beside the entries, each under a key of Larder's own.
 *
 * <p>Taking one is a conditional put, which DynamoDB decides at the item's leader; if it is refused
 * the refusal carries the holder, so the loser knows for sure what it waits for and has read
 * nothing. Whether a lease is over is decided by those who wait, never by its {@code ttl}, which is
 * there for the sweeper.
 *
 * <p>Hazards, and what keeps them off:
 *
 * <ol>
 *   <li><b>Lost answer.</b> A lease is taken, the answer is lost, the SDK sends the put again, and
 *       it is refused because of our own first attempt. What is in the way has our token then, and
 *       we have succeeded. A release that was sent again and finds nothing was ours, too: nobody
 *       else removes a lease with this token.
 *   <li><b>Late release.</b> A holder that was taken for dead gives back what is another's by now.
 *       Every write of a holder is conditional on its token.
 *   <li><b>Swept or cleared.</b> The item goes while it is held. Then the next to come holds the
 *       lease, and the old holder's release finds another token or nothing.
 * </ol>
 */
final class DynamoDbLeases implements Leases {
  /** How long beyond its duration a lease stays if nobody gives it back or takes it over. */
  private static final Duration LEFT_BEHIND = Duration.ofHours(1);

  private final TableGateway gateway;
  private final ItemKeys keys;
  private final Clock clock;

  DynamoDbLeases(TableGateway gateway, ItemKeys keys, Clock clock) {
    this.gateway = gateway;
    this.keys = keys;
    this.clock = clock;
  }

  @Override
  public Attempt acquire(String key, Duration duration, Optional<String> seen) {
    Lease mine = new Lease(key, Versions.next(), duration, false);
    Expression expression = new Expression();
    StringBuilder free = new StringBuilder(expression.missing(Attributes.KEY));
    free.append(" OR ").append(expression.exists(Attributes.DISMISSED));
    seen.ifPresent(token -> free.append(" OR ").append(expression.equal(Attributes.TOKEN, token)));
    TableGateway.Outcome outcome = gateway.put(item(mine), free.toString(), expression);
    if (outcome.done()) {
      return new Attempt(mine, true);
    }
    Lease holder = lease(key, outcome.holder());
    return new Attempt(holder, holder.token().equals(mine.token()));
  }

  @Override
  public Optional<Lease> find(String key) {
    return gateway.get(keys.lease(key), false, List.of()).map(item -> lease(key, item));
  }

  @Override
  public boolean release(Lease lease) {
    Expression expression = new Expression();
    TableGateway.Outcome outcome =
        gateway.delete(keys.lease(lease.key()), held(lease, expression), expression, false);
    return outcome.done() || (outcome.repeated() && outcome.holder().isEmpty());
  }

  @Override
  public boolean dismiss(Lease lease) {
    Expression expression = new Expression();
    String condition = held(lease, expression);
    String update =
        "SET "
            + expression.name(Attributes.DISMISSED)
            + " = "
            + expression.value(AttributeValue.fromBool(true));
    TableGateway.Outcome outcome =
        gateway.update(keys.lease(lease.key()), update, condition, expression);
    return outcome.done()
        || (outcome.repeated()
            && Attributes.text(outcome.holder(), Attributes.TOKEN)
                .filter(lease.token()::equals)
                .isPresent());
  }

  private static String held(Lease lease, Expression expression) {
    return expression.equal(Attributes.TOKEN, lease.token())
        + " AND "
        + expression.missing(Attributes.DISMISSED);
  }

  private Map<String, AttributeValue> item(Lease lease) {
    Map<String, AttributeValue> item = new HashMap<>();
    item.put(Attributes.KEY, AttributeValue.fromS(keys.lease(lease.key())));
    item.put(Attributes.KIND, AttributeValue.fromS(Attributes.KIND_LEASE));
    item.put(Attributes.FORMAT, Attributes.number(NativeFormat.CURRENT));
    item.put(Attributes.TOKEN, AttributeValue.fromS(lease.token()));
    item.put(Attributes.DURATION, Attributes.number(lease.duration().toMillis()));
    item.put(
        Attributes.TTL,
        Attributes.epochSeconds(clock.instant().plus(lease.duration()).plus(LEFT_BEHIND)));
    return item;
  }

  private Lease lease(String key, Map<String, AttributeValue> item) {
    String token = Attributes.text(item, Attributes.TOKEN).orElseThrow(() -> noLease(key));
    long millis = Attributes.number(item, Attributes.DURATION).orElseThrow(() -> noLease(key));
    boolean dismissed = item.containsKey(Attributes.DISMISSED);
    return new Lease(key, token, Duration.ofMillis(millis), dismissed);
  }

  private StorageException noLease(String key) {
    return new StorageException(
        "the item in place of the lease of \""
            + key
            + "\" in table \""
            + gateway.table()
            + "\" is none; another program has written it: delete it");
  }
}
