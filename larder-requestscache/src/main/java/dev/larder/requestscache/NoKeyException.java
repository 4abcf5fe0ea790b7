package dev.larder.requestscache;

import java.io.Serial;

/**
 * Python raises here. The caller catches it and takes the way that requests-cache takes, or, where
 * requests-cache makes no key at all, one that is always the same.
 */
final class NoKeyException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  NoKeyException(String message) {
    // Part of the ordinary course of events: no stack trace.
    super(message, null, false, false);
  }
}
