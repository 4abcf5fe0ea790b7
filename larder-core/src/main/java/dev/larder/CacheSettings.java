package dev.larder;

import dev.larder.http.Expiration;
import dev.larder.key.KeyFunction;
import dev.larder.policy.Retention;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How a cache behaves, whatever it is kept in. Immutable; {@link #builder()} may be used again
 * after {@code build()}.
 *
 * <p>Defaults:
 *
 * <ul>
 *   <li>{@code expireAfter}: none; the origin decides
 *   <li>{@code revalidationRetention}: 7 days
 *   <li>{@code maxRetention}: 365 days
 *   <li>{@code matchHeaders}: none
 *   <li>{@code redactedParameters}: the usual names of secrets, {@link #DEFAULT_REDACTED}
 *   <li>{@code keyFunction}: {@link KeyFunction#standard()}
 *   <li>{@code shareAcrossCredentials}: false
 *   <li>{@code listener}: none
 * </ul>
 */
public final class CacheSettings {
  /**
   * Names of fields and parameters whose values are not stored unless others are chosen; compared
   * without regard to case.
   */
  public static final Set<String> DEFAULT_REDACTED =
      Set.of(
          "authorization",
          "proxy-authorization",
          "cookie",
          "x-api-key",
          "x-auth-token",
          "x-api-token",
          "x-access-token",
          "x-amz-security-token",
          "access_token",
          "refresh_token",
          "id_token",
          "client_secret",
          "api_key",
          "apikey",
          "password",
          "signature",
          "sig",
          "token",
          "x-goog-signature",
          "x-goog-credential",
          "x-amz-signature",
          "x-amz-credential");

  /** What a field that carries a credential is commonly called, besides the names above. */
  private static final List<String> CREDENTIAL_FRAGMENTS =
      List.of(
          "token",
          "secret",
          "password",
          "api-key",
          "apikey",
          "subscription-key",
          "session",
          "auth",
          "credential");

  private static final CacheSettings STANDARD = new Builder().build();

  private final Optional<Expiration> expireAfter;
  private final Retention retention;
  private final List<String> matchHeaders;
  private final Set<String> redactedParameters;
  private final KeyFunction keyFunction;
  private final boolean shareAcrossCredentials;
  private final CacheListener listener;

  private CacheSettings(Builder builder) {
    this.expireAfter = builder.expireAfter;
    this.retention = new Retention(builder.revalidationRetention, builder.maxRetention);
    this.matchHeaders = builder.matchHeaders;
    this.redactedParameters = builder.redactedParameters;
    this.keyFunction = builder.keyFunction;
    this.shareAcrossCredentials = builder.shareAcrossCredentials;
    this.listener = builder.listener;
  }

  /** The behaviour of RFC 9111: the defaults above. */
  public static CacheSettings standard() {
    return STANDARD;
  }

  /** A builder with the defaults above. */
  public static Builder builder() {
    return new Builder();
  }

  /** When responses expire, instead of what their origins say. */
  public Optional<Expiration> expireAfter() {
    return expireAfter;
  }

  /** How long entries are kept past their freshness. */
  public Retention retention() {
    return retention;
  }

  /** Names of request fields that take part in the key, lower case. */
  public List<String> matchHeaders() {
    return matchHeaders;
  }

  /**
   * Names of fields and parameters whose values are replaced before anything is stored, lower case.
   */
  public Set<String> redactedParameters() {
    return redactedParameters;
  }

  /**
   * Whether a request field may carry a credential, to judge by its name: it is one of the redacted
   * or usual ones, or has a part such as {@code token} or {@code api-key}. A client does not share
   * what answers such a request.
   */
  public boolean isCredential(String fieldName) {
    String name = lower(fieldName);
    return redactedParameters.contains(name)
        || DEFAULT_REDACTED.contains(name)
        || CREDENTIAL_FRAGMENTS.stream().anyMatch(name::contains);
  }

  /**
   * Whether a request field is stored without its value: as the user says, or else if it may carry
   * a credential.
   */
  boolean redactsRequestField(String fieldName) {
    return redactedParameters.contains(lower(fieldName))
        || (redactedParameters.equals(DEFAULT_REDACTED) && isCredential(fieldName));
  }

  /** Makes keys. */
  public KeyFunction keyFunction() {
    return keyFunction;
  }

  /**
   * Whether a response found by a key that {@linkplain KeyFunction#mayCollide() may collide} is
   * used whoever's credentials brought it.
   */
  public boolean shareAcrossCredentials() {
    return shareAcrossCredentials;
  }

  /** Is told of events. */
  public CacheListener listener() {
    return listener;
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Collects settings. Not thread-safe. */
  public static final class Builder {
    private Optional<Expiration> expireAfter = Optional.empty();
    private Duration revalidationRetention = Duration.ofDays(7);
    private Duration maxRetention = Duration.ofDays(365);
    private List<String> matchHeaders = List.of();
    private Set<String> redactedParameters = DEFAULT_REDACTED;
    private KeyFunction keyFunction = KeyFunction.standard();
    private boolean shareAcrossCredentials;
    private CacheListener listener = event -> {};

    private Builder() {}

    /** When responses expire, instead of what their origins say. */
    public Builder expireAfter(Expiration expiration) {
      this.expireAfter = Optional.of(expiration);
      return this;
    }

    /** When responses expire, instead of what their origins say: so long after they are stored. */
    public Builder expireAfter(Duration duration) {
      return expireAfter(Expiration.after(duration));
    }

    /**
     * How long an entry with a validator is kept after it stops being fresh, so that a 304 can
     * renew it.
     *
     * @throws IllegalArgumentException if negative
     */
    public Builder revalidationRetention(Duration duration) {
      this.revalidationRetention = notNegative("revalidationRetention", duration);
      return this;
    }

    /**
     * The longest time any entry that can expire is kept.
     *
     * @throws IllegalArgumentException if negative
     */
    public Builder maxRetention(Duration duration) {
      this.maxRetention = notNegative("maxRetention", duration);
      return this;
    }

    /** Request fields that take part in the key. */
    public Builder matchHeaders(Collection<String> names) {
      this.matchHeaders = names.stream().map(CacheSettings::lower).sorted().distinct().toList();
      return this;
    }

    /**
     * Fields, and query and user-info parts, whose values are replaced before anything is stored;
     * instead of the default ones.
     */
    public Builder redactedParameters(Collection<String> names) {
      this.redactedParameters =
          names.stream().map(CacheSettings::lower).collect(Collectors.toCollection(TreeSet::new));
      return this;
    }

    /** Makes keys in another way. */
    public Builder keyFunction(KeyFunction function) {
      this.keyFunction = Objects.requireNonNull(function, "keyFunction");
      return this;
    }

    /**
     * Whether a response found by a key that {@linkplain KeyFunction#mayCollide() may collide} is
     * used whoever's credentials brought it, as requests-cache does. Only where every user may see
     * everything: a response to one user's {@code Authorization} is served to all others.
     */
    public Builder shareAcrossCredentials(boolean share) {
      this.shareAcrossCredentials = share;
      return this;
    }

    /** Is told of events. */
    public Builder listener(CacheListener eventListener) {
      this.listener = Objects.requireNonNull(eventListener, "listener");
      return this;
    }

    /** The settings. */
    public CacheSettings build() {
      return new CacheSettings(this);
    }

    private static Duration notNegative(String name, Duration duration) {
      if (duration.isNegative()) {
        throw new IllegalArgumentException(name + " must not be negative, but is " + duration);
      }
      return duration;
    }
  }
}
