package dev.larder;

import dev.larder.http.CacheEntry;
import dev.larder.key.CacheKey;
import dev.larder.policy.CacheStatus;
import dev.larder.storage.StoredItem;
import java.time.Instant;
import java.util.Optional;

/**
 * What a look-up has found. Immutable.
 *
 * @param key the key of the URL
 * @param atKey what is under it: the response, or the directory of its variants
 * @param entry the response that this request selects
 * @param missed why there is none, if there is none
 * @param notBefore what was requested at or before this time is void, whatever brings it
 */
record Found(
    CacheKey key,
    Optional<StoredItem> atKey,
    Optional<CacheEntry> entry,
    CacheStatus.Reason missed,
    Instant notBefore) {
  static Found nothing(CacheKey key, Optional<StoredItem> atKey, CacheStatus.Reason missed) {
    return new Found(key, atKey, Optional.empty(), missed, Instant.MIN);
  }

  Found notBefore(Instant time) {
    return new Found(key, atKey, entry, missed, time);
  }
}
