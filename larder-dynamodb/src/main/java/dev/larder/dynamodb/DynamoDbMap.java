package dev.larder.dynamodb;

import dev.larder.dynamodb.MapChanges.Changed;
import dev.larder.dynamodb.MapChanges.Decision;
import dev.larder.serial.SerializationException;
import dev.larder.serial.Serializer;
import dev.larder.serial.StageContext;
import dev.larder.storage.EntryTooLargeException;
import dev.larder.storage.OperationStats;
import dev.larder.storage.StorageException;
import java.util.AbstractMap;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A {@link ConcurrentMap} in a DynamoDB table, shared by all processes that use the table.
 * Thread-safe.
 *
 * <pre>{@code
 * try (DynamoDbMap<String> pantry =
 *     DynamoDbMap.builder(Serializers.string()).tableName("pantry").region("eu-central-1").build()) {
 *   pantry.merge("apples", "1", (have, more) -> Integer.toString(Integer.parseInt(have) + 1));
 * }
 * }</pre>
 *
 * <p>Defaults: table {@code http_cache}, the cache's own, created if missing; no key prefix; strong
 * reads. {@code build()} sends nothing; the first request that finds the table missing waits until
 * it is created.
 *
 * <p><b>Keys</b> have 1 to 2,048 bytes of UTF-8 together with the prefix (one less if that begins
 * with U+0001 or U+0002). Writing under any other key is refused with an {@link
 * IllegalArgumentException}; asking for one finds nothing. Keys and values are never null.
 *
 * <p><b>What it sees.</b> Only what maps wrote, under its prefix: entries of a cache in the same
 * table are absent to it, and writing over one is refused with a {@link StorageException}. Batches
 * ({@link #putAll}, {@link #bulkDelete}) look before they write, since DynamoDB's know no
 * conditions. A map whose prefix begins with another map's prefix is a part of that one; let
 * prefixes end with a separator such as {@code /}.
 *
 * <p><b>Atomicity.</b> Every method that looks and then writes is atomic against all processes:
 * {@link #putIfAbsent}, {@link #replace(String, Object)}, {@link #replace(String, Object, Object)},
 * {@link #remove(Object, Object)}, {@link #compute}, {@link #computeIfAbsent}, {@link
 * #computeIfPresent}, {@link #merge}, {@link #pollEntry}. They read strongly, compare by {@code
 * equals} of the values read (arrays, which are never the same object when read, by content), and
 * write if nothing came in between, else again, up to 64 times. So functions may run several times,
 * and their last result counts; a function must not wait for this map. Batches are not atomic.
 *
 * <p><b>Lost answers.</b> The SDK repeats a request whose answer is lost. A repeated write knows
 * itself, so nothing is applied twice. What it cannot know: {@code put} and {@code remove} then
 * return null instead of the value before, {@code remove(key, value)} false, and an entry that
 * {@code pollEntry} removed in vain is gone. If more than 32 others change the key before the
 * repeat, it throws rather than guess. If a method throws {@link StorageException}, its write may
 * or may not have taken place.
 *
 * <p><b>Views</b> ({@link #keySet}, {@link #values}, {@link #entrySet}) are live, hold nothing, and
 * read page by page as they are iterated; their streams are lazy. Iterators are weakly consistent
 * and their {@code remove()} removes the key whatever its value is by then; {@code removeIf},
 * {@code removeAll} and {@code retainAll} of values and entries spare what was changed since. The
 * key set transfers no values, though DynamoDB bills reading them. {@code size()}, {@code equals},
 * {@code hashCode} and {@code containsValue} read the whole table.
 *
 * <p><b>Values that cannot be read</b>, written by others or by another serializer, make every
 * method that needs them throw {@link SerializationException} with the key, so that nobody takes
 * them for absent. {@code containsKey}, {@code put} and {@code remove(key)} (which return null for
 * them), {@code keySet()}, {@code size}, {@code bulkDelete} and {@code clear} work, and an
 * iterator's {@code remove()} too after its {@code next()} has thrown.
 *
 * <p>Time to live does not apply: what is in the map stays until it is removed. Other failures are
 * {@link StorageException}s that say what to do.
 *
 * @param <V> the type of value
 */
public final class DynamoDbMap<V> extends AbstractMap<String, V>
    implements ConcurrentMap<String, V>, AutoCloseable {
  private final MapTable table;
  private final MapKeys keys;
  private final MapItems<V> items;
  private final MapChanges<V> changes;
  private final MapBatches<V> batches;

  private DynamoDbMap(MapTable table, MapKeys keys, MapItems<V> items) {
    this.table = table;
    this.keys = keys;
    this.items = items;
    this.changes = new MapChanges<>(table, items);
    this.batches = new MapBatches<>(table, keys, items);
  }

  /**
   * Collects options.
   *
   * @param serializer turns values into bytes and back; what is UTF-8 text is kept as a string
   */
  public static <V> Builder<V> builder(Serializer<V> serializer) {
    return new Builder<>(Objects.requireNonNull(serializer, "serializer"));
  }

  /** One request. */
  @Override
  public @Nullable V get(Object key) {
    return keys.find(Objects.requireNonNull(key, "key"))
        .map(table::load)
        .filter(MapItems::isOurs)
        .map(item -> items.read((String) key, item))
        .orElse(null);
  }

  /** One request, which transfers no value. */
  @Override
  public boolean containsKey(Object key) {
    return keys.find(Objects.requireNonNull(key, "key"))
        .map(table::loadKind)
        .filter(MapItems::isOurs)
        .isPresent();
  }

  /** Reads the table until the value is found. */
  @Override
  public boolean containsValue(Object value) {
    return values().contains(Objects.requireNonNull(value, "value"));
  }

  /** The values under these keys, in their order; keys that are absent are left out. */
  public Map<String, V> getAll(Collection<String> wanted) {
    return batches.getAll(wanted);
  }

  /**
   * One request.
   *
   * @throws EntryTooLargeException if the item would have more than 400 KB
   */
  @Override
  public @Nullable V put(String key, V value) {
    Map<String, AttributeValue> item = items.write(keys, key, value);
    TableGateway.Outcome outcome = table.replaceAny(item);
    if (!outcome.done()) {
      items.refuseForeign(key, outcome.holder());
      throw new StorageException(
          "key " + MapKeys.shown(key) + " was held by an item of another kind");
    }
    Map<String, AttributeValue> before = outcome.holder();
    return before.isEmpty() || MapItems.isSame(item, before)
        ? null
        : items.readable(key, before).orElse(null);
  }

  /**
   * Writes in batches of 100, of which each is refused as a whole if one of its keys or values is,
   * and none after it is written. Not atomic.
   */
  @Override
  public void putAll(Map<? extends String, ? extends V> all) {
    batches.putAll(all);
  }

  @Override
  public @Nullable V putIfAbsent(String key, V value) {
    Map<String, AttributeValue> item = items.write(keys, key, value);
    MapRounds rounds = table.rounds(key);
    while (true) {
      MapTable.Attempt attempt = table.write(item, Map.of());
      if (attempt.done()) {
        return null;
      }
      if (!attempt.now().isEmpty()) {
        items.refuseForeign(key, attempt.now());
        return items.read(key, attempt.now());
      }
      rounds.next();
    }
  }

  /** One request. */
  @Override
  public @Nullable V remove(Object key) {
    Optional<String> itemKey = keys.find(Objects.requireNonNull(key, "key"));
    if (itemKey.isEmpty()) {
      return null;
    }
    TableGateway.Outcome outcome = table.removeAny(itemKey.get());
    return outcome.done() ? items.readable((String) key, outcome.holder()).orElse(null) : null;
  }

  @Override
  public boolean remove(Object key, @Nullable Object value) {
    return changePresent(key, now -> same(now, value) ? Decision.remove() : Decision.leave())
        .surely();
  }

  @Override
  public @Nullable V replace(String key, V value) {
    Objects.requireNonNull(value, "value");
    return changePresent(key, now -> Decision.write(value)).before();
  }

  @Override
  public boolean replace(String key, V oldValue, V newValue) {
    Objects.requireNonNull(oldValue, "oldValue");
    Objects.requireNonNull(newValue, "newValue");
    return changePresent(
            key, now -> same(now, oldValue) ? Decision.write(newValue) : Decision.leave())
        .surely();
  }

  /** Computes each value anew by {@link #computeIfPresent}, which needs no {@code equals}. */
  @Override
  public void replaceAll(BiFunction<? super String, ? super V, ? extends V> function) {
    Objects.requireNonNull(function, "function");
    for (String key : keySet()) {
      computeIfPresent(key, (k, v) -> Objects.requireNonNull(function.apply(k, v), "value"));
    }
  }

  @Override
  public @Nullable V compute(
      String key, BiFunction<? super String, ? super @Nullable V, ? extends @Nullable V> function) {
    Objects.requireNonNull(function, "function");
    return change(key, now -> Decision.of(now, function.apply(key, now))).after();
  }

  @Override
  public @Nullable V computeIfAbsent(
      String key, Function<? super String, ? extends @Nullable V> function) {
    Objects.requireNonNull(function, "function");
    return change(
            key, now -> now == null ? Decision.of(null, function.apply(key)) : Decision.leave())
        .after();
  }

  @Override
  public @Nullable V computeIfPresent(
      String key, BiFunction<? super String, ? super V, ? extends @Nullable V> function) {
    Objects.requireNonNull(function, "function");
    return changePresent(key, now -> Decision.of(now, function.apply(key, now))).after();
  }

  @Override
  public @Nullable V merge(
      String key, V value, BiFunction<? super V, ? super V, ? extends @Nullable V> function) {
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(function, "function");
    return change(key, now -> Decision.of(now, now == null ? value : function.apply(now, value)))
        .after();
  }

  /**
   * Removes some entry and returns it. Two callers never get the same; which one it is, is up to
   * DynamoDB's order, which is none. Costs little more than one removal however large the map is.
   *
   * @return empty if there is none
   * @throws SerializationException if the entry cannot be read; it stays
   */
  public Optional<Entry<String, V>> pollEntry() {
    Iterator<String> candidates = table.keysOneByOne();
    while (candidates.hasNext()) {
      String key = keys.toUser(candidates.next()).orElseThrow();
      Changed<V> changed = changePresent(key, now -> Decision.remove());
      if (changed.surely()) {
        return Optional.of(Map.entry(key, Objects.requireNonNull(changed.before())));
      }
    }
    return Optional.empty();
  }

  /**
   * Removes keys in batches, in requests of 100 to look and of 25 to remove. Not atomic.
   *
   * @return how many of them there were
   */
  public int bulkDelete(Collection<String> unwanted) {
    return batches.removeAll(unwanted);
  }

  /** Removes everything under the prefix, listing keys and removing in batches as it goes. */
  @Override
  public void clear() {
    table.removeAll(
        new MapIterator<>(this, keys, table.list(true), (key, item) -> TableGateway.keyOf(item)));
  }

  /** Reads as little as one item. */
  @Override
  public boolean isEmpty() {
    return !table.keysOneByOne().hasNext();
  }

  /** {@link #mappingCount} as far as an int goes. */
  @Override
  public int size() {
    return (int) Math.min(Integer.MAX_VALUE, mappingCount());
  }

  /** How many entries there are. Exact, and so reads the table; transfers none of it. */
  public long mappingCount() {
    return table.count();
  }

  @Override
  public Set<String> keySet() {
    return new MapKeySet(this);
  }

  @Override
  public Collection<V> values() {
    return new MapValues<>(this);
  }

  @Override
  public Set<Entry<String, V>> entrySet() {
    return new MapEntrySet<>(this);
  }

  /** The bytes that the serializer makes of a value, bound to no key. */
  public byte[] serialize(V value) {
    return items.serializer().serialize(value, StageContext.NONE);
  }

  /** The value that the serializer makes of bytes bound to no key. */
  public V deserialize(byte[] bytes) {
    return items.serializer().deserialize(bytes, StageContext.NONE);
  }

  /** Waits until the table is there, creating it if it is missing and that is allowed. */
  public void prepare() {
    table.prepare();
  }

  /**
   * Looks at table and permissions, in about ten requests.
   *
   * @return what is wrong and what to change; empty if nothing
   */
  public List<String> verify() {
    return table.verify();
  }

  /** What each kind of request has cost so far. */
  public Map<String, OperationStats> stats() {
    return table.stats();
  }

  /** Ends the use of this map; closes the client unless it was given. */
  @Override
  public void close() {
    table.close();
  }

  /** Names table and prefix, and reads nothing. */
  @Override
  public String toString() {
    return "DynamoDbMap[table="
        + table.name()
        + ", keyPrefix="
        + MapKeys.shown(keys.prefix())
        + "]";
  }

  /** As the interface says; in one pass over this map. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other == this || (other instanceof Map<?, ?> map && entrySet().equals(map.entrySet()));
  }

  /** As the interface says; reads the whole table. */
  @Override
  public int hashCode() {
    return entrySet().hashCode();
  }

  /** Keys as they are listed. */
  Iterator<String> keyIterator() {
    return new MapIterator<>(this, keys, table.list(true), (key, item) -> key);
  }

  /** Entries as they are listed; their {@code setValue} puts. */
  Iterator<Entry<String, V>> entryIterator() {
    return new MapIterator<>(
        this,
        keys,
        table.list(false),
        (key, item) -> new MapEntry<>(this, key, items.read(key, item)));
  }

  /** Removes a key without reading its value; returns whether it was there. */
  boolean discard(Object key) {
    return keys.find(Objects.requireNonNull(key, "key"))
        .map(itemKey -> table.removeAny(itemKey).done())
        .orElse(false);
  }

  /** Whether values are equal; arrays by content. */
  static boolean same(Object value, @Nullable Object other) {
    return Objects.deepEquals(value, other);
  }

  private Changed<V> change(String key, Function<@Nullable V, Decision<V>> step) {
    return changes.change(key, keys.toItem(Objects.requireNonNull(key, "key")), step);
  }

  /** As {@link #change}, but what cannot be a key is absent. */
  private Changed<V> changePresent(Object key, Function<V, Decision<V>> step) {
    return keys.find(Objects.requireNonNull(key, "key"))
        .map(
            itemKey ->
                changes.change(
                    (String) key, itemKey, now -> now == null ? Decision.leave() : step.apply(now)))
        .orElseGet(() -> new Changed<>(null, null, false));
  }

  /**
   * Collects options. Not thread-safe; may be used again after {@code build()}.
   *
   * @param <V> the type of value
   */
  public static final class Builder<V> extends TableBuilder<Builder<V>> {
    private final Serializer<V> serializer;
    private String keyPrefix = "";
    private boolean consistentReads = true;

    Builder(Serializer<V> serializer) {
      this.serializer = serializer;
    }

    /**
     * What all keys of this map begin with in the table; by default nothing. Maps of different
     * prefixes share a table without seeing each other, unless one prefix begins with the other.
     *
     * @throws IllegalArgumentException if it has an unpaired surrogate or leaves no room for a key
     */
    public Builder<V> keyPrefix(String prefix) {
      this.keyPrefix = new MapKeys(prefix).prefix();
      return this;
    }

    /**
     * Whether reading and listing sees every write that was answered before; by default yes.
     * Without it they cost half and may be some time behind. Methods that look and then write are
     * atomic either way.
     */
    public Builder<V> consistentReads(boolean consistent) {
      this.consistentReads = consistent;
      return this;
    }

    /**
     * The map. Sends nothing.
     *
     * @throws IllegalStateException if options contradict each other
     */
    public DynamoDbMap<V> build() {
      TableGateway gateway = gateway();
      MapKeys keys = new MapKeys(keyPrefix);
      return new DynamoDbMap<>(
          new MapTable(gateway, keys, consistentReads, sleeper()),
          keys,
          new MapItems<>(gateway.table(), serializer));
    }

    @Override
    Builder<V> self() {
      return this;
    }
  }
}
