package dev.larder.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;

/**
 * Which entries a listing or bulk operation is about. Immutable; made by the static factories and
 * combined with {@link #and}, {@link #or} and {@link #not}.
 *
 * <p>A filter means what {@link #matches} says. An entry that cannot be decoded matches {@link
 * #all()}, {@link #invalid()} and negations, and nothing else. A storage may use the structure to
 * ask its back end a weaker question, one that never leaves out a match, and tests each answer
 * again.
 */
public sealed interface EntryFilter {
  /** Whether this entry is meant, at this time. */
  boolean matches(CacheEntry entry, Instant now);

  /** Every entry. */
  static EntryFilter all() {
    return All.INSTANCE;
  }

  /** Decodable and fresh. */
  static EntryFilter valid() {
    return new Expiry(false);
  }

  /** Decodable and no longer fresh. */
  static EntryFilter expired() {
    return new Expiry(true);
  }

  /** Not decodable. */
  static EntryFilter invalid() {
    return Invalid.INSTANCE;
  }

  /**
   * First stored longer ago than this.
   *
   * @throws IllegalArgumentException if the age is negative
   */
  static EntryFilter olderThan(Duration age) {
    return new OlderThan(age);
  }

  /** With exactly this URL. */
  static EntryFilter url(String url) {
    return new Url(url);
  }

  /** With a URL that begins so. */
  static EntryFilter urlPrefix(String prefix) {
    return new UrlPrefix(prefix);
  }

  /** With a URL on this host, in any case of spelling. */
  static EntryFilter host(String host) {
    return new Host(host);
  }

  /** With this status code. */
  static EntryFilter status(int code) {
    return new Status(code);
  }

  /** That answer this request method. */
  static EntryFilter method(String method) {
    return new Method(method);
  }

  /** Both. */
  default EntryFilter and(EntryFilter other) {
    return other instanceof All ? this : this instanceof All ? other : new And(this, other);
  }

  /** Either or both. */
  default EntryFilter or(EntryFilter other) {
    return new Or(this, other);
  }

  /** The others. */
  default EntryFilter not() {
    return this instanceof Not negation ? negation.filter() : new Not(this);
  }

  /** Every entry. */
  enum All implements EntryFilter {
    /** The only one. */
    INSTANCE;

    @Override
    public boolean matches(CacheEntry entry, Instant now) {
      return true;
    }
  }

  /** Not decodable. */
  enum Invalid implements EntryFilter {
    /** The only one. */
    INSTANCE;

    @Override
    public boolean matches(CacheEntry entry, Instant now) {
      return entry.isInvalid();
    }
  }

  /** Decodable, and expired or not. */
  record Expiry(boolean expired) implements EntryFilter {
    @Override
    public boolean matches(CacheEntry entry, Instant now) {
      return !entry.isInvalid() && entry.isExpired(now) == expired;
    }
  }

  /** First stored longer ago than this. */
  record OlderThan(Duration age) implements EntryFilter {
    /** Checks the bounds. */
    public OlderThan {
      if (age.isNegative()) {
        throw new IllegalArgumentException("age must not be negative, but is " + age);
      }
    }

    @Override
    public boolean matches(CacheEntry entry, Instant now) {
      return !entry.isInvalid() && entry.head().created().isBefore(limit(now));
    }

    /**
     * Entries first stored before this time are meant. Has milliseconds and lies in the years 0 to
     * 9999, as {@link EntryHead#created()} does, so that a storage that compares texts comes to the
     * same answers.
     */
    public Instant limit(Instant now) {
      Duration sinceFirst = Duration.between(Times.FIRST, now);
      return age.compareTo(sinceFirst) > 0 ? Times.FIRST : Times.storable(now.minus(age));
    }
  }

  /** With exactly this URL. */
  record Url(String url) implements EntryFilter {
    /** Checks for null. */
    public Url {
      Objects.requireNonNull(url, "url");
    }

    @Override
    public boolean matches(CacheEntry entry, Instant now) {
      return !entry.isInvalid() && entry.head().url().equals(url);
    }
  }

  /** With a URL that begins so. */
  record UrlPrefix(String prefix) implements EntryFilter {
    /** Checks for null. */
    public UrlPrefix {
      Objects.requireNonNull(prefix, "prefix");
    }

    @Override
    public boolean matches(CacheEntry entry, Instant now) {
      return !entry.isInvalid() && entry.head().url().startsWith(prefix);
    }
  }

  /** With a URL on this host. */
  record Host(String host) implements EntryFilter {
    /** Lower-cases. */
    public Host {
      host = host.toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean matches(CacheEntry entry, Instant now) {
      return !entry.isInvalid() && entry.head().host().equals(host);
    }
  }

  /** With this status code. */
  record Status(int code) implements EntryFilter {
    @Override
    public boolean matches(CacheEntry entry, Instant now) {
      return !entry.isInvalid() && entry.head().status() == code;
    }
  }

  /** That answer this request method. */
  record Method(String method) implements EntryFilter {
    /** Makes the standard methods upper case, as {@link Request} does. */
    public Method {
      method = Request.standardSpelling(method);
    }

    @Override
    public boolean matches(CacheEntry entry, Instant now) {
      return !entry.isInvalid() && entry.head().method().equals(method);
    }
  }

  /** Both. */
  record And(EntryFilter left, EntryFilter right) implements EntryFilter {
    @Override
    public boolean matches(CacheEntry entry, Instant now) {
      return left.matches(entry, now) && right.matches(entry, now);
    }
  }

  /** Either or both. */
  record Or(EntryFilter left, EntryFilter right) implements EntryFilter {
    @Override
    public boolean matches(CacheEntry entry, Instant now) {
      return left.matches(entry, now) || right.matches(entry, now);
    }
  }

  /** The others. */
  record Not(EntryFilter filter) implements EntryFilter {
    @Override
    public boolean matches(CacheEntry entry, Instant now) {
      return !filter.matches(entry, now);
    }
  }
}
