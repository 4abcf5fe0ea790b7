package dev.larder.storage;

import dev.larder.http.LarderException;
import org.jspecify.annotations.Nullable;

/**
 * A storage could not do what it was asked for. The message names the table (or other place) and
 * how to mend it.
 */
public class StorageException extends LarderException {
  private static final long serialVersionUID = 1L;

  /** An exception with a message and no cause. */
  public StorageException(String message) {
    super(message);
  }

  /** An exception with a message and what led to it, if anything did. */
  public StorageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
