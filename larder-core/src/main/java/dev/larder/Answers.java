package dev.larder;

import dev.larder.http.Body;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.policy.Asked;
import dev.larder.policy.ByteRange;
import dev.larder.policy.CacheStatus;
import dev.larder.policy.ContentRange;
import dev.larder.policy.MultipartRanges;
import dev.larder.policy.Preconditions;
import dev.larder.policy.Ranges;
import dev.larder.policy.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Makes responses of stored ones (RFC 9111 §4): with their age, and as the caller's own conditions
 * and ranges ask for (§4.3.2, RFC 9110 §13, §14).
 */
final class Answers {
  private static final long MOST_AGE = 1L << 31;

  private Answers() {}

  /** Nothing is stored, and the origin must not be asked (RFC 9111 §5.2.1.7). */
  static Answer unsatisfiable() {
    Headers headers =
        CacheStatus.unsatisfied("only-if-cached").addTo(Headers.of("Content-Length", "0"));
    return new Answer(504, headers, Body.empty(), Optional.empty());
  }

  /** The answer to a request that a stored response answers. */
  static Answer of(
      Asked asked, EntryHead head, Body body, Standing standing, CacheStatus status, Instant now) {
    Headers headers = headers(head, standing, status);
    if (mayBeNotModified(head)
        && isConditional(asked)
        && Preconditions.evaluate(
                asked.method(), asked.headers(), head.headers(), head.responded(), now)
            == Preconditions.Outcome.NOT_MODIFIED) {
      return new Answer(
          304, headers.without(Answers::isOfContent), Body.empty(), Optional.of(head));
    }
    if (asked.method().equals("HEAD")) {
      return new Answer(head.status(), headers, Body.empty(), Optional.of(head));
    }
    Optional<ContentRange> part = head.range().flatMap(ContentRange::parse);
    if (part.isPresent()) {
      return ofPart(asked, head, body, part.get(), headers);
    }
    boolean ranged =
        head.status() == 200
            && head.exact()
            && body.length() >= 0
            && asked.headers().contains("Range")
            && Preconditions.rangeApplies(asked.headers(), head.headers(), now);
    return ranged
        ? ofRanges(asked, head, body, headers)
        : new Answer(head.status(), headers, body, Optional.of(head));
  }

  private static Answer ofRanges(Asked asked, EntryHead head, Body body, Headers headers) {
    long length = body.length();
    Ranges.Selection selection = Ranges.select(asked.headers(), length);
    if (selection instanceof Ranges.Selection.Unsatisfiable) {
      Headers lines =
          Headers.builder()
              .addAll(headers.without(Answers::isOfContent))
              .set("Content-Range", "bytes */" + length)
              .set("Content-Length", "0")
              .build();
      return new Answer(416, lines, Body.empty(), Optional.of(head));
    }
    if (!(selection instanceof Ranges.Selection.Parts parts)) {
      return new Answer(head.status(), headers, body, Optional.of(head));
    }
    if (parts.ranges().size() == 1) {
      return single(
          head,
          headers,
          Bodies.slice(body, parts.ranges().get(0)),
          contentRange(parts.ranges().get(0), length));
    }
    return multiple(head, headers, body, parts.ranges());
  }

  /**
   * The answer made of a stored part and the origin's next one, which the recording takes.
   *
   * @param head of both together
   * @param part which part is stored
   * @param have the stored part
   * @param fetched which part the origin sends
   */
  static Step combined(
      Asked asked,
      EntryHead head,
      ContentRange part,
      Body have,
      ByteRange fetched,
      Recording recording,
      CacheStatus status) {
    long complete = part.complete().orElseThrow();
    Ranges.Selection selection = Ranges.select(asked.headers(), complete);
    ByteRange wanted =
        selection instanceof Ranges.Selection.Parts parts
            ? parts.ranges().get(0)
            : new ByteRange(0, complete - 1);
    boolean behind = fetched.first() > part.last();
    Body before =
        behind && wanted.first() <= part.last()
            ? Bodies.slice(
                have, new ByteRange(wanted.first() - part.first(), part.last() - part.first()))
            : Body.empty();
    Body after =
        !behind && wanted.last() >= part.first()
            ? Bodies.slice(have, new ByteRange(0, wanted.last() - part.first()))
            : Body.empty();
    boolean ranged = selection instanceof Ranges.Selection.Parts;
    Headers.Builder headers =
        Headers.builder()
            .addAll(head.headers().without(field -> field.named("Content-Range")))
            .set("Content-Length", Long.toString(wanted.length()));
    if (ranged) {
      headers.set("Content-Range", contentRange(wanted, complete).toString());
    }
    return new Step.Combine(
        ranged ? 206 : 200,
        status.addTo(headers.build()),
        before,
        recording,
        fetched.length(),
        after);
  }

  private static ContentRange contentRange(ByteRange range, long complete) {
    return new ContentRange(range.first(), range.last(), OptionalLong.of(complete));
  }

  /** What is stored is a part that holds all that is asked for. */
  private static Answer ofPart(
      Asked asked, EntryHead head, Body body, ContentRange part, Headers headers) {
    long complete = part.complete().orElse(part.last() + 1);
    Ranges.Selection selection = Ranges.select(asked.headers(), complete);
    if (selection instanceof Ranges.Selection.Parts parts && parts.ranges().size() == 1) {
      ByteRange wanted = parts.ranges().get(0);
      ByteRange within = new ByteRange(wanted.first() - part.first(), wanted.last() - part.first());
      return single(head, headers, Bodies.slice(body, within), contentRange(wanted, complete));
    }
    Headers whole =
        Headers.builder()
            .addAll(headers.without(field -> field.named("Content-Range")))
            .set("Content-Length", Long.toString(body.length()))
            .build();
    return new Answer(200, whole, body, Optional.of(head));
  }

  private static Answer single(EntryHead head, Headers headers, Body body, ContentRange range) {
    Headers lines =
        Headers.builder()
            .addAll(headers)
            .set("Content-Range", range.toString())
            .set("Content-Length", Long.toString(body.length()))
            .build();
    return new Answer(206, lines, body, Optional.of(head));
  }

  /** RFC 9110 §14.6. */
  private static Answer multiple(
      EntryHead head, Headers headers, Body body, List<ByteRange> ranges) {
    MultipartRanges multipart =
        Ranges.multipart(ranges, body.length(), head.headers().first("Content-Type"), boundary());
    List<Body> pieces = new ArrayList<>(2 * ranges.size() + 1);
    for (int i = 0; i < ranges.size(); i++) {
      pieces.add(Body.of(multipart.before(i)));
      pieces.add(Bodies.slice(body, ranges.get(i)));
    }
    pieces.add(Body.of(multipart.end()));
    Headers lines =
        Headers.builder()
            .addAll(headers)
            .set("Content-Type", multipart.contentType())
            .set("Content-Length", Long.toString(multipart.length()))
            .build();
    return new Answer(206, lines, Bodies.concat(pieces), Optional.of(head));
  }

  /** Random, so that no origin can have put it into the body. */
  private static String boundary() {
    return UUID.randomUUID().toString();
  }

  private static Headers headers(EntryHead head, Standing standing, CacheStatus status) {
    Headers.Builder headers = Headers.builder().addAll(head.headers());
    return status.addTo(headers.set("Age", Long.toString(age(standing.age())))).build();
  }

  private static long age(Duration age) {
    return Math.min(age.toSeconds(), MOST_AGE);
  }

  /** Conditions are about what would otherwise succeed (RFC 9110 §13.2.1, RFC 9111 §4.3.2). */
  private static boolean mayBeNotModified(EntryHead head) {
    return head.status() == 200 || head.status() == 206;
  }

  private static boolean isConditional(Asked asked) {
    return !asked.headers().isEmpty() && Preconditions.isConditional(asked.headers());
  }

  /** What describes content that a response without any must not carry (RFC 9110 §15.4.5). */
  private static boolean isOfContent(Headers.Field field) {
    return field.named("Content-Length")
        || field.named("Content-Type")
        || field.named("Content-Encoding")
        || field.named("Content-Language")
        || field.named("Content-Range");
  }
}
