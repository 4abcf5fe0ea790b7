package dev.larder.dynamodb;

import dev.larder.serial.Utf8;
import java.util.Optional;

/**
 * How the key of a map becomes the {@code key} of an item: preceded by the map's prefix, and by
 * U+0002 if it would begin with U+0001 or U+0002. So it never begins with U+0001, which begins the
 * keys of Larder's own items, and no two keys become the same. Immutable.
 */
final class MapKeys {
  private static final String ESCAPE = "\u0002";
  private static final int SHOWN = 120;

  private final String prefix;
  private final String itemPrefix;

  /**
   * Keys under a prefix, which may be empty.
   *
   * @throws IllegalArgumentException if UTF-8 cannot represent the prefix or it leaves no room
   */
  MapKeys(String prefix) {
    this.prefix = prefix;
    this.itemPrefix = escape(prefix);
    if (!Utf8.isWellFormed(prefix)) {
      throw new IllegalArgumentException(
          "key prefix has an unpaired surrogate, which UTF-8 and so DynamoDB cannot hold");
    }
    if (Utf8.length(itemPrefix) >= ItemKeys.MAX_BYTES) {
      throw new IllegalArgumentException(
          "key prefix has "
              + Utf8.length(itemPrefix)
              + " bytes of UTF-8 and leaves no room for a key; DynamoDB takes at most "
              + ItemKeys.MAX_BYTES
              + " of both together");
    }
  }

  String prefix() {
    return prefix;
  }

  /**
   * The item's key.
   *
   * @throws IllegalArgumentException if DynamoDB cannot hold it
   */
  String toItem(String key) {
    problem(key)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
    return escape(prefix + key);
  }

  /** The item's key; empty if a map can have no such key. */
  Optional<String> find(Object key) {
    return key instanceof String text && problem(text).isEmpty()
        ? Optional.of(escape(prefix + text))
        : Optional.empty();
  }

  /** The map's key; empty if the item is not under this prefix. */
  Optional<String> toUser(String itemKey) {
    if (!itemKey.startsWith(itemPrefix) || itemKey.startsWith(ItemKeys.CONTROL)) {
      return Optional.empty();
    }
    String whole = itemKey.startsWith(ESCAPE) ? itemKey.substring(1) : itemKey;
    return whole.length() == prefix.length()
        ? Optional.empty()
        : Optional.of(whole.substring(prefix.length()));
  }

  /** The condition that an item is of a map and under this prefix, for a scan's filter. */
  String filter(Expression expression) {
    String kind = expression.equal(Attributes.KIND, Attributes.KIND_MAP);
    if (prefix.isEmpty()) {
      return kind;
    }
    String key = expression.name(Attributes.KEY);
    String begin = expression.value(itemPrefix);
    return kind + " AND begins_with(" + key + ", " + begin + ") AND " + key + " <> " + begin;
  }

  /** A key as it may stand in a message: on one line and not too long. */
  static String shown(String key) {
    StringBuilder shown = new StringBuilder("\"");
    key.codePoints()
        .limit(SHOWN)
        .forEach(
            c -> {
              if (Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE) {
                shown.append(String.format("\\u%04X", c));
              } else {
                shown.appendCodePoint(c);
              }
            });
    return shown.append(key.codePointCount(0, key.length()) > SHOWN ? "...\"" : "\"").toString();
  }

  private Optional<String> problem(String key) {
    if (key.isEmpty()) {
      return Optional.of(
          "key is empty; DynamoDB needs 1 to " + ItemKeys.MAX_BYTES + " bytes of UTF-8");
    }
    if (!Utf8.isWellFormed(key)) {
      return Optional.of(
          "key "
              + shown(key)
              + " has an unpaired surrogate, which UTF-8 and so DynamoDB cannot hold");
    }
    int bytes = Utf8.length(escape(prefix + key));
    return bytes <= ItemKeys.MAX_BYTES
        ? Optional.empty()
        : Optional.of(
            "key "
                + shown(key)
                + " has "
                + bytes
                + " bytes of UTF-8 with prefix and escape; DynamoDB takes at most "
                + ItemKeys.MAX_BYTES);
  }

  private static String escape(String key) {
    return key.startsWith(ItemKeys.CONTROL) || key.startsWith(ESCAPE) ? ESCAPE + key : key;
  }
}
