package dev.larder.dynamodb;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;

/**
 * What the answer to one request says about its cost. Units are those of table and indexes
 * together: that is what {@code ReturnConsumedCapacity=TOTAL} tells.
 *
 * @param readUnits read units consumed
 * @param writeUnits write units consumed
 * @param received bytes of the items in it
 */
record Usage(double readUnits, double writeUnits, long received) {
  /** Of one item; an empty one if there was none. */
  static Usage read(@Nullable ConsumedCapacity capacity, Map<String, AttributeValue> item) {
    return new Usage(units(capacity), 0, ItemSize.of(item));
  }

  /** Of a page of items. */
  static Usage read(
      @Nullable ConsumedCapacity capacity, Collection<Map<String, AttributeValue>> items) {
    return new Usage(units(capacity), 0, bytes(items));
  }

  /** Of a batch of items. */
  static Usage read(
      Collection<ConsumedCapacity> capacities, Collection<Map<String, AttributeValue>> items) {
    return new Usage(sum(capacities), 0, bytes(items));
  }

  /** Of a write of one item, which may have given back what was there. */
  static Usage written(@Nullable ConsumedCapacity capacity, Map<String, AttributeValue> before) {
    return new Usage(0, units(capacity), ItemSize.of(before));
  }

  /** Of a batch of writes. */
  static Usage written(Collection<ConsumedCapacity> capacities) {
    return new Usage(0, sum(capacities), 0);
  }

  /**
   * Of a write whose condition failed. The service bills that too, at least a unit, but does not
   * say how much; estimated from the item that was in the way, which came with the failure.
   */
  static Usage refused(Map<String, AttributeValue> holder) {
    long bytes = ItemSize.of(holder);
    return new Usage(0, ItemSize.writeUnits(bytes), bytes);
  }

  private static double sum(Collection<ConsumedCapacity> capacities) {
    return capacities.stream().mapToDouble(Usage::units).sum();
  }

  private static double units(@Nullable ConsumedCapacity capacity) {
    return capacity == null || capacity.capacityUnits() == null ? 0 : capacity.capacityUnits();
  }

  private static long bytes(Collection<Map<String, AttributeValue>> items) {
    return items.stream().mapToLong(ItemSize::of).sum();
  }
}
