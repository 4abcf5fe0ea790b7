package dev.larder.requestscache;

import dev.larder.CacheSettings;
import dev.larder.http.Expiration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The behaviour of a {@code CachedSession} of requests-cache 1.3 with nothing but {@code
 * backend='dynamodb'}. Together with {@code format(REQUESTS_CACHE)} of the DynamoDB cache, a Java
 * and a Python program use each other's responses.
 *
 * <p>What it sets, next to the name it has there:
 *
 * <ul>
 *   <li>{@code keyFunction}: {@link RequestsCacheKeys} ({@code key_fn}, {@code ignored_parameters},
 *       {@code match_headers})
 *   <li>{@code expireAfter}: never ({@code expire_after=-1})
 *   <li>{@code cacheControl}: false ({@code cache_control})
 *   <li>{@code allowableCodes}: 200 ({@code allowable_codes})
 *   <li>{@code allowableMethods}: GET, HEAD ({@code allowable_methods}); {@code methodOverride}:
 *       true
 *   <li>{@code alwaysRevalidate}, {@code readOnly}, {@code onlyIfCached}, {@code staleIfError},
 *       {@code staleWhileRevalidate}: false
 * </ul>
 *
 * <p>What stays as safe as elsewhere in Larder, and so is not as there:
 *
 * <ul>
 *   <li>{@code shareAcrossCredentials}: false. requests-cache gives a response to one user's
 *       credentials to every other.
 *   <li>{@code redactedParameters}: the ignored parameters and {@link
 *       CacheSettings#DEFAULT_REDACTED}, in any case of spelling; there it is the ignored
 *       parameters as they are spelled.
 * </ul>
 */
public final class RequestsCache {
  private static final CacheSettings SETTINGS = settingsBuilder().build();

  private RequestsCache() {}

  /** The settings above. */
  public static CacheSettings settings() {
    return SETTINGS;
  }

  /** A builder that holds the settings above. */
  public static CacheSettings.Builder settingsBuilder() {
    return settingsBuilder(RequestsCacheKeys.create());
  }

  /**
   * A builder that holds the settings above with these keys: for sessions with other {@code
   * ignored_parameters}, {@code content_root_key}, {@code verify}, or serializer, or with {@code
   * match_headers=True}. Names to match go into {@code matchHeaders} of the settings.
   */
  public static CacheSettings.Builder settingsBuilder(RequestsCacheKeys keys) {
    Set<String> redacted = new TreeSet<>(CacheSettings.DEFAULT_REDACTED);
    redacted.addAll(keys.ignoredParameters());
    return CacheSettings.builder()
        .keyFunction(keys)
        .expireAfter(Expiration.never())
        .cacheControl(false)
        .allowableCodes(List.of(200))
        .allowableMethods(List.of("GET", "HEAD"))
        .methodOverride(true)
        .redactedParameters(redacted)
        .staleIfError(false)
        .staleWhileRevalidate(false);
  }
}
