package dev.larder;

import dev.larder.http.Expiration;
import java.time.Duration;
import java.util.Optional;

/**
 * What one call wants otherwise than the {@linkplain CacheSettings settings} of its cache say.
 * Immutable and thread-safe; a builder may be used again after {@code build()}.
 *
 * <p>By default nothing is wanted: {@link #NONE}.
 */
public final class CacheOptions {
  /** The settings decide everything. */
  public static final CacheOptions NONE = builder().build();

  private final Optional<Expiration> expireAfter;
  private final boolean onlyIfCached;
  private final boolean refresh;
  private final boolean forceRefresh;
  private final boolean disabled;
  private final Optional<Duration> staleIfError;
  private final Optional<Duration> staleWhileRevalidate;

  private CacheOptions(Builder builder) {
    this.expireAfter = builder.expireAfter;
    this.onlyIfCached = builder.onlyIfCached;
    this.refresh = builder.refresh;
    this.forceRefresh = builder.forceRefresh;
    this.disabled = builder.disabled;
    this.staleIfError = builder.staleIfError;
    this.staleWhileRevalidate = builder.staleWhileRevalidate;
  }

  /** The settings decide everything: {@link #NONE}. */
  public static CacheOptions none() {
    return NONE;
  }

  /** A builder that wants nothing yet. */
  public static Builder builder() {
    return new Builder();
  }

  /** When the response expires, instead of what the settings say. */
  public Optional<Expiration> expireAfter() {
    return expireAfter;
  }

  /** Whether the origin is left alone: what the cache cannot answer is a 504. */
  public boolean onlyIfCached() {
    return onlyIfCached;
  }

  /** Whether the origin is asked if what is stored still holds, fresh or not. */
  public boolean refresh() {
    return refresh;
  }

  /** Whether what is stored is not used but replaced. */
  public boolean forceRefresh() {
    return forceRefresh;
  }

  /** Whether the cache is neither read nor written. */
  public boolean disabled() {
    return disabled;
  }

  /** How long past its freshness a response is used when the origin fails. */
  public Optional<Duration> staleIfError() {
    return staleIfError;
  }

  /** How long past its freshness a response is used while it is refreshed. */
  public Optional<Duration> staleWhileRevalidate() {
    return staleWhileRevalidate;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CacheOptions that
        && expireAfter.equals(that.expireAfter)
        && onlyIfCached == that.onlyIfCached
        && refresh == that.refresh
        && forceRefresh == that.forceRefresh
        && disabled == that.disabled
        && staleIfError.equals(that.staleIfError)
        && staleWhileRevalidate.equals(that.staleWhileRevalidate);
  }

  @Override
  public int hashCode() {
    return expireAfter.hashCode()
        + 31 * staleIfError.hashCode()
        + 961 * staleWhileRevalidate.hashCode()
        + (onlyIfCached ? 1 : 0)
        + (refresh ? 2 : 0)
        + (forceRefresh ? 4 : 0)
        + (disabled ? 8 : 0);
  }

  @Override
  public String toString() {
    return "CacheOptions[expireAfter="
        + expireAfter.map(Expiration::toString).orElse("unset")
        + ", onlyIfCached="
        + onlyIfCached
        + ", refresh="
        + refresh
        + ", forceRefresh="
        + forceRefresh
        + ", disabled="
        + disabled
        + ", staleIfError="
        + staleIfError.map(Duration::toString).orElse("unset")
        + ", staleWhileRevalidate="
        + staleWhileRevalidate.map(Duration::toString).orElse("unset")
        + ']';
  }

  /** Collects options. Not thread-safe. */
  public static final class Builder {
    private Optional<Expiration> expireAfter = Optional.empty();
    private boolean onlyIfCached;
    private boolean refresh;
    private boolean forceRefresh;
    private boolean disabled;
    private Optional<Duration> staleIfError = Optional.empty();
    private Optional<Duration> staleWhileRevalidate = Optional.empty();

    private Builder() {}

    /**
     * When the response expires, instead of what the settings say. {@link Expiration#doNotCache()}
     * means that nothing is looked up or stored.
     */
    public Builder expireAfter(Expiration expiration) {
      this.expireAfter = Optional.of(expiration);
      return this;
    }

    /** When the response expires: so long after it is stored. */
    public Builder expireAfter(Duration duration) {
      return expireAfter(Expiration.after(duration));
    }

    /**
     * Whether the origin is left alone: what the cache cannot answer is a 504 (RFC 9111 §5.2.1.7).
     */
    public Builder onlyIfCached(boolean only) {
      this.onlyIfCached = only;
      return this;
    }

    /**
     * Whether the origin is asked if what is stored still holds, fresh or not: the reload of a
     * browser (RFC 9111 §5.2.1.4).
     */
    public Builder refresh(boolean validate) {
      this.refresh = validate;
      return this;
    }

    /** Whether what is stored is not used; the origin's answer replaces it. */
    public Builder forceRefresh(boolean replace) {
      this.forceRefresh = replace;
      return this;
    }

    /**
     * Whether the cache is neither read nor written. Unsafe methods still invalidate (RFC 9111
     * §4.4).
     */
    public Builder disabled(boolean bypass) {
      this.disabled = bypass;
      return this;
    }

    /**
     * How long past its freshness a response is used when the origin fails (RFC 5861 §4), up to
     * {@link CacheSettings#ANY_AGE}.
     *
     * @throws IllegalArgumentException if negative or longer
     */
    public Builder staleIfError(Duration duration) {
      this.staleIfError = Optional.of(Checks.age("staleIfError", duration));
      return this;
    }

    /**
     * How long past its freshness a response is used while it is refreshed in the background (RFC
     * 5861 §3), up to {@link CacheSettings#ANY_AGE}.
     *
     * @throws IllegalArgumentException if negative or longer
     */
    public Builder staleWhileRevalidate(Duration duration) {
      this.staleWhileRevalidate = Optional.of(Checks.age("staleWhileRevalidate", duration));
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalStateException if two of them contradict each other
     */
    public CacheOptions build() {
      boolean neverStored = expireAfter.map(Expiration::isDoNotCache).orElse(false);
      boolean anyStale = staleIfError.isPresent() || staleWhileRevalidate.isPresent();
      boolean anyUse = onlyIfCached || refresh || forceRefresh || anyStale;
      refuse(disabled && (anyUse || expireAfter.isPresent()), "disabled and any other option");
      refuse(neverStored && anyUse, "expireAfter do-not-cache and any other option");
      refuse(onlyIfCached && refresh, "onlyIfCached and refresh");
      refuse(onlyIfCached && forceRefresh, "onlyIfCached and forceRefresh");
      refuse(refresh && forceRefresh, "refresh and forceRefresh");
      refuse(forceRefresh && anyStale, "forceRefresh and staleIfError or staleWhileRevalidate");
      refuse(refresh && staleWhileRevalidate.isPresent(), "refresh and staleWhileRevalidate");
      return new CacheOptions(this);
    }

    private static void refuse(boolean contradiction, String options) {
      if (contradiction) {
        throw new IllegalStateException(options + " contradict each other: choose one");
      }
    }
  }
}
