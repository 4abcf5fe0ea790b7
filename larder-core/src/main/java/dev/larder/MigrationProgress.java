package dev.larder;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How far a migration has come in each segment of the storage, and what it has done. Its token is
 * {@code 1} and, for each segment, a point and the key of the last entry dealt with in Base64; an
 * asterisk if there are no more; nothing if there was none yet. Thread-safe.
 */
final class MigrationProgress {
  private static final String VERSION = "1";
  private static final String DONE = "*";
  private static final int REPORT_EVERY = 100;
  private static final int MAX_SEGMENTS = 1000;

  private final KeyMigration options;
  private final String[] positions;
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
            .map(MigrationProgress::parse)
            .orElseGet(() -> Stream.generate(() -> "").limit(segments).toArray(String[]::new));
  }

  private static String[] parse(String token) {
    List<String> parts = List.of(token.split("\\.", -1));
    boolean sound =
        parts.get(0).equals(VERSION)
            && parts.size() > 1
            && parts.size() <= MAX_SEGMENTS + 1
            && parts.stream().skip(1).allMatch(MigrationProgress::isPosition);
    if (!sound) {
      throw new IllegalArgumentException(
          "\"" + token + "\" is no token of recreateKeys(..); leave it out to begin again");
    }
    return parts.stream().skip(1).toArray(String[]::new);
  }

  private static boolean isPosition(String part) {
    return part.isEmpty() || part.equals(DONE) || key(part).isPresent();
  }

  private static Optional<String> key(String position) {
    try {
      return Optional.of(
              new String(Base64.getUrlDecoder().decode(position), StandardCharsets.UTF_8))
          .filter(key -> !key.isEmpty());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  int segments() {
    return positions.length;
  }

  synchronized boolean isDone(int segment) {
    return positions[segment].equals(DONE);
  }

  /** The key of the last entry that was dealt with. */
  synchronized Optional<String> after(int segment) {
    return isDone(segment) ? Optional.empty() : key(positions[segment]);
  }

  /** An entry was dealt with; with a reason if it stays though it has another key now. */
  synchronized void dealtWith(int segment, String key, Outcome outcome) {
    if (ended) {
      // Another segment has failed. The next run finds the entry where it is now.
      return;
    }
    positions[segment] =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(key.getBytes(StandardCharsets.UTF_8));
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
    positions[segment] = DONE;
  }

  /** Tells how far it has come, for the last time. */
  synchronized void end() {
    ended = true;
    report();
  }

  private void report() {
    sinceReport = 0;
    options.progress().accept(new KeyMigration.Progress(token(), soFar()));
  }

  synchronized RecreatedKeys soFar() {
    return new RecreatedKeys(moved, unchanged, redacted, left);
  }

  private String token() {
    return IntStream.range(0, positions.length)
        .mapToObj(segment -> positions[segment])
        .collect(Collectors.joining(".", VERSION + ".", ""));
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
