package dev.larder.storage;

/**
 * How to read. Immutable.
 *
 * @param strong whether the answer must reflect every write that ended before the read began;
 *     otherwise it may lag behind other processes' writes for a moment
 * @param body whether the body will be read; without it, no body is transferred and opening it
 *     costs a further request
 */
public record ReadOptions(boolean strong, boolean body) {
  /** May lag behind; with the body. */
  public static final ReadOptions DEFAULT = new ReadOptions(false, true);

  /** May lag behind; without the body. */
  public static final ReadOptions HEAD = new ReadOptions(false, false);

  /** These options, reading strongly. */
  public ReadOptions strongly() {
    return new ReadOptions(true, body);
  }
}
