package dev.larder.dynamodb;

import dev.larder.serial.SerializationException;
import dev.larder.serial.Serializer;
import dev.larder.serial.StageContext;
import dev.larder.serial.Utf8;
import dev.larder.storage.EntryTooLargeException;
import dev.larder.storage.StorageException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What the items of a map look like: {@code key}, {@code k} = "map", {@code v} = 1, {@code ver},
 * {@code value}, and {@code past} where a version was written upon seeing the one before it. An
 * absent item is an empty map here. Thread-safe as far as the serializer is.
 *
 * @param <V> the type of value
 */
final class MapItems<V> {
  /**
   * The beginnings of the versions an item had before, newest first, as long as each was written
   * upon the last and there is room; up to 287 bytes.
   */
  static final String PAST = "past";

  private static final long FORMAT = 1;
  private static final int FORMAT_BYTES = 2;
  private static final int MAX_ITEM_BYTES = 400 * 1024;
  private static final int VERSION_BYTES = 12;
  private static final int VERSION_CHARS = 16;
  private static final int PAST_VERSIONS = 32;
  private static final int PAST_CHARS = 8;
  private static final int FULL_PAST = PAST_VERSIONS * (PAST_CHARS + 1) - 1;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String table;
  private final Serializer<V> serializer;

  MapItems(String table, Serializer<V> serializer) {
    this.table = table;
    this.serializer = serializer;
  }

  Serializer<V> serializer() {
    return serializer;
  }

  /**
   * A new item for a value.
   *
   * @param key as the user knows it, for messages
   * @param before the item it replaces upon having seen it; empty otherwise
   * @throws SerializationException if the value cannot be represented
   * @throws EntryTooLargeException if the item would be larger than DynamoDB takes
   */
  Map<String, AttributeValue> write(
      String key, String itemKey, V value, Map<String, AttributeValue> before) {
    byte[] random = new byte[VERSION_BYTES];
    RANDOM.nextBytes(random);
    String version = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    byte[] bytes = serialized(key, value, new StageContext(itemKey, version, -1));
    Map<String, AttributeValue> item = new HashMap<>();
    item.put(Attributes.KEY, AttributeValue.fromS(itemKey));
    item.put(Attributes.KIND, AttributeValue.fromS(Attributes.KIND_MAP));
    item.put(Attributes.FORMAT, Attributes.number(FORMAT));
    item.put(Attributes.VERSION, AttributeValue.fromS(version));
    item.put(Attributes.VALUE, Attributes.textOrBinary(ByteBuffer.wrap(bytes)));
    int room = MAX_ITEM_BYTES - size(itemKey, bytes.length);
    if (room < 0) {
      throw tooLarge(key, MAX_ITEM_BYTES - room);
    }
    trace(before)
        .map(latest -> past(latest, before))
        .filter(past -> PAST.length() + past.length() <= room)
        .ifPresent(past -> item.put(PAST, AttributeValue.fromS(past)));
    return item;
  }

  /**
   * A new item for a value, whatever is there.
   *
   * @throws NullPointerException if key or value is null
   * @throws IllegalArgumentException if DynamoDB cannot hold the key
   */
  Map<String, AttributeValue> write(MapKeys keys, String key, V value) {
    String itemKey = keys.toItem(Objects.requireNonNull(key, "key"));
    return write(key, itemKey, Objects.requireNonNull(value, "value"), Map.of());
  }

  /**
   * The value of an item.
   *
   * @throws SerializationException if it is not what this map writes
   */
  V read(String key, Map<String, AttributeValue> item) {
    AttributeValue format = item.get(Attributes.FORMAT);
    if (format != null && !Attributes.number(FORMAT).equals(format)) {
      throw undecodable(key, "its format is " + format.n() + " and not " + FORMAT, null);
    }
    AttributeValue value = item.get(Attributes.VALUE);
    ByteBuffer bytes =
        Optional.ofNullable(value)
            .flatMap(Attributes::bytes)
            .orElseThrow(
                () -> undecodable(key, "attribute \"value\" is no string and no binary", null));
    String version = Attributes.text(item, Attributes.VERSION).orElse("");
    StageContext place = new StageContext(TableGateway.keyOf(item), version, -1);
    V read;
    try {
      read = serializer.deserialize(array(bytes), place);
    } catch (RuntimeException e) {
      throw undecodable(key, String.valueOf(e.getMessage()), e);
    }
    if (read == null) {
      throw undecodable(key, "serializer \"" + serializer.name() + "\" made null of it", null);
    }
    return read;
  }

  /** The value of an item; empty if there is none or it cannot be read. */
  Optional<V> readable(String key, Map<String, AttributeValue> item) {
    try {
      return item.isEmpty() ? Optional.empty() : Optional.of(read(key, item));
    } catch (SerializationException e) {
      return Optional.empty();
    }
  }

  /** Whether an item is of a map, and not of a cache that shares the table. */
  static boolean isOurs(Map<String, AttributeValue> item) {
    return Attributes.text(item, Attributes.KIND).filter(Attributes.KIND_MAP::equals).isPresent();
  }

  /**
   * Refuses to touch what is not of a map.
   *
   * @throws StorageException if there is an item and it is of another kind
   */
  void refuseForeign(String key, Map<String, AttributeValue> item) {
    if (!item.isEmpty() && !isOurs(item)) {
      throw new StorageException(
          "key "
              + MapKeys.shown(key)
              + " of the map is held by an item of another kind ("
              + Attributes.text(item, Attributes.KIND).orElse("not of Larder's native format")
              + ") in table \""
              + table
              + "\", which a map does not overwrite; use another key, a keyPrefix or a table of its own");
    }
  }

  /** Whether what is there now is what we wrote. */
  static boolean isSame(Map<String, AttributeValue> written, Map<String, AttributeValue> now) {
    return Objects.equals(written.get(Attributes.VERSION), now.get(Attributes.VERSION));
  }

  /** What has become of a write whose condition failed. */
  enum Fate {
    /** It took place, and others have written upon it since or not. */
    DONE,
    /** It did not; or something that asks for no version has come since. */
    NOT_DONE,
    /** Too many others have written for its traces to be there. */
    UNKNOWN
  }

  /**
   * Looks for the traces of a write in what is there now.
   *
   * @param seen what it was written upon; empty if nothing
   */
  static Fate fate(
      Map<String, AttributeValue> written,
      Map<String, AttributeValue> seen,
      Map<String, AttributeValue> now) {
    String past = Attributes.text(now, PAST).orElse("");
    if (isSame(written, now) || trace(written).filter(past::contains).isPresent()) {
      return Fate.DONE;
    }
    return past.length() < FULL_PAST || trace(seen).filter(past::contains).isPresent()
        ? Fate.NOT_DONE
        : Fate.UNKNOWN;
  }

  private static Optional<String> trace(Map<String, AttributeValue> item) {
    return Attributes.text(item, Attributes.VERSION)
        .filter(version -> version.length() == VERSION_CHARS)
        .map(version -> version.substring(0, PAST_CHARS));
  }

  /** The condition that there is no item. */
  static String absent(Expression expression) {
    return expression.missing(Attributes.KEY);
  }

  /** The condition that there is an item of a map. */
  static String present(Expression expression) {
    return expression.equal(Attributes.KIND, Attributes.KIND_MAP);
  }

  /** The condition that there is no item of another kind. */
  static String absentOrPresent(Expression expression) {
    return absent(expression) + " OR " + present(expression);
  }

  /** The condition that there is still this very item; by its value if it has no version. */
  static String unchanged(Map<String, AttributeValue> item, Expression expression) {
    String version = same(item, Attributes.VERSION, expression);
    return present(expression)
        + " AND "
        + (item.containsKey(Attributes.VERSION)
            ? version
            : version + " AND " + same(item, Attributes.VALUE, expression));
  }

  private static String same(
      Map<String, AttributeValue> item, String attribute, Expression expression) {
    AttributeValue value = item.get(attribute);
    return value == null
        ? expression.missing(attribute)
        : expression.name(attribute) + " = " + expression.value(value);
  }

  private static String past(String latest, Map<String, AttributeValue> before) {
    String past = Attributes.text(before, PAST).map(older -> latest + ' ' + older).orElse(latest);
    return past.length() <= FULL_PAST ? past : past.substring(0, FULL_PAST);
  }

  private byte[] serialized(String key, V value, StageContext place) {
    try {
      return serializer.serialize(value, place);
    } catch (SerializationException e) {
      throw new SerializationException(
          "the value for key " + MapKeys.shown(key) + " cannot be written: " + e.getMessage(), e);
    }
  }

  /** The bytes of an item without {@code past}, as DynamoDB counts: names and values. */
  private static int size(String itemKey, int valueBytes) {
    return Attributes.KEY.length()
        + Utf8.length(itemKey)
        + Attributes.KIND.length()
        + Attributes.KIND_MAP.length()
        + Attributes.FORMAT.length()
        + FORMAT_BYTES
        + Attributes.VERSION.length()
        + VERSION_CHARS
        + Attributes.VALUE.length()
        + valueBytes;
  }

  private static EntryTooLargeException tooLarge(String key, int bytes) {
    return new EntryTooLargeException(
        "the item for key "
            + MapKeys.shown(key)
            + " has "
            + bytes
            + " bytes; DynamoDB takes at most "
            + MAX_ITEM_BYTES
            + "; make the value smaller or choose a serializer that compresses");
  }

  private static byte[] array(ByteBuffer bytes) {
    if (bytes.hasArray() && bytes.arrayOffset() == 0 && bytes.remaining() == bytes.array().length) {
      return bytes.array();
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return copy;
  }

  private SerializationException undecodable(String key, String why, @Nullable Throwable cause) {
    return new SerializationException(
        "the value of key "
            + MapKeys.shown(key)
            + " in table \""
            + table
            + "\" cannot be read: "
            + why
            + "; remove the key or put another value",
        cause);
  }
}
