package dev.larder.dynamodb;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryHead;
import dev.larder.http.LarderException;
import dev.larder.storage.StorageException;
import dev.larder.storage.StoredItem;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Bodies that do not fit their entry's item: cut into parts, each an item of its own under a fresh
 * key, never changed once it is written.
 *
 * <p>Hazards, and what keeps them off:
 *
 * <ol>
 *   <li><b>Torn write.</b> A writer stops, or fails, between two parts. Parts come first and one
 *       conditional write of the entry publishes them all, so nobody has been told of the half.
 *   <li><b>Torn read.</b> An entry is replaced while its body is read. The new body has a token of
 *       its own, so the parts of the old one are still there, and none of the new ones is met.
 *   <li><b>Part not there yet.</b> An eventually consistent read may precede the write of a part
 *       whose entry it has seen. A part that is missing is read again, strongly.
 *   <li><b>Lost part.</b> It is really gone. Then the entry is read strongly: in another version,
 *       it was replaced and there is a newer body to ask for; in the same one, its body is no more,
 *       and the entry is removed, on condition that it is still that version.
 *   <li><b>Entry without its body.</b> Each 304 gives an entry more time, and its parts would be
 *       swept before it. The entry says how long its parts are kept, and every change of its time
 *       to live is conditional on not going beyond. Parts live {@link #RESERVE} longer than their
 *       entry did at first, so that it comes to that rarely, and a little longer than they say, so
 *       that a body opened at the last moment can be read to its end.
 *   <li><b>Damaged part.</b> It has a digest of its bytes, and says which part it is. What does not
 *       agree counts as missing.
 *   <li><b>Parts that nobody refers to</b>, of bodies that were replaced, deleted or never
 *       published. Their time to live removes them, for less than deleting them would cost. Where
 *       they have none, what is abandoned is deleted at once and {@link PartsCollector} finds the
 *       rest.
 * </ol>
 *
 * <p>Thread-safe.
 */
final class Parts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DynamoDbCache.class);

  /** How much longer than the entry at first its parts are kept: as long a body can be renewed. */
  static final Duration RESERVE = Duration.ofDays(30);

  /** How much longer than said they are really kept, for bodies that are being read at the end. */
  static final Duration GRACE = Duration.ofHours(1);

  /**
   * About what a part has besides its bytes; where it matters there is more to lose than to win.
   */
  private static final int BESIDES = 200;

  private final TableGateway gateway;
  private final ItemKeys keys;
  private final BodyCodec codec;
  private final BodyLayout layout;
  private final boolean writesTtl;
  private final Clock clock;
  private final Workers workers;
  private final RememberedParts remembered = new RememberedParts();

  Parts(
      TableGateway gateway,
      ItemKeys keys,
      BodyCodec codec,
      BodyLayout layout,
      boolean writesTtl,
      Clock clock,
      Workers workers) {
    this.gateway = gateway;
    this.keys = keys;
    this.codec = codec;
    this.layout = layout;
    this.writesTtl = writesTtl;
    this.clock = clock;
    this.workers = workers;
  }

  BodyLayout layout() {
    return layout;
  }

  BodyCodec codec() {
    return codec;
  }

  Workers workers() {
    return workers;
  }

  /** Until when the parts of an entry with this head are kept; empty if for ever. */
  Optional<Instant> keptUntil(EntryHead head) {
    return writesTtl ? head.retainUntil().map(until -> until.plus(RESERVE)) : Optional.empty();
  }

  /**
   * The condition of an update to this head that the entry does not outlive its parts; true of
   * entries without any.
   */
  String outlive(EntryHead head, Expression expression) {
    String unlimited = expression.missing(Attributes.PARTS_TTL);
    Optional<Instant> until = writesTtl ? head.retainUntil() : Optional.empty();
    return until.isEmpty()
        ? unlimited
        : "("
            + unlimited
            + " OR "
            + expression.name(Attributes.PARTS_TTL)
            + " >= "
            + expression.value(Attributes.epochSeconds(until.get()))
            + ")";
  }

  /** A body in parts; nothing is read before it is opened. */
  Body body(EntryHead head, PartList list) {
    return new PartsBody(this, head, list, Map.of());
  }

  /** The body of this entry has been read as a whole. */
  void remember(EntryHead head, PartList list) {
    remembered.add(keys.toItem(head.key()), head, list);
  }

  /** Whether it is likely that an entry has parts that can be read together with it. */
  boolean remembers(String itemKey) {
    return remembered.contains(itemKey, clock.instant());
  }

  /** The keys of the parts that an entry is likely to have; each time the body has been read. */
  List<String> guess(String itemKey) {
    return remembered.take(itemKey, clock.instant()).stream().flatMap(this::keysOf).toList();
  }

  private Stream<String> keysOf(PartList list) {
    return IntStream.range(0, list.count()).mapToObj(index -> keys.part(list.token(), index));
  }

  /** The same item; if its body is in parts, those among these items are not read again. */
  StoredItem with(Map<String, Map<String, AttributeValue>> fetched, StoredItem item) {
    if (!(item instanceof StoredItem.Entry entry)
        || entry.entry().isInvalid()
        || !(entry.entry().open().body() instanceof PartsBody body)) {
      return item;
    }
    Map<String, Map<String, AttributeValue>> own = new HashMap<>();
    keysOf(body.list())
        .forEach(
            key -> Optional.ofNullable(fetched.get(key)).ifPresent(part -> own.put(key, part)));
    return new StoredItem.Entry(
        CacheEntry.of(entry.entry().head(), body.with(own), entry.entry().storedSize()));
  }

  /** Begins to write the parts of an entry's body. */
  PartsUpload upload(EntryHead head, String token) {
    return new PartsUpload(this, head, token);
  }

  /** Encodes and writes one part. */
  void put(EntryHead head, String token, int index, ByteBuffer body, boolean last) {
    put(head, token, index, codec.encodePart(body, head, place(index, last), BESIDES));
  }

  /** What {@link dev.larder.serial.StageContext#part()} calls a part. */
  private static int place(int index, boolean last) {
    return last ? -2 - index : index;
  }

  /** Writes one part. */
  void put(EntryHead head, String token, int index, BodyCodec.Stored stored) {
    byte[] bytes = stored.value().b().asByteArrayUnsafe();
    Map<String, AttributeValue> item = new HashMap<>();
    item.put(Attributes.KEY, AttributeValue.fromS(keys.part(token, index)));
    item.put(Attributes.KIND, AttributeValue.fromS(Attributes.KIND_PART));
    item.put(Attributes.FORMAT, Attributes.number(NativeFormat.CURRENT));
    item.put(Attributes.CREATED, Attributes.instant(clock.instant()));
    item.put(Attributes.INDEX, Attributes.number(index));
    item.put(Attributes.LENGTH, Attributes.number(bytes.length));
    item.put(Attributes.DIGEST, AttributeValue.fromS(digest(bytes)));
    item.put(Attributes.BODY, stored.value());
    if (!stored.encoding().isEmpty()) {
      item.put(Attributes.ENCODING, AttributeValue.fromS(stored.encoding()));
    }
    keptUntil(head)
        .ifPresent(until -> item.put(Attributes.TTL, Attributes.epochSeconds(until.plus(GRACE))));
    gateway.put(item, "", new Expression());
  }

  /**
   * The bytes of one part, verified and decoded.
   *
   * @param fetched items that have been read already, this part perhaps among them
   * @throws LarderException if it is lost or cannot be decoded
   */
  byte[] fetch(
      EntryHead head, PartList list, int index, Map<String, Map<String, AttributeValue>> fetched) {
    String key = keys.part(list.token(), index);
    Map<String, AttributeValue> item =
        Optional.ofNullable(fetched.get(key))
            .or(() -> gateway.get(key, false, List.of()))
            .filter(found -> isIntact(found, index))
            .or(() -> gateway.get(key, true, List.of()).filter(found -> isIntact(found, index)))
            .orElseThrow(() -> lost(head, list, index));
    try {
      return codec.decode(
          ByteBuffer.wrap(bytesOf(item).orElseThrow()),
          Attributes.text(item, Attributes.ENCODING),
          head,
          place(index, index == list.count() - 1));
    } catch (EntryFormat.InvalidItemException e) {
      throw new LarderException(
          "part " + index + " of the body of entry \"" + head.key() + "\": " + e.getMessage(), e);
    }
  }

  /**
   * Removes parts that no entry refers to, as far as that is possible. It is not tried where their
   * time to live removes them.
   */
  void abandon(EntryHead head, PartList list) {
    if (keptUntil(head).isPresent()) {
      return;
    }
    try {
      gateway.deleteAll(keysOf(list).toList());
    } catch (StorageException e) {
      LOG.debug("parts of a body that was not published stay in the table", e);
    }
  }

  /** The failure to report when a part is missing, after having seen to the entry. */
  private LarderException lost(EntryHead head, PartList list, int index) {
    String itemKey = keys.toItem(head.key());
    boolean current =
        gateway
            .get(itemKey, true, List.of(Attributes.KEY, Attributes.VERSION))
            .flatMap(item -> Attributes.text(item, Attributes.VERSION))
            .filter(head.version()::equals)
            .isPresent();
    if (!current) {
      return new StorageException(
          "the body of entry \""
              + head.key()
              + "\" is gone: the entry was replaced or removed since it was read; read it again",
          null,
          StorageException.Kind.UNAFFECTED);
    }
    removeEntry(itemKey, head.version());
    return new StorageException(
        "part "
            + index
            + " of "
            + list.count()
            + " of the body of entry \""
            + head.key()
            + "\" is missing or damaged in table \""
            + gateway.table()
            + "\"; the entry is removed, so that the response is fetched again",
        null,
        StorageException.Kind.UNAFFECTED);
  }

  private void removeEntry(String itemKey, String version) {
    Expression expression = new Expression();
    String sameVersion = expression.equal(Attributes.VERSION, version);
    try {
      gateway.delete(itemKey, sameVersion, expression, false);
    } catch (StorageException e) {
      // A client may lack the permission; the body is gone all the same.
      LOG.debug("entry {} has lost its body and cannot be removed", itemKey, e);
    }
  }

  private static boolean isIntact(Map<String, AttributeValue> item, int index) {
    byte[] bytes = bytesOf(item).orElse(new byte[0]);
    return Attributes.text(item, Attributes.KIND).equals(Optional.of(Attributes.KIND_PART))
        && Attributes.number(item, Attributes.INDEX).equals(Optional.of((long) index))
        && Attributes.number(item, Attributes.LENGTH).equals(Optional.of((long) bytes.length))
        && Attributes.text(item, Attributes.DIGEST).equals(Optional.of(digest(bytes)));
  }

  private static Optional<byte[]> bytesOf(Map<String, AttributeValue> item) {
    AttributeValue body = item.get(Attributes.BODY);
    return body == null || body.b() == null
        ? Optional.empty()
        : Optional.of(body.b().asByteArrayUnsafe());
  }

  private static String digest(byte[] bytes) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public void close() {
    workers.close();
  }
}
