package dev.larder;

/**
 * What {@link HttpCache#recreateKeys()} did. {@link KeyMigration#onLeft} lists what was left.
 *
 * @param moved entries that have a new key now, or gave way there to a newer response to the same
 *     request
 * @param unchanged entries whose key was right when they were read; one that this run has moved may
 *     be read again and counts here, too
 * @param redacted entries left as they are because what their key was made from, or whose
 *     credentials they are for, was not stored
 * @param left entries left as they are for any other {@linkplain KeyMigration.Reason reason}
 */
public record RecreatedKeys(long moved, long unchanged, long redacted, long left) {}
