package dev.larder.http;

import org.jspecify.annotations.Nullable;

/**
 * The root of every exception Larder throws by itself. Unchecked; its message names the table, key
 * or option concerned and how to mend it. Wrong arguments are refused with the JDK's {@link
 * IllegalArgumentException} instead.
 */
public class LarderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An exception with a message and no cause. */
  public LarderException(String message) {
    super(message);
  }

  /** An exception with a message and what led to it, if anything did. */
  public LarderException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
