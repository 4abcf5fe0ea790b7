package dev.larder;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryHead;
import dev.larder.http.Expiration;
import dev.larder.http.Headers;
import dev.larder.http.LarderException;
import dev.larder.http.Request;
import dev.larder.key.CacheKey;
import dev.larder.policy.CacheControl;
import dev.larder.policy.Rules;
import dev.larder.policy.Storability;
import dev.larder.storage.EntryTooLargeException;
import dev.larder.storage.Precondition;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.ResponseStorage;
import dev.larder.storage.StorageException;
import dev.larder.storage.StorageException.Kind;
import dev.larder.storage.StoredItem;
import dev.larder.storage.WriteResult;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A cache as a client uses it while it answers requests. Nothing here throws because of the cache,
 * and nothing waits for a storage to be set up, or longer than {@link
 * CacheSettings#storageTimeout()}: what fails is a miss, or is not done, and is one {@link
 * CacheEvent}; each outage is one warning in the log. With {@link CacheSettings#failOpen()} off, a
 * storage that cannot be read is an error instead. Thread-safe.
 */
public final class ClientAccess {
  /** How long the trace of an invalidation is kept: longer than any sensible request takes. */
  private static final Duration TOMBSTONE_RETENTION = Duration.ofMinutes(15);

  private final HttpCache cache;
  private final ResponseStorage storage;
  private final CacheSettings settings;
  private final Guard guard;
  private final Events events;
  private final Finder finder;
  private final Storer storer;
  private final Redactor redactor;
  private final Agreement agreement;
  private final Invalidations invalidations;
  private final Flights flights = new Flights();
  private final Rules rules;
  private final AtomicLong budget;
  private final Semaphore refreshes;
  private final Optional<ProcessFlights> processFlights;

  /**
   * The cache for clients.
   *
   * @param storage the cache's storage as clients use it; the finder's, too
   * @param background the storage that is written to behind callers; empty if nothing is
   */
  ClientAccess(
      HttpCache cache,
      ResponseStorage storage,
      Guard guard,
      Optional<ResponseStorage> background,
      Events events,
      Finder finder,
      Redactor redactor,
      Agreement agreement,
      Invalidations invalidations,
      Redirections redirections) {
    this.cache = cache;
    this.storage = storage;
    this.settings = cache.settings();
    this.guard = guard;
    this.events = events;
    this.finder = finder;
    this.redactor = redactor;
    this.agreement = agreement;
    this.invalidations = invalidations;
    this.rules = rules(settings.expireAfter(), CacheOptions.NONE);
    this.budget = new AtomicLong(settings.recordingBudget());
    this.storer =
        new Storer(storage, background, guard, settings, finder, events, redirections, budget);
    this.refreshes = new Semaphore(settings.backgroundRefreshes());
    this.processFlights =
        settings
            .leaseDuration()
            .filter(duration -> settings.collapseRequests() && !settings.readOnly())
            .flatMap(
                duration ->
                    storage
                        .leases()
                        .map(
                            leases ->
                                new ProcessFlights(
                                    leases, duration, settings.leaseTimer(), events)));
  }

  /**
   * One request on its way through the cache.
   *
   * @param request the request as the origin will see it, with its body if it takes part in the key
   * @param options what this call wants
   * @param visibility what of the request cannot be seen in it
   */
  public Exchange exchange(Request request, CacheOptions options, Visibility visibility) {
    return new Exchange(this, request, options, visibility);
  }

  /**
   * What a client sends besides what it shows the cache. Immutable.
   *
   * @param hiddenCredentials whether it may send credentials that are not in the request, such as a
   *     certificate or those of an authenticator; then only what the origin lets everyone have is
   *     stored and served
   * @param hiddenFields lower-case names of the request fields that it sets by itself; what varies
   *     by one that the caller did not set is not stored
   */
  public record Visibility(boolean hiddenCredentials, Set<String> hiddenFields) {
    /** The request shows everything. */
    public static final Visibility FULL = new Visibility(false, Set.of());

    /** Copies the names. */
    public Visibility {
      hiddenFields = Set.copyOf(hiddenFields);
    }
  }

  /**
   * Whether a client has to show the cache the body of this request, because it takes part in the
   * key.
   *
   * @param head the request without its body
   */
  public boolean needsBody(Request head) {
    return settings.allowableMethods().contains(settings.methodOf(head));
  }

  /**
   * Where a client may wait for the storage. It has threads enough, virtual ones from JDK 21 on,
   * and none of them keeps a JVM up.
   */
  public Executor executor() {
    return Threads.EXECUTOR;
  }

  // For Exchange

  CacheSettings settings() {
    return settings;
  }

  Instant now() {
    return cache.clock().instant();
  }

  Finder finder() {
    return finder;
  }

  ClientCounters counters() {
    return events.counters();
  }

  Flights flights() {
    return flights;
  }

  /** Flights across processes, if there are such. */
  Optional<ProcessFlights> processFlights() {
    return processFlights;
  }

  Semaphore refreshes() {
    return refreshes;
  }

  AtomicLong budget() {
    return budget;
  }

  long maxBodyBytes() {
    return Math.min(settings.maxBodyBytes(), storage.maxBodyBytes());
  }

  /** Gives back a lease once other processes can find what was fetched under it. */
  void giveBack(Request request, CacheKey key, Runnable giveBack) {
    if (storer.isBehind()) {
      processFlights.orElseThrow().later(storer.written(request, key), giveBack);
    } else {
      giveBack.run();
    }
  }

  /**
   * Stores nothing any more, and waits until what was accepted is stored and all leases are given
   * back, no longer than this.
   */
  void close(Duration limit) {
    long begun = System.nanoTime();
    storer.close(limit);
    Duration left = limit.minusNanos(System.nanoTime() - begun);
    processFlights.ifPresent(flights -> flights.close(left.isNegative() ? Duration.ZERO : left));
  }

  /** What a request is decided by. */
  Rules rules(Request request, CacheOptions options) {
    Optional<Expiration> expiration = settings.expirationFor(request);
    return options.equals(CacheOptions.NONE) && expiration.equals(rules.expiration())
        ? rules
        : rules(options.expireAfter().or(() -> expiration), options);
  }

  private Rules rules(Optional<Expiration> expiration, CacheOptions options) {
    return new Rules(
        settings.sharedCache(),
        settings.cacheControl(),
        settings.originFirst(),
        expiration,
        settings.allowableCodes(),
        settings.alwaysRevalidate(),
        settings.onlyIfCached() || options.onlyIfCached(),
        options.refresh(),
        options.forceRefresh(),
        options.staleIfError().or(settings::staleIfError),
        options.staleWhileRevalidate().or(settings::staleWhileRevalidate),
        settings.targetedFields());
  }

  /** The key of a request; empty if none can be made: a key function of the user's may fail. */
  Optional<CacheKey> key(Request request) {
    try {
      return Optional.of(finder.key(request));
    } catch (RuntimeException e) {
      events.failed(CacheEvent.Type.READ_FAILED, "", e);
      return Optional.empty();
    }
  }

  /** What tells a request's variant; empty if the user's function for principals fails. */
  Optional<Selection> selection(Request request) {
    try {
      return Optional.of(Selection.of(request, settings));
    } catch (RuntimeException e) {
      events.failed(CacheEvent.Type.READ_FAILED, "", e);
      return Optional.empty();
    }
  }

  /** Whether the user's filter takes a response; one that fails does not. */
  boolean accepts(CachedResponse response) {
    try {
      return settings.responseFilter().test(response);
    } catch (RuntimeException e) {
      events.failed(CacheEvent.Type.READ_FAILED, response.key(), e);
      return false;
    }
  }

  /** Stores responses. */
  Storer storer() {
    return storer;
  }

  /**
   * What an exchange reads before it can be decided: as a whole within one budget. Once the storage
   * has failed, the exchange leaves it alone as far as possible, so that a failure costs its caller
   * one budget and no more. Used by one thread at a time.
   */
  final class LookUp {
    private Deadline deadline = guard.deadline();
    private boolean failed;

    private LookUp() {}

    /** Whether the storage has failed. */
    boolean hasFailed() {
      return failed;
    }

    /** Begins, or begins anew after having waited for others: with a budget of its own. */
    void begin() {
      deadline = failed ? deadline : guard.deadline();
    }

    /**
     * What is stored or about to be; nothing if that cannot be had.
     *
     * @throws StorageException if the storage fails and errors are wanted
     */
    Optional<Found> find(
        Request request, CacheKey key, Selection selection, boolean hiddenCredentials) {
      return find(request, key, selection, hiddenCredentials, ReadOptions.DEFAULT);
    }

    /**
     * What is stored, whichever process stored it a moment ago; nothing if that cannot be had.
     *
     * @throws StorageException if the storage fails and errors are wanted
     */
    Optional<Found> findLatest(
        Request request, CacheKey key, Selection selection, boolean hiddenCredentials) {
      return find(request, key, selection, hiddenCredentials, ReadOptions.DEFAULT.strongly());
    }

    private Optional<Found> find(
        Request request,
        CacheKey key,
        Selection selection,
        boolean hiddenCredentials,
        ReadOptions options) {
      return read(
          key.value(),
          () -> {
            // Before the storage: what ends waiting in between is there.
            List<Pending> waiting = storer.waiting(request, key);
            Optional<CacheEntry> pending =
                finder.among(waiting, request, key, selection, hiddenCredentials);
            if (pending.isPresent()) {
              boolean unused = retryInvalidations();
              return Found.pending(key, pending.get());
            }
            Found found = finder.find(request, key, selection, hiddenCredentials, options);
            if (!cache.hasNearCache()) {
              // Otherwise it is the near cache that knows whether the storage was asked.
              events.recovered();
            }
            if (retryInvalidations()) {
              // What has just been made void is no longer where it was found.
              found = finder.find(request, key, selection, hiddenCredentials, options);
            }
            return waiting.isEmpty()
                ? found
                : found.whileUnsettled(waiting.stream().anyMatch(each -> each.isLiveAt(key)));
          });
    }

    /** Returns whether something was remembered, and all of it is written now. */
    private boolean retryInvalidations() {
      if (settings.readOnly() || invalidations.isEmpty()) {
        return false;
      }
      try {
        // What was stored since then is not to go.
        invalidations.retry(
            deadline::hasHalfLeft, (key, at) -> putTombstone(storage, key, at, false));
        return invalidations.isEmpty();
      } catch (RuntimeException e) {
        events.failed(CacheEvent.Type.WRITE_FAILED, "", e);
        // Storing what the origin answers would keep the caller waiting once more.
        failed = true;
        return false;
      }
    }

    /**
     * The body, open if it is not in memory; empty if it is not there any more.
     *
     * @throws StorageException if the storage fails and errors are wanted
     */
    Optional<Body> open(String key, Body body) {
      return read(key, () -> Bodies.opened(body));
    }

    /**
     * The body in memory; empty if it is not there any more.
     *
     * @throws StorageException if the storage fails and errors are wanted
     */
    Optional<Body> load(String key, Body body) {
      return read(key, () -> body.buffer().isPresent() ? body : Body.of(body.bytes()));
    }

    private <T> Optional<T> read(String key, Supplier<T> work) {
      try {
        return Optional.of(deadline.within(work));
      } catch (RuntimeException e) {
        RuntimeException cause = Guard.cause(e);
        events.failed(CacheEvent.Type.READ_FAILED, key, cause);
        if (cause instanceof StorageException failure && failure.kind() != Kind.UNAFFECTED) {
          failed = true;
          if (!settings.failOpen()) {
            throw cause;
          }
        }
        return Optional.empty();
      }
    }

    /** Does something that is part of the look-up and tells itself whether it fails. */
    <T> T within(Supplier<T> work) {
      return deadline.within(work);
    }

    /** Does what has to be done in the storage before the caller gets the response. */
    void settle(Runnable work) {
      (failed ? deadline : guard.deadline()).run(work);
    }
  }

  /** The look-up of one exchange. */
  LookUp lookUp() {
    return new LookUp();
  }

  /** A body could not be read to its end. */
  void bodyBroke(String key, Exception failure) {
    events.skipped(
        CacheEvent.Type.READ_FAILED,
        key,
        new LarderException(String.valueOf(failure.getMessage()), failure));
  }

  /**
   * Whether redaction would change what is stored of these fields of a response: it could not be
   * given back. Fields about the connection to the origin are no reason; they are left out anyway.
   */
  boolean hidesAnyOf(Headers response) {
    Headers stored =
        Storability.storedFields(response, CacheControl.of(response), settings.sharedCache());
    return !redactor.redact(stored).equals(stored);
  }

  /** The head of a response to this request, without its secrets. */
  EntryHead.Builder head(Request request, CacheKey key, Selection selection, Instant created) {
    Optional<String> credential =
        settings.keyFunction().mayCollide()
            ? agreement.credentialToStore(request)
            : selection.credentials();
    return EntryHead.builder(key.value(), redactor.redact(request), created)
        .digest(key.digest())
        .credential(credential);
  }

  /** Until when to keep a response: as long as it can be of use. */
  Optional<Instant> retainUntil(Headers headers, Optional<Instant> expires, Rules rules) {
    Instant now = now();
    Optional<Instant> base = settings.retention().until(headers, expires, now);
    Duration stale =
        longer(
            rules.staleIfError().orElse(Duration.ZERO),
            rules.staleWhileRevalidate().orElse(Duration.ZERO));
    if (base.isEmpty() || expires.isEmpty() || stale.isZero()) {
      return base;
    }
    Instant latest = settings.retention().latest(now);
    Instant wanted =
        stale.compareTo(Duration.between(expires.get(), latest)) >= 0
            ? latest
            : expires.get().plus(stale);
    return Optional.of(wanted.isAfter(base.get()) ? wanted : base.get());
  }

  /** A response was not stored for its size, or for the size of all that are being recorded. */
  void tooLarge(String key, String message) {
    events.skipped(CacheEvent.Type.TOO_LARGE, key, new EntryTooLargeException(message));
  }

  /** Makes what is stored for a GET of this URI void (RFC 9111 §4.4). Never fails to be heeded. */
  void invalidate(URI uri) {
    keyToInvalidate(uri).ifPresent(this::invalidate);
  }

  /**
   * The same, but for the response that came at this time and takes the place of what is there: it
   * is stored before or after this, whichever way its body is read.
   */
  void invalidateReplaced(URI uri, Instant responded) {
    Instant before = responded.truncatedTo(ChronoUnit.MILLIS).minusMillis(1);
    keyToInvalidate(uri).ifPresent(key -> invalidate(key, before, false));
  }

  /** No key can be made of some URIs, so nothing is stored under one. */
  private Optional<String> keyToInvalidate(URI uri) {
    try {
      return Optional.of(finder.keyToInvalidate(Request.get(uri)));
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  /** Makes one stored response void, in this process whatever happens. */
  void invalidate(String key) {
    invalidate(key, now(), true);
  }

  private void invalidate(String key, Instant at, boolean whateverIsThere) {
    storer.invalidate(key, at);
    if (settings.readOnly()) {
      invalidations.remember(key, at);
      return;
    }
    try {
      putTombstone(storage, key, at, whateverIsThere);
    } catch (RuntimeException e) {
      invalidations.remember(key, at);
      events.failed(CacheEvent.Type.WRITE_FAILED, key, e);
    }
  }

  /**
   * Leaves the trace of an invalidation, but never in place of a later one.
   *
   * @param whateverIsThere whether it takes the place of responses that were requested later, too:
   *     clocks differ
   */
  private void putTombstone(ResponseStorage into, String key, Instant at, boolean whateverIsThere) {
    // Where fields take part in keys, the trace is all that tells those keys; it has to outlive
    // them.
    Instant until =
        settings.matchHeaders().isEmpty()
            ? at.plus(TOMBSTONE_RETENTION)
            : settings.retention().latest(at);
    StoredItem.Tombstone tombstone = new StoredItem.Tombstone(key, at, until);
    // What was requested in the same millisecond is as old as what came before.
    WriteResult result = into.put(tombstone, Precondition.newerThanStored(at.plusMillis(1)));
    if (whateverIsThere
        && !result.published()
        && !(result.holder().orElse(null) instanceof StoredItem.Tombstone)) {
      into.put(tombstone, Precondition.none());
    }
  }

  /**
   * Writes what is remembered before the process forgets it. Scenario: writing failed for a moment,
   * a POST was answered meanwhile, and then the application ended: for all others what the POST has
   * made void would be fresh.
   *
   * @param managed the storage as those use it who manage the cache
   */
  void writeInvalidations(ResponseStorage managed) {
    if (settings.readOnly() || invalidations.isEmpty()) {
      return;
    }
    try {
      invalidations.retry(() -> true, (key, at) -> putTombstone(managed, key, at, false));
    } catch (RuntimeException e) {
      events.failed(CacheEvent.Type.WRITE_FAILED, "", e);
    }
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
