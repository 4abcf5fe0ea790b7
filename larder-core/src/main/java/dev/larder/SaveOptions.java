package dev.larder;

import dev.larder.http.Expiration;
import java.util.Optional;

/**
 * How to save a response. Immutable.
 *
 * @param key the key to use instead of the request's own
 * @param expiration when it expires; without one the cache's settings decide, then the origin's
 *     freshness, and without that it never does
 * @param overwrite whether to replace whatever is there (the default), or only what was requested
 *     earlier than this response
 */
public record SaveOptions(
    Optional<String> key, Optional<Expiration> expiration, boolean overwrite) {
  /** The request's own key, the origin's expiration, overwriting. */
  public static final SaveOptions DEFAULT =
      new SaveOptions(Optional.empty(), Optional.empty(), true);

  /** These options with this key. */
  public SaveOptions key(String value) {
    return new SaveOptions(Optional.of(value), expiration, overwrite);
  }

  /** These options with this expiration. */
  public SaveOptions expiration(Expiration value) {
    return new SaveOptions(key, Optional.of(value), overwrite);
  }

  /** These options, replacing only what was requested earlier. */
  public SaveOptions ifNewer() {
    return new SaveOptions(key, expiration, false);
  }
}
