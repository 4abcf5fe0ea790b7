package dev.larder.key;

import dev.larder.http.Request;
import java.util.Collection;
import java.util.Optional;

/**
 * Makes the key of a request. Pure and thread-safe: equal requests have equal keys, in every
 * process.
 */
@FunctionalInterface
public interface KeyFunction {
  /**
   * The length of the longest request body that clients read to make a key, in bytes: 10 MiB.
   * Requests with a longer one bypass the cache. {@link #standard()} takes longer ones byte for
   * byte.
   */
  int MAX_BODY_BYTES = 10 << 20;

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

  /**
   * The key of a response of which another variant lies under the request's own key (RFC 9111
   * §4.1), for functions whose keys another program makes, too: it knows no lists of variants. By
   * default there is no such key, and lists tell variants apart.
   *
   * @param vary what the response under the request's own key has for {@code Vary}
   * @param matchHeaders as for {@link #create}
   */
  default Optional<CacheKey> createVariant(
      Request request, String vary, Collection<String> matchHeaders) {
    return Optional.empty();
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
