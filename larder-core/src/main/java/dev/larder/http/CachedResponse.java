package dev.larder.http;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A stored response: its head, and its body, which is read when asked for. Immutable.
 *
 * @param head everything but the body
 * @param body the content, with its content codings as the origin sent it
 */
public record CachedResponse(EntryHead head, Body body) {
  /** Checks for nulls. */
  public CachedResponse {
    Objects.requireNonNull(head, "head");
    Objects.requireNonNull(body, "body");
  }

  /** The key it is stored under. */
  public String key() {
    return head.key();
  }

  /** The request it answers, secrets removed. */
  public Request request() {
    return head.request();
  }

  /** The URL that answered. */
  public String url() {
    return head.url();
  }

  /** The status code. */
  public int status() {
    return head.status();
  }

  /** The field lines. */
  public Headers headers() {
    return head.headers();
  }

  /** When it was first stored. */
  public Instant created() {
    return head.created();
  }

  /** When it stops being fresh; empty if never. */
  public Optional<Instant> expires() {
    return head.expires();
  }

  /** Whether it has stopped being fresh at {@code now}. */
  public boolean isExpired(Instant now) {
    return head.isExpired(now);
  }
}
