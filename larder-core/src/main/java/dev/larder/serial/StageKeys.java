package dev.larder.serial;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of a stage that encrypts or signs: one to write with, and any number of older ones that
 * are still read with. Each has an id, which is stored with what it made and is no secret.
 *
 * <p>To rotate, give every reader the new key as an older one first, then make it the current one,
 * and leave out the old key when nothing written with it is left; what cannot be read for lack of
 * its key is a miss.
 *
 * <p>Immutable. The keys are copied, and no text shows them.
 */
public final class StageKeys {
  private static final int MAX_ID = 64;

  private final String currentId;
  private final Map<String, byte[]> keys;

  private StageKeys(String currentId, Map<String, byte[]> keys) {
    this.currentId = currentId;
    this.keys = keys;
  }

  /**
   * One key, to write and read with.
   *
   * @throws IllegalArgumentException if the id does not have 1 to 64 characters of printable ASCII,
   *     or the key has less than 16 bytes
   */
  public static StageKeys of(String id, byte[] key) {
    return new StageKeys(checked(id), Map.of(id, checked(id, key)));
  }

  /**
   * These keys and an older one, to read with only.
   *
   * @throws IllegalArgumentException as {@link #of}, or if the id is there already
   */
  public StageKeys withOlder(String id, byte[] key) {
    if (keys.containsKey(checked(id))) {
      throw new IllegalArgumentException("there are two keys with the id \"" + id + '"');
    }
    Map<String, byte[]> all = new LinkedHashMap<>(keys);
    all.put(id, checked(id, key));
    return new StageKeys(currentId, all);
  }

  /** The id of the key to write with. */
  public String currentId() {
    return currentId;
  }

  /** Checks every key. */
  StageKeys checkEach(KeyCheck check) {
    keys.forEach((id, key) -> check.check(id, key.length));
    return this;
  }

  /** What a stage demands of a key. */
  @FunctionalInterface
  interface KeyCheck {
    void check(String id, int length);
  }

  Optional<byte[]> key(String id) {
    return Optional.ofNullable(keys.get(id));
  }

  private static String checked(String id) {
    boolean printable = id.chars().allMatch(c -> c > ' ' && c < 0x7F);
    if (id.isEmpty() || id.length() > MAX_ID || !printable) {
      throw new IllegalArgumentException(
          "the id of a key must have 1 to "
              + MAX_ID
              + " characters of printable ASCII without spaces, but is \""
              + id
              + '"');
    }
    return id;
  }

  private static byte[] checked(String id, byte[] key) {
    if (key.length < 16) {
      throw new IllegalArgumentException(
          "key \"" + id + "\" has " + key.length + " bytes; at least 16 are needed");
    }
    return key.clone();
  }

  static byte[] idBytes(String id) {
    return id.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public String toString() {
    return "StageKeys[current " + currentId + ", " + keys.size() + " in all]";
  }
}
