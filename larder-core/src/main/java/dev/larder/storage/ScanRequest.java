package dev.larder.storage;

import dev.larder.http.EntryFilter;
import java.util.Optional;

/**
 * Which entries to list, and how. Immutable.
 *
 * @param filter which entries; each one delivered matches it
 * @param bodies whether the bodies will be read; otherwise none is transferred and opening one
 *     costs a further request
 * @param segment which part of the storage, 0 to {@code segments - 1}
 * @param segments into how many disjoint parts the storage is cut; 1 to 1,000
 * @param after begin behind this entry of an earlier scan of the same segment; empty for the
 *     beginning
 */
public record ScanRequest(
    EntryFilter filter, boolean bodies, int segment, int segments, Optional<String> after) {
  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException if the segment or their number is out of bounds
   */
  public ScanRequest {
    if (segments < 1 || segments > 1000) {
      throw new IllegalArgumentException("segments must be between 1 and 1000, but is " + segments);
    }
    if (segment < 0 || segment >= segments) {
      throw new IllegalArgumentException(
          "segment must be between 0 and " + (segments - 1) + ", but is " + segment);
    }
  }

  /** All matching entries, without bodies, in one segment. */
  public static ScanRequest of(EntryFilter filter) {
    return new ScanRequest(filter, false, 0, 1, Optional.empty());
  }

  /** This request with bodies. */
  public ScanRequest withBodies() {
    return new ScanRequest(filter, true, segment, segments, after);
  }

  /** This request for one of several disjoint parts. */
  public ScanRequest segment(int index, int count) {
    return new ScanRequest(filter, bodies, index, count, after);
  }

  /** This request from behind an entry of an earlier scan. */
  public ScanRequest after(String key) {
    return new ScanRequest(filter, bodies, segment, segments, Optional.of(key));
  }
}
