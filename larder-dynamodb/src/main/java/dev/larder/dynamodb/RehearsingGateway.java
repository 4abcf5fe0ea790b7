package dev.larder.dynamodb;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.larder.serial.Utf8;
import dev.larder.storage.StorageException;
import dev.larder.storage.UnitListener;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * A gateway that reads and does not write: a write does nothing, ends as if its condition had held,
 * and its listener is told what it would have consumed. DynamoDB bills a write by the larger of the
 * item before and after, so the sizes of items are remembered as they are read. A table that the
 * real one would create first counts as empty. Thread-safe.
 */
final class RehearsingGateway extends TableGateway {
  /**
   * What is changed was read a moment ago; of more items than this, those read first are forgotten
   * and count as the mean of all.
   */
  private static final int REMEMBERED = 100_000;

  private static final String SET = "SET ";
  private static final String REMOVE = " REMOVE ";

  private final UnitListener listener;
  private final boolean creates;
  private final Cache<String, Size> seen = Caffeine.newBuilder().maximumSize(REMEMBERED).build();
  private final LongAdder seenBytes = new LongAdder();
  private final LongAdder seenItems = new LongAdder();

  /**
   * The size of an item.
   *
   * @param bytes all of it
   * @param renewable of these, what an update of an entry's head replaces
   */
  private record Size(long bytes, long renewable) {}

  RehearsingGateway(TableGateway real, UnitListener listener) {
    super(real, listener, real.setup().withoutCreating());
    this.listener = listener;
    this.creates = real.setup().creates();
  }

  /** What a read brings, or what there is in a table that would be created. */
  private <T> T read(Supplier<T> real, Supplier<T> none) {
    try {
      return real.get();
    } catch (StorageException e) {
      if (creates && e.getCause() instanceof ResourceNotFoundException) {
        return none.get();
      }
      throw e;
    }
  }

  @Override
  Optional<Map<String, AttributeValue>> get(
      String key, boolean strong, Collection<String> projected) {
    Optional<Map<String, AttributeValue>> item =
        read(() -> super.get(key, strong, projected), Optional::empty);
    item.filter(found -> found.containsKey(Attributes.KIND)).ifPresent(this::remember);
    return item;
  }

  @Override
  Batch getAll(
      Collection<String> keys,
      boolean strong,
      Collection<String> projected,
      Set<String> dispensable) {
    Batch batch =
        read(
            () -> super.getAll(keys, strong, projected, dispensable),
            () -> new Batch(new HashMap<>(), Set.of()));
    batch.items().values().stream()
        .filter(found -> found.containsKey(Attributes.KIND))
        .forEach(this::remember);
    return batch;
  }

  @Override
  Stream<Map<String, AttributeValue>> scan(
      Function<ScanRequest.Builder, ScanRequest.Builder> configure) {
    return read(() -> super.scan(configure), Stream::<Map<String, AttributeValue>>empty)
        .map(this::remember);
  }

  @Override
  long count(Function<ScanRequest.Builder, ScanRequest.Builder> configure) {
    return read(() -> super.count(configure), () -> 0L);
  }

  @Override
  List<String> attributesForRemoval() {
    return Heads.ATTRIBUTES_AND_INDEX;
  }

  @Override
  Outcome put(
      Map<String, AttributeValue> item,
      String condition,
      Expression expression,
      boolean returnOld) {
    return wouldWrite(Math.max(replaced(keyOf(item)), ItemSize.of(item)));
  }

  @Override
  Outcome update(String key, String update, String condition, Expression expression) {
    @Nullable Size size = seen.getIfPresent(key);
    long before = listed(key);
    long after = size == null ? before : before - size.renewable + set(update, expression);
    return wouldWrite(Math.max(before, after));
  }

  @Override
  Outcome delete(String key, String condition, Expression expression, boolean returnOld) {
    return wouldWrite(listed(key));
  }

  @Override
  void writeAll(List<List<WriteRequest>> batches) {
    for (List<WriteRequest> batch : batches) {
      listener.consumed(0, batch.stream().mapToDouble(this::units).sum());
    }
  }

  private double units(WriteRequest write) {
    return ItemSize.writeUnits(
        write.putRequest() == null
            ? listed(keyOf(write.deleteRequest().key()))
            : Math.max(
                replaced(keyOf(write.putRequest().item())),
                ItemSize.of(write.putRequest().item())));
  }

  private Outcome wouldWrite(long bytes) {
    listener.consumed(0, ItemSize.writeUnits(bytes));
    return Outcome.done(Map.of());
  }

  private Map<String, AttributeValue> remember(Map<String, AttributeValue> item) {
    if (item.containsKey(Attributes.KEY)) {
      long bytes = ItemSize.of(item) + unread(item);
      long renewable =
          item.entrySet().stream()
              .filter(each -> isRenewable(each.getKey()))
              .mapToLong(each -> size(each.getKey(), each.getValue()))
              .sum();
      seen.put(keyOf(item), new Size(bytes, renewable));
      seenBytes.add(bytes);
      seenItems.increment();
    }
    return item;
  }

  private static boolean isRenewable(String attribute) {
    return NativeFormat.UPDATABLE.contains(attribute) || attribute.equals(Attributes.SEALED);
  }

  /** What the item's body takes, if it was left out. */
  private static long unread(Map<String, AttributeValue> item) {
    if (item.containsKey(Attributes.BODY)
        || item.containsKey(Attributes.PARTS)
        || item.containsKey(Attributes.VALUE)) {
      return 0;
    }
    long body =
        Attributes.number(item, Attributes.STORED)
            .or(() -> Attributes.number(item, Attributes.LENGTH))
            .orElse(0L);
    return body == 0 ? 0 : Attributes.BODY.length() + body;
  }

  /** The size of what a write replaces; none if nothing was read under its key. */
  private long replaced(String key) {
    @Nullable Size size = seen.getIfPresent(key);
    return size == null ? 0 : size.bytes;
  }

  /** The size of what was listed and is to be changed or removed. */
  private long listed(String key) {
    @Nullable Size size = seen.getIfPresent(key);
    return size == null ? seenBytes.sum() / Math.max(1, seenItems.sum()) : size.bytes;
  }

  /** What an update sets, in bytes. */
  private static long set(String update, Expression expression) {
    if (!update.startsWith(SET)) {
      return 0;
    }
    int end = update.indexOf(REMOVE);
    String assignments = update.substring(SET.length(), end < 0 ? update.length() : end);
    long bytes = 0;
    for (String assignment : assignments.split(", ", -1)) {
      int equals = assignment.indexOf(" = ");
      String name = expression.names().get(assignment.substring(0, equals));
      AttributeValue value = expression.values().get(assignment.substring(equals + 3));
      bytes += name == null || value == null ? 0 : size(name, value);
    }
    return bytes;
  }

  private static long size(String name, AttributeValue value) {
    return Utf8.length(name) + ItemSize.of(value);
  }
}
