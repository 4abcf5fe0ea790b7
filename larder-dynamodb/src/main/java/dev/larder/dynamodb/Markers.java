package dev.larder.dynamodb;

import dev.larder.storage.StoredItem;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * How aliases, directories and tombstones are laid out. Their time to live is written whether or
 * not entries have one.
 */
final class Markers {
  private Markers() {}

  /**
   * The item of a marker, without its key.
   *
   * @param seal vouches for aliases; empty if nothing does
   */
  static Map<String, AttributeValue> encode(
      StoredItem marker, String version, Optional<AliasSeal> seal) {
    Map<String, AttributeValue> item = new HashMap<>();
    item.put(Attributes.FORMAT, Attributes.number(NativeFormat.CURRENT));
    item.put(Attributes.VERSION, AttributeValue.fromS(version));
    if (marker instanceof StoredItem.Alias alias) {
      item.put(Attributes.KIND, AttributeValue.fromS(Attributes.KIND_ALIAS));
      item.put(Attributes.TARGET, AttributeValue.fromS(alias.target()));
      seal.ifPresent(
          by -> item.put(Attributes.SEALED, by.of(alias.key(), version, alias.target())));
      putTtl(item, alias.retainUntil());
    } else if (marker instanceof StoredItem.Tombstone tombstone) {
      item.put(Attributes.KIND, AttributeValue.fromS(Attributes.KIND_TOMBSTONE));
      item.put(Attributes.INVALIDATED_AT, Attributes.instant(tombstone.invalidatedAt()));
      putTtl(item, Optional.of(tombstone.retainUntil()));
    } else if (marker instanceof StoredItem.Directory directory) {
      putDirectory(item, directory);
    } else {
      throw new IllegalArgumentException("entries are written with write(..)");
    }
    return item;
  }

  private static void putDirectory(
      Map<String, AttributeValue> item, StoredItem.Directory directory) {
    item.put(Attributes.KIND, AttributeValue.fromS(Attributes.KIND_DIRECTORY));
    item.put(Attributes.VARY, AttributeValue.fromS(String.join(",", directory.vary())));
    if (!directory.variants().isEmpty()) {
      item.put(Attributes.VARIANTS, AttributeValue.fromSs(List.copyOf(directory.variants())));
    }
    directory
        .invalidatedAt()
        .ifPresent(at -> item.put(Attributes.INVALIDATED_AT, Attributes.instant(at)));
    putTtl(item, directory.retainUntil());
  }

  private static void putTtl(Map<String, AttributeValue> item, Optional<Instant> until) {
    until.ifPresent(time -> item.put(Attributes.TTL, Attributes.epochSeconds(time)));
  }
}
