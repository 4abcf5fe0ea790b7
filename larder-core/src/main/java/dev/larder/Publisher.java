package dev.larder;

import dev.larder.http.Body;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.storage.Precondition;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.ResponseStorage;
import dev.larder.storage.StoredItem;
import dev.larder.storage.WriteResult;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Stores responses where {@link Finder} looks for them.
 *
 * <p>Hazards, and what keeps them off:
 *
 * <ol>
 *   <li><b>Late arrival.</b> A GET is sent, a PUT is sent and answered, the response to the GET
 *       arrives. Every write is conditional on nothing having been requested or invalidated under
 *       its key at or after the time this request was sent (RFC 9111 §4.4).
 *   <li><b>Late variant.</b> The same with variants: the PUT left its trace under the URL's key,
 *       and the GET writes under a variant's. What it writes counts only with a directory, and the
 *       directory is written under the condition above, or has the time of the PUT in it.
 *   <li><b>Lost directory.</b> A directory is evicted, and with it the time at which the URL was
 *       invalidated; a new one is begun. It declares void whatever was requested before the
 *       response that began it.
 *   <li><b>Two at once.</b> Two processes add a variant each. The directory is replaced only in the
 *       version that was read; who loses reads again and adds to the winner's.
 * </ol>
 *
 * <p>Thread-safe.
 */
final class Publisher {
  /** A directory lists no more variants than this; others are found, but not listed. */
  static final int MAX_LISTED = 500;

  private static final int ATTEMPTS = 4;

  private final ResponseStorage storage;
  private final CacheSettings settings;
  private final Finder finder;

  Publisher(ResponseStorage storage, CacheSettings settings, Finder finder) {
    this.storage = storage;
    this.settings = settings;
    this.finder = finder;
  }

  /**
   * Stores a response.
   *
   * @param found what the look-up for its request found
   * @param head its head, under the URL's key
   * @return the head as it was stored; empty if something newer was there
   */
  Optional<EntryHead> publish(Found found, Selection selection, EntryHead head, Body body) {
    if (settings.keyFunction().mayCollide()) {
      return write(underAnothersKey(found, selection, head), body);
    }
    List<String> selecting = selectingNames(selection, head.headers());
    return belongsAtUrlKey(found.atKey(), selection, selecting)
        ? write(head, body)
        : asVariant(found, selection, selecting, head, body);
  }

  /** The same look-up, with what is under the key by now. */
  Found again(Found found) {
    return found.atKey(storage.read(found.key().value(), ReadOptions.DEFAULT));
  }

  /** In another program's table, which knows no directories: where it looks for the response. */
  private EntryHead underAnothersKey(Found found, Selection selection, EntryHead head) {
    return firstVariant(found.atKey())
        .filter(
            first ->
                !selection.agrees(
                    first.request().headers(), Selection.names(first.headers(), settings)))
        .flatMap(first -> finder.secondKey(selection.request(), found.key(), first))
        .map(second -> head.toBuilder().key(second.value()).digest(second.digest()).build())
        .orElse(head);
  }

  /** What a response to this request is selected by. */
  private List<String> selectingNames(Selection selection, Headers response) {
    List<String> vary = Selection.names(response, settings);
    return selection.credentials().isPresent() && !finder.isForAll(response)
        ? Selection.union(vary, List.of(Selection.CREDENTIALS))
        : vary;
  }

  private boolean belongsAtUrlKey(
      Optional<StoredItem> atKey, Selection selection, List<String> selecting) {
    if (selection.needsDigest(selecting) || atKey.orElse(null) instanceof StoredItem.Directory) {
      return false;
    }
    return firstVariant(atKey)
        .map(
            head ->
                (finder.wasBroughtByCredentials(head) && !finder.isForAll(head.headers()))
                    || selection.agrees(
                        head.request().headers(),
                        Selection.union(selecting, Selection.names(head.headers(), settings))))
        .orElse(true);
  }

  private static Optional<EntryHead> firstVariant(Optional<StoredItem> atKey) {
    return atKey
        .filter(StoredItem.Entry.class::isInstance)
        .map(item -> ((StoredItem.Entry) item).entry())
        .filter(entry -> !entry.isInvalid())
        .map(entry -> entry.head());
  }

  private Optional<EntryHead> asVariant(
      Found found, Selection selection, List<String> selecting, EntryHead head, Body body) {
    String urlKey = found.key().value();
    Optional<StoredItem> atKey = found.atKey();
    Optional<EntryHead> written = Optional.empty();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      List<String> names = names(atKey, selecting);
      String key = selection.variantKey(urlKey, names);
      if (written.filter(variant -> variant.key().equals(key)).isEmpty()) {
        written = write(head.toBuilder().key(key).build(), body);
        if (written.isEmpty()) {
          return written;
        }
      }
      if (atKey.orElse(null) instanceof StoredItem.Directory directory
          && lists(directory, names, written.get())) {
        return written;
      }
      WriteResult result = putDirectory(urlKey, atKey, names, written.get());
      if (result.published()) {
        finder.remember(urlKey, names);
        return written;
      }
      if (isVoid(result.holder(), head.requested())) {
        return Optional.empty();
      }
      atKey = result.holder();
    }
    // Others keep changing the directory: the variant is there, and the next to come lists it.
    return written;
  }

  private List<String> names(Optional<StoredItem> atKey, List<String> selecting) {
    if (atKey.orElse(null) instanceof StoredItem.Directory directory) {
      return Selection.union(directory.vary(), selecting);
    }
    return firstVariant(atKey)
        .map(head -> Selection.union(Selection.names(head.headers(), settings), selecting))
        .orElse(selecting);
  }

  private static boolean lists(
      StoredItem.Directory directory, List<String> names, EntryHead variant) {
    return Set.copyOf(directory.vary()).equals(Set.copyOf(names))
        && (directory.variants().contains(variant.key())
            || directory.variants().size() >= MAX_LISTED)
        && !isLater(variant.retainUntil(), directory.retainUntil());
  }

  private WriteResult putDirectory(
      String urlKey, Optional<StoredItem> atKey, List<String> names, EntryHead variant) {
    Set<String> variants = new HashSet<>();
    Instant voidUntil = variant.requested().minusMillis(1);
    Optional<Instant> retainUntil = variant.retainUntil();
    Precondition precondition = Precondition.newerThanStored(variant.requested());
    if (atKey.orElse(null) instanceof StoredItem.Directory directory) {
      variants.addAll(directory.variants());
      voidUntil = directory.invalidatedAt().orElse(Instant.EPOCH);
      retainUntil = later(retainUntil, directory.retainUntil());
      precondition = Precondition.version(directory.version());
    } else if (firstVariant(atKey).isPresent()) {
      EntryHead first = firstVariant(atKey).get();
      if (!finder.isVoid(first)) {
        // As long as it lies there, nothing was invalidated after it was requested.
        voidUntil = earlier(voidUntil, first.requested().minusMillis(1));
      }
      Optional<String> moved = move((StoredItem.Entry) atKey.get(), urlKey, names);
      if (moved.isPresent()) {
        variants.add(moved.get());
        retainUntil = later(retainUntil, first.retainUntil());
      }
      precondition = Precondition.version(first.version());
    }
    if (variants.size() < MAX_LISTED) {
      variants.add(variant.key());
    }
    return storage.put(
        new StoredItem.Directory(urlKey, "", names, variants, Optional.of(voidUntil), retainUntil),
        precondition);
  }

  /**
   * Makes the response that lay under the URL's key one of the variants, unless another process has
   * done so, and returns the key of that. One whose body is not at hand, or that came with
   * credentials, is given up: it would cost more than to fetch it again.
   */
  private Optional<String> move(StoredItem.Entry first, String urlKey, List<String> names) {
    EntryHead head = first.entry().head();
    Body body = first.entry().open().body();
    if (body.buffer().isEmpty() || finder.wasBroughtByCredentials(head) || finder.isVoid(head)) {
      return Optional.empty();
    }
    String key =
        new Selection(head.request(), Optional.empty(), settings).variantKey(urlKey, names);
    write(head.toBuilder().key(key).version("").build(), body);
    return Optional.of(key);
  }

  private Optional<EntryHead> write(EntryHead head, Body body) {
    WriteResult result = storage.write(head, body, Precondition.newerThanStored(head.requested()));
    return result.published()
        ? Optional.of(head.toBuilder().version(result.version()).length(body.length()).build())
        : Optional.empty();
  }

  private static boolean isVoid(Optional<StoredItem> holder, Instant requested) {
    if (holder.orElse(null) instanceof StoredItem.Tombstone tombstone) {
      return !requested.isAfter(tombstone.invalidatedAt());
    }
    if (holder.orElse(null) instanceof StoredItem.Directory directory) {
      return directory.invalidatedAt().filter(at -> !requested.isAfter(at)).isPresent();
    }
    // What came before it may have been made void by what came between.
    return firstVariant(holder).filter(first -> !requested.isAfter(first.requested())).isPresent();
  }

  private static boolean isLater(Optional<Instant> a, Optional<Instant> b) {
    return b.isPresent() && (a.isEmpty() || a.get().isAfter(b.get()));
  }

  private static Optional<Instant> later(Optional<Instant> a, Optional<Instant> b) {
    return isLater(a, b) ? a : b;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }
}
