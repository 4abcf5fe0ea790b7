package dev.larder;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How far a bulk operation has come, and which entries it came upon first. Thread-safe. */
final class BulkProgress {
  private static final int REPORT_EVERY = 100;
  private static final int SAMPLE = 10;

  private final BulkOptions options;
  private final SegmentPositions positions;
  private final List<String> sample = new ArrayList<>(SAMPLE);
  private long entries;
  private int sinceReport;
  private boolean ended;

  /**
   * At the options' token, or at the beginning.
   *
   * @param segments how many segments if there is no token; one with a token keeps to its own
   * @throws IllegalArgumentException if the token is none
   */
  BulkProgress(BulkOptions options, int segments) {
    this.options = options;
    this.positions =
        options
            .resumeFrom()
            .map(token -> SegmentPositions.parse(token, "a bulk operation"))
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

  /**
   * Everything up to the last of these entries was dealt with.
   *
   * @param counted how many of them count
   */
  synchronized void dealtWith(int segment, List<String> keys, long counted) {
    if (ended || keys.isEmpty()) {
      // Another segment has failed, and the token that was told last leads here again.
      return;
    }
    keys.stream().limit(counted).limit(SAMPLE - sample.size()).forEach(sample::add);
    positions.dealtWith(segment, keys.get(keys.size() - 1));
    entries += counted;
    sinceReport += keys.size();
    if (sinceReport >= REPORT_EVERY) {
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
    options.progress().accept(new BulkOptions.Progress(positions.token(), entries));
  }

  /** How many entries were dealt with. */
  synchronized long entries() {
    return entries;
  }

  /** The keys of the first few. */
  synchronized List<String> sample() {
    return List.copyOf(sample);
  }
}
