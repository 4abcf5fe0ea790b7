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
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What an item of the table says of a whole namespace, and what this process knows of it: when it
 * was purged last, and whether its entries are in the index. Every five seconds a look-up reads the
 * item together with what it looks for, in the same request. So no look-up waits for it, and none
 * is answered by a process that has not asked for longer. A write asks by itself if nothing else
 * has for half a minute.
 *
 * <p>Hazards of a purge, and what keeps them off:
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
final class NamespaceState {
  static final Duration INTERVAL = Duration.ofSeconds(5);

  /**
   * A write is made with what was known at most this long ago, and so is a listing while another
   * asks.
   */
  static final Duration WRITE_INTERVAL = Duration.ofSeconds(30);

  private static final Duration PUT_OFF = Duration.ofSeconds(1);

  /** What the item says of the index: since when entries are written into it, or all are in it. */
  enum Index {
    NONE,
    BUILDING,
    COMPLETE
  }

  private final TableGateway gateway;
  private final String itemKey;
  private final Clock clock;
  private final Known known;

  /** What the process knows, whichever way it asks. */
  private static final class Known {
    private volatile Instant before = Instant.MIN;

    /** Held by who asks for listings and writes. Nothing that look-ups do waits for it. */
    private final ReentrantLock asking = new ReentrantLock();

    private volatile Index index = Index.NONE;
    private volatile Instant asked = Instant.MIN;

    /** No look-up asks before. */
    private volatile Instant notBefore = Instant.MIN;
  }

  NamespaceState(TableGateway gateway, ItemKeys keys, Clock clock) {
    this(gateway, keyOf(keys), clock, new Known());
  }

  private NamespaceState(TableGateway gateway, String itemKey, Clock clock, Known known) {
    this.gateway = gateway;
    this.itemKey = itemKey;
    this.clock = clock;
    this.known = known;
  }

  /** The same, asking over another gateway to the table. */
  NamespaceState over(TableGateway other) {
    return new NamespaceState(other, itemKey, clock, known);
  }

  /** What is known now, to be kept apart from then on. */
  NamespaceState copyOver(TableGateway other) {
    Known copy = new Known();
    copy.before = known.before;
    copy.index = known.index;
    copy.asked = known.asked;
    return new NamespaceState(other, itemKey, clock, copy);
  }

  /** The key of the item of a namespace. */
  static String keyOf(ItemKeys keys) {
    return keys.control("state");
  }

  /**
   * The item of a namespace in a table that has just been created with the index. The index is not
   * complete: others may store entries before they know of this item.
   */
  static Map<String, AttributeValue> indexed(ItemKeys keys) {
    return Map.of(
        Attributes.KEY, AttributeValue.fromS(keyOf(keys)),
        Attributes.KIND, AttributeValue.fromS(Attributes.KIND_CONTROL),
        Attributes.FORMAT, Attributes.number(NativeFormat.CURRENT),
        Attributes.PLACES, AttributeValue.fromS(Index.BUILDING.name()));
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
    return isDue(INTERVAL) && !clock.instant().isBefore(known.notBefore);
  }

  /** Whether what is known will do for a while if asking brings nothing. */
  boolean isRecent() {
    return !isDue(WRITE_INTERVAL);
  }

  /**
   * Asking has brought nothing. Scenario: all processes of a fleet ask at once, and DynamoDB has no
   * capacity left for that one item. What they looked for they have, and the next of their look-ups
   * are not to ask on top.
   */
  void putOff() {
    known.notBefore = clock.instant().plus(PUT_OFF);
  }

  private boolean isDue(Duration interval) {
    Instant now = clock.instant();
    Instant last = known.asked;
    return now.isBefore(last) || Duration.between(last, now).compareTo(interval) >= 0;
  }

  /**
   * The item has been read.
   *
   * @param at when the request was sent
   */
  void read(Optional<Map<String, AttributeValue>> item, Instant at) {
    item.ifPresent(this::learn);
    known.index = item.map(NamespaceState::indexOf).orElse(Index.NONE);
    known.asked = at;
  }

  /**
   * Reads the item if that is due: for listings, which have nothing to read it with. While another
   * thread reads it, they go on with what is known, unless that is nothing or too old.
   */
  void refresh() {
    refresh(INTERVAL);
  }

  private void refresh(Duration interval) {
    if (!isDue(interval)) {
      return;
    }
    boolean first = known.asking.tryLock();
    try {
      if (first ? isDue(interval) : isDue(WRITE_INTERVAL)) {
        Instant at = clock.instant();
        read(gateway.get(itemKey, false, List.of()), at);
      }
    } finally {
      if (first) {
        known.asking.unlock();
      }
    }
  }

  /** Whether entries are to be written into the index. */
  boolean writesIndex() {
    if (isDue(WRITE_INTERVAL)) {
      refresh(WRITE_INTERVAL);
    }
    return known.index != Index.NONE;
  }

  /** Whether all entries are in the index, as far as is known. */
  boolean isIndexComplete() {
    return known.index == Index.COMPLETE;
  }

  /** Makes void what was requested at or before this time; one write. */
  void purge(Instant time) {
    AttributeValue stored = Attributes.instant(time.truncatedTo(ChronoUnit.MILLIS));
    Expression expression = new Expression();
    String never = expression.missing(Attributes.PURGED_BEFORE);
    String earlier = expression.name(Attributes.PURGED_BEFORE) + " < " + expression.value(stored);
    TableGateway.Outcome outcome =
        set(Attributes.PURGED_BEFORE, stored, "(" + never + ") OR (" + earlier + ")", expression);
    // Refused, because there was a later purge.
    learn(outcome.done() ? Map.of(Attributes.PURGED_BEFORE, stored) : outcome.holder());
  }

  /** Says how far the index is. */
  void index(Index now) {
    AttributeValue stored = AttributeValue.fromS(now.name());
    set(Attributes.PLACES, stored, "", new Expression());
    known.index = now;
  }

  private TableGateway.Outcome set(
      String attribute, AttributeValue value, String condition, Expression expression) {
    Map<String, AttributeValue> wanted =
        Map.of(
            Attributes.KIND,
            AttributeValue.fromS(Attributes.KIND_CONTROL),
            Attributes.FORMAT,
            Attributes.number(NativeFormat.CURRENT),
            attribute,
            value);
    String update =
        new HeadUpdate(expression).attributes("", List.copyOf(wanted.keySet()), wanted).text();
    return gateway.update(itemKey, update, condition, expression);
  }

  private void learn(Map<String, AttributeValue> item) {
    synchronized (known) {
      known.before =
          Attributes.instant(item, Attributes.PURGED_BEFORE)
              .filter(time -> time.isAfter(known.before))
              .orElse(known.before);
    }
  }

  private static Index indexOf(Map<String, AttributeValue> item) {
    String said = Attributes.text(item, Attributes.PLACES).orElse("");
    return Stream.of(Index.values())
        .filter(known -> known.name().equals(said))
        .findAny()
        .orElse(Index.NONE);
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
