package dev.larder.policy;

import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Stored parts of representations (RFC 9111 §3.3, §3.4): one contiguous range of bytes, of which
 * the whole's length is known.
 *
 * <p>Hazard: two parts of different representations put together are a body that no origin ever
 * sent. So parts are combined only under the same strong entity tag, the origin is asked with
 * {@code If-Range}, and what comes has to be exactly the bytes that were asked for.
 */
final class Partial {
  private Partial() {}

  /** Whether what is stored is enough to answer the request. */
  static boolean covers(Asked asked, EntryHead head) {
    Optional<ContentRange> stored = head.range().flatMap(ContentRange::parse);
    if (stored.isEmpty()) {
      return head.range().isEmpty();
    }
    return asked.method().equals("GET")
        && !asked.headers().contains("If-Range")
        && wanted(asked, stored.get())
            .filter(range -> stored.get().first() <= range.first())
            .filter(range -> range.last() <= stored.get().last())
            .isPresent();
  }

  /** How to forward a request that what is stored does not cover: for the rest only, if it can. */
  static Decision.Forward complete(Asked asked, EntryHead head) {
    Optional<ByteRange> missing = missing(asked, head);
    if (missing.isEmpty()) {
      return Decision.Forward.plain(CacheStatus.Reason.PARTIAL);
    }
    ContentRange stored = ContentRange.parse(head.range().orElse("")).orElseThrow();
    boolean toTheEnd = missing.get().last() + 1 == stored.complete().orElse(-1);
    Headers added =
        Headers.of(
            "Range",
            "bytes=" + missing.get().first() + "-" + (toTheEnd ? "" : missing.get().last()),
            "If-Range",
            strongTag(head.headers()).orElseThrow().toString());
    return new Decision.Forward(CacheStatus.Reason.PARTIAL, added, false, missing);
  }

  /** The range of both together, if this response is what was asked for to complete it. */
  static Optional<ContentRange> union(EntryHead head, Headers response, ByteRange missing) {
    Optional<ContentRange> stored = head.range().flatMap(ContentRange::parse);
    Optional<ContentRange> fetched = ContentRange.of(response);
    boolean sameRepresentation =
        strongTag(head.headers()).isPresent()
            && strongTag(head.headers()).equals(strongTag(response));
    if (stored.isEmpty()
        || fetched.isEmpty()
        || !sameRepresentation
        || fetched.get().first() != missing.first()
        || fetched.get().last() != missing.last()
        || !fetched.get().complete().equals(stored.get().complete())) {
      return Optional.empty();
    }
    return Optional.of(
        new ContentRange(
            Math.min(stored.get().first(), missing.first()),
            Math.max(stored.get().last(), missing.last()),
            stored.get().complete()));
  }

  /**
   * The part that a 206 brings, if it can be stored: a single one, of a known whole, and as long as
   * it says.
   *
   * <p>Some origins count the last byte of a suffix, or the length of the whole, one too far: they
   * announce {@code bytes 4-9/10} and, by Content-Length, five bytes. Such a part still is a suffix
   * that begins where it says, so it is stored as that, {@code bytes 4-8/9}. It is combined with
   * nothing, since no other part is of a whole of that length, and never taken for the whole.
   */
  static Optional<ContentRange> storable(Headers response) {
    Optional<ContentRange> announced =
        ContentRange.of(response).filter(range -> range.complete().isPresent());
    Optional<String> field = response.first("Content-Length");
    if (announced.isEmpty() || field.isEmpty()) {
      return announced;
    }
    ContentRange range = announced.get();
    long expected = range.last() - range.first() + 1;
    long length = FieldValues.number(field.get(), 0, field.get().length(), Long.MAX_VALUE);
    if (length == expected) {
      return announced;
    }
    boolean suffix = range.first() > 0 && range.last() + 1 == range.complete().getAsLong();
    return suffix && length > 0 && length < expected
        ? Optional.of(
            new ContentRange(
                range.first(), range.first() + length - 1, OptionalLong.of(range.first() + length)))
        : Optional.empty();
  }

  /** Whether a 206 is a part of what is stored whole already, or holds nothing beyond it. */
  static boolean isPartOf(Headers response, EntryHead head) {
    return head.range().isEmpty()
        && strongTag(head.headers()).isPresent()
        && strongTag(head.headers()).equals(strongTag(response));
  }

  static boolean isWhole(ContentRange range) {
    return range.first() == 0 && range.complete().orElse(-1) == range.last() + 1;
  }

  /** The fields of a response with this part, or with the whole. */
  static Headers describe(Headers headers, ContentRange range) {
    Headers.Builder described =
        Headers.builder()
            .addAll(headers.without(field -> field.named("Content-Range")))
            .set("Content-Length", Long.toString(range.last() - range.first() + 1));
    return isWhole(range)
        ? described.build()
        : described.set("Content-Range", range.toString()).build();
  }

  private static Optional<ByteRange> missing(Asked asked, EntryHead head) {
    Optional<ContentRange> stored = head.range().flatMap(ContentRange::parse);
    if (stored.isEmpty()
        || !asked.method().equals("GET")
        || !head.exact()
        || Preconditions.isConditional(asked.headers())
        || strongTag(head.headers()).isEmpty()) {
      return Optional.empty();
    }
    ContentRange have = stored.get();
    Optional<ByteRange> wanted = wanted(asked, have);
    if (wanted.isEmpty()) {
      return Optional.empty();
    }
    long first = wanted.get().first();
    long last = wanted.get().last();
    if (first >= have.first() && first <= have.last() + 1 && last > have.last()) {
      return Optional.of(new ByteRange(have.last() + 1, last));
    }
    return first < have.first() && last >= have.first() - 1 && last <= have.last()
        ? Optional.of(new ByteRange(first, have.first() - 1))
        : Optional.empty();
  }

  /**
   * The one range that is asked for, be it the whole; empty if it is several, or cannot be known.
   */
  private static Optional<ByteRange> wanted(Asked asked, ContentRange stored) {
    OptionalLong complete = stored.complete();
    if (complete.isEmpty()) {
      return Optional.empty();
    }
    Ranges.Selection selection = Ranges.select(asked.headers(), complete.getAsLong());
    if (selection instanceof Ranges.Selection.Whole) {
      return Optional.of(new ByteRange(0, complete.getAsLong() - 1));
    }
    return selection instanceof Ranges.Selection.Parts parts && parts.ranges().size() == 1
        ? Optional.of(parts.ranges().get(0))
        : Optional.empty();
  }

  private static Optional<EntityTag> strongTag(Headers headers) {
    return headers.first("ETag").flatMap(EntityTag::parse).filter(tag -> !tag.weak());
  }
}
