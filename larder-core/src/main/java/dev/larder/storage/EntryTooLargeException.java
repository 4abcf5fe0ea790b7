package dev.larder.storage;

/**
 * An entry is larger than the storage takes. Nothing was stored; what was there before still is.
 */
public final class EntryTooLargeException extends StorageException {
  private static final long serialVersionUID = 1L;

  /** An exception whose message names the key, the size and the limit. */
  public EntryTooLargeException(String message) {
    super(message, null, Kind.UNAFFECTED);
  }
}
