package dev.larder;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.key.CacheKey;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A response on its way to the storage, or a new head of one that is there. {@link WriteBehind}
 * keeps what changes of it.
 */
final class Pending {
  /**
   * The version of an entry that is not stored yet. No storage knows it, so that nothing written
   * for this version takes place.
   */
  static final String VERSION = "pending";

  /** The objects that a pending response is made of, besides its text and bytes; a rough guess. */
  private static final int OBJECT_BYTES = 1024;

  /** Writes it. */
  @FunctionalInterface
  interface Writer {
    /**
     * Writes it; failures are its own.
     *
     * @param unsettled whether something else of the same URL was written since it was looked up
     */
    void write(boolean unsettled);
  }

  final String line;
  final String urlKey;
  final List<String> names;
  final String variantKey;
  final CacheEntry entry;
  final boolean renewal;
  final long bytes;
  final Writer writer;
  final CompletableFuture<Void> done = new CompletableFuture<>();

  /** Changed only while its line is. */
  boolean unsettled;

  /** Changed only while its line is; read at any time. */
  volatile boolean inFlight;

  /** Whether it is void, although it is being written. */
  volatile boolean cancelled;

  /**
   * What is to be written.
   *
   * @param line what is written in order: the key under which its URL is invalidated
   * @param selection what selects it
   * @param names what it is selected by
   * @param entry how look-ups see it
   * @param renewal whether only its head is to be written
   * @param unsettled whether something else of the same URL may have been written since it was
   *     looked up
   */
  Pending(
      String line,
      String urlKey,
      Selection selection,
      List<String> names,
      CacheEntry entry,
      boolean renewal,
      boolean unsettled,
      Writer writer) {
    this.line = line;
    this.urlKey = urlKey;
    this.names = names;
    this.variantKey = selection.variantKey(urlKey, names);
    this.entry = entry;
    this.renewal = renewal;
    this.unsettled = unsettled;
    this.writer = writer;
    this.bytes = bytes(entry, selection.request());
  }

  Instant requested() {
    return entry.head().requested();
  }

  /** Whether it is for the URL of this key, and has not been made void. */
  boolean isLiveAt(CacheKey key) {
    return !cancelled && urlKey.equals(key.value());
  }

  /** Whether this key is that of its URL, or of one of its variants. */
  boolean isUnder(String key) {
    return key.equals(line) || key.equals(urlKey) || Selection.urlKeyOf(key).equals(urlKey);
  }

  /** Whether an entry that a look-up has found is not in the storage yet. */
  static boolean isUnstored(EntryHead head) {
    return head.version().equals(VERSION);
  }

  private static long bytes(CacheEntry entry, Request asked) {
    EntryHead head = entry.head();
    Body body = entry.open().body();
    return OBJECT_BYTES
        + (body.buffer().isPresent() ? body.length() : 0)
        + bytes(head.headers())
        + bytes(head.request())
        + bytes(asked);
  }

  private static long bytes(Request request) {
    return request.uri().toString().length()
        + bytes(request.headers())
        + Math.max(0, request.body().length());
  }

  private static long bytes(Headers headers) {
    long bytes = 0;
    for (Headers.Field field : headers.fields()) {
      bytes += field.name().length() + field.value().length();
    }
    return bytes;
  }
}
