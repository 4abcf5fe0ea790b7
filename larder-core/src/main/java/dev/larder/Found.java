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
 * @param unsettled whether a response was on its way to this URL, so that what is under the key may
 *     be another item by now
 */
record Found(
    CacheKey key,
    Optional<StoredItem> atKey,
    Optional<CacheEntry> entry,
    CacheStatus.Reason missed,
    Instant notBefore,
    boolean unsettled) {
  Found(
      CacheKey key,
      Optional<StoredItem> atKey,
      Optional<CacheEntry> entry,
      CacheStatus.Reason missed,
      Instant notBefore) {
    this(key, atKey, entry, missed, notBefore, false);
  }

  /** A response that is on its way to the storage, which was not asked. */
  static Found pending(CacheKey key, CacheEntry entry) {
    return new Found(
        key, Optional.empty(), Optional.of(entry), CacheStatus.Reason.MISS, Instant.MIN, true);
  }

  static Found nothing(CacheKey key, Optional<StoredItem> atKey, CacheStatus.Reason missed) {
    return new Found(key, atKey, Optional.empty(), missed, Instant.MIN);
  }

  Found notBefore(Instant time) {
    return new Found(key, atKey, entry, missed, time, unsettled);
  }

  Found atKey(Optional<StoredItem> item) {
    return new Found(key, item, entry, missed, notBefore, unsettled);
  }

  /**
   * The same while responses are on their way to this URL, none of which is for this request.
   *
   * @param anotherVariant whether one of them is for other request fields
   */
  Found whileUnsettled(boolean anotherVariant) {
    CacheStatus.Reason why =
        anotherVariant && missed == CacheStatus.Reason.URI_MISS
            ? CacheStatus.Reason.VARY_MISS
            : missed;
    return new Found(key, atKey, entry, why, notBefore, true);
  }
}
