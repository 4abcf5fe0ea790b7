package dev.larder.dynamodb;

import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The one loop behind every method that looks and then writes: read strongly, decide, write if it
 * is still the same, else decide again upon what is there now. Thread-safe.
 *
 * @param <V> the type of value
 */
final class MapChanges<V> {
  private final MapTable table;
  private final MapItems<V> items;

  MapChanges(MapTable table, MapItems<V> items) {
    this.table = table;
    this.items = items;
  }

  private enum Kind {
    LEAVE,
    WRITE,
    REMOVE
  }

  /** What is to be done upon seeing a value. */
  record Decision<V>(Kind kind, @Nullable V value) {
    static <V> Decision<V> leave() {
      return new Decision<>(Kind.LEAVE, null);
    }

    static <V> Decision<V> remove() {
      return new Decision<>(Kind.REMOVE, null);
    }

    static <V> Decision<V> write(V value) {
      return new Decision<>(Kind.WRITE, value);
    }

    /** What makes {@code next} of what is there now, null being absence. */
    static <V> Decision<V> of(@Nullable V now, @Nullable V next) {
      if (next != null) {
        return write(next);
      }
      return now == null ? leave() : remove();
    }
  }

  /**
   * What was done.
   *
   * @param before the value decided upon; null if absent
   * @param after the value now; null if absent
   * @param surely whether something was changed, and by us
   */
  record Changed<V>(@Nullable V before, @Nullable V after, boolean surely) {}

  /**
   * Changes what is under a key.
   *
   * @param step given the value, or null; may be asked several times
   */
  Changed<V> change(String key, String itemKey, Function<@Nullable V, Decision<V>> step) {
    MapRounds rounds = table.rounds(key);
    Map<String, AttributeValue> seen = table.loadStrongly(itemKey);
    while (true) {
      V before = MapItems.isOurs(seen) ? items.read(key, seen) : null;
      Decision<V> decision = step.apply(before);
      if (decision.kind == Kind.LEAVE) {
        return new Changed<>(before, before, false);
      }
      items.refuseForeign(key, seen);
      V after = decision.value;
      MapTable.Attempt attempt =
          after == null
              ? table.remove(seen)
              : table.write(items.write(key, itemKey, after, seen), seen);
      boolean perhaps = after == null && attempt.repeated() && attempt.now().isEmpty();
      if (attempt.done() || perhaps) {
        return new Changed<>(before, after, attempt.done());
      }
      seen = attempt.now();
      rounds.next();
    }
  }
}
