package dev.larder.dynamodb;

import dev.larder.http.CacheEntry;
import dev.larder.storage.StoredItem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * When a namespace was purged last: an item of the table, and what this process knows of it. Every
 * five seconds a look-up reads the item together with what it looks for, in the same request. So no
 * look-up waits for it, and none is answered by a process that has not asked for longer.
 *
 * <p>Hazards, and what keeps them off:
 *
 * <ol>
 *   <li><b>First look-up.</b> A process starts long after the purge, and its first look-up finds a
 *       void entry. That look-up asks, too; so do all that begin before an answer is there.
 *   <li><b>Late response.</b> A response was requested before the purge and is stored after it.
 *       Entries are void by the time of their request.
 *   <li><b>Late renewal.</b> A 304 renews an entry after the purge, in a process that does not know
 *       of it yet, and so gives it a later time of request. Entries are also void by the time at
 *       which they were first stored, which no renewal changes.
 *   <li><b>Lost trace.</b> {@code clear()} removes entries one by one. The item stays, lest void
 *       ones come back in between.
 * </ol>
 *
 * <p>Thread-safe.
 */
final class PurgeMark {
  static final Duration INTERVAL = Duration.ofSeconds(5);

  private final TableGateway gateway;
  private final String itemKey;
  private final Clock clock;
  private final Known known;

  /** What the process knows, whichever way it asks. */
  private static final class Known {
    private volatile Instant before = Instant.MIN;
    private volatile Instant asked = Instant.MIN;
  }

  PurgeMark(TableGateway gateway, ItemKeys keys, Clock clock) {
    this(gateway, keys.control("purge"), clock, new Known());
  }

  private PurgeMark(TableGateway gateway, String itemKey, Clock clock, Known known) {
    this.gateway = gateway;
    this.itemKey = itemKey;
    this.clock = clock;
    this.known = known;
  }

  /** The same, asking over another gateway to the table. */
  PurgeMark over(TableGateway other) {
    return new PurgeMark(other, itemKey, clock, known);
  }

  /** What is known now, to be kept apart from then on. */
  PurgeMark copyOver(TableGateway other) {
    Known copy = new Known();
    copy.before = known.before;
    copy.asked = known.asked;
    return new PurgeMark(other, itemKey, clock, copy);
  }

  /** The key of the item to read along when that {@linkplain #isDue is due}. */
  String itemKey() {
    return itemKey;
  }

  /** The time of the latest purge that is known; {@link Instant#MIN} if none is. */
  Instant before() {
    return known.before;
  }

  boolean isAny() {
    return !known.before.equals(Instant.MIN);
  }

  /** Whether the next look-up has to ask. */
  boolean isDue() {
    Instant now = clock.instant();
    Instant last = known.asked;
    return now.isBefore(last) || Duration.between(last, now).compareTo(INTERVAL) >= 0;
  }

  /**
   * The item has been read.
   *
   * @param at when the request was sent
   */
  void read(Optional<Map<String, AttributeValue>> item, Instant at) {
    item.ifPresent(this::learn);
    known.asked = at;
  }

  /** Reads the item if that is due: for listings, which have nothing to read it with. */
  void refresh() {
    synchronized (known) {
      if (isDue()) {
        Instant at = clock.instant();
        read(gateway.get(itemKey, false, List.of()), at);
      }
    }
  }

  /** Makes void what was requested at or before this time; one write. */
  void purge(Instant time) {
    Instant stored = time.truncatedTo(ChronoUnit.MILLIS);
    Map<String, AttributeValue> item =
        Map.of(
            Attributes.KEY, AttributeValue.fromS(itemKey),
            Attributes.KIND, AttributeValue.fromS(Attributes.KIND_CONTROL),
            Attributes.FORMAT, Attributes.number(NativeFormat.CURRENT),
            Attributes.PURGED_BEFORE, Attributes.instant(stored));
    Expression expression = new Expression();
    String never = expression.missing(Attributes.PURGED_BEFORE);
    String earlier =
        expression.name(Attributes.PURGED_BEFORE)
            + " < "
            + expression.value(Attributes.instant(stored));
    TableGateway.Outcome outcome =
        gateway.put(item, "(" + never + ") OR (" + earlier + ")", expression);
    // Refused, because there was a later purge.
    learn(outcome.done() ? item : outcome.holder());
  }

  private void learn(Map<String, AttributeValue> item) {
    synchronized (known) {
      known.before =
          Attributes.instant(item, Attributes.PURGED_BEFORE)
              .filter(time -> time.isAfter(known.before))
              .orElse(known.before);
    }
  }

  /** Whether the item is an entry of ours that its attributes tell to be void. */
  boolean isVoid(Map<String, AttributeValue> item) {
    return isAny()
        && Attributes.text(item, Attributes.KIND).filter(Attributes.KIND_ENTRY::equals).isPresent()
        && (isVoid(item, Attributes.REQUESTED) || isVoid(item, Attributes.CREATED));
  }

  private boolean isVoid(Map<String, AttributeValue> item, String attribute) {
    return Attributes.instant(item, attribute).filter(at -> !at.isAfter(known.before)).isPresent();
  }

  /** Whether the item is an entry of whomever that is void. */
  boolean isVoid(StoredItem item) {
    if (!isAny() || !(item instanceof StoredItem.Entry found)) {
      return false;
    }
    CacheEntry entry = found.entry();
    return !entry.isInvalid() && entry.head().isVoidSince(known.before);
  }

  /**
   * The end of a scan's filter that leaves out what is certainly void; empty if there was no purge.
   */
  String filter(Expression expression) {
    if (!isAny()) {
      return "";
    }
    String time = expression.value(Attributes.instant(known.before));
    return " AND ("
        + expression.missing(Attributes.KIND)
        + " OR NOT ("
        + expression.name(Attributes.REQUESTED)
        + " <= "
        + time
        + " OR "
        + expression.name(Attributes.CREATED)
        + " <= "
        + time
        + "))";
  }
}
