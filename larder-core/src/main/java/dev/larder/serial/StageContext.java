package dev.larder.serial;

/**
 * The place that bytes are kept in. A stage that authenticates binds the bytes to it, so that they
 * do not open anywhere else.
 *
 * @param key the item's key, its namespace included
 * @param version the version of the entry
 * @param part the index of the part; of the last one {@code -2 - index}, so that parts cannot be
 *     cut off unnoticed; -1 for the entry itself
 */
public record StageContext(String key, String version, int part) {
  /** No place in particular. */
  public static final StageContext NONE = new StageContext("", "", -1);
}
