package dev.larder.storage;

import org.jspecify.annotations.Nullable;

/**
 * The storage is being set up, for example its table created. {@link ResponseStorage#prepare()}
 * waits for that; a client that must not wait goes on without its cache.
 */
public final class StorageNotReadyException extends StorageException {
  private static final long serialVersionUID = 1L;

  /** An exception with a message and what led to it, if anything did. */
  public StorageNotReadyException(String message, @Nullable Throwable cause) {
    super(message, cause, Kind.UNUSABLE);
  }
}
