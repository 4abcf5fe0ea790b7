package dev.larder.dynamodb;

import static dev.larder.dynamodb.Attributes.INVALIDATED_AT;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.storage.StoredItem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Recognises what an item is, whoever wrote it. Whatever cannot be decoded becomes an invalid
 * entry, never an exception. So does an entry in requests-cache's layout where entries have to be
 * encrypted or signed: nothing in that layout is, and whoever can write to the table could forge
 * it.
 */
final class ItemReader {
  private static final String NOT_SEALED =
      "it is in requests-cache's layout, neither encrypted nor signed, which this cache demands";

  private final EntryFormat nativeFormat;
  private final EntryFormat requestsCacheFormat;
  private final Optional<EntryFormat> serializedFormat;
  private final RequestsCacheReader foreign;
  private final boolean demandsSeals;
  private final Optional<AliasSeal> aliasSeal;

  /**
   * A reader.
   *
   * @param demandsSeals whether entries have to be encrypted or signed
   * @param aliasSeal has to vouch for aliases, if there is one
   */
  ItemReader(
      EntryFormat nativeFormat,
      EntryFormat requestsCacheFormat,
      Optional<EntryFormat> serializedFormat,
      RequestsCacheReader foreign,
      boolean demandsSeals,
      Optional<AliasSeal> aliasSeal) {
    this.nativeFormat = nativeFormat;
    this.requestsCacheFormat = requestsCacheFormat;
    this.serializedFormat = serializedFormat;
    this.foreign = foreign;
    this.demandsSeals = demandsSeals;
    this.aliasSeal = aliasSeal;
  }

  /**
   * What the item is; empty if it is none of the cache's, such as a map's.
   *
   * @param unread the body to use if the item was read without its body; empty if it was read whole
   */
  Optional<StoredItem> read(String key, Map<String, AttributeValue> item, Optional<Body> unread) {
    AttributeValue kind = item.get(Attributes.KIND);
    if (kind == null) {
      return Optional.of(
          demandsSeals
              ? invalid(key, item, NOT_SEALED)
              : new StoredItem.Entry(foreign.read(key, item)));
    }
    return switch (kind.s() == null ? "" : kind.s()) {
      case Attributes.KIND_ENTRY -> Optional.of(new StoredItem.Entry(entry(key, item, unread)));
      case Attributes.KIND_DIRECTORY -> Optional.of(directory(key, item));
      case Attributes.KIND_ALIAS -> Optional.of(alias(key, item));
      case Attributes.KIND_TOMBSTONE -> Optional.of(tombstone(key, item));
      default -> Optional.empty();
    };
  }

  private CacheEntry entry(String key, Map<String, AttributeValue> item, Optional<Body> unread) {
    try {
      AttributeValue value = item.get(Attributes.VALUE);
      if (value == null) {
        return nativeFormat.decode(key, item, unread);
      }
      if (value.hasM()) {
        if (demandsSeals) {
          throw new EntryFormat.InvalidItemException(NOT_SEALED);
        }
        return requestsCacheFormat.decode(key, item, unread);
      }
      return serializedFormat
          .orElseThrow(
              () ->
                  new EntryFormat.InvalidItemException(
                      "it was written with a serializer, and this cache is not given one"))
          .decode(key, item, unread);
    } catch (EntryFormat.InvalidItemException e) {
      return CacheEntry.invalid(key, String.valueOf(e.getMessage()), ItemSize.of(item));
    }
  }

  private static StoredItem directory(String key, Map<String, AttributeValue> item) {
    Optional<String> vary = Attributes.text(item, Attributes.VARY);
    AttributeValue variants = item.get(Attributes.VARIANTS);
    if (vary.isEmpty() || (variants != null && !variants.hasSs())) {
      return invalid(key, item, "its list of variants is malformed");
    }
    return new StoredItem.Directory(
        key,
        Attributes.text(item, Attributes.VERSION).orElse(""),
        vary.get().isEmpty() ? List.of() : List.of(vary.get().split(",", -1)),
        variants == null ? Set.of() : Set.copyOf(variants.ss()),
        Attributes.instant(item, INVALIDATED_AT),
        Attributes.retainUntil(item));
  }

  private StoredItem alias(String key, Map<String, AttributeValue> item) {
    Optional<String> target = Attributes.text(item, Attributes.TARGET);
    if (target.isEmpty()) {
      return invalid(key, item, "it is an alias without a target");
    }
    return aliasSeal.filter(seal -> !seal.holds(key, item, target.get())).isPresent()
        ? invalid(key, item, "it is an alias that was changed, or not signed as this cache demands")
        : new StoredItem.Alias(key, target.get(), Attributes.retainUntil(item));
  }

  private static StoredItem tombstone(String key, Map<String, AttributeValue> item) {
    Optional<Instant> at = Attributes.instant(item, INVALIDATED_AT);
    Optional<Instant> until = Attributes.retainUntil(item);
    return at.isPresent() && until.isPresent()
        ? new StoredItem.Tombstone(key, at.get(), until.get())
        : invalid(key, item, "it is a tombstone without its times");
  }

  private static StoredItem invalid(String key, Map<String, AttributeValue> item, String problem) {
    return new StoredItem.Entry(CacheEntry.invalid(key, problem, ItemSize.of(item)));
  }
}
