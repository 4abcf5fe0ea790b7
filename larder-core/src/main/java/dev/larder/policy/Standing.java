package dev.larder.policy;

import dev.larder.http.EntryHead;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a stored response stands at one point in time: its age, what is left of its freshness, and
 * what its directives ask for. What the user has said about its expiration outranks the origin, and
 * a response that was marked stale is stale from then on, as if {@code max-age} had ended: it has
 * been stored that it expires earlier than its fields say. Immutable.
 */
public final class Standing {
  /** Longer than anything that is compared with it. */
  static final Duration FOREVER = Duration.ofDays(365_000_000);

  private final CacheControl directives;
  private final boolean shared;
  private final boolean explicit;
  private final Duration age;
  private final @Nullable Instant expires;
  private final Instant now;

  private Standing(
      CacheControl directives,
      boolean shared,
      boolean explicit,
      Duration age,
      @Nullable Instant expires,
      Instant now) {
    this.directives = directives;
    this.shared = shared;
    this.explicit = explicit;
    this.age = age;
    this.expires = expires;
    this.now = now;
  }

  /** How this response stands. */
  public static Standing of(EntryHead head, Rules rules, Instant now) {
    CacheControl directives = CacheControl.of(head.headers(), rules.targetedFields());
    if (head.explicit() || !rules.cacheControl()) {
      Duration age = Freshness.age(head.headers(), head.requested(), head.responded(), now);
      return new Standing(directives, rules.shared(), true, age, head.expires().orElse(null), now);
    }
    Freshness freshness =
        Freshness.of(
            head.status(),
            head.headers(),
            directives,
            head.requested(),
            head.responded(),
            rules.shared());
    Instant byFields = freshness.expires();
    Instant expires = head.expires().filter(byFields::isAfter).orElse(byFields);
    return new Standing(directives, rules.shared(), false, freshness.age(now), expires, now);
  }

  /** How old it is (RFC 9111 §4.2.3). */
  public Duration age() {
    return age;
  }

  /** When it stops being fresh; empty if never. */
  public Optional<Instant> expires() {
    return Optional.ofNullable(expires);
  }

  /** For how long it will be fresh; zero or less if it is stale. */
  public Duration remaining() {
    return expires == null ? FOREVER : Duration.between(now, expires);
  }

  /** Whether it is fresh (RFC 9111 §4.2). */
  public boolean isFresh() {
    return expires == null || now.isBefore(expires);
  }

  /** For how long it has been stale; negative if it is fresh. */
  Duration staleness() {
    return remaining().negated();
  }

  /** Whether each use has to be validated (RFC 9111 §5.2.2.4), unless the user says otherwise. */
  boolean noCache() {
    return !explicit && directives.has("no-cache") && directives.fields("no-cache").isEmpty();
  }

  /**
   * Whether it must not be used stale, whatever happens (RFC 9111 §4.2.4, §5.2.2.2, §5.2.2.8,
   * §5.2.2.10).
   */
  boolean mustRevalidate() {
    return noCache()
        || (!explicit
            && (directives.has("must-revalidate")
                || (shared && (directives.has("proxy-revalidate") || directives.has("s-maxage")))));
  }

  /** RFC 8246: a reload asks for nothing that would change while it is fresh. */
  boolean isImmutable() {
    return directives.has("immutable");
  }

  /** How stale the origin lets it be while it is validated (RFC 5861 §3). */
  Duration staleWhileRevalidate() {
    return directives.seconds("stale-while-revalidate").orElse(Duration.ZERO);
  }

  /** How stale the origin lets it be instead of an error (RFC 5861 §4). */
  Duration staleIfError() {
    return directives.seconds("stale-if-error").orElse(Duration.ZERO);
  }
}
