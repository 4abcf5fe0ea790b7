package dev.larder;

import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import java.util.Optional;

/**
 * How much of fields is stored with one response. An origin could otherwise make every look-up as
 * slow and dear as it likes, in a place that is read whole before anything is decided.
 */
final class HeadLimits {
  /** Field lines of a response; servers and clients commonly stop at far fewer. */
  private static final int MOST_LINES = 10_000;

  /**
   * Characters of the URL and of all lines of request and response. They have to fit a DynamoDB
   * item, 400 KB, even if each takes two bytes of UTF-8.
   */
  private static final long MOST_CHARACTERS = 128 * 1024;

  private HeadLimits() {}

  /** Why a head is not stored; empty if it is. */
  static Optional<String> problem(EntryHead head) {
    int lines = head.headers().fields().size();
    if (lines > MOST_LINES) {
      return Optional.of("the response has " + lines + " field lines of at most " + MOST_LINES);
    }
    long characters =
        head.url().length() + length(head.headers()) + length(head.request().headers());
    return characters > MOST_CHARACTERS
        ? Optional.of(
            "URL and fields have " + characters + " characters of at most " + MOST_CHARACTERS)
        : Optional.empty();
  }

  private static long length(Headers headers) {
    long length = 0;
    for (Headers.Field field : headers.fields()) {
      length += field.name().length() + field.value().length();
    }
    return length;
  }
}
