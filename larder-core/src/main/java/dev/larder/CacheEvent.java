package dev.larder;

import java.util.Optional;

/**
 * Something a cache did not do, or did differently, without telling its caller by an exception.
 *
 * @param type what happened
 * @param key the key concerned, or an empty string
 * @param message for people; holds no secrets
 * @param cause what led to it, if an exception did
 */
public record CacheEvent(Type type, String key, String message, Optional<Throwable> cause) {
  /** What happened. */
  public enum Type {
    /** An item under the key could not be decoded and counted as a miss. */
    UNDECODABLE,
    /** A response was too large to be stored. */
    TOO_LARGE,
    /**
     * The storage failed while reading: a miss, unless {@code failOpen} is off. Also if the user's
     * key function, principal or filter failed, or a body broke off while it was read.
     */
    READ_FAILED,
    /**
     * The storage failed while writing: a response was not stored or renewed, or what a request has
     * made void is remembered by this process only.
     */
    WRITE_FAILED,
    /**
     * The response was not stored, or not renewed, because too many wait for that already or the
     * cache was closed.
     */
    WRITE_SKIPPED,
    /** The storage failed over a lease, and the request went to the origin without one. */
    LEASE_FAILED
  }
}
