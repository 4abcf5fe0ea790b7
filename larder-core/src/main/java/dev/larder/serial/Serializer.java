package dev.larder.serial;

/**
 * Turns values into bytes and back. Stateless and thread-safe.
 *
 * @param <T> the type of value
 */
public interface Serializer<T> {
  /** A short name, part of what makes two formats different. */
  String name();

  /**
   * The bytes of a value.
   *
   * @param context where the bytes will be kept; stages that authenticate bind them to it
   * @throws SerializationException if the value cannot be represented
   */
  byte[] serialize(T value, StageContext context);

  /**
   * The value of these bytes.
   *
   * @param context where the bytes were kept
   * @throws SerializationException if the bytes are not what this serializer wrote
   */
  T deserialize(byte[] bytes, StageContext context);
}
