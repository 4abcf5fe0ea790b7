package dev.larder.policy;

import dev.larder.http.Headers;
import java.util.Optional;

/** What to do with a request before the origin is asked. Immutable. */
public sealed interface Decision {
  /**
   * Answer from what is stored.
   *
   * @param standing how it stands
   * @param refresh whether to validate it in the background (RFC 5861 §3)
   */
  record Serve(Standing standing, boolean refresh) implements Decision {}

  /**
   * Ask the origin.
   *
   * @param reason why (RFC 9211 §2.2)
   * @param added field lines to send besides the caller's, replacing those of the same names
   * @param validating whether a 304 will be about what is stored
   * @param missing the range that is asked for to complete what is stored, if that is so
   */
  record Forward(
      CacheStatus.Reason reason, Headers added, boolean validating, Optional<ByteRange> missing)
      implements Decision {
    /** The caller's request as it is. */
    public static Forward plain(CacheStatus.Reason reason) {
      return new Forward(reason, Headers.empty(), false, Optional.empty());
    }
  }

  /** Answer 504: the origin must not be asked (RFC 9111 §5.2.1.7). */
  record Unsatisfiable() implements Decision {}
}
