package dev.larder;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a migration has come in each segment of the storage, and what it has done. Thread-safe.
 */
final class MigrationProgress {
  private static final int REPORT_EVERY = 100;

  private final KeyMigration options;
  private final SegmentPositions positions;
  private long moved;
  private long unchanged;
  private long redacted;
  private long left;
  private int sinceReport;
  private boolean ended;

  /**
   * At the options' token, or at the beginning.
   *
   * @param segments how many segments if there is no token; one with a token keeps to its own
   * @throws IllegalArgumentException if the token is none
   */
  MigrationProgress(KeyMigration options, int segments) {
    this.options = options;
    this.positions =
        options
            .resumeFrom()
            .map(token -> SegmentPositions.parse(token, "recreateKeys(..)"))
            .orElseGet(() -> SegmentPositions.begin(segments));
  }

  int segments() {
    return positions.segments();
  }

  synchronized boolean isDone(int segment) {
    return positions.isDone(segment);
  }

  /** The key of the last entry that was dealt with. */
  synchronized Optional<String> after(int segment) {
    return positions.after(segment);
  }

  /** An entry was dealt with; with a reason if it stays though it has another key now. */
  synchronized void dealtWith(int segment, String key, Outcome outcome) {
    if (ended) {
      // Another segment has failed. The next run finds the entry where it is now.
      return;
    }
    positions.dealtWith(segment, key);
    if (outcome.left() == null) {
      moved += outcome.moved() ? 1 : 0;
      unchanged += outcome.moved() ? 0 : 1;
    } else {
      boolean secret = outcome.left().reason() == KeyMigration.Reason.REDACTED;
      redacted += secret ? 1 : 0;
      left += secret ? 0 : 1;
      options.left().accept(outcome.left());
    }
    if (++sinceReport >= REPORT_EVERY) {
      report();
    }
  }

  synchronized void done(int segment) {
    positions.done(segment);
  }

  /** Tells how far it has come, for the last time. */
  synchronized void end() {
    ended = true;
    report();
  }

  private void report() {
    sinceReport = 0;
    options.progress().accept(new KeyMigration.Progress(positions.token(), soFar()));
  }

  synchronized RecreatedKeys soFar() {
    return new RecreatedKeys(moved, unchanged, redacted, left);
  }

  /**
   * What became of an entry.
   *
   * @param moved whether it was moved; otherwise its key was right, unless it was left
   * @param left why it was left, if it was
   */
  record Outcome(boolean moved, KeyMigration.@Nullable Left left) {
    static final Outcome MOVED = new Outcome(true, null);
    static final Outcome UNCHANGED = new Outcome(false, null);
  }
}
