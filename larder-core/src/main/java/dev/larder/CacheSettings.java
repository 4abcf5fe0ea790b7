package dev.larder;

import dev.larder.http.CachedResponse;
import dev.larder.http.Expiration;
import dev.larder.http.Request;
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
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a cache behaves, whatever it is kept in. Immutable; {@link #builder()} may be used again
 * after {@code build()}.
 *
 * <p>Defaults:
 *
 * <ul>
 *   <li>{@code sharedCache}: false; {@code cacheControl}: true; {@code originFirst}: false; {@code
 *       targetedFields}: none
 *   <li>{@code expireAfter}, {@code urlExpiration}: none; the origin decides
 *   <li>{@code allowableMethods}: GET and HEAD; {@code methodOverride}: false
 *   <li>{@code allowableCodes}: none; RFC 9111 decides
 *   <li>{@code alwaysRevalidate}, {@code readOnly}, {@code onlyIfCached}: false
 *   <li>{@code staleIfError}, {@code staleWhileRevalidate}: as origins allow
 *   <li>{@code revalidationRetention}: 7 days
 *   <li>{@code maxRetention}: 365 days
 *   <li>{@code maxBodyBytes}: 32 MiB; {@code recordingBudget}: an eighth of the heap, at most 64
 *       MiB
 *   <li>{@code matchHeaders}, {@code ignoredParameters}: none
 *   <li>{@code redactedParameters}: the usual names of secrets, {@link #DEFAULT_REDACTED}
 *   <li>{@code keyFunction}: {@link KeyFunction#standard()}
 *   <li>{@code keySecret}, {@code principal}: none; {@code shareAcrossCredentials}: false
 *   <li>{@code responseFilter}: all
 *   <li>{@code collapseRequests}: true; {@code collapseWait}: 30 s; {@code backgroundRefreshes}: 16
 *   <li>{@code listener}: none
 *   <li>{@code leaseDuration}: none; processes do not wait for each other
 *   <li>{@code storageTimeout}: 400 ms; {@code failOpen}: true
 *   <li>{@code nearCacheBytes}: 0, which means none; {@code nearCacheStaleness}: 5 s
 *   <li>{@code writeMode}: {@link WriteMode#AUTO}
 * </ul>
 */
public final class CacheSettings {
  /**
   * Older than anything: a response that old past its freshness may still be used, where a duration
   * of this length is set. 10,000 years.
   */
  public static final Duration ANY_AGE = Duration.ofDays(3_652_500);

  /**
   * Names of fields and parameters whose values are not stored unless others are chosen. They are
   * compared without regard to case, hyphens and underscores, and with each part of names such as
   * {@code user[password]}.
   */
  public static final Set<String> DEFAULT_REDACTED = SecretNames.USUAL;

  private static final CacheSettings STANDARD = new Builder().build();

  private final boolean sharedCache;
  private final boolean cacheControl;
  private final boolean originFirst;
  private final List<String> targetedFields;
  private final Optional<Expiration> expireAfter;
  private final UrlExpirations urlExpirations;
  private final Set<String> allowableMethods;
  private final Set<Integer> allowableCodes;
  private final boolean methodOverride;
  private final boolean alwaysRevalidate;
  private final boolean readOnly;
  private final boolean onlyIfCached;
  private final Optional<Duration> staleIfError;
  private final Optional<Duration> staleWhileRevalidate;
  private final Retention retention;
  private final long maxBodyBytes;
  private final long recordingBudget;
  private final List<String> matchHeaders;
  private final Set<String> ignoredParameters;
  private final Set<String> redactedParameters;
  private final KeyFunction keyFunction;
  private final Function<Request, Optional<String>> principal;
  private final boolean shareAcrossCredentials;
  private final Predicate<CachedResponse> responseFilter;
  private final boolean collapseRequests;
  private final Duration collapseWait;
  private final int backgroundRefreshes;
  private final CacheListener listener;
  private final Optional<Duration> leaseDuration;
  private final LeaseTimer leaseTimer;
  private final Duration storageTimeout;
  private final boolean failOpen;
  private final long nearCacheBytes;
  private final Duration nearCacheStaleness;
  private final WriteMode writeMode;

  private final Set<String> ignoredFields;
  private final SecretNames redacted;
  private final SecretNames secrets;
  private final Credentials credentials;

  private CacheSettings(Builder builder) {
    this.sharedCache = builder.sharedCache;
    this.cacheControl = builder.cacheControl;
    this.originFirst = builder.originFirst;
    this.targetedFields = builder.targetedFields;
    this.expireAfter = builder.expireAfter;
    this.urlExpirations = builder.urlExpirations;
    this.allowableMethods = builder.allowableMethods;
    this.allowableCodes = builder.allowableCodes;
    this.methodOverride = builder.methodOverride;
    this.alwaysRevalidate = builder.alwaysRevalidate;
    this.readOnly = builder.readOnly;
    this.onlyIfCached = builder.onlyIfCached;
    this.staleIfError = builder.staleIfError;
    this.staleWhileRevalidate = builder.staleWhileRevalidate;
    this.retention = new Retention(builder.revalidationRetention, builder.maxRetention);
    this.maxBodyBytes = builder.maxBodyBytes;
    this.recordingBudget = builder.recordingBudget;
    this.matchHeaders = builder.matchHeaders;
    this.ignoredParameters = builder.ignoredParameters;
    this.redactedParameters = builder.redactedParameters;
    KeyFunction keys =
        builder.keyFunction.orElseGet(() -> KeyFunction.standard(builder.ignoredParameters));
    this.keyFunction = methodOverride ? new MethodOverride(keys) : keys;
    this.principal = builder.principal;
    this.shareAcrossCredentials = builder.shareAcrossCredentials;
    this.responseFilter = builder.responseFilter;
    this.collapseRequests = builder.collapseRequests;
    this.collapseWait = builder.collapseWait;
    this.backgroundRefreshes = builder.backgroundRefreshes;
    this.listener = builder.listener;
    this.leaseDuration = builder.leaseDuration;
    this.leaseTimer = builder.leaseTimer;
    this.storageTimeout = builder.storageTimeout;
    this.failOpen = builder.failOpen;
    this.nearCacheBytes = builder.nearCacheBytes;
    this.nearCacheStaleness = builder.nearCacheStaleness;
    this.writeMode = builder.writeMode;
    this.ignoredFields =
        ignoredParameters.stream().map(CacheSettings::lower).collect(Collectors.toSet());
    this.redacted = new SecretNames(redactedParameters);
    Set<String> secretNames = new TreeSet<>(DEFAULT_REDACTED);
    secretNames.addAll(redactedParameters);
    this.secrets = new SecretNames(secretNames);
    this.credentials = new Credentials(this, builder.keySecret);
  }

  /** The behaviour of RFC 9111: the defaults above. */
  public static CacheSettings standard() {
    return STANDARD;
  }

  /** A builder with the defaults above. */
  public static Builder builder() {
    return new Builder();
  }

  /** Whether the rules for shared caches apply. */
  public boolean sharedCache() {
    return sharedCache;
  }

  /** Whether what origins say about caching counts; what callers say always does. */
  public boolean cacheControl() {
    return cacheControl;
  }

  /** Whether what an origin says about freshness outranks the user's expirations. */
  public boolean originFirst() {
    return originFirst;
  }

  /** Fields that origins address to caches such as this one, the most important first. */
  public List<String> targetedFields() {
    return targetedFields;
  }

  /** When responses expire, instead of what their origins say. */
  public Optional<Expiration> expireAfter() {
    return expireAfter;
  }

  /**
   * When the response to this request expires, instead of what its origin says: by the first
   * pattern that its URL matches, or else {@link #expireAfter()}. {@link Expiration#doNotCache()}
   * means that it is not looked up either.
   */
  public Optional<Expiration> expirationFor(Request request) {
    return urlExpirations.of(request).or(() -> expireAfter);
  }

  /** The methods whose responses are stored. */
  public Set<String> allowableMethods() {
    return allowableMethods;
  }

  /** The status codes that are stored; empty if RFC 9111 decides. */
  public Set<Integer> allowableCodes() {
    return allowableCodes;
  }

  /** Whether fields such as {@code X-HTTP-Method-Override} name the method that counts. */
  public boolean methodOverride() {
    return methodOverride;
  }

  /**
   * The method that counts for a request: the one that it is sent with, unless {@link
   * #methodOverride()} and a field names another.
   */
  public String methodOf(Request request) {
    return methodOverride ? MethodOverride.methodOf(request) : request.method();
  }

  /** Whether stored responses are used only after the origin has confirmed them. */
  public boolean alwaysRevalidate() {
    return alwaysRevalidate;
  }

  /** Whether nothing is written. */
  public boolean readOnly() {
    return readOnly;
  }

  /** Whether origins are left alone: what the cache cannot answer is a 504. */
  public boolean onlyIfCached() {
    return onlyIfCached;
  }

  /**
   * How long past its freshness a response is used when the origin fails; empty if only as origins
   * allow.
   */
  public Optional<Duration> staleIfError() {
    return staleIfError;
  }

  /**
   * How long past its freshness a response is used while it is refreshed; empty if only as origins
   * allow.
   */
  public Optional<Duration> staleWhileRevalidate() {
    return staleWhileRevalidate;
  }

  /** How long entries are kept past their freshness. */
  public Retention retention() {
    return retention;
  }

  /** The length of the longest body that is stored, in bytes. */
  public long maxBodyBytes() {
    return maxBodyBytes;
  }

  /** How many bytes of responses may be on their way into the cache at once. */
  public long recordingBudget() {
    return recordingBudget;
  }

  /** Names of request fields that take part in the key, lower case. */
  public List<String> matchHeaders() {
    return matchHeaders;
  }

  /** Names of parameters, members and request fields that take no part in matching. */
  public Set<String> ignoredParameters() {
    return ignoredParameters;
  }

  /** Whether a request field of this name takes no part in matching: in any case of spelling. */
  boolean ignoresField(String name) {
    return !ignoredFields.isEmpty() && ignoredFields.contains(lower(name));
  }

  /**
   * Names of fields and parameters whose values are replaced before anything is stored, lower case.
   */
  public Set<String> redactedParameters() {
    return redactedParameters;
  }

  /** The names that are redacted. */
  SecretNames redacted() {
    return redacted;
  }

  /** The names of secrets: those that are redacted and the usual ones. */
  SecretNames secrets() {
    return secrets;
  }

  /**
   * Whether a request field may carry a credential, to judge by its name: it is one of the redacted
   * or usual ones, or has a part such as {@code token} or {@code api-key}. A client does not share
   * what answers such a request.
   */
  public boolean isCredential(String fieldName) {
    return secrets.mayBeCredential(fieldName);
  }

  /**
   * A digest of what a request shows of who sends it, the same in every process with these
   * settings: of the {@code principal}, or else of all fields that may carry a credential and are
   * not ignored. Secrets in URL and body are not in it; they take part in the key. 256 bits in
   * base64url; empty if the request shows nothing.
   */
  public Optional<String> credentials(Request request) {
    return credentials.of(request);
  }

  /** For what has to digest more than the fields. */
  Credentials credentials() {
    return credentials;
  }

  /** Whom a request is made for, if the settings tell that. */
  Optional<String> principal(Request request) {
    return principal.apply(request);
  }

  /**
   * Whether a request field is stored without its value: as the user says, or else if it may carry
   * a credential.
   */
  boolean redactsRequestField(String fieldName) {
    return redacted.contains(fieldName)
        || (redactedParameters.equals(DEFAULT_REDACTED) && isCredential(fieldName));
  }

  /** Whether the user says whose request this is, so that nothing else of it need be seen. */
  boolean namesPrincipal(Request request) {
    return principal.apply(request).isPresent();
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

  /** Which responses are stored and used. */
  public Predicate<CachedResponse> responseFilter() {
    return responseFilter;
  }

  /** Whether callers that want the same response at the same time share one request. */
  public boolean collapseRequests() {
    return collapseRequests;
  }

  /** The longest that a caller waits for the request of another. */
  public Duration collapseWait() {
    return collapseWait;
  }

  /** How many stale responses are refreshed in the background at once. */
  public int backgroundRefreshes() {
    return backgroundRefreshes;
  }

  /** Is told of events. */
  public CacheListener listener() {
    return listener;
  }

  /** For how long a process has the right to fetch a response for all; empty if each fetches. */
  public Optional<Duration> leaseDuration() {
    return leaseDuration;
  }

  LeaseTimer leaseTimer() {
    return leaseTimer;
  }

  /** The longest that a client waits for the storage in each step of a request. */
  public Duration storageTimeout() {
    return storageTimeout;
  }

  /** Whether a client goes to the origin where the storage cannot be read. */
  public boolean failOpen() {
    return failOpen;
  }

  /** How many bytes of memory hold what was read lately; 0 if there is no near cache. */
  public long nearCacheBytes() {
    return nearCacheBytes;
  }

  /** How long ago at most what the near cache serves was read from the storage. */
  public Duration nearCacheStaleness() {
    return nearCacheStaleness;
  }

  /** Whether the callers of clients wait until their responses are stored. */
  public WriteMode writeMode() {
    return writeMode;
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Collects settings. Not thread-safe. */
  public static final class Builder {
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final Duration SHORTEST_LEASE = Duration.ofMillis(100);
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(1);
    private static final long MIB = 1 << 20;

    private boolean sharedCache;
    private boolean cacheControl = true;
    private boolean originFirst;
    private List<String> targetedFields = List.of();
    private Optional<Expiration> expireAfter = Optional.empty();
    private UrlExpirations urlExpirations = UrlExpirations.NONE;
    private Set<String> allowableMethods = Set.of("GET", "HEAD");
    private Set<Integer> allowableCodes = Set.of();
    private boolean methodOverride;
    private boolean alwaysRevalidate;
    private boolean readOnly;
    private boolean onlyIfCached;
    private Optional<Duration> staleIfError = Optional.empty();
    private Optional<Duration> staleWhileRevalidate = Optional.empty();
    private Duration revalidationRetention = Duration.ofDays(7);
    private Duration maxRetention = Duration.ofDays(365);
    private long maxBodyBytes = 32 * MIB;
    private long recordingBudget = Math.min(64 * MIB, Runtime.getRuntime().maxMemory() / 8);
    private List<String> matchHeaders = List.of();
    private Set<String> ignoredParameters = Set.of();
    private Set<String> redactedParameters = DEFAULT_REDACTED;
    private Optional<KeyFunction> keyFunction = Optional.empty();
    private Optional<byte[]> keySecret = Optional.empty();
    private Function<Request, Optional<String>> principal = request -> Optional.empty();
    private boolean shareAcrossCredentials;
    private Predicate<CachedResponse> responseFilter = response -> true;
    private boolean collapseRequests = true;
    private Duration collapseWait = Duration.ofSeconds(30);
    private int backgroundRefreshes = 16;
    private CacheListener listener = event -> {};
    private Optional<Duration> leaseDuration = Optional.empty();
    private LeaseTimer leaseTimer = LeaseTimer.real();
    private Duration storageTimeout = Duration.ofMillis(400);
    private boolean failOpen = true;
    private long nearCacheBytes;
    private Duration nearCacheStaleness = Duration.ofSeconds(5);
    private WriteMode writeMode = WriteMode.AUTO;

    private Builder() {}

    /**
     * Whether RFC 9111's rules for shared caches apply: {@code s-maxage} and {@code
     * proxy-revalidate} count, and answers with {@code private}, or to requests with {@code
     * Authorization}, are stored only as §3.5 allows.
     */
    public Builder sharedCache(boolean shared) {
      this.sharedCache = shared;
      return this;
    }

    /**
     * Whether what origins say about caching counts: {@code Cache-Control}, {@code no-store} and
     * {@code private} included, {@code Expires} and {@code Pragma}; {@code Vary} always does, and
     * what callers say in their requests. If not, the expirations of the user alone decide, and
     * what has none never expires.
     */
    public Builder cacheControl(boolean obey) {
      this.cacheControl = obey;
      return this;
    }

    /**
     * Whether an origin that says how long its response is fresh ({@code max-age}, {@code Expires})
     * outranks the expirations of calls, URLs and settings, which then are for what origins leave
     * open. If not, they outrank the origin. requests-cache does the former with its {@code
     * cache_control}, where {@code cacheControl(true)} goes with it.
     */
    public Builder originFirst(boolean first) {
      this.originFirst = first;
      return this;
    }

    /**
     * Fields that origins address to caches such as this one, for example {@code
     * CDN-Cache-Control}, the most important first. Where one is in a response, it counts instead
     * of {@code Cache-Control} and {@code Expires} (RFC 9213 §2.2).
     *
     * @throws IllegalArgumentException if one is not a field name
     */
    public Builder targetedFields(List<String> names) {
      this.targetedFields = names.stream().map(Checks::fieldName).distinct().toList();
      return this;
    }

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
     * When responses from URLs like this expire, instead of what {@code expireAfter} or their
     * origins say. May be repeated; the first pattern that matches decides. {@link
     * Expiration#doNotCache()} means that they are neither stored nor looked up.
     *
     * <p>A glob is compared with the normalised URL without its scheme and user information: {@code
     * *.example.com}, {@code example.com/image}, {@code example.com/*}{@code /thumbs/**}. {@code *}
     * stands for any characters, slashes included, {@code ?} for one, {@code [ab]} and {@code
     * [!ab]} for one of some. Whatever follows matches too, as in requests-cache: {@code
     * example.com/v1} also means {@code example.com/v1/users} and {@code example.com/v10}.
     *
     * @throws IllegalArgumentException if the glob is empty
     */
    public Builder urlExpiration(String glob, Expiration expiration) {
      this.urlExpirations = urlExpirations.with(glob, expiration);
      return this;
    }

    /**
     * When responses from URLs in which this is found expire; otherwise as {@link
     * #urlExpiration(String, Expiration)}. The URL is the normalised one, with its scheme.
     */
    public Builder urlExpiration(Pattern regex, Expiration expiration) {
      this.urlExpirations = urlExpirations.with(regex, expiration);
      return this;
    }

    /**
     * The methods whose responses are stored. Those to POST and others are found again only by a
     * request with the same body.
     *
     * @throws IllegalArgumentException if there is none, or one is not a method
     */
    public Builder allowableMethods(Collection<String> methods) {
      if (methods.isEmpty()) {
        throw new IllegalArgumentException("allowableMethods must name a method, such as GET");
      }
      this.allowableMethods = Set.copyOf(methods.stream().map(Checks::method).toList());
      return this;
    }

    /**
     * The status codes that are stored, with whatever expiration applies to them. None means that
     * RFC 9111 decides.
     *
     * @throws IllegalArgumentException if one is not between 200 and 999
     */
    public Builder allowableCodes(Collection<Integer> codes) {
      codes.forEach(code -> Checks.between("allowableCodes", 200, 999, code));
      this.allowableCodes = Set.copyOf(codes);
      return this;
    }

    /**
     * Whether {@code X-HTTP-Method-Override}, {@code X-HTTP-Method} and {@code X-Method-Override}
     * name the method that counts for {@code allowableMethods} and in the key. Only for origins
     * that obey them: for others, a POST that is overridden is still a POST.
     */
    public Builder methodOverride(boolean obey) {
      this.methodOverride = obey;
      return this;
    }

    /** Whether stored responses, fresh or not, are used only after the origin confirmed them. */
    public Builder alwaysRevalidate(boolean always) {
      this.alwaysRevalidate = always;
      return this;
    }

    /** Whether clients write nothing: they neither store, renew nor invalidate. */
    public Builder readOnly(boolean only) {
      this.readOnly = only;
      return this;
    }

    /**
     * Whether origins are left alone: what the cache cannot answer is a 504 (RFC 9111 §5.2.1.7).
     */
    public Builder onlyIfCached(boolean only) {
      this.onlyIfCached = only;
      return this;
    }

    /**
     * Whether a response of {@linkplain #ANY_AGE any age} is used when the origin fails; false is
     * the default: only as its directives allow (RFC 5861 §4).
     */
    public Builder staleIfError(boolean anyAge) {
      this.staleIfError = anyAge ? Optional.of(ANY_AGE) : Optional.empty();
      return this;
    }

    /**
     * How long past its freshness a response is used when the origin fails, if its own directives
     * do not allow longer.
     *
     * @throws IllegalArgumentException if negative, or longer than {@link #ANY_AGE}
     */
    public Builder staleIfError(Duration duration) {
      this.staleIfError = Optional.of(Checks.age("staleIfError", duration));
      return this;
    }

    /**
     * Whether a response of {@linkplain #ANY_AGE any age} is used while it is refreshed in the
     * background; false is the default: only as its directives allow (RFC 5861 §3).
     */
    public Builder staleWhileRevalidate(boolean anyAge) {
      this.staleWhileRevalidate = anyAge ? Optional.of(ANY_AGE) : Optional.empty();
      return this;
    }

    /**
     * How long past its freshness a response is used while it is refreshed in the background, if
     * its own directives do not allow longer.
     *
     * @throws IllegalArgumentException if negative, or longer than {@link #ANY_AGE}
     */
    public Builder staleWhileRevalidate(Duration duration) {
      this.staleWhileRevalidate = Optional.of(Checks.age("staleWhileRevalidate", duration));
      return this;
    }

    /**
     * How long an entry with a validator is kept after it stops being fresh, so that a 304 can
     * renew it.
     *
     * @throws IllegalArgumentException if negative
     */
    public Builder revalidationRetention(Duration duration) {
      this.revalidationRetention = Checks.notNegative("revalidationRetention", duration);
      return this;
    }

    /**
     * The longest time any entry that can expire is kept.
     *
     * @throws IllegalArgumentException if negative
     */
    public Builder maxRetention(Duration duration) {
      this.maxRetention = Checks.notNegative("maxRetention", duration);
      return this;
    }

    /**
     * The length of the longest body that is stored, in bytes; a storage may have a lower limit.
     *
     * @throws IllegalArgumentException if not positive
     */
    public Builder maxBodyBytes(long bytes) {
      this.maxBodyBytes = Checks.positive("maxBodyBytes", bytes);
      return this;
    }

    /**
     * How many bytes of responses may be on their way into the cache at once: bodies that are being
     * collected, stored parts that are being completed, and with {@link WriteMode#BEHIND} whole
     * responses that wait to be stored. A response that finds no room is passed on and not stored;
     * a stored part that finds none is left alone, and the origin is asked for all of it.
     *
     * @throws IllegalArgumentException if not positive
     */
    public Builder recordingBudget(long bytes) {
      this.recordingBudget = Checks.positive("recordingBudget", bytes);
      return this;
    }

    /** Request fields that take part in the key. */
    public Builder matchHeaders(Collection<String> names) {
      this.matchHeaders = names.stream().map(CacheSettings::lower).sorted().distinct().toList();
      return this;
    }

    /**
     * Names of what takes no part in matching: query parameters, members of JSON and form bodies,
     * and request fields. Requests that differ only in these get each other's responses. Fields are
     * compared without regard to case, parameters and members with it. For {@link
     * KeyFunction#standard()}; another key function decides itself what it leaves out of keys.
     */
    public Builder ignoredParameters(Collection<String> names) {
      this.ignoredParameters = Set.copyOf(names);
      return this;
    }

    /**
     * Names whose values are replaced before anything is stored, instead of the {@linkplain
     * #DEFAULT_REDACTED default ones} and compared like these: of fields, of query parameters, of
     * members of JSON and form bodies, of cookies that are set. They take part in matching all the
     * same. What identifies a user in a URL before {@code @} is always replaced.
     */
    public Builder redactedParameters(Collection<String> names) {
      this.redactedParameters =
          names.stream().map(CacheSettings::lower).collect(Collectors.toCollection(TreeSet::new));
      return this;
    }

    /** Makes keys in another way. */
    public Builder keyFunction(KeyFunction function) {
      this.keyFunction = Optional.of(function);
      return this;
    }

    /**
     * A secret of at least 16 bytes for the digests of credentials, so that whoever reads the table
     * cannot find weak ones by trying. All processes that share entries need the same.
     *
     * @throws IllegalArgumentException if it is shorter
     */
    public Builder keySecret(byte[] secret) {
      Checks.between("the length of keySecret", 16, Integer.MAX_VALUE, secret.length);
      this.keySecret = Optional.of(secret.clone());
      return this;
    }

    /**
     * Names the user that a request is made for, where tokens change more often than users: then
     * this name selects the response instead of the credentials in the request's fields, unless it
     * is empty. It is called for each request, on many threads.
     */
    public Builder principal(Function<Request, Optional<String>> function) {
      this.principal = Objects.requireNonNull(function, "principal");
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

    /**
     * Which responses are stored and used: what the filter refuses is passed on and not stored, and
     * not found if it is stored already. It is called on many threads.
     */
    public Builder responseFilter(Predicate<CachedResponse> filter) {
      this.responseFilter = Objects.requireNonNull(filter, "responseFilter");
      return this;
    }

    /** Whether callers of one process that want the same response share one request. */
    public Builder collapseRequests(boolean collapse) {
      this.collapseRequests = collapse;
      return this;
    }

    /**
     * The longest that a caller waits for the request of another before it sends its own.
     *
     * @throws IllegalArgumentException if not positive, or more than an hour
     */
    public Builder collapseWait(Duration duration) {
      this.collapseWait = Checks.positive("collapseWait", duration, LONGEST_WAIT);
      return this;
    }

    /**
     * How many stale responses are refreshed in the background at once, 0 to 1,000. Where there is
     * no room, a stale response is served all the same, and left to a later request to refresh.
     *
     * @throws IllegalArgumentException if out of bounds
     */
    public Builder backgroundRefreshes(int count) {
      this.backgroundRefreshes = Checks.between("backgroundRefreshes", 0, 1000, count);
      return this;
    }

    /** Is told of events. */
    public Builder listener(CacheListener eventListener) {
      this.listener = Objects.requireNonNull(eventListener, "listener");
      return this;
    }

    /** Whether the callers of clients wait until their responses are stored. */
    public Builder writeMode(WriteMode mode) {
      this.writeMode = Objects.requireNonNull(mode, "writeMode");
      return this;
    }

    /**
     * Whether callers of all processes that share the storage share one request, too: a process
     * that goes to the origin for a response that may be stored takes a lease of its key first, of
     * this duration. Others wait for what it stores, at most as long as the lease and {@link
     * #collapseWait}; one of them takes over if nothing has come by then. Choose it a little longer
     * than the origin usually takes: if a process dies, this is what the others lose by it.
     *
     * <p>Each request to an origin costs a write before and one after it, and a strong read. What
     * cannot be stored is asked for by each process as without leases. Needs {@link
     * #collapseRequests}, and a storage that has leases; without effect otherwise, and with {@link
     * #readOnly}.
     *
     * @throws IllegalArgumentException if not between 100 milliseconds and 5 minutes
     */
    public Builder leaseDuration(Duration duration) {
      this.leaseDuration =
          Optional.of(
              Checks.between("leaseDuration", SHORTEST_LEASE, ProcessFlights.LONGEST, duration));
      return this;
    }

    /** Time for those who wait for leases; for tests. */
    Builder leaseTimer(LeaseTimer timer) {
      this.leaseTimer = timer;
      return this;
    }

    /**
     * The longest that a client waits for the storage while it answers a request: for the look-up
     * as a whole, for storing the response, and for making others void, each. What takes longer is
     * a miss or not done, and is a {@link CacheEvent}. Storing behind callers ({@link
     * WriteMode#BEHIND}) has ten seconds for each operation instead. A body from 1 MiB on takes
     * many requests to store, and each answer to one of them begins the time anew. A body that is
     * read while its caller reads it is waited for so long at each piece. After a few failures in a
     * row the storage is left alone for a while. It applies to clients, not to who manages the
     * cache.
     *
     * <p>A whole body that is stored or read at once has to get through in this time, and so has
     * the first connection to a storage far away: give more where either takes longer.
     *
     * @throws IllegalArgumentException if less than a millisecond or more than a minute
     */
    public Builder storageTimeout(Duration duration) {
      this.storageTimeout =
          Checks.between("storageTimeout", Duration.ofMillis(1), LONGEST_TIMEOUT, duration);
      return this;
    }

    /**
     * How many bytes of memory may hold what was lately read from the storage, heads estimated: the
     * near cache. What is found there costs no request to the storage. What this process writes,
     * deletes or invalidates through this cache is seen at once; what others do, another {@code
     * HttpCache} of the same process among them, as late as {@link #nearCacheStaleness} says. With
     * 0 there is none, and an {@link InMemoryCache} has none.
     *
     * <p>An entry is kept if its body is in memory after reading, or is opened and no longer than 1
     * MiB, and if it takes no more than an eighth of these bytes.
     *
     * @throws IllegalArgumentException if negative
     */
    public Builder nearCacheBytes(long bytes) {
      this.nearCacheBytes = Checks.notNegative("nearCacheBytes", bytes);
      return this;
    }

    /**
     * Whether a client goes to the origin where the storage cannot be read. If not, its call fails
     * with an {@link java.io.IOException} whose cause is the {@link
     * dev.larder.storage.StorageException}. What cannot be stored or made void is a {@link
     * CacheEvent} in either case: the response is there, and the origin has done its work.
     */
    public Builder failOpen(boolean open) {
      this.failOpen = open;
      return this;
    }

    /**
     * How long ago at most what the near cache serves was read from the storage.
     *
     * @throws IllegalArgumentException if not positive, or more than an hour
     */
    public Builder nearCacheStaleness(Duration duration) {
      this.nearCacheStaleness = Checks.positive("nearCacheStaleness", duration, LONGEST_WAIT);
      return this;
    }

    /**
     * The settings.
     *
     * @throws IllegalStateException if {@code alwaysRevalidate} and {@code onlyIfCached} are both
     *     on: then nothing could be answered
     */
    public CacheSettings build() {
      if (alwaysRevalidate && onlyIfCached) {
        throw new IllegalStateException(
            "alwaysRevalidate and onlyIfCached contradict each other: choose one");
      }
      return new CacheSettings(this);
    }
  }
}
