package dev.larder;

import dev.larder.http.CacheEntry;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryFilter;
import dev.larder.http.EntryHead;
import dev.larder.http.Expiration;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.key.CacheKey;
import dev.larder.policy.Freshness;
import dev.larder.serial.SerializationException;
import dev.larder.serial.Serializer;
import dev.larder.serial.Serializers;
import dev.larder.serial.StageContext;
import dev.larder.storage.EntryTooLargeException;
import dev.larder.storage.Precondition;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.ResponseStorage;
import dev.larder.storage.ScanRequest;
import dev.larder.storage.StorageException;
import dev.larder.storage.StoredItem;
import dev.larder.storage.WriteResult;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A cache of HTTP responses and everything one can do with it by hand. Clients that use it by
 * themselves are in packages and modules of their own.
 *
 * <p><b>Errors.</b> Every method throws {@link StorageException} when the storage fails: here the
 * caller asked for the cache itself and wants to know. An entry that cannot be decoded is no
 * failure: looking it up is a miss with a {@link CacheEvent}, listings show it as {@linkplain
 * CacheEntry#isInvalid() invalid}, and {@code delete(EntryFilter.invalid())} removes it.
 *
 * <p><b>Listings</b> are lazy and hold a bounded number of entries in memory; close the stream, or
 * read it to its end. Bulk operations run over the storage's segments in parallel, in constant
 * memory, entry by entry: another process may see them half-done.
 *
 * <p><b>Keys</b> are made by {@link #createKey} or chosen by the user.
 *
 * <p><b>What waits.</b> Where clients write {@linkplain WriteMode#BEHIND behind} their callers,
 * every method that reads or changes entries first waits until what they have received so far is
 * stored.
 *
 * <p>Thread-safe. Closing a cache releases what it opened itself, never what was given to it.
 */
public abstract class HttpCache implements AutoCloseable {
  /** Stands for every request method in {@link #deleteUrl(String, String)}. */
  public static final String ANY_METHOD = "*";

  /**
   * How long the trace of a deletion is kept: a response that was requested before the deletion and
   * arrives later than this would be stored. Longer than any sensible request.
   */
  private static final Duration TOMBSTONE_RETENTION = Duration.ofMinutes(15);

  private static final int MAX_ALIASES = 5;
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(10);

  /** For one operation that nobody waits for; no shorter than what a storage takes to try again. */
  private static final Duration WRITE_WAIT = Duration.ofSeconds(10);

  private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

  private final ResponseStorage storage;
  private final Optional<NearCache> near;
  private final CacheSettings settings;
  private final Clock clock;
  private final int segments;
  private final BulkOperations bulk;
  private final Redactor redactor;
  private final Agreement agreement;
  private final Redirections redirections;
  private final Guard guard;
  private final Events events;
  private final Finder finder;
  private final ClientAccess clients;

  /**
   * A cache over a storage, which it closes when closed itself.
   *
   * @param segments how many segments of the storage a bulk operation works on at once
   */
  protected HttpCache(ResponseStorage storage, CacheSettings settings, Clock clock, int segments) {
    this(storage, settings, clock, segments, Threads.EXECUTOR, Timer.SYSTEM, System.getenv());
  }

  /** The same where tests tell how long clients wait, on which threads, and in what environment. */
  HttpCache(
      ResponseStorage storage,
      CacheSettings settings,
      Clock clock,
      int segments,
      Executor executor,
      Timer timer,
      Map<String, String> environment) {
    this.near = NearCache.of(settings, storage, clock);
    this.storage =
        near.<ResponseStorage>map(memory -> new NearStorage(storage, memory)).orElse(storage);
    this.settings = settings;
    this.clock = clock;
    this.segments = segments;
    this.bulk = new BulkOperations(this.storage, segments);
    this.redactor = new Redactor(settings);
    this.agreement = new Agreement(settings);
    this.guard = new Guard(storage, settings, clock, executor, timer);
    this.events = new Events(settings.listener(), clock, guard::isWell);
    this.redirections = new Redirections(this, redactor, agreement);
    Invalidations invalidations = new Invalidations();
    ResponseStorage forClients = clientStorage(storage);
    Optional<ResponseStorage> background =
        settings.writeMode().isBehind(storage, environment)
            ? Optional.of(backgroundStorage(storage))
            : Optional.empty();
    this.finder = new Finder(forClients, settings, agreement, invalidations, events);
    this.clients =
        new ClientAccess(
            this,
            forClients,
            guard,
            background,
            events,
            finder,
            redactor,
            agreement,
            invalidations,
            redirections);
  }

  /** The storage as clients use it while they answer requests. */
  private ResponseStorage clientStorage(ResponseStorage raw) {
    return raw.isLocal() ? raw : behindMemory(guarded(raw));
  }

  /** The storage as it is written to when nobody waits for it. */
  private ResponseStorage backgroundStorage(ResponseStorage raw) {
    return raw.isLocal() ? raw : behindMemory(guarded(raw).inBackground(WRITE_WAIT));
  }

  private GuardedStorage guarded(ResponseStorage raw) {
    return new GuardedStorage(
        near.<ResponseStorage>map(memory -> NearStorage.beneathGuard(raw, memory)).orElse(raw),
        guard);
  }

  private ResponseStorage behindMemory(GuardedStorage guarded) {
    return near.<ResponseStorage>map(
            memory -> NearStorage.aboveGuard(guarded, memory, events::recovered))
        .orElse(guarded);
  }

  /** Whether an answer to clients may come without the storage having been asked. */
  final boolean hasNearCache() {
    return near.isPresent();
  }

  /** How the cache behaves. */
  public final CacheSettings settings() {
    return settings;
  }

  /**
   * Where the entries are kept; for clients and extensions. What waits to be written is not there
   * before {@link #flush()}.
   */
  public final ResponseStorage storage() {
    return storage;
  }

  /** Tells the time for everything in this cache. */
  public final Clock clock() {
    return clock;
  }

  /** What the cache has done and cost in this process so far. */
  public final CacheStats stats() {
    return new CacheStats(storage.stats(), events.counters().snapshot());
  }

  /**
   * Waits until the cache can be used, creating what is missing where that is allowed. Other
   * methods do so when needed. Clients that have left the storage alone because it could not be
   * used come back at once.
   */
  public final void prepare() {
    storage.prepare();
    guard.prepared();
  }

  /**
   * Waits until what clients have received so far is stored, or storing it has failed, and writes
   * what this process has made void and could not tell the storage. Returns at once unless
   * responses are written {@linkplain WriteMode#BEHIND behind} callers, and early if the thread is
   * interrupted, which it still is then. Other methods do this when needed; it is for those who
   * look at the storage itself, or at the same storage from elsewhere.
   */
  public final void flush() {
    flush(FOREVER);
  }

  /**
   * Waits as {@link #flush()} does, no longer than this.
   *
   * @return whether nothing waits any more of what waited
   */
  public final boolean flush(Duration limit) {
    boolean stored = clients.storer().flush(limit);
    clients.writeInvalidations(storage);
    return stored;
  }

  // Keys

  /** The key of a request under this cache's settings. */
  public final String createKey(Request request) {
    return createKey(request, settings.matchHeaders());
  }

  /** The key of a request where these fields take part, instead of those of the settings. */
  public final String createKey(Request request, Collection<String> matchHeaders) {
    return settings.keyFunction().create(request, matchHeaders).value();
  }

  // One response

  /** The response under this key, fresh or not. Aliases are followed, at most five deep. */
  public final Optional<CachedResponse> getResponse(String key) {
    return ready(() -> resolve(key, ReadOptions.DEFAULT)).map(CacheEntry::open);
  }

  /** The response to this request, in the variant that its fields select, fresh or not. */
  public final Optional<CachedResponse> getResponse(Request request) {
    return find(request, ReadOptions.DEFAULT).map(CacheEntry::open);
  }

  /**
   * Stores a response under its request's key, replacing whatever is there. Its secrets are
   * replaced before it is stored. Each request in its {@linkplain Response#history() history} leads
   * to it then.
   *
   * @return what was stored; empty if the expiration is {@link Expiration#doNotCache()}
   * @throws EntryTooLargeException if the storage cannot hold it
   */
  public final Optional<EntryHead> saveResponse(Request request, Response response) {
    return saveResponse(request, response, SaveOptions.DEFAULT);
  }

  /**
   * Stores a response, as {@link #saveResponse(Request, Response)} does, with options.
   *
   * @return what was stored; empty if the expiration is {@link Expiration#doNotCache()}, or if the
   *     options ask not to overwrite and something newer is there
   * @throws EntryTooLargeException if the storage cannot hold it
   */
  public final Optional<EntryHead> saveResponse(
      Request request, Response response, SaveOptions options) {
    Optional<Expiration> expiration =
        options.expiration().or(() -> settings.expirationFor(request));
    if (expiration.map(Expiration::isDoNotCache).orElse(false)) {
      return Optional.empty();
    }
    EntryHead head = head(request, response, options.key(), expiration);
    return ready(() -> write(head, response, options.overwrite()));
  }

  /** Whether there is a response under this key, fresh or not. No body is transferred. */
  public final boolean contains(String key) {
    return ready(() -> resolve(key, ReadOptions.HEAD)).isPresent();
  }

  /** Whether there is a response to this request, fresh or not. No body is transferred. */
  public final boolean contains(Request request) {
    return find(request, ReadOptions.HEAD).isPresent();
  }

  private Optional<CacheEntry> find(Request request, ReadOptions options) {
    CacheKey key = settings.keyFunction().create(request, settings.matchHeaders());
    return ready(
        () ->
            resolve(
                    key.value(),
                    options,
                    directory -> finder.variant(storage, directory, key, request, options))
                .filter(
                    entry ->
                        Selection.isVariantKey(entry.key())
                            || agreement.holds(request, key, entry.head())));
  }

  /** Whether there is a response to a GET of this URL, fresh or not. */
  public final boolean containsUrl(String url) {
    return containsUrl(url, "GET");
  }

  /** Whether there is a response to this method on this URL, fresh or not. */
  public final boolean containsUrl(String url, String method) {
    return contains(Request.of(method, URI.create(url)));
  }

  // Deleting

  /**
   * Deletes what is under these keys. Keys may repeat and may be absent. A response already on its
   * way to one of them is not stored when it arrives.
   *
   * @return how many responses there were
   */
  public final long delete(String... keys) {
    return delete(Arrays.asList(keys));
  }

  /** Deletes what is under these keys, as {@link #delete(String...)} does. */
  public final long delete(Collection<String> keys) {
    Set<String> distinct = new LinkedHashSet<>(keys);
    return ready(() -> bulk.sum(distinct, this::invalidate));
  }

  /**
   * Deletes the entries that match, reading the whole storage unless that has an index for the
   * filter. An entry that is renewed within the second between being read and being deleted may be
   * deleted all the same; one that is renewed later stays.
   *
   * @return how many were deleted
   */
  public final long delete(EntryFilter filter) {
    return bulk(BulkOptions.DEFAULT).delete(filter);
  }

  /** Deletes the responses to these requests; returns how many there were. */
  public final long deleteRequests(Collection<Request> requests) {
    return delete(requests.stream().map(this::createKey).toList());
  }

  /** Deletes the response to a GET of this URL, in every variant; returns how many there were. */
  public final long deleteUrl(String url) {
    return deleteUrl(url, "GET");
  }

  /**
   * Deletes the response to this method on this URL, in every variant. With {@link #ANY_METHOD} it
   * reads the storage as {@link #delete(EntryFilter)} does and deletes the responses to every
   * method and request body.
   *
   * @return how many there were
   */
  public final long deleteUrl(String url, String method) {
    URI uri = URI.create(url);
    if (!method.equals(ANY_METHOD) && settings.matchHeaders().isEmpty()) {
      return delete(createKey(Request.of(method, uri)));
    }
    EntryFilter sameUrl = EntryFilter.url(redactor.redact(Request.get(uri)).uri().toString());
    return method.equals(ANY_METHOD)
        ? deleteUrl(url, "GET", sameUrl)
        : deleteUrl(url, method, sameUrl.and(EntryFilter.method(method)));
  }

  /** Deletes what the key finds, which holds back what is on its way, and what a scan finds. */
  private long deleteUrl(String url, String method, EntryFilter filter) {
    return delete(createKey(Request.of(method, URI.create(url)))) + delete(filter);
  }

  /** Deletes the responses to GETs of these URLs; returns how many there were. */
  public final long deleteUrls(Collection<String> urls) {
    return deleteRequests(urls.stream().map(Request::get).toList());
  }

  /**
   * Removes what is under these keys in batches, without leaving a trace that holds back responses
   * on their way. Batches know no conditions: an item of another program, or of a map in the same
   * table, under such a key goes too.
   */
  public final void bulkDelete(Collection<String> keys) {
    ready(() -> storage.removeAll(keys));
  }

  /** Deletes what is expired or cannot be decoded; returns how many entries that was. */
  public final long removeExpiredResponses() {
    return delete(EntryFilter.expired().or(EntryFilter.invalid()));
  }

  /**
   * Makes everything void that is in the cache now or that has been requested already, by one write
   * however much that is. To this object nothing of it is there any more; other processes learn of
   * it within five seconds, and so does a near cache within its staleness besides. Entries are void
   * by the time of their request on the clock of the process that sent it, so one whose clock runs
   * ahead may leave some that were requested just before.
   *
   * <p>{@link #clear()} removes everything, at the price of reading and deleting each item, and
   * knows nothing of what comes later. After a purge the void entries take up room until their time
   * to live is over, or the table is cleaned up; aliases stay, and lead to what is stored next;
   * what {@link #update(HttpCache)} brings is void if it was stored first before the purge. A
   * program that is not Larder's does not know of purges and goes on to use what it has stored.
   */
  public final void purge() {
    ready(() -> storage.purge(clock.instant()));
  }

  /** Removes everything. */
  public final void clear() {
    bulk(BulkOptions.DEFAULT).clear();
  }

  /**
   * Takes some decodable response out of the cache, so that no other caller gets the same one.
   *
   * @return the response, its body readable; empty if there is none
   */
  public final Optional<CachedResponse> pollEntry() {
    return ready(bulk::poll);
  }

  // Listing

  /** The entries that match. */
  public final Stream<CacheEntry> filter(EntryFilter filter) {
    return ready(() -> storage.scan(ScanRequest.of(filter)));
  }

  /** The keys of all entries, also of expired and invalid ones. */
  public final Stream<String> keys() {
    return ready(storage::keys);
  }

  /** All decodable responses with their bodies, fresh or not. */
  public final Stream<CachedResponse> values() {
    return ready(() -> storage.scan(ScanRequest.of(EntryFilter.invalid().not()).withBodies()))
        .map(CacheEntry::open);
  }

  /**
   * The distinct URLs of all decodable entries, in no order. Remembers each URL it has delivered.
   */
  public final Stream<String> urls() {
    return urls(EntryFilter.all());
  }

  /**
   * The distinct URLs of the decodable entries that match, in no order. Remembers each URL it has
   * delivered.
   */
  public final Stream<String> urls(EntryFilter filter) {
    return filter(filter.and(EntryFilter.invalid().not()))
        .map(entry -> entry.head().url())
        .distinct();
  }

  /** How many entries there are, expired and invalid ones included; exact. */
  public final long count() {
    return ready(storage::count);
  }

  /** How many entries match; exact. */
  public final long count(EntryFilter filter) {
    if (filter.equals(EntryFilter.all())) {
      return count();
    }
    try (Stream<CacheEntry> entries = filter(filter)) {
      return entries.count();
    }
  }

  /**
   * The responses as a map. Reading, writing and removing go to the storage; iterating lists it.
   */
  public final Map<String, CachedResponse> responses() {
    return new ResponseMap(this);
  }

  /**
   * The aliases, key to key, kept in the storage. Reading, writing and removing go to the storage;
   * iterating lists it.
   */
  public final Map<String, String> redirects() {
    return new RedirectMap(this);
  }

  // Changing many

  /**
   * Sets a new expiration, counted from now, on all decodable entries; returns how many there were.
   */
  public final long resetExpiration(Expiration expiration) {
    return resetExpiration(expiration, EntryFilter.all());
  }

  /**
   * Sets a new expiration, counted from now, on the decodable entries that match.
   *
   * @return how many there were
   * @throws IllegalArgumentException for {@link Expiration#doNotCache()}: delete the entries
   *     instead
   */
  public final long resetExpiration(Expiration expiration, EntryFilter filter) {
    return bulk(BulkOptions.DEFAULT).resetExpiration(expiration, filter);
  }

  /**
   * Marks what is under these keys as stale: it is not used without asking its origin any more, as
   * if its {@code max-age} had ended now, and stays for what a stale response is good for (to be
   * validated, RFC 9111 §4.3, and to be served while it is, or instead of an error, RFC 5861).
   * Aliases are followed, and each variant that a URL's directory lists is marked. Costs no more
   * than a write unit for an entry whose body is in parts.
   *
   * <p>Unlike {@link #delete(String...)} it leaves no trace: a response that is on its way at that
   * moment is stored as fresh.
   *
   * @return how many responses were fresh before
   */
  public final long markStale(String... keys) {
    return markStale(Arrays.asList(keys));
  }

  /** Marks what is under these keys as stale, as {@link #markStale(String...)} does. */
  public final long markStale(Collection<String> keys) {
    Set<String> distinct = new LinkedHashSet<>(keys);
    return ready(() -> bulk.sum(distinct, this::markStaleUnder));
  }

  /**
   * Marks the decodable entries that match as stale, as {@link #markStale(String...)} does, reading
   * the storage as {@link #delete(EntryFilter)} does.
   *
   * @return how many of them were fresh before
   */
  public final long markStale(EntryFilter filter) {
    return bulk(BulkOptions.DEFAULT).markStale(filter);
  }

  private long markStaleUnder(String key) {
    long[] variants = new long[1];
    Optional<CacheEntry> entry =
        resolve(
            key,
            ReadOptions.HEAD.strongly(),
            directory -> {
              variants[0] =
                  storage
                      .readAll(directory.variants(), ReadOptions.HEAD.strongly())
                      .values()
                      .stream()
                      .filter(StoredItem.Entry.class::isInstance)
                      .filter(item -> markStale(((StoredItem.Entry) item).entry()))
                      .count();
              return Optional.empty();
            });
    return entry.filter(this::markStale).isPresent() ? 1 : variants[0];
  }

  private boolean markStale(CacheEntry entry) {
    Instant now = clock.instant();
    return EntryFilter.valid().matches(entry, now)
        && bulk.update(entry, EntryFilter.valid(), now, staleSince(now));
  }

  /** It is kept as long as before, and its origin's words about stale use go on to count. */
  static UnaryOperator<EntryHead> staleSince(Instant now) {
    return head -> head.toBuilder().expires(Optional.of(now)).build();
  }

  /**
   * Copies all decodable entries of another cache, overwriting, and its aliases where nothing is in
   * their way.
   *
   * @return how many entries were copied
   */
  public final long update(HttpCache other) {
    return bulk(BulkOptions.DEFAULT).update(other);
  }

  /**
   * Moves each entry to the key that {@link #createKey(Request)} makes of its stored request, after
   * the settings have changed, as {@link #recreateKeys(KeyMigration)} does from the beginning.
   */
  public final RecreatedKeys recreateKeys() {
    return recreateKeys(KeyMigration.DEFAULT);
  }

  /**
   * Moves each entry to the key that {@link #createKey(Request)} makes of its stored request, after
   * the settings have changed. The new item is written before the old one is removed, so nothing is
   * lost wherever this stops; run it again then, with the last token if there is one.
   *
   * <p>Variants of a URL move together with their lists. A newer response to the same request that
   * is at the new key already stays, and the old one goes. Entries that cannot be moved stay, are
   * counted and listed. Aliases stay as they are.
   *
   * <p>Entries are written in this cache's own layout. Clients should have the new settings before;
   * what they store meanwhile under the old ones is left to another run.
   *
   * @throws IllegalArgumentException if the token is none
   */
  public final RecreatedKeys recreateKeys(KeyMigration options) {
    return bulk(BulkOptions.DEFAULT).recreateKeys(options);
  }

  /** The operations over many entries with limits, progress, and tokens to resume from. */
  public final Bulk bulk(BulkOptions options) {
    return Bulk.of(this, options, segments);
  }

  /** What operations over many entries would touch and cost, without their writes. */
  public final DryRun dryRun() {
    return dryRun(BulkOptions.DEFAULT);
  }

  /** Dry runs that work on as many segments, and read no faster, than these options say. */
  public final DryRun dryRun(BulkOptions options) {
    return new DryRun(this, options, segments);
  }

  /**
   * The bytes of a response, as this cache's serializer writes them; readable JSON unless another
   * was chosen.
   */
  public final byte[] serialize(CachedResponse response) {
    return serializer().serialize(response, StageContext.NONE);
  }

  /**
   * The response of bytes that {@link #serialize} wrote.
   *
   * @throws SerializationException if they are not
   */
  public final CachedResponse deserialize(byte[] bytes) {
    return serializer().deserialize(bytes, StageContext.NONE);
  }

  /** What {@link #serialize} and {@link #deserialize} use. */
  protected Serializer<CachedResponse> serializer() {
    return Serializers.json();
  }

  /**
   * Stores what waits for that and gives back leases, for at most 10 seconds, makes void in the
   * storage what only this process knew to be void, and releases what the cache opened itself. What
   * is left then, and what clients receive later, is not stored. May be repeated.
   */
  @Override
  public void close() {
    clients.close(CLOSE_WAIT);
    clients.writeInvalidations(storage);
    storage.close();
  }

  /**
   * This cache as a client uses it while it answers a request: what fails there does not reach the
   * application.
   */
  public final ClientAccess forClients() {
    return clients;
  }

  // For the other classes of this package

  /** Moves entries of this storage as the settings say. */
  final KeyMigrator migrator(ResponseStorage of) {
    return new KeyMigrator(of, settings, agreement);
  }

  /**
   * The head that a response is to be stored with: secrets replaced, expiration and retention
   * computed.
   *
   * @param key the key to use, or empty for the request's own
   * @param expiration when it expires, or empty for what the origin says
   */
  final EntryHead head(
      Request request, Response response, Optional<String> key, Optional<Expiration> expiration) {
    CacheKey own = settings.keyFunction().create(request, settings.matchHeaders());
    Instant now = clock.instant();
    Instant requested = response.requested().orElse(now);
    Instant responded = response.responded().orElse(now);
    Headers headers = redactor.redact(response.headers());
    Optional<Instant> fromOrigin = Freshness.expires(headers, requested, responded);
    boolean explicit = expiration.isPresent() || fromOrigin.isEmpty();
    Optional<Instant> expires = expiration.isPresent() ? expiration.get().from(now) : fromOrigin;
    return EntryHead.builder(key.orElse(own.value()), redactor.redact(request), now)
        .url(redactor.redactUrl(response.url().orElse(request.uri()).toString()))
        .status(response.status())
        .headers(headers)
        .requested(requested)
        .responded(responded)
        .expires(expires)
        .explicit(explicit)
        .retainUntil(settings.retention().until(headers, expires, now))
        .digest(key.isPresent() ? Optional.empty() : own.digest())
        .credential(agreement.credentialToStore(request))
        .build();
  }

  /** Writes a response and what leads to it from its history; empty if something newer is there. */
  final Optional<EntryHead> write(EntryHead head, Response response, boolean overwrite) {
    Precondition precondition =
        overwrite ? Precondition.none() : Precondition.newerThanStored(head.requested());
    WriteResult result = storage.write(head, response.body(), precondition);
    if (!result.published()) {
      return Optional.empty();
    }
    redirections.store(storage, head, response, precondition);
    return Optional.of(
        head.toBuilder().version(result.version()).length(response.body().length()).build());
  }

  /**
   * An alias, kept as long as the cache keeps anything that can expire: an alias costs little, and
   * a dangling one is a miss.
   */
  final StoredItem.Alias alias(String key, String target) {
    return new StoredItem.Alias(
        key, target, Optional.of(settings.retention().latest(clock.instant())));
  }

  /**
   * Runs an operation on everything that clients have received so far, setting the storage up first
   * if it is not ready: here the caller is willing to wait.
   */
  final <T> T ready(Supplier<T> operation) {
    flush();
    return bulk.ready(operation);
  }

  private void ready(Runnable operation) {
    ready(
        () -> {
          operation.run();
          return true;
        });
  }

  private Optional<CacheEntry> resolve(String key, ReadOptions options) {
    return resolve(key, options, directory -> Optional.empty());
  }

  private Optional<CacheEntry> resolve(
      String key,
      ReadOptions options,
      Function<StoredItem.Directory, Optional<CacheEntry>> variant) {
    Set<String> seen = new LinkedHashSet<>();
    String next = key;
    while (seen.size() <= MAX_ALIASES && seen.add(next)) {
      Optional<StoredItem> item = storage.read(next, options);
      if (item.isPresent() && item.get() instanceof StoredItem.Directory directory) {
        return variant.apply(directory);
      }
      if (item.isEmpty() || !(item.get() instanceof StoredItem.Alias alias)) {
        return item.filter(StoredItem.Entry.class::isInstance)
            .map(found -> ((StoredItem.Entry) found).entry())
            .filter(this::isUsable);
      }
      next = alias.target();
    }
    return Optional.empty();
  }

  private boolean isUsable(CacheEntry entry) {
    entry.problem().ifPresent(problem -> events.undecodable(entry.key(), problem));
    return !entry.isInvalid() && !entry.head().isVoidSince(storage.purgedBefore());
  }

  /**
   * Puts a tombstone where an entry, directory or alias is or may soon be. Returns how many
   * responses that ended.
   */
  private long invalidate(String key) {
    WriteResult result = putTombstone(key, Precondition.entryPresent());
    if (result.published()) {
      return 1;
    }
    putTombstone(key, Precondition.none());
    return result.holder().map(this::invalidateWhatItLeadsTo).orElse(0L);
  }

  final WriteResult putTombstone(String key, Precondition precondition) {
    Instant now = clock.instant();
    clients.storer().invalidate(key, now);
    return storage.put(
        new StoredItem.Tombstone(key, now, now.plus(TOMBSTONE_RETENTION)), precondition);
  }

  private long invalidateWhatItLeadsTo(StoredItem holder) {
    if (holder instanceof StoredItem.Directory directory) {
      return directory.variants().stream().mapToLong(this::invalidate).sum();
    }
    return 0;
  }
}
