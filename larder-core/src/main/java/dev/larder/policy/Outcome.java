package dev.larder.policy;

import dev.larder.http.Headers;
import java.time.Instant;
import java.util.Optional;

/** What to do with what came from the origin. Immutable. */
public sealed interface Outcome {
  /** Hand it to the caller; keep nothing. */
  record Pass() implements Outcome {}

  /**
   * Hand it to the caller and store it.
   *
   * @param headers the field lines to store
   * @param expires when it stops being fresh; empty if never
   * @param explicit whether the user said so
   * @param range for a part of a representation: which one
   */
  record Store(
      Headers headers, Optional<Instant> expires, boolean explicit, Optional<ContentRange> range)
      implements Outcome {}

  /**
   * What is stored is still good: renew its head and answer with it (RFC 9111 §4.3.4).
   *
   * @param headers its field lines from now on
   * @param expires when it stops being fresh; empty if never
   * @param explicit whether the user said so
   * @param kept whether it may stay stored; if not, this answer is its last (§5.2.2.5)
   */
  record Freshen(Headers headers, Optional<Instant> expires, boolean explicit, boolean kept)
      implements Outcome {}

  /** A response to HEAD that renews the stored response to GET (§4.3.5); hand it to the caller. */
  record FreshenAndPass(Freshen freshen) implements Outcome {}

  /** A response to HEAD that shows the stored response to GET to be outdated (§4.3.5). */
  record InvalidateAndPass() implements Outcome {}

  /** Answer with what is stored, stale as it is, instead of the error (RFC 5861 §4). */
  record ServeStale(Standing standing) implements Outcome {}

  /** The 304 is not about anything stored here: ask again as the caller did. */
  record RetryUnconditionally() implements Outcome {}

  /**
   * Put what is stored and this part together (RFC 9111 §3.4).
   *
   * @param combined the field lines, the range and the freshness of both together
   * @param fetched which part came
   * @param kept whether the two together may be stored
   */
  record Combine(Store combined, ByteRange fetched, boolean kept) implements Outcome {}
}
