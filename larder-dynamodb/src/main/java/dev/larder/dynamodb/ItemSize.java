package dev.larder.dynamodb;

import dev.larder.serial.Utf8;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * How many bytes DynamoDB counts for an item: names and values (AWS Developer Guide, "DynamoDB item
 * sizes and formats"). Numbers are about one byte for two digits and one more; here the upper bound
 * is taken.
 */
final class ItemSize {
  /** The most that DynamoDB stores as one item. */
  static final int MAX = 400 * 1024;

  private static final int COLLECTION_OVERHEAD = 3;
  private static final int ELEMENT_OVERHEAD = 1;

  private ItemSize() {}

  /** The write units of an item of this size, or of none. */
  static double writeUnits(long bytes) {
    return Math.max(1, Math.ceil(bytes / 1024.0));
  }

  static long of(Map<String, AttributeValue> item) {
    long size = 0;
    for (Map.Entry<String, AttributeValue> attribute : item.entrySet()) {
      size += Utf8.length(attribute.getKey()) + of(attribute.getValue());
    }
    return size;
  }

  static long of(AttributeValue value) {
    return switch (value.type()) {
      case S -> Utf8.length(value.s());
      case N -> number(value.n());
      case B -> value.b().asByteArrayUnsafe().length;
      case SS -> value.ss().stream().mapToLong(Utf8::length).sum();
      case NS -> value.ns().stream().mapToLong(ItemSize::number).sum();
      case BS -> value.bs().stream().mapToLong(bytes -> bytes.asByteArrayUnsafe().length).sum();
      case M -> COLLECTION_OVERHEAD + of(value.m()) + (long) ELEMENT_OVERHEAD * value.m().size();
      case L ->
          COLLECTION_OVERHEAD
              + value.l().stream().mapToLong(element -> of(element) + ELEMENT_OVERHEAD).sum();
      default -> 1;
    };
  }

  private static long number(String text) {
    return (text.length() + 1L) / 2 + 1;
  }
}
