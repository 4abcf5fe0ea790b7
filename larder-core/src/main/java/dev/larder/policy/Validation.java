package dev.larder.policy;

import dev.larder.http.Headers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Asking an origin whether a stored response is still right (RFC 9111 §4.3). */
public final class Validation {
  /** What a response to HEAD says about a stored response to GET. */
  public enum HeadMatch {
    /** It is the same: update it. */
    FRESHEN,
    /** It is not what a GET would give now: it has to be validated before it is used again. */
    INVALIDATE,
    /** The status says nothing about it. */
    UNRELATED
  }

  /**
   * Describe the stored bytes, which an update without content leaves as they are (RFC 9111 §3.2:
   * fields that the stored response depends upon). Content-Digest and Content-MD5 of a 304 are
   * about its own empty content.
   */
  private static final Set<String> ABOUT_STORED_BYTES =
      Set.of(
          "content-length", "content-encoding", "content-range", "content-md5", "content-digest");

  /** Tell when a response was made; those of another response tell nothing about this one. */
  private static final Set<String> TIMES = Set.of("age", "date");

  private Validation() {}

  /** Whether there is something to validate by: an ETag, or a Last-Modified that is a date. */
  public static boolean hasValidator(Headers stored) {
    return EntityTag.of(stored).isPresent() || lastModified(stored).isPresent();
  }

  /**
   * The fields that make a request conditional on the stored response (RFC 9111 §4.3.1):
   * If-None-Match and If-Modified-Since, each if there is a validator for it. The values are as
   * stored, character by character: that is what an origin compares with.
   */
  public static Headers conditionalFields(Headers stored) {
    Headers.Builder fields = Headers.builder();
    if (EntityTag.of(stored).isPresent()) {
      stored.first("ETag").ifPresent(tag -> fields.add("If-None-Match", tag));
    }
    if (lastModified(stored).isPresent()) {
      stored.first("Last-Modified").ifPresent(date -> fields.add("If-Modified-Since", date));
    }
    return fields.build();
  }

  /**
   * Whether a 304 is about this stored response (RFC 9111 §4.3.4): by its ETag, else by its
   * Last-Modified. A strong ETag is compared strongly. A 304 without validators is about the one
   * stored response that was asked for.
   */
  public static boolean selects(Headers notModified, Headers stored) {
    Optional<EntityTag> tag = EntityTag.of(notModified);
    Optional<EntityTag> storedTag = EntityTag.of(stored);
    if (tag.isPresent() && storedTag.isPresent()) {
      return tag.get().weak()
          ? tag.get().weakEquals(storedTag.get())
          : tag.get().strongEquals(storedTag.get());
    }
    Optional<Instant> modified = lastModified(notModified);
    if (modified.isPresent()) {
      return modified.equals(lastModified(stored));
    }
    return tag.isEmpty();
  }

  /**
   * The stored fields brought up to date from a 304, a response to HEAD or a 206 (RFC 9111 §3.2).
   * Each field of the update replaces all lines of its name, in their place; new ones come behind.
   * Left as stored: what describes the stored bytes (Content-Length, Content-Encoding,
   * Content-Range, Content-MD5, Content-Digest) and what {@link Storability#storedFields} would not
   * store. Age and Date are those of the update, absent if it has none.
   *
   * @param updateControl the update's directives
   */
  public static Headers merge(
      Headers stored, Headers update, CacheControl updateControl, boolean shared) {
    boolean silent = updateControl.names().isEmpty();
    CacheControl control = silent ? CacheControl.of(stored) : updateControl;
    Set<String> excluded = Storability.excluded(update, control, shared);
    Map<String, List<Headers.Field>> updates = new LinkedHashMap<>();
    for (Headers.Field field : update.fields()) {
      String name = lower(field);
      if (!excluded.contains(name) && !ABOUT_STORED_BYTES.contains(name)) {
        updates.computeIfAbsent(name, n -> new ArrayList<>(1)).add(field);
      }
    }
    Headers.Builder merged = Headers.builder();
    Set<String> placed = new HashSet<>();
    for (Headers.Field field : stored.fields()) {
      String name = lower(field);
      List<Headers.Field> replacement = updates.get(name);
      if (replacement == null) {
        if (!TIMES.contains(name)) {
          merged.add(field.name(), field.value());
        }
      } else if (placed.add(name)) {
        addAll(merged, replacement);
      }
    }
    updates.forEach(
        (name, fields) -> {
          if (placed.add(name)) {
            addAll(merged, fields);
          }
        });
    return Storability.storedFields(merged.build(), control, shared);
  }

  /**
   * What a response to HEAD says about a stored response to GET that could have answered it (RFC
   * 9111 §4.3.5). With status 200: the same if each validator it has, and its Content-Length, are
   * those of the stored response. 404 and 410: no longer there. Another status says nothing.
   *
   * @param storedLength the length of the stored complete body, or -1 if it is not known: then its
   *     Content-Length is taken
   */
  public static HeadMatch compareHead(Headers stored, long storedLength, int status, Headers head) {
    if (status != 200) {
      return status == 404 || status == 410 ? HeadMatch.INVALIDATE : HeadMatch.UNRELATED;
    }
    boolean same =
        sameTag(stored, head)
            && sameLastModified(stored, head)
            && sameLength(stored, storedLength, head);
    return same ? HeadMatch.FRESHEN : HeadMatch.INVALIDATE;
  }

  /** Whether Last-Modified is a strong validator: at least a second before Date (§8.8.2.2). */
  static boolean isLastModifiedStrong(Headers stored, Instant now) {
    Optional<Instant> modified =
        stored.first("Last-Modified").flatMap(text -> HttpDates.parse(text, now));
    Optional<Instant> date = stored.first("Date").flatMap(text -> HttpDates.parse(text, now));
    return modified.isPresent() && date.isPresent() && modified.get().isBefore(date.get());
  }

  private static boolean sameTag(Headers stored, Headers head) {
    Optional<EntityTag> tag = EntityTag.of(head);
    Optional<EntityTag> storedTag = EntityTag.of(stored);
    return tag.isEmpty() || (storedTag.isPresent() && tag.get().weakEquals(storedTag.get()));
  }

  private static boolean sameLastModified(Headers stored, Headers head) {
    return !head.contains("Last-Modified")
        || (lastModified(head).isPresent() && lastModified(head).equals(lastModified(stored)));
  }

  private static boolean sameLength(Headers stored, long storedLength, Headers head) {
    if (!head.contains("Content-Length")) {
      return true;
    }
    long length = contentLength(head);
    return length >= 0 && length == (storedLength >= 0 ? storedLength : contentLength(stored));
  }

  /** -1 if there is none or it is not a number. */
  private static long contentLength(Headers headers) {
    String text = headers.first("Content-Length").orElse("");
    return FieldValues.number(text, 0, text.length(), Long.MAX_VALUE);
  }

  /** Of two dates of the same text it does not matter which century is meant. */
  private static Optional<Instant> lastModified(Headers headers) {
    return headers.first("Last-Modified").flatMap(text -> HttpDates.parse(text, Instant.EPOCH));
  }

  private static String lower(Headers.Field field) {
    return field.name().toLowerCase(Locale.ROOT);
  }

  private static void addAll(Headers.Builder builder, List<Headers.Field> fields) {
    fields.forEach(field -> builder.add(field.name(), field.value()));
  }
}
