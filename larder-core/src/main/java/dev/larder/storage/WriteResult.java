package dev.larder.storage;

import java.util.Optional;

/**
 * What became of a conditional write. Immutable.
 *
 * @param published whether the precondition held and the item is now visible
 * @param version the version it was given; empty if it was not published
 * @param holder if it was not published: what is under the key instead, without its body, where the
 *     storage can tell
 */
public record WriteResult(boolean published, String version, Optional<StoredItem> holder) {
  /** The item is visible under this version. */
  public static WriteResult published(String version) {
    return new WriteResult(true, version, Optional.empty());
  }

  /** The precondition did not hold because of this item, or because there is none. */
  public static WriteResult refused(Optional<StoredItem> holder) {
    return new WriteResult(false, "", holder);
  }
}
