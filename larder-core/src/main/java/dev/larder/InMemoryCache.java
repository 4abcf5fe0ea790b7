package dev.larder;

import java.time.Clock;

/**
 * A cache in this process's memory, bounded by bytes: what is used least makes room. For tests, for
 * single processes, and as a measure for the others. Thread-safe.
 *
 * <p>Defaults: 64 MiB, {@link CacheSettings#standard()}, the system clock.
 */
public final class InMemoryCache extends HttpCache {
  private InMemoryCache(Builder builder) {
    super(new InMemoryStorage(builder.maxBytes, builder.clock), builder.settings, builder.clock, 1);
  }

  /** A cache with the defaults above. */
  public static InMemoryCache create() {
    return builder().build();
  }

  /** A builder with the defaults above. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects options. Not thread-safe. */
  public static final class Builder {
    private long maxBytes = 64L << 20;
    private CacheSettings settings = CacheSettings.standard();
    private Clock clock = Clock.systemUTC();

    private Builder() {}

    /**
     * How many bytes the entries may take together, heads estimated.
     *
     * @throws IllegalArgumentException if less than 1
     */
    public Builder maxBytes(long bytes) {
      if (bytes < 1) {
        throw new IllegalArgumentException("maxBytes must be at least 1, but is " + bytes);
      }
      this.maxBytes = bytes;
      return this;
    }

    /** How the cache behaves. */
    public Builder settings(CacheSettings value) {
      this.settings = value;
      return this;
    }

    /** Tells the time. */
    public Builder clock(Clock value) {
      this.clock = value;
      return this;
    }

    /** The cache. */
    public InMemoryCache build() {
      return new InMemoryCache(this);
    }
  }
}
