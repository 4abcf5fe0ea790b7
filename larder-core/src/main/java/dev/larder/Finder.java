package dev.larder;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.key.CacheKey;
import dev.larder.policy.CacheControl;
import dev.larder.policy.CacheStatus.Reason;
import dev.larder.policy.Vary;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.ResponseStorage;
import dev.larder.storage.StoredItem;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the stored response that a request selects.
 *
 * <p><b>Layout.</b> Under the key of a URL lies the response itself, as long as there is one
 * variant and it may be found by anyone who sends the same fields. When a second variant comes, or
 * one for one user's credentials, a directory takes the place: it names the request fields that
 * select, and each variant lies under the URL's key with a digest of its values ({@link
 * Selection}). {@link Publisher} moves from one to the other.
 *
 * <p><b>Round trips.</b> A URL with one variant takes one read. The names in a directory are
 * remembered, so that it and the variant are read together the next time; for a request with
 * credentials they are guessed.
 *
 * <p>Hazards, and what keeps them off:
 *
 * <ol>
 *   <li><b>Another user's response.</b> The response under a URL's key was brought by a request
 *       without credentials, or may be shared. One with credentials is used only by requests with
 *       the same ones, or if the origin lets it be shared.
 *   <li><b>Variant without a directory.</b> The process that writes it dies before the directory is
 *       written; then the URL is invalidated, which leaves no trace on the variant. So a variant
 *       counts only if a directory is there that is older than it.
 *   <li><b>Invalidation of many.</b> Invalidating a URL is one write under its key. Variants that
 *       were requested at or before that time are void, and so are those before a directory was
 *       begun.
 * </ol>
 *
 * <p>Thread-safe.
 */
final class Finder {
  private static final int REMEMBERED_DIRECTORIES = 10_000;

  private final ResponseStorage storage;
  private final CacheSettings settings;
  private final Agreement agreement;
  private final Invalidations invalidations;
  private final Events events;
  private final Cache<String, List<String>> names =
      Caffeine.newBuilder().maximumSize(REMEMBERED_DIRECTORIES).executor(Runnable::run).build();

  Finder(
      ResponseStorage storage,
      CacheSettings settings,
      Agreement agreement,
      Invalidations invalidations,
      Events events) {
    this.storage = storage;
    this.settings = settings;
    this.agreement = agreement;
    this.invalidations = invalidations;
    this.events = events;
  }

  /** The key of a request. HEAD has that of GET: it asks for the head of the same response. */
  CacheKey key(Request request) {
    return settings.keyFunction().create(forKey(request), settings.matchHeaders());
  }

  private Request forKey(Request request) {
    // Another program may give HEAD a key of its own, and store what came without a body there.
    return request.method().equals("HEAD") && !settings.keyFunction().mayCollide()
        ? new Request("GET", request.uri(), request.headers(), request.body())
        : request;
  }

  /**
   * The key under which a URL is invalidated whatever the fields that take part in its keys; empty
   * if the URL's key itself is it.
   */
  private Optional<String> sharedKey(Request request) {
    return settings.matchHeaders().isEmpty()
        ? Optional.empty()
        : Optional.of(settings.keyFunction().create(forKey(request), List.of()).value());
  }

  /** The keys to invalidate for a URI. */
  String keyToInvalidate(Request get) {
    return settings.keyFunction().create(get, List.of()).value();
  }

  /** What is written in order: all that one invalidation concerns. */
  String lineOf(Request request, CacheKey key) {
    return sharedKey(request).orElse(key.value());
  }

  /**
   * What a request selects of what is on its way to the storage, by the rules for what is there;
   * what came last first.
   */
  Optional<CacheEntry> among(
      List<Pending> waiting, Request request, CacheKey key, Selection selection, boolean hidden) {
    for (int i = waiting.size() - 1; i >= 0; i--) {
      Pending pending = waiting.get(i);
      EntryHead head = pending.entry.head();
      if (pending.isLiveAt(key)
          && !isPurged(head)
          && !invalidations.isVoid(pending.line, head.requested())
          && !invalidations.isVoid(pending.urlKey, head.requested())
          && isSelected(pending, request, key, selection, hidden)) {
        return Optional.of(pending.entry);
      }
    }
    return Optional.empty();
  }

  private boolean isSelected(
      Pending pending, Request request, CacheKey key, Selection selection, boolean hidden) {
    EntryHead head = pending.entry.head();
    if (settings.keyFunction().mayCollide()) {
      return isUsable(request, key, selection, hidden, head) && agrees(selection, head);
    }
    return answersMethod(head, request)
        && agreement.holds(key, head)
        && !Vary.of(head.headers()).isAny()
        && (!hidden || isForAll(head.headers()))
        && selection.variantKey(key.value(), pending.names).equals(pending.variantKey);
  }

  /**
   * What a response is selected by as long as nothing else is known of its URL: where it will be
   * listed with other variants, by more.
   */
  List<String> namesOf(Headers response) {
    List<String> vary = Selection.names(response, settings);
    return isForAll(response) ? vary : Selection.union(vary, List.of(Selection.CREDENTIALS));
  }

  /**
   * What is stored for a request.
   *
   * @param hidden whether the request carries credentials that cannot be seen here
   */
  Found find(
      Request request, CacheKey key, Selection selection, boolean hidden, ReadOptions options) {
    String urlKey = key.value();
    Optional<String> sharedKey = sharedKey(request);
    List<String> guess = guess(urlKey, selection);
    Map<String, StoredItem> read;
    Optional<StoredItem> atKey;
    String guessed = guess.isEmpty() ? "" : selection.variantKey(urlKey, guess);
    if (guess.isEmpty() && sharedKey.isEmpty()) {
      read = Map.of();
      atKey = storage.read(urlKey, options);
    } else {
      Set<String> keys = new LinkedHashSet<>();
      keys.add(urlKey);
      sharedKey.ifPresent(keys::add);
      if (!guess.isEmpty()) {
        keys.add(guessed);
      }
      read = storage.readAll(keys, options);
      atKey = Optional.ofNullable(read.get(urlKey));
    }
    @Nullable StoredItem shared = sharedKey.map(read::get).orElse(null);
    Instant notBefore =
        shared instanceof StoredItem.Tombstone tombstone ? tombstone.invalidatedAt() : Instant.MIN;
    if (atKey.isPresent() && atKey.get() instanceof StoredItem.Entry entry) {
      return atUrlKey(entry, request, key, selection, hidden, notBefore, sharedKey, options)
          .notBefore(notBefore);
    }
    if (atKey.isPresent() && atKey.get() instanceof StoredItem.Directory directory) {
      names.put(urlKey, directory.vary());
      Instant begun = directory.invalidatedAt().orElse(Instant.MIN);
      return inDirectory(
              directory, key, selection, hidden, notBefore, sharedKey, read, guessed, options)
          .notBefore(later(begun, notBefore));
    }
    Instant deleted =
        atKey.orElse(null) instanceof StoredItem.Tombstone tombstone
            ? tombstone.invalidatedAt()
            : Instant.MIN;
    return Found.nothing(key, atKey, Reason.URI_MISS).notBefore(later(deleted, notBefore));
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private Found atUrlKey(
      StoredItem.Entry item,
      Request request,
      CacheKey key,
      Selection selection,
      boolean hidden,
      Instant notBefore,
      Optional<String> sharedKey,
      ReadOptions options) {
    Optional<StoredItem> atKey = Optional.of(item);
    CacheEntry entry = item.entry();
    if (!decodable(entry)) {
      return Found.nothing(key, atKey, Reason.MISS);
    }
    EntryHead head = entry.head();
    if (isVoid(key.value(), sharedKey, head, notBefore)
        || !isUsable(request, key, selection, hidden, head)) {
      return Found.nothing(key, atKey, Reason.MISS);
    }
    return agrees(selection, head)
        ? new Found(key, atKey, Optional.of(entry), Reason.MISS, notBefore)
        : secondVariant(request, key, selection, hidden, head, options)
            .filter(second -> !isVoid(key.value(), sharedKey, second.head(), notBefore))
            .map(second -> new Found(key, atKey, Optional.of(second), Reason.MISS, notBefore))
            .orElseGet(() -> Found.nothing(key, atKey, Reason.VARY_MISS));
  }

  private boolean isUsable(
      Request request, CacheKey key, Selection selection, boolean hidden, EntryHead head) {
    return answersMethod(head, request)
        && agreement.holds(request, key, head)
        && !Vary.of(head.headers()).isAny()
        && mayBeUsedBy(selection, hidden, head);
  }

  private boolean agrees(Selection selection, EntryHead head) {
    return selection.agrees(head.request().headers(), Selection.names(head.headers(), settings));
  }

  /** Another program's second variant, which has a key of its own and no directory. */
  private Optional<CacheEntry> secondVariant(
      Request request,
      CacheKey key,
      Selection selection,
      boolean hidden,
      EntryHead first,
      ReadOptions options) {
    Optional<CacheKey> second = secondKey(request, key, first);
    return second
        .flatMap(other -> storage.read(other.value(), options))
        .filter(StoredItem.Entry.class::isInstance)
        .map(found -> ((StoredItem.Entry) found).entry())
        .filter(this::decodable)
        .filter(entry -> !isPurged(entry.head()))
        .filter(entry -> isUsable(request, second.get(), selection, hidden, entry.head()))
        .filter(entry -> agrees(selection, entry.head()));
  }

  /** The key beside the request's own, where the response there is for other request fields. */
  Optional<CacheKey> secondKey(Request request, CacheKey key, EntryHead first) {
    return first
        .headers()
        .combined("Vary")
        .flatMap(
            vary ->
                settings
                    .keyFunction()
                    .createVariant(forKey(request), vary, settings.matchHeaders()))
        .filter(other -> !other.value().equals(key.value()));
  }

  private Found inDirectory(
      StoredItem.Directory directory,
      CacheKey key,
      Selection selection,
      boolean hidden,
      Instant notBefore,
      Optional<String> sharedKey,
      Map<String, StoredItem> read,
      String guessed,
      ReadOptions options) {
    Optional<StoredItem> atKey = Optional.of(directory);
    if (hidden && directory.vary().contains(Selection.CREDENTIALS)) {
      return Found.nothing(key, atKey, Reason.VARY_MISS);
    }
    String variantKey = selection.variantKey(key.value(), directory.vary());
    Optional<StoredItem> item =
        variantKey.equals(guessed)
            ? Optional.ofNullable(read.get(variantKey))
            : storage.read(variantKey, options);
    return listed(directory, key, item)
        .filter(entry -> !isVoid(key.value(), sharedKey, entry.head(), notBefore))
        .filter(entry -> isSelected(directory, selection, hidden, entry.head()))
        .map(entry -> new Found(key, atKey, Optional.of(entry), Reason.MISS, notBefore))
        .orElseGet(() -> Found.nothing(key, atKey, Reason.VARY_MISS));
  }

  /**
   * Whether a response that another request has brought while this one waited is for this one: it
   * has not been made void since, and the key may not be all that counts.
   */
  boolean isFor(Request request, Found found, EntryHead head) {
    CacheKey key = found.key();
    Optional<String> sharedKey = sharedKey(request);
    return !isVoid(key.value(), sharedKey, head, found.notBefore())
        && answersMethod(head, request)
        && agreement.holds(key, head)
        && (!settings.keyFunction().mayCollide() || agreement.holds(request, key, head));
  }

  /**
   * Whether a variant is still what its key says: a 304 may have made it vary by more, or no longer
   * be for everyone.
   */
  private boolean isSelected(
      StoredItem.Directory directory, Selection selection, boolean hidden, EntryHead head) {
    boolean byCredentials = directory.vary().contains(Selection.CREDENTIALS);
    if (Vary.of(head.headers()).isAny()
        || (byCredentials
            ? hidden && !isForAll(head.headers())
            : !mayBeUsedBy(selection, hidden, head))) {
      return false;
    }
    List<String> more =
        Selection.names(head.headers(), settings).stream()
            .filter(name -> !directory.vary().contains(name))
            .toList();
    return more.isEmpty() || selection.agrees(head.request().headers(), more);
  }

  /**
   * The variant that a request selects, for those who manage the cache.
   *
   * @param managed the storage as they use it
   */
  Optional<CacheEntry> variant(
      ResponseStorage managed,
      StoredItem.Directory directory,
      CacheKey key,
      Request request,
      ReadOptions options) {
    String variantKey = Selection.of(request, settings).variantKey(key.value(), directory.vary());
    return listed(directory, key, managed.read(variantKey, options));
  }

  /** What is under a variant's key, if it is one and not void. */
  private Optional<CacheEntry> listed(
      StoredItem.Directory directory, CacheKey key, Optional<StoredItem> item) {
    Instant begun = directory.invalidatedAt().orElse(Instant.MIN);
    return item.filter(StoredItem.Entry.class::isInstance)
        .map(found -> ((StoredItem.Entry) found).entry())
        .filter(this::decodable)
        .filter(entry -> entry.head().requested().isAfter(begun))
        .filter(entry -> !isPurged(entry.head()))
        .filter(entry -> agreement.holds(key, entry.head()));
  }

  private boolean isVoid(
      String urlKey, Optional<String> sharedKey, EntryHead head, Instant notBefore) {
    Instant requested = head.requested();
    return !requested.isAfter(notBefore)
        || isPurged(head)
        || invalidations.isVoid(urlKey, requested)
        || invalidations.isVoid(head.key(), requested)
        || (sharedKey.isPresent() && invalidations.isVoid(sharedKey.get(), requested));
  }

  /** A response saved by hand may lie under the key of another method's. */
  private static boolean answersMethod(EntryHead head, Request request) {
    return head.method().equals(request.method())
        || (request.method().equals("HEAD") && head.method().equals("GET"));
  }

  /** Whether the response under a URL's key may answer a request with these credentials. */
  private boolean mayBeUsedBy(Selection selection, boolean hidden, EntryHead head) {
    if (settings.keyFunction().mayCollide()) {
      // The agreement has compared the credentials already.
      return !hidden || isForAll(head.headers());
    }
    boolean brought = wasBroughtByCredentials(head);
    return (!brought && !hidden && selection.credentials().isEmpty()) || isForAll(head.headers());
  }

  boolean wasBroughtByCredentials(EntryHead head) {
    return head.credential().isPresent() || hasCredentials(head.request().headers());
  }

  /** Whether a response that lies under its URL's key has been invalidated in this process. */
  boolean isVoid(EntryHead head) {
    return isPurged(head) || invalidations.isVoid(head.key(), head.requested());
  }

  /** Asked here, because a storage's layers may have kept it from before a purge. */
  private boolean isPurged(EntryHead head) {
    return head.isVoidSince(storage.purgedBefore());
  }

  private boolean hasCredentials(Headers request) {
    for (Headers.Field field : request.fields()) {
      if (settings.isCredential(field.name())) {
        return true;
      }
    }
    return false;
  }

  /** Whether the origin says that everyone may have it (RFC 9111 §3.5, §5.2.2.9). */
  boolean isForAll(Headers response) {
    CacheControl directives = CacheControl.of(response, settings.targetedFields());
    return directives.has("public")
        || (settings.sharedCache()
            && (directives.has("s-maxage") || directives.has("must-revalidate")));
  }

  /** The names that a directory of this URL will have, if there is one. */
  private List<String> guess(String urlKey, Selection selection) {
    List<String> remembered = names.getIfPresent(urlKey);
    if (remembered != null) {
      return remembered;
    }
    return selection.credentials().isPresent() && !settings.keyFunction().mayCollide()
        ? List.of(Selection.CREDENTIALS)
        : List.of();
  }

  /**
   * Requests with the same one may have the same response, as far as is known before there is one.
   */
  String flightKey(Found found, Selection selection) {
    String urlKey = found.key().value();
    List<String> known =
        found.atKey().orElse(null) instanceof StoredItem.Directory directory
            ? directory.vary()
            : guess(urlKey, selection);
    return known.isEmpty() && selection.credentials().isEmpty()
        ? urlKey
        : selection.variantKey(urlKey, Selection.union(known, List.of(Selection.CREDENTIALS)));
  }

  /** A directory has been written. */
  void remember(String urlKey, Collection<String> vary) {
    names.put(urlKey, List.copyOf(vary));
  }

  private boolean decodable(CacheEntry entry) {
    entry.problem().ifPresent(problem -> events.undecodable(entry.key(), problem));
    return !entry.isInvalid();
  }
}
