package dev.larder.serial;

/** One step of a pipeline: bytes to bytes, and back. Stateless and thread-safe. */
public interface Stage {
  /**
   * A short name without commas, recorded with what the stage encoded so that a reader knows how to
   * decode it.
   */
  String name();

  /** Transforms. */
  byte[] encode(byte[] bytes, StageContext context);

  /**
   * Undoes {@link #encode}.
   *
   * @throws SerializationException if the bytes are not what this stage wrote, or were written for
   *     another place
   */
  byte[] decode(byte[] bytes, StageContext context);

  /**
   * Whether {@link #decode} refuses whatever this stage did not write for that place. A cache that
   * writes with such a stage does not read bodies without it. Default: false.
   */
  default boolean authenticates() {
    return false;
  }
}
