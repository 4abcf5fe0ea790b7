package dev.larder.policy;

import dev.larder.http.Headers;
import org.jspecify.annotations.Nullable;

/** Field lines in one cell of a table: {@code Age: 1 & Date: now}; null for none. */
final class Lines {
  private Lines() {}

  static Headers of(@Nullable String text) {
    return text == null ? Headers.empty() : Headers.parse(text.replace(" & ", "\n"));
  }
}
