package dev.larder.policy;

import dev.larder.http.Headers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Requests for ranges of bytes (RFC 9110 §14). */
public final class Ranges {
  /** More ranges than this are not served as such (RFC 9110 §17.15). */
  private static final int MAX_RANGES = 64;

  /** Nor are more than this that do not ascend (RFC 9110 §14.2). */
  private static final int MAX_UNORDERED = 8;

  /** What of a representation a request asks for. */
  public sealed interface Selection {
    /** All of it: status 200. */
    record Whole() implements Selection {}

    /**
     * Parts of it: status 206.
     *
     * @param ranges at least one, in the order of the request; none overlaps or adjoins another
     */
    record Parts(List<ByteRange> ranges) implements Selection {
      /** Copies the list. */
      public Parts {
        ranges = List.copyOf(ranges);
      }
    }

    /** Nothing that is there: status 416. */
    record Unsatisfiable() implements Selection {}
  }

  /**
   * One range as asked for, valid but not yet compared with a length.
   *
   * @param first the offset of the first byte; empty if the last bytes are asked for
   * @param last the offset of the last byte, empty for all the rest; if first is empty, how many
   *     bytes at the end
   */
  public record RangeSpec(OptionalLong first, OptionalLong last) {}

  private static final Selection WHOLE = new Selection.Whole();

  private Ranges() {}

  /**
   * What the request's Range selects. Whole if there is none; if it is of another unit, not valid,
   * or there is more than one; if the representation is empty; or if it asks for absurdly many
   * ranges: more than {@value #MAX_RANGES}, more than {@value #MAX_UNORDERED} not in ascending
   * order, or more than two overlapping ones (RFC 9110 §14.2). Otherwise ranges that overlap or
   * adjoin are made one, in the place of the first.
   *
   * @param completeLength the length of the representation; whole if negative
   */
  public static Selection select(Headers request, long completeLength) {
    List<RangeSpec> specs = specs(request);
    if (specs.isEmpty() || completeLength <= 0) {
      return WHOLE;
    }
    List<ByteRange> ranges = new ArrayList<>(specs.size());
    for (RangeSpec spec : specs) {
      resolve(spec, completeLength).ifPresent(ranges::add);
    }
    if (ranges.isEmpty()) {
      return new Selection.Unsatisfiable();
    }
    return ranges.size() == 1 ? new Selection.Parts(ranges) : coalesce(ranges);
  }

  /** The range of a request that asks for exactly one, before the length is known. */
  public static Optional<RangeSpec> single(Headers request) {
    List<RangeSpec> specs = specs(request);
    return specs.size() == 1 ? Optional.of(specs.get(0)) : Optional.empty();
  }

  /** The bytes that a range asks for; empty if it is not satisfiable (RFC 9110 §14.1.2). */
  public static Optional<ByteRange> resolve(RangeSpec spec, long completeLength) {
    long end = completeLength - 1;
    long last = spec.last().orElse(Long.MAX_VALUE);
    if (spec.first().isEmpty()) {
      return last == 0 || end < 0
          ? Optional.empty()
          : Optional.of(new ByteRange(Math.max(0, completeLength - last), end));
    }
    long first = spec.first().getAsLong();
    return first > end ? Optional.empty() : Optional.of(new ByteRange(first, Math.min(last, end)));
  }

  /**
   * The frame of a response with several parts (RFC 9110 §14.6).
   *
   * @param contentType the Content-Type of the representation, if it has one
   * @param boundary 1 to 70 token characters that do not occur in the representation
   * @throws IllegalArgumentException if the boundary is not of this form or there are no ranges
   */
  public static MultipartRanges multipart(
      List<ByteRange> ranges, long completeLength, Optional<String> contentType, String boundary) {
    return new MultipartRanges(ranges, completeLength, contentType, boundary);
  }

  private static Selection coalesce(List<ByteRange> ranges) {
    boolean ascending = true;
    for (int i = 1; i < ranges.size(); i++) {
      ascending &= ranges.get(i).first() > ranges.get(i - 1).first();
    }
    if (!ascending && ranges.size() > MAX_UNORDERED) {
      return WHOLE;
    }
    List<Integer> byFirst = new ArrayList<>(ranges.size());
    for (int i = 0; i < ranges.size(); i++) {
      byFirst.add(i);
    }
    byFirst.sort(Comparator.comparingLong(i -> ranges.get(i).first()));
    List<Placed> merged = new ArrayList<>(ranges.size());
    int overlaps = 0;
    for (int place : byFirst) {
      ByteRange range = ranges.get(place);
      Placed before = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (before == null || range.first() > before.range().last() + 1) {
        merged.add(new Placed(range, place));
      } else {
        overlaps += range.first() <= before.range().last() ? 1 : 0;
        merged.set(merged.size() - 1, before.with(range, place));
      }
    }
    if (overlaps > 1) {
      return WHOLE;
    }
    merged.sort(Comparator.comparingInt(Placed::place));
    List<ByteRange> parts = new ArrayList<>(merged.size());
    for (Placed placed : merged) {
      parts.add(placed.range());
    }
    return new Selection.Parts(parts);
  }

  /** A range and its place in the request. */
  private record Placed(ByteRange range, int place) {
    Placed with(ByteRange other, int otherPlace) {
      return new Placed(
          new ByteRange(range.first(), Math.max(range.last(), other.last())),
          Math.min(place, otherPlace));
    }
  }

  /** The valid ranges of the request; none if there is anything wrong with them. */
  private static List<RangeSpec> specs(Headers request) {
    String only = null;
    for (Headers.Field field : request.fields()) {
      if (field.named("Range")) {
        if (only != null) {
          return List.of();
        }
        only = field.value();
      }
    }
    if (only == null || !only.regionMatches(true, 0, "bytes=", 0, 6)) {
      return List.of();
    }
    List<RangeSpec> specs = new ArrayList<>(1);
    ListCursor cursor = new ListCursor(only.substring(6));
    while (cursor.next()) {
      Optional<RangeSpec> spec = spec(cursor.member());
      if (spec.isEmpty() || specs.size() == MAX_RANGES) {
        return List.of();
      }
      specs.add(spec.get());
    }
    return specs;
  }

  private static Optional<RangeSpec> spec(String text) {
    int dash = text.indexOf('-');
    long last = FieldValues.number(text, dash + 1, text.length(), Long.MAX_VALUE);
    boolean open = dash == text.length() - 1;
    if (dash < 0 || (last < 0 && (!open || dash == 0))) {
      return Optional.empty();
    }
    if (dash == 0) {
      return Optional.of(new RangeSpec(OptionalLong.empty(), OptionalLong.of(last)));
    }
    long first = FieldValues.number(text, 0, dash, Long.MAX_VALUE);
    if (first < 0 || (!open && last < first)) {
      return Optional.empty();
    }
    return Optional.of(
        new RangeSpec(OptionalLong.of(first), open ? OptionalLong.empty() : OptionalLong.of(last)));
  }
}
