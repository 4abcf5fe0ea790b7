package dev.larder.http;

import java.net.URI;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All that is stored of a response but its body. Immutable. Instants have millisecond precision and
 * lie in the years 0 to 9999.
 *
 * <p>Two attributes are the storage's: {@link #version()}, which it chooses on each full write, and
 * {@link #length()}, which it counts.
 */
public final class EntryHead {
  // After RFC 3986 appendix B. java.net.URI refuses URLs that others store: one with a space or a
  // bar in its query would have no host, and a filter by host would miss it.
  private static final Pattern AUTHORITY = Pattern.compile("(?:[^:/?#]++:)?//([^/?#]*+)");

  private final String key;
  private final String version;
  private final Request request;
  private final String url;
  private final int status;
  private final Headers headers;
  private final Instant created;
  private final Instant requested;
  private final Instant responded;
  private final @Nullable Instant expires;
  private final boolean explicit;
  private final @Nullable Instant retainUntil;
  private final long length;
  private final @Nullable String digest;
  private final @Nullable String range;
  private final @Nullable String credential;
  private final Set<String> tags;
  private final boolean exact;

  private EntryHead(Builder builder) {
    this.key = builder.key;
    this.version = builder.version;
    this.request = builder.request;
    this.url = builder.url == null ? builder.request.uri().toString() : builder.url;
    this.status = builder.status;
    this.headers = builder.headers;
    this.created = builder.created;
    this.requested = builder.requested == null ? builder.created : builder.requested;
    this.responded = builder.responded == null ? this.requested : builder.responded;
    this.expires = builder.expires;
    this.explicit = builder.explicit;
    this.retainUntil = builder.retainUntil;
    this.length = builder.length;
    this.digest = builder.digest;
    this.range = builder.range;
    this.credential = builder.credential;
    this.tags = builder.tags;
    this.exact = builder.exact;
  }

  /**
   * A builder for the response to a request. Defaults: status 200, no field lines, the request's
   * URL, sent and answered when created, never expiring, kept for ever, the body exact.
   */
  public static Builder builder(String key, Request request, Instant created) {
    return new Builder(key, request, created);
  }

  /** A builder that begins with everything in this head. */
  public Builder toBuilder() {
    Builder builder = new Builder(key, request, created);
    builder.version = version;
    builder.url = url;
    builder.status = status;
    builder.headers = headers;
    builder.requested = requested;
    builder.responded = responded;
    builder.expires = expires;
    builder.explicit = explicit;
    builder.retainUntil = retainUntil;
    builder.length = length;
    builder.digest = digest;
    builder.range = range;
    builder.credential = credential;
    builder.tags = tags;
    builder.exact = exact;
    return builder;
  }

  /** The key it is stored under. */
  public String key() {
    return key;
  }

  /**
   * Random, new on each full write, the same after a partial update; empty before the first write.
   */
  public String version() {
    return version;
  }

  /**
   * The request it answers, secrets removed. Its body is there only where the key depends on it.
   */
  public Request request() {
    return request;
  }

  /**
   * The URL that answered. As text, because other writers may have stored what {@link URI} refuses.
   */
  public String url() {
    return url;
  }

  /** The host of {@link #url()} in lower case; empty if it has none. */
  public String host() {
    return hostOf(url);
  }

  /** The request method. */
  public String method() {
    return request.method();
  }

  /** The status code. */
  public int status() {
    return status;
  }

  /** The response's field lines. */
  public Headers headers() {
    return headers;
  }

  /** When it was first stored. */
  public Instant created() {
    return created;
  }

  /**
   * Whether a purge at this time makes it void: it was requested or first stored at or before then.
   * The latter tells of an entry that a 304 has renewed since, in a process that did not know of
   * the purge yet.
   */
  public boolean isVoidSince(Instant purge) {
    return !requested.isAfter(purge) || !created.isAfter(purge);
  }

  /** When the request that brought or last validated it was sent; entries are ordered by it. */
  public Instant requested() {
    return requested;
  }

  /** When the head that brought or last validated it arrived. */
  public Instant responded() {
    return responded;
  }

  /** When it stops being fresh; empty if never. */
  public Optional<Instant> expires() {
    return Optional.ofNullable(expires);
  }

  /** Whether {@link #expires()} was set by the user and so outranks what the origin says. */
  public boolean explicit() {
    return explicit;
  }

  /** Whether it has stopped being fresh at {@code now}. */
  public boolean isExpired(Instant now) {
    return expires != null && !now.isBefore(expires);
  }

  /**
   * When the storage may drop it, in whole seconds; empty if never. From then on it is absent to
   * every method.
   */
  public Optional<Instant> retainUntil() {
    return Optional.ofNullable(retainUntil);
  }

  /** The body's length in bytes, or -1 before it is written. */
  public long length() {
    return length;
  }

  /** The full digest of what the key was made from; empty for keys the user chose. */
  public Optional<String> digest() {
    return Optional.ofNullable(digest);
  }

  /** For a stored part of a representation (RFC 9111 §3.3): its Content-Range. */
  public Optional<String> range() {
    return Optional.ofNullable(range);
  }

  /** A digest of the credentials the response is for; empty if it may be shared. */
  public Optional<String> credential() {
    return Optional.ofNullable(credential);
  }

  /** Labels for deleting by. Unmodifiable, sorted. */
  public Set<String> tags() {
    return tags;
  }

  /**
   * Whether the body is, byte for byte, what the origin sent. False where another program stored
   * the meaning of a text or JSON instead of its bytes, or without its content codings: then it is
   * another representation with the same validator, so no range of it may be served or combined
   * with the origin's (RFC 9110 §14.2, RFC 9111 §3.4).
   */
  public boolean exact() {
    return exact;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EntryHead that
        && key.equals(that.key)
        && version.equals(that.version)
        && request.equals(that.request)
        && url.equals(that.url)
        && status == that.status
        && headers.equals(that.headers)
        && created.equals(that.created)
        && requested.equals(that.requested)
        && responded.equals(that.responded)
        && Objects.equals(expires, that.expires)
        && explicit == that.explicit
        && Objects.equals(retainUntil, that.retainUntil)
        && length == that.length
        && Objects.equals(digest, that.digest)
        && Objects.equals(range, that.range)
        && Objects.equals(credential, that.credential)
        && tags.equals(that.tags)
        && exact == that.exact;
  }

  @Override
  public int hashCode() {
    return Objects.hash(key, version, status, created);
  }

  @Override
  public String toString() {
    return "EntryHead["
        + key
        + ", "
        + request
        + ", "
        + status
        + (expires == null ? "" : ", expires " + expires)
        + ']';
  }

  /** The host of a URL in lower case; empty if it has none. The URL need not be well-formed. */
  public static String hostOf(String url) {
    Matcher matcher = AUTHORITY.matcher(url);
    if (!matcher.lookingAt()) {
      return "";
    }
    String authority = matcher.group(1);
    String hostAndPort = authority.substring(authority.lastIndexOf('@') + 1);
    int bracket = hostAndPort.indexOf(']');
    int colon = hostAndPort.indexOf(':', Math.max(bracket, 0));
    return (colon < 0 ? hostAndPort : hostAndPort.substring(0, colon)).toLowerCase(Locale.ROOT);
  }

  /** Collects a head. Not thread-safe. */
  public static final class Builder {
    private String key;
    private String version = "";
    private Request request;
    private @Nullable String url;
    private int status = 200;
    private Headers headers = Headers.empty();
    private Instant created;
    private @Nullable Instant requested;
    private @Nullable Instant responded;
    private @Nullable Instant expires;
    private boolean explicit;
    private @Nullable Instant retainUntil;
    private long length = -1;
    private @Nullable String digest;
    private @Nullable String range;
    private @Nullable String credential;
    private Set<String> tags = Set.of();
    private boolean exact = true;

    private Builder(String key, Request request, Instant created) {
      this.key = Objects.requireNonNull(key, "key");
      this.request = Objects.requireNonNull(request, "request");
      this.created = Times.storable(created);
    }

    /** Sets {@link EntryHead#key()}. */
    public Builder key(String value) {
      this.key = Objects.requireNonNull(value, "key");
      return this;
    }

    /** Sets {@link EntryHead#version()}; for storages. */
    public Builder version(String value) {
      this.version = Objects.requireNonNull(value, "version");
      return this;
    }

    /** Sets {@link EntryHead#request()}. */
    public Builder request(Request value) {
      this.request = Objects.requireNonNull(value, "request");
      return this;
    }

    /** Sets {@link EntryHead#url()}. */
    public Builder url(String value) {
      this.url = Objects.requireNonNull(value, "url");
      return this;
    }

    /** Sets {@link EntryHead#status()}. */
    public Builder status(int value) {
      this.status = value;
      return this;
    }

    /** Sets {@link EntryHead#headers()}. */
    public Builder headers(Headers value) {
      this.headers = Objects.requireNonNull(value, "headers");
      return this;
    }

    /** Sets {@link EntryHead#created()}. */
    public Builder created(Instant value) {
      this.created = Times.storable(value);
      return this;
    }

    /** Sets {@link EntryHead#requested()}. */
    public Builder requested(Instant value) {
      this.requested = Times.storable(value);
      return this;
    }

    /** Sets {@link EntryHead#responded()}. */
    public Builder responded(Instant value) {
      this.responded = Times.storable(value);
      return this;
    }

    /** Sets {@link EntryHead#expires()}. */
    public Builder expires(Optional<Instant> value) {
      this.expires = value.map(Times::storable).orElse(null);
      return this;
    }

    /** Sets {@link EntryHead#explicit()}. */
    public Builder explicit(boolean value) {
      this.explicit = value;
      return this;
    }

    /** Sets {@link EntryHead#retainUntil()}. */
    public Builder retainUntil(Optional<Instant> value) {
      this.retainUntil = value.map(Times::wholeSeconds).orElse(null);
      return this;
    }

    /** Sets {@link EntryHead#length()}; for storages. */
    public Builder length(long value) {
      this.length = value;
      return this;
    }

    /** Sets {@link EntryHead#digest()}. */
    public Builder digest(Optional<String> value) {
      this.digest = value.orElse(null);
      return this;
    }

    /** Sets {@link EntryHead#range()}. */
    public Builder range(Optional<String> value) {
      this.range = value.orElse(null);
      return this;
    }

    /** Sets {@link EntryHead#credential()}. */
    public Builder credential(Optional<String> value) {
      this.credential = value.orElse(null);
      return this;
    }

    /** Sets {@link EntryHead#tags()}. */
    public Builder tags(Collection<String> value) {
      this.tags = value.isEmpty() ? Set.of() : Collections.unmodifiableSet(new TreeSet<>(value));
      return this;
    }

    /** Sets {@link EntryHead#exact()}. */
    public Builder exact(boolean value) {
      this.exact = value;
      return this;
    }

    /** The head. */
    public EntryHead build() {
      return new EntryHead(this);
    }
  }
}
