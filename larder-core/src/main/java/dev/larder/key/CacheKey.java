package dev.larder.key;

import java.util.Optional;

/**
 * A key and what vouches for it. Immutable.
 *
 * @param value the key
 * @param digest the full digest of what the key was made from: stored with the entry and compared
 *     on reading, so that two requests whose keys collide do not get each other's response; empty
 *     if the key itself is all there is
 */
public record CacheKey(String value, Optional<String> digest) {}
