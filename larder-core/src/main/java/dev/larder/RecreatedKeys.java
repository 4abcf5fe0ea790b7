package dev.larder;

/**
 * What {@link HttpCache#recreateKeys()} did.
 *
 * @param moved entries that have a new key now
 * @param unchanged entries whose key was right already
 * @param redacted entries left as they are because what their key was made from was not stored
 */
public record RecreatedKeys(long moved, long unchanged, long redacted) {}
