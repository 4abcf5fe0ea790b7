package dev.larder.dynamodb;

import dev.larder.serial.Utf8;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a key the user knows becomes the {@code key} of an item. In a namespace it is preceded by the
 * namespace and U+001F. Keys of Larder's own begin with U+0001. So no key of one namespace, nor of
 * the user's, can be one of another, nor of ours.
 */
final class ItemKeys {
  /** Begins the keys of parts, leases and control items. */
  static final String CONTROL = "\u0001";

  /** DynamoDB's limit for a partition key, in bytes of UTF-8. */
  static final int MAX_BYTES = 2048;

  private static final String SEPARATOR = "\u001F";
  private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9_.-]{0,64}");

  private final String prefix;

  /**
   * Keys in a namespace; the empty one is the table's own.
   *
   * @throws IllegalArgumentException if the namespace has other characters or is too long
   */
  ItemKeys(String namespace) {
    if (!NAMESPACE.matcher(namespace).matches()) {
      throw new IllegalArgumentException(
          "namespace may have up to 64 letters, digits, '_', '.' and '-', but is \""
              + namespace
              + '"');
    }
    this.prefix = namespace.isEmpty() ? "" : namespace + SEPARATOR;
  }

  boolean isEmptyNamespace() {
    return prefix.isEmpty();
  }

  /**
   * The item's key.
   *
   * @throws IllegalArgumentException if DynamoDB cannot hold it or it is one of ours
   */
  String toItem(String key) {
    if (key.isEmpty()) {
      throw new IllegalArgumentException(
          "key is empty; DynamoDB needs 1 to " + MAX_BYTES + " bytes");
    }
    if (key.startsWith(CONTROL) || key.contains(SEPARATOR)) {
      throw new IllegalArgumentException(
          "key must not begin with U+0001 nor contain U+001F, which Larder keeps for itself");
    }
    if (!Utf8.isWellFormed(key)) {
      throw new IllegalArgumentException(
          "key has an unpaired surrogate, which UTF-8 and so DynamoDB cannot hold");
    }
    int limit = MAX_BYTES - Utf8.length(prefix);
    if (Utf8.length(key) > limit) {
      throw new IllegalArgumentException(
          "key has "
              + Utf8.length(key)
              + " bytes of UTF-8, but at most "
              + limit
              + " are possible: DynamoDB takes "
              + MAX_BYTES
              + ", a namespace included");
    }
    return prefix + key;
  }

  /**
   * The same without the checks, for stages to vouch for: of a key that is an item's already, or
   * that nothing is kept under. A copy in another namespace has another one.
   */
  String place(String key) {
    return prefix + key;
  }

  /**
   * The key of a part of a body. Each one is in a partition of its own, so a large body has the
   * throughput of many.
   */
  String part(String token, int index) {
    return CONTROL + prefix + "p" + token + ":" + index;
  }

  /** The partition of the index that an entry belongs to. */
  String shard(String itemKey) {
    return shard(Math.floorMod(itemKey.hashCode(), Places.SHARDS));
  }

  /**
   * One of the {@link Places#SHARDS} partitions of the index that are this namespace's, or the one
   * beside them.
   */
  String shard(int number) {
    return (prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - SEPARATOR.length()))
        + "/"
        + number;
  }

  /** The key of an item that says something of the whole namespace, and outlasts its entries. */
  String control(String name) {
    return CONTROL + prefix + "c:" + name;
  }

  /** Whether it is such a key, of whichever namespace. */
  static boolean isControl(String itemKey) {
    int begin = Math.max(itemKey.indexOf(SEPARATOR) + 1, CONTROL.length());
    return itemKey.startsWith(CONTROL) && itemKey.startsWith("c:", begin);
  }

  /**
   * The key of the lease of a user's key.
   *
   * @throws IllegalArgumentException if DynamoDB cannot hold it
   */
  String lease(String key) {
    String itemKey = CONTROL + prefix + "l" + key;
    if (Utf8.length(itemKey) > MAX_BYTES) {
      throw new IllegalArgumentException(
          "there is no room beside a key of "
              + Utf8.length(key)
              + " bytes for the two that make it a lease's: DynamoDB takes "
              + MAX_BYTES);
    }
    return itemKey;
  }

  /** The token in the key of a part of this namespace; empty if it is another key. */
  Optional<String> tokenOfPart(String itemKey) {
    String begin = CONTROL + prefix + "p";
    int colon = itemKey.lastIndexOf(':');
    return itemKey.startsWith(begin) && colon > begin.length() && !isOfNamespaceLike(begin, itemKey)
        ? Optional.of(itemKey.substring(begin.length(), colon))
        : Optional.empty();
  }

  /** Whether what looks like one of our own letters is the beginning of a namespace's name. */
  private static boolean isOfNamespaceLike(String begin, String itemKey) {
    return itemKey.indexOf(SEPARATOR, begin.length()) >= 0;
  }

  /** The condition that an item is a part of this namespace, for a scan's filter. */
  String partsFilter(Expression expression) {
    String key = expression.name(Attributes.KEY);
    String begins = "begins_with(" + key + ", " + expression.value(CONTROL + prefix + "p") + ")";
    return prefix.isEmpty()
        ? begins + " AND NOT contains(" + key + ", " + expression.value(SEPARATOR) + ")"
        : begins;
  }

  /** The user's key; empty if the item is not of this namespace. */
  Optional<String> toUser(String itemKey) {
    boolean ours =
        prefix.isEmpty()
            ? !itemKey.contains(SEPARATOR) && !itemKey.startsWith(CONTROL)
            : itemKey.startsWith(prefix);
    return ours ? Optional.of(itemKey.substring(prefix.length())) : Optional.empty();
  }

  /** The condition that an item is of this namespace, for a scan's filter. */
  String filter(Expression expression) {
    String key = expression.name(Attributes.KEY);
    return prefix.isEmpty()
        ? "NOT contains(" + key + ", " + expression.value(SEPARATOR) + ")"
        : "begins_with(" + key + ", " + expression.value(prefix) + ")";
  }

  /**
   * The condition that an item, be it one of Larder's own, is of this namespace, for a scan's
   * filter.
   */
  String filterWithControl(Expression expression) {
    if (prefix.isEmpty()) {
      return filter(expression);
    }
    return "("
        + filter(expression)
        + " OR begins_with("
        + expression.name(Attributes.KEY)
        + ", "
        + expression.value(CONTROL + prefix)
        + "))";
  }
}
