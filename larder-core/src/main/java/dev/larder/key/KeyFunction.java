package dev.larder.key;

import dev.larder.http.Request;
import java.util.Collection;

/**
 * Makes the key of a request. Pure and thread-safe: equal requests have equal keys, in every
 * process.
 */
@FunctionalInterface
public interface KeyFunction {
  /**
   * The key of a request.
   *
   * @param matchHeaders names of the request fields that take part, in any case and order
   */
  CacheKey create(Request request, Collection<String> matchHeaders);

  /** Larder's own keys: {@link StandardKeys}. */
  static KeyFunction standard() {
    return StandardKeys.INSTANCE;
  }
}
