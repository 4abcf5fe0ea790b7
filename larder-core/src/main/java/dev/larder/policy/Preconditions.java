package dev.larder.policy;

import dev.larder.http.Headers;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A caller's own conditions, answered from a stored response (RFC 9110 §13.2, RFC 9111 §4.3.2).
 * Only to be asked about stored responses with status 200 or 206.
 */
public final class Preconditions {
  /** What to do with the request. */
  public enum Outcome {
    /** Answer as if there were no condition. */
    PROCEED,
    /** Answer with 304: the caller has what is stored. */
    NOT_MODIFIED,
    /** Answer with 412: only for methods other than GET and HEAD. */
    FAILED
  }

  private Preconditions() {}

  /** Whether the request has a condition, one for an origin or for a range included. */
  public static boolean isConditional(Headers request) {
    for (Headers.Field field : request.fields()) {
      String name = field.name();
      boolean conditional =
          name.regionMatches(true, 0, "If-", 0, 3)
              && (name.equalsIgnoreCase("If-None-Match")
                  || name.equalsIgnoreCase("If-Modified-Since")
                  || name.equalsIgnoreCase("If-Match")
                  || name.equalsIgnoreCase("If-Unmodified-Since")
                  || name.equalsIgnoreCase("If-Range"));
      if (conditional) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a condition is there that only an origin evaluates: If-Match or If-Unmodified-Since
   * (RFC 9111 §4.3.2). A cache that answers all the same passes over it (RFC 9110 §13.1.1,
   * §13.1.4).
   */
  public static boolean isForOrigin(Headers request) {
    return request.contains("If-Match") || request.contains("If-Unmodified-Since");
  }

  /**
   * Evaluates the conditions in the order of RFC 9110 §13.2.2, those for an origin left out:
   * If-None-Match, and if that is absent If-Modified-Since. If-Range is a question of its own.
   *
   * @param stored the stored response's fields
   * @param responded when the stored response arrived: its time of modification if it has neither
   *     Last-Modified nor Date (RFC 9111 §4.3.2)
   */
  public static Outcome evaluate(
      String method, Headers request, Headers stored, Instant responded, Instant now) {
    boolean reading = method.equals("GET") || method.equals("HEAD");
    if (request.contains("If-None-Match")) {
      if (!namesStored(request, stored)) {
        return Outcome.PROCEED;
      }
      return reading ? Outcome.NOT_MODIFIED : Outcome.FAILED;
    }
    return reading && !isModified(request, stored, responded, now)
        ? Outcome.NOT_MODIFIED
        : Outcome.PROCEED;
  }

  /**
   * Whether a Range is to be looked at: there is no If-Range, or it holds (RFC 9110 §13.1.5). A tag
   * is compared strongly. A date must be that of Last-Modified, and that must be strong: at least a
   * second before Date (§8.8.2.2).
   */
  public static boolean rangeApplies(Headers request, Headers stored, Instant now) {
    List<String> conditions = request.all("If-Range");
    if (conditions.size() != 1) {
      return conditions.isEmpty();
    }
    String condition = conditions.get(0);
    Optional<Instant> date = HttpDates.parse(condition, now);
    if (date.isPresent()) {
      return date.equals(date(stored, "Last-Modified", now))
          && Validation.isLastModifiedStrong(stored, now);
    }
    Optional<EntityTag> tag = EntityTag.parse(condition);
    Optional<EntityTag> storedTag = EntityTag.of(stored);
    return tag.isPresent() && storedTag.isPresent() && tag.get().strongEquals(storedTag.get());
  }

  private static boolean namesStored(Headers request, Headers stored) {
    List<String> members = FieldValues.members(request, "If-None-Match");
    if (members.size() == 1 && members.get(0).equals("*")) {
      return true;
    }
    Optional<EntityTag> storedTag = EntityTag.of(stored);
    if (storedTag.isPresent()) {
      for (EntityTag tag : EntityTag.parseList(request, "If-None-Match")) {
        if (tag.weakEquals(storedTag.get())) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isModified(
      Headers request, Headers stored, Instant responded, Instant now) {
    List<String> conditions = request.all("If-Modified-Since");
    if (conditions.size() != 1) {
      return true;
    }
    Optional<Instant> since = HttpDates.parse(conditions.get(0), now);
    if (since.isEmpty()) {
      return true;
    }
    Instant modified =
        date(stored, "Last-Modified", now).or(() -> date(stored, "Date", now)).orElse(responded);
    return modified.isAfter(since.get());
  }

  private static Optional<Instant> date(Headers headers, String name, Instant now) {
    return headers.first(name).flatMap(text -> HttpDates.parse(text, now));
  }
}
