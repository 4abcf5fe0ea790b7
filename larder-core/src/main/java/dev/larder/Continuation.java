package dev.larder;

import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.policy.ContentRange;
import dev.larder.policy.EntityTag;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How to go on at the origin with a stored body that breaks off while it is being delivered: by
 * asking for the rest of the same representation (RFC 9110 §13.1.5, §14.2).
 *
 * <p>Scenario: a caller has had 5 MB of 20 when a part of the body turns out to be lost. What it
 * has cannot be taken back, so the rest must be of exactly what was stored: only a strong entity
 * tag says so, and only a 206 with that tag and exactly the range that was asked for is taken.
 * Anything else leaves the caller with a broken body, as a connection that is reset would.
 *
 * <p>Immutable.
 */
public final class Continuation {
  private final Headers fields;
  private final EntryHead head;
  private final EntityTag tag;
  private final ContentRange range;

  private Continuation(Headers fields, EntryHead head, EntityTag tag, ContentRange range) {
    this.fields = fields;
    this.head = head;
    this.tag = tag;
    this.range = range;
  }

  /** How to go on with the body of this answer; empty if there is no way to. */
  static Optional<Continuation> of(Request request, Answer answer) {
    if (!request.method().equals("GET") || answer.entry().isEmpty()) {
      return Optional.empty();
    }
    EntryHead head = answer.entry().get();
    Optional<EntityTag> tag =
        head.headers().first("ETag").flatMap(EntityTag::parse).filter(each -> !each.weak());
    Optional<ContentRange> range = delivered(answer);
    boolean possible = head.exact() && tag.isPresent() && range.isPresent();
    return possible
        ? Optional.of(new Continuation(request.headers(), head, tag.get(), range.get()))
        : Optional.empty();
  }

  /** Which bytes of the representation the body of an answer is. */
  private static Optional<ContentRange> delivered(Answer answer) {
    if (answer.status() == 206) {
      return ContentRange.of(answer.headers()).filter(part -> part.complete().isPresent());
    }
    long length = answer.body().length();
    return answer.status() == 200 && length > 0
        ? Optional.of(new ContentRange(0, length - 1, OptionalLong.of(length)))
        : Optional.empty();
  }

  /** How many bytes are missing when this many have been delivered. */
  public long missing(long delivered) {
    return range.last() - range.first() + 1 - delivered;
  }

  /**
   * The field lines of the request for what is missing when this many bytes have been delivered.
   */
  public Headers headers(long delivered) {
    return Headers.builder()
        .addAll(fields.without(Continuation::isOfCallersPart))
        .add("Range", "bytes=" + (range.first() + delivered) + '-' + range.last())
        .add("If-Range", head.headers().first("ETag").orElseThrow().trim())
        .build();
  }

  private static boolean isOfCallersPart(Headers.Field field) {
    return field.named("Range") || field.name().regionMatches(true, 0, "If-", 0, 3);
  }

  /** Whether the body of a response is exactly what is missing. */
  public boolean isMetBy(int status, Headers response, long delivered) {
    ContentRange wanted =
        new ContentRange(range.first() + delivered, range.last(), range.complete());
    boolean sameTag =
        response.first("ETag").flatMap(EntityTag::parse).filter(tag::strongEquals).isPresent();
    // A 206 need not repeat it, but another one belongs to another representation.
    Optional<String> coding = response.combined("Content-Encoding");
    boolean sameCoding =
        coding.isEmpty() || coding.equals(head.headers().combined("Content-Encoding"));
    return status == 206
        && sameTag
        && sameCoding
        && ContentRange.of(response).equals(Optional.of(wanted));
  }
}
