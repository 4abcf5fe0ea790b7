package dev.larder;

import dev.larder.http.EntryHead;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How {@link HttpCache#recreateKeys(KeyMigration)} goes about its work. Immutable.
 *
 * <p>A run over a large table may be stopped: by a failure, or because a process ends. Whoever
 * keeps the last {@linkplain Progress#token() token} goes on from there; without it, the next run
 * reads the whole storage again but writes only what is still to be moved.
 *
 * @param resumeFrom a token of an earlier run; empty to begin at the beginning
 * @param progress is told every hundred entries, and at the end or when the run fails, how far it
 *     has come
 * @param left is told of each entry that stays where it is though its key is another now
 */
public record KeyMigration(
    Optional<String> resumeFrom, Consumer<Progress> progress, Consumer<Left> left) {
  /** From the beginning, telling nobody. */
  public static final KeyMigration DEFAULT =
      new KeyMigration(Optional.empty(), reached -> {}, entry -> {});

  /** Checks that all are there. */
  public KeyMigration {
    Objects.requireNonNull(resumeFrom, "resumeFrom");
    Objects.requireNonNull(progress, "progress");
    Objects.requireNonNull(left, "left");
  }

  /**
   * This migration, going on where another run stopped. What that run has dealt with is not read
   * again.
   *
   * @param token of a run over the same storage under the same settings
   */
  public KeyMigration resumeFrom(String token) {
    return new KeyMigration(Optional.of(token), progress, left);
  }

  /** This migration, telling how far it has come. Calls come one at a time, from any thread. */
  public KeyMigration onProgress(Consumer<Progress> consumer) {
    return new KeyMigration(resumeFrom, consumer, left);
  }

  /** This migration, listing what it leaves. Calls come one at a time, from any thread. */
  public KeyMigration onLeft(Consumer<Left> consumer) {
    return new KeyMigration(resumeFrom, progress, consumer);
  }

  /**
   * How far a run has come.
   *
   * @param token for {@link #resumeFrom(String)}; it holds keys of entries, so treat it as one
   *     treats those
   * @param soFar what this run has done
   */
  public record Progress(String token, RecreatedKeys soFar) {}

  /**
   * An entry that stays where it is. Under the settings of the cache it can be found by its key,
   * but not by its request.
   *
   * @param head of the entry
   * @param reason why
   */
  public record Left(EntryHead head, Reason reason) {}

  /** Why an entry stays. */
  public enum Reason {
    /**
     * What its new key would be made from, or whose credentials it is for, is not stored: secrets
     * are replaced before anything is.
     */
    REDACTED,

    /**
     * Something is in the way at the new key that is no older or newer response to the same
     * request: variants, the trace of a deletion, or another request's response where keys may
     * collide.
     */
    TAKEN,

    /** It is a variant of a URL, but its URL's list of variants does not name it. */
    UNLISTED_VARIANT,

    /** The storage cannot hold it as it would have to be written now. */
    TOO_LARGE,

    /** Its body cannot be read any more. */
    UNREADABLE
  }
}
