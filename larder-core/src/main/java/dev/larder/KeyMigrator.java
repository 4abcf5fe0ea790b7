package dev.larder;

import dev.larder.KeyMigration.Left;
import dev.larder.KeyMigration.Reason;
import dev.larder.MigrationProgress.Outcome;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryHead;
import dev.larder.http.LarderException;
import dev.larder.http.Request;
import dev.larder.key.CacheKey;
import dev.larder.storage.EntryTooLargeException;
import dev.larder.storage.Precondition;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.ResponseStorage;
import dev.larder.storage.StoredItem;
import dev.larder.storage.StoredItem.Directory;
import dev.larder.storage.WriteResult;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Moves one entry after another to the key that the settings give its request.
 *
 * <p><b>Nothing is lost, wherever this stops.</b> The steps of a move are: write the entry at its
 * new key; for a variant, name it in the list of variants there; remove it at the old key, if it
 * still is what was read; strike it off the old list. Scenarios:
 *
 * <ol>
 *   <li>Stopped before the removal: the entry is there twice. The next run finds at the new key
 *       what was requested at the same time, leaves it and goes on with the removal.
 *   <li>Stopped before a variant is named in the list: it cannot be found by its request yet, but
 *       the old one is still there, and the next run names it.
 *   <li>Stopped before the old list is changed: it names an entry that is not there, as it does
 *       after any time to live; nobody asks for it under the new settings.
 *   <li>A client stores something newer at the new key: that stays, and the old one goes.
 *   <li>A client that still has the old settings stores something newer at the old key after this
 *       has read it: that stays, for another run.
 * </ol>
 *
 * <p>Whatever else is in the way at the new key stays, and so does the entry.
 */
final class KeyMigrator {
  /** Begins the part of a key that tells the variants of a URL apart. */
  private static final char VARIANT_MARK = '~';

  private static final int ATTEMPTS = 5;
  private static final ReadOptions NOW = ReadOptions.HEAD.strongly();

  private final ResponseStorage storage;
  private final CacheSettings settings;
  private final Agreement agreement;

  KeyMigrator(ResponseStorage storage, CacheSettings settings, Agreement agreement) {
    this.storage = storage;
    this.settings = settings;
    this.agreement = agreement;
  }

  Outcome migrate(CacheEntry entry) {
    EntryHead head = entry.head();
    CacheKey key = settings.keyFunction().create(head.request(), settings.matchHeaders());
    if (isRight(head, key)) {
      return Outcome.UNCHANGED;
    }
    if (Redactor.hidesKeyMaterial(head.request(), settings.matchHeaders())
        || agreement.hidesCredentials(head)) {
      return left(head, Reason.REDACTED);
    }
    try {
      return migrate(entry, key);
    } catch (EntryTooLargeException e) {
      return left(head, Reason.TOO_LARGE);
    } catch (UncheckedIOException e) {
      return left(head, Reason.UNREADABLE);
    } catch (LarderException e) {
      if (isStillThere(head)) {
        throw e;
      }
      return left(head, Reason.UNREADABLE);
    }
  }

  private boolean isRight(EntryHead head, CacheKey key) {
    return head.key().equals(key.value())
        || urlKeyOf(head).equals(Optional.of(key.value()))
        || secondKey(head.request(), head)
            .filter(second -> head.key().equals(second.value()))
            .isPresent();
  }

  /** The key of the URL whose variant an entry is, to judge by the entry's own key. */
  private static Optional<String> urlKeyOf(EntryHead head) {
    int mark = head.key().lastIndexOf(VARIANT_MARK);
    return mark < 0 ? Optional.empty() : Optional.of(head.key().substring(0, mark));
  }

  /** Where keys that another program makes, too, have a place for a second variant. */
  private Optional<CacheKey> secondKey(Request request, EntryHead found) {
    return found
        .headers()
        .combined("Vary")
        .flatMap(
            vary -> settings.keyFunction().createVariant(request, vary, settings.matchHeaders()));
  }

  private Outcome migrate(CacheEntry entry, CacheKey key) {
    EntryHead head = entry.head();
    Optional<Directory> list = urlKeyOf(head).flatMap(this::directory);
    boolean listed =
        list.filter(directory -> directory.variants().contains(head.key())).isPresent();
    if (listed && settings.keyFunction().mayCollide()) {
      // The other program knows no lists.
      Outcome moved = move(entry, key);
      if (moved.left() == null) {
        strikeOff(list.get(), head.key());
      }
      return moved;
    }
    if (listed) {
      return moveVariant(entry, list.get(), key);
    }
    // A key of the user's choice has no digest, and may look like anything.
    return urlKeyOf(head).isPresent() && head.digest().isPresent()
        ? left(head, Reason.UNLISTED_VARIANT)
        : move(entry, key);
  }

  private static Outcome left(EntryHead head, Reason reason) {
    return new Outcome(false, new Left(head, reason));
  }

  private boolean isStillThere(EntryHead head) {
    return storage
        .read(head.key(), NOW)
        .filter(StoredItem.Entry.class::isInstance)
        .map(item -> ((StoredItem.Entry) item).entry())
        .filter(now -> !now.isInvalid() && now.head().version().equals(head.version()))
        .isPresent();
  }

  private Outcome move(CacheEntry entry, CacheKey key) {
    Optional<CacheKey> second = secondKey(entry.head().request(), entry.head());
    if (write(entry, key, key.value())
        || (second.isPresent() && write(entry, second.get(), second.get().value()))) {
      removeOld(entry.head());
      return Outcome.MOVED;
    }
    return left(entry.head(), Reason.TAKEN);
  }

  private Outcome moveVariant(CacheEntry entry, Directory list, CacheKey key) {
    EntryHead head = entry.head();
    String newKey = key.value() + head.key().substring(head.key().lastIndexOf(VARIANT_MARK));
    boolean isVoid = list.invalidatedAt().filter(at -> !head.requested().isAfter(at)).isPresent();
    if (isVoid
        || !canBeListed(key.value(), list, head)
        || !write(entry, key, newKey)
        || !enlist(key.value(), newKey, list, head)) {
      return left(head, Reason.TAKEN);
    }
    removeOld(head);
    strikeOff(list, head.key());
    return Outcome.MOVED;
  }

  private void removeOld(EntryHead head) {
    storage.remove(head.key(), Precondition.version(head.version()));
  }

  /** Whether the entry, or something newer that answers its request, is at the new key now. */
  private boolean write(CacheEntry entry, CacheKey key, String newKey) {
    EntryHead head = entry.head();
    Optional<StoredItem> holder = storage.read(newKey, NOW);
    if (holder.filter(item -> !givesWay(item, head, key)).isPresent()) {
      return false;
    }
    EntryHead moved = head.toBuilder().key(newKey).digest(key.digest()).version("").build();
    WriteResult written =
        storage.write(moved, entry.open().body(), Precondition.newerThanStored(head.requested()));
    return written.published()
        || written
            .holder()
            .or(() -> storage.read(newKey, NOW))
            .filter(item -> item instanceof StoredItem.Entry && givesWay(item, head, key))
            .isPresent();
  }

  private boolean givesWay(StoredItem holder, EntryHead head, CacheKey key) {
    if (holder instanceof StoredItem.Entry found) {
      return found.entry().isInvalid()
          || (agreement.isSame(head, key, found.entry().head())
              && isSameVariant(head, found.entry().head()));
    }
    if (holder instanceof StoredItem.Tombstone tombstone) {
      return head.requested().isAfter(tombstone.invalidatedAt());
    }
    return holder instanceof StoredItem.Alias;
  }

  /** Two variants have different second keys, by what selects the one that is there. */
  private boolean isSameVariant(EntryHead head, EntryHead found) {
    return secondKey(head.request(), found).equals(secondKey(found.request(), found));
  }

  private Optional<Directory> directory(String key) {
    return storage.read(key, NOW).filter(Directory.class::isInstance).map(Directory.class::cast);
  }

  /**
   * Whether what is at the URL's new key is a list that may hold the variant, or can become one.
   */
  private boolean canBeListed(String key, Directory old, EntryHead head) {
    Optional<StoredItem> holder = storage.read(key, NOW);
    if (holder.isEmpty()) {
      return true;
    }
    if (holder.get() instanceof Directory directory) {
      return directory.vary().equals(old.vary())
          && directory.invalidatedAt().map(head.requested()::isAfter).orElse(true);
    }
    return holder.get() instanceof StoredItem.Tombstone tombstone
        && head.requested().isAfter(tombstone.invalidatedAt());
  }

  /** Names the variant in the list at the URL's new key; false if something else is there. */
  private boolean enlist(String key, String variant, Directory old, EntryHead head) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (!canBeListed(key, old, head)) {
        return false;
      }
      Optional<Directory> present = directory(key);
      if (present.filter(list -> list.variants().contains(variant)).isPresent()) {
        return true;
      }
      Directory wanted =
          new Directory(
              key,
              "",
              old.vary(),
              present.map(list -> with(list.variants(), variant)).orElse(Set.of(variant)),
              // A later time would make void what is listed already.
              present.isPresent() ? present.get().invalidatedAt() : old.invalidatedAt(),
              present.isPresent()
                  ? longest(present.get().retainUntil(), old.retainUntil())
                  : old.retainUntil());
      Precondition unchanged =
          present.map(list -> Precondition.version(list.version())).orElse(Precondition.absent());
      if (storage.put(wanted, unchanged).published()) {
        return true;
      }
    }
    return false;
  }

  private void strikeOff(Directory list, String variant) {
    Optional<Directory> present = directory(list.key());
    if (present.isEmpty()) {
      return;
    }
    Set<String> others = new HashSet<>(present.get().variants());
    others.remove(variant);
    Precondition unchanged = Precondition.version(present.get().version());
    if (others.isEmpty()) {
      storage.remove(list.key(), unchanged);
      return;
    }
    // If another writer is faster, the list names what is not there: that costs a miss at most.
    storage.put(
        new Directory(
            list.key(),
            "",
            present.get().vary(),
            others,
            present.get().invalidatedAt(),
            present.get().retainUntil()),
        unchanged);
  }

  private static Set<String> with(Set<String> variants, String variant) {
    Set<String> more = new HashSet<>(variants);
    more.add(variant);
    return more;
  }

  /** Empty stands for ever. */
  private static Optional<Instant> longest(Optional<Instant> one, Optional<Instant> other) {
    return one.isEmpty() || (other.isPresent() && one.get().isAfter(other.get())) ? one : other;
  }
}
