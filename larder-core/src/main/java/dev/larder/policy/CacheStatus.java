package dev.larder.policy;

import dev.larder.http.Headers;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What this cache did for a response: one member of the Cache-Status field (RFC 9211), such as
 * {@code Larder; fwd=stale; fwd-status=304; stored; ttl=60}. Immutable.
 *
 * <p>Nothing is said that was not set. A key or detail is made printable: other characters than
 * those of ASCII become {@code ?}.
 */
public final class CacheStatus {
  private static final String FIELD = "Cache-Status";
  private static final String NAME = "Larder";

  /** RFC 8941 §3.3.1: integers have at most 15 digits. */
  private static final long MAX_INTEGER = 999_999_999_999_999L;

  /** Why a request went to the origin (RFC 9211 §2.2). */
  public enum Reason {
    /** The cache does not handle such requests. */
    BYPASS,
    /** The method has to be forwarded. */
    METHOD,
    /** Nothing is stored for the URI. */
    URI_MISS,
    /** What is stored is for other request fields. */
    VARY_MISS,
    /** What is stored does not answer this request, for another or an unknown reason. */
    MISS,
    /** The request asks for it. */
    REQUEST,
    /** What is stored is no longer fresh. */
    STALE,
    /** What is stored does not hold all of the range asked for. */
    PARTIAL;

    private final String token = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The name as in the field. */
    public String token() {
      return token;
    }
  }

  private final String text;

  private CacheStatus(String text) {
    this.text = text;
  }

  /** The response came from the cache, without asking the origin. */
  public static Builder hit() {
    return new Builder("hit");
  }

  /** The request went to the origin. */
  public static Builder forward(Reason reason) {
    return new Builder("fwd=" + reason.token());
  }

  /** Neither: the cache has made the response itself, for this reason. */
  public static CacheStatus unsatisfied(String detail) {
    return new Builder("detail=" + detail).build();
  }

  /** The fields with this member in a line of its own, behind what caches before us have said. */
  public Headers addTo(Headers headers) {
    return Headers.builder().addAll(headers).add(FIELD, text).build();
  }

  /** The member as in the field. */
  @Override
  public String toString() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CacheStatus status && text.equals(status.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** Collects what there is to say. Not thread-safe. */
  public static final class Builder {
    private final String first;
    private int forwardStatus;
    private boolean stored;
    private boolean collapsed;
    private @Nullable Duration ttl;
    private @Nullable String key;
    private @Nullable String detail;

    private Builder(String first) {
      this.first = first;
    }

    /**
     * The status that the origin answered with (§2.3).
     *
     * @throws IllegalArgumentException if it is not between 100 and 999
     */
    public Builder forwardStatus(int status) {
      if (status < 100 || status > 999) {
        throw new IllegalArgumentException(
            "status code must be between 100 and 999, but is " + status);
      }
      this.forwardStatus = status;
      return this;
    }

    /** Whether the response was stored (§2.5). */
    public Builder stored(boolean value) {
      this.stored = value;
      return this;
    }

    /** Whether the request shared the answer to another one (§2.6). */
    public Builder collapsed(boolean value) {
      this.collapsed = value;
      return this;
    }

    /** How long the response stays fresh; negative if it is stale (§2.4). Whole seconds, down. */
    public Builder ttl(Duration value) {
      this.ttl = value;
      return this;
    }

    /** The key it is stored by (§2.7). */
    public Builder key(String value) {
      this.key = value;
      return this;
    }

    /** Anything else of use to those who know this cache (§2.8). */
    public Builder detail(String value) {
      this.detail = value;
      return this;
    }

    /** The member. */
    public CacheStatus build() {
      StringBuilder text = new StringBuilder(64).append(NAME).append("; ").append(first);
      if (forwardStatus != 0) {
        text.append("; fwd-status=").append(forwardStatus);
      }
      if (ttl != null) {
        long seconds = Math.max(-MAX_INTEGER, Math.min(MAX_INTEGER, ttl.toSeconds()));
        text.append("; ttl=").append(seconds);
      }
      text.append(stored ? "; stored" : "").append(collapsed ? "; collapsed" : "");
      if (key != null) {
        text.append("; key=").append(FieldValues.quote(printable(key)));
      }
      if (detail != null) {
        text.append("; detail=")
            .append(isToken(detail) ? detail : FieldValues.quote(printable(detail)));
      }
      return new CacheStatus(text.toString());
    }

    /** A token of RFC 8941 begins with a letter. */
    private static boolean isToken(String text) {
      return FieldValues.isToken(text) && Character.isLetter(text.charAt(0));
    }

    private static String printable(String text) {
      StringBuilder printable = new StringBuilder(text.length());
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        printable.append(c >= ' ' && c <= '~' ? c : '?');
      }
      return printable.toString();
    }
  }
}
