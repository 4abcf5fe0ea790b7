package dev.larder.serial;

import dev.larder.http.LarderException;
import org.jspecify.annotations.Nullable;

/** Bytes could not be turned into a value, or a value into bytes. */
public final class SerializationException extends LarderException {
  private static final long serialVersionUID = 1L;

  /** An exception with a message and no cause. */
  public SerializationException(String message) {
    super(message);
  }

  /** An exception with a message and what led to it, if anything did. */
  public SerializationException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
