package dev.larder.storage;

import dev.larder.http.CacheEntry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What can be found under a key. Immutable. */
public sealed interface StoredItem {
  /** The key it was found under. */
  String key();

  /** A response, or an item that cannot be decoded. */
  record Entry(CacheEntry entry) implements StoredItem {
    @Override
    public String key() {
      return entry.key();
    }
  }

  /**
   * A key that leads to another one.
   *
   * @param target the other key
   * @param retainUntil when the storage may drop it; empty if never
   */
  record Alias(String key, String target, Optional<Instant> retainUntil) implements StoredItem {}

  /**
   * The list of the variants of a URL (RFC 9111 §4.1).
   *
   * @param version random, new on each write; empty before the first
   * @param vary names of the request fields that select a variant
   * @param variants keys of the variants
   * @param invalidatedAt variants requested at or before this time are void
   * @param retainUntil when the storage may drop it; empty if never
   */
  record Directory(
      String key,
      String version,
      List<String> vary,
      Set<String> variants,
      Optional<Instant> invalidatedAt,
      Optional<Instant> retainUntil)
      implements StoredItem {
    /** Copies the collections. */
    public Directory {
      vary = List.copyOf(vary);
      variants = Set.copyOf(variants);
    }
  }

  /**
   * The trace of an entry that was deleted or invalidated: it keeps a response that was already on
   * its way from being published after the deletion (RFC 9111 §4.4).
   *
   * @param invalidatedAt responses requested at or before this time are void
   * @param retainUntil when the storage may drop it
   */
  record Tombstone(String key, Instant invalidatedAt, Instant retainUntil) implements StoredItem {}
}
