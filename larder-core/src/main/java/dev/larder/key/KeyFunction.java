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

  /**
   * Whether different requests may well have one key, as with short digests of ambiguous material
   * that leave credentials out. Then a response found by such a key is used only if its stored
   * request agrees with the one asked for. By default it is not so: keys are unambiguous, or bring
   * different requests together on purpose.
   */
  default boolean mayCollide() {
    return false;
  }

  /** Larder's own keys: {@link StandardKeys}. */
  static KeyFunction standard() {
    return StandardKeys.INSTANCE;
  }

  /**
   * Larder's own keys without what is called so: parameters of the query, members of form and JSON
   * bodies at any depth (in this spelling), and fields that would be matched (in any case).
   * Requests that differ only in these have one key.
   */
  static KeyFunction standard(Collection<String> ignoredParameters) {
    return ignoredParameters.isEmpty()
        ? StandardKeys.INSTANCE
        : new StandardKeys(ignoredParameters);
  }
}
