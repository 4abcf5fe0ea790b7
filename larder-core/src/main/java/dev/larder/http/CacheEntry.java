package dev.larder.http;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One entry as a listing shows it: a head with a body that is read only when opened, or an item
 * that cannot be decoded. Immutable; {@link #open()} may be called from any thread.
 */
public final class CacheEntry {
  private final String key;
  private final @Nullable EntryHead head;
  private final @Nullable Body body;
  private final @Nullable String problem;
  private final long storedSize;

  private CacheEntry(
      String key,
      @Nullable EntryHead head,
      @Nullable Body body,
      @Nullable String problem,
      long storedSize) {
    this.key = key;
    this.head = head;
    this.body = body;
    this.problem = problem;
    this.storedSize = storedSize;
  }

  /**
   * An entry that could be decoded.
   *
   * @param storedSize bytes it takes in the storage, or -1 if that is not known
   */
  public static CacheEntry of(EntryHead head, Body body, long storedSize) {
    return new CacheEntry(head.key(), head, Objects.requireNonNull(body, "body"), null, storedSize);
  }

  /**
   * An item under {@code key} that could not be decoded.
   *
   * @param problem what is wrong with it, for people
   * @param storedSize bytes it takes in the storage, or -1 if that is not known
   */
  public static CacheEntry invalid(String key, String problem, long storedSize) {
    return new CacheEntry(key, null, null, Objects.requireNonNull(problem, "problem"), storedSize);
  }

  /** The key it is stored under. */
  public String key() {
    return key;
  }

  /** Why it cannot be decoded; empty for a good entry. */
  public Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  /** Whether it could not be decoded. */
  public boolean isInvalid() {
    return head == null;
  }

  /**
   * Everything but the body.
   *
   * @throws LarderException if {@link #isInvalid()}
   */
  public EntryHead head() {
    if (head == null) {
      throw undecodable();
    }
    return head;
  }

  /** Bytes it takes in the storage without parts kept elsewhere, or -1 if that is not known. */
  public long storedSize() {
    return storedSize;
  }

  /** Whether it is good and has stopped being fresh at {@code now}. */
  public boolean isExpired(Instant now) {
    return head != null && head.isExpired(now);
  }

  /**
   * The response with its body. Costs nothing by itself; reading the body may cost a request.
   *
   * @throws LarderException if {@link #isInvalid()}
   */
  public CachedResponse open() {
    if (head == null || body == null) {
      throw undecodable();
    }
    return new CachedResponse(head, body);
  }

  private LarderException undecodable() {
    return new LarderException(
        "entry \""
            + key
            + "\" cannot be decoded: "
            + problem
            + "; delete it with delete(EntryFilter.invalid())");
  }

  @Override
  public String toString() {
    return head == null
        ? "CacheEntry[" + key + ", invalid: " + problem + ']'
        : "CacheEntry[" + head + ']';
  }
}
