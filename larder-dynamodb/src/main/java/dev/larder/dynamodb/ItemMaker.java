package dev.larder.dynamodb;

import dev.larder.http.Body;
import dev.larder.http.EntryHead;
import dev.larder.http.Redirect;
import dev.larder.http.Request;
import dev.larder.storage.EntryTooLargeException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Makes the items of entries in the layout that is written, and decides where bodies go. Only the
 * native layout has parts; in the others a body is in its entry's item or not stored. Thread-safe.
 */
final class ItemMaker {
  private final EntryFormat format;
  private final ItemKeys keys;
  private final BooleanSupplier writesIndex;
  private final Parts parts;
  private final String table;
  private final long maxBytes;
  private final int partBytes;

  /**
   * A maker of items.
   *
   * @param writesIndex whether entries are to be in the index
   * @param maxBytes the longest body to try
   */
  ItemMaker(
      EntryFormat format,
      ItemKeys keys,
      BooleanSupplier writesIndex,
      Parts parts,
      String table,
      long maxBytes) {
    this.format = format;
    this.keys = keys;
    this.writesIndex = writesIndex;
    this.parts = parts;
    this.table = table;
    this.maxBytes = maxBytes;
    this.partBytes =
        format instanceof NativeFormat
            ? parts.layout().partBytes()
            : (int) Math.min(maxBytes, Integer.MAX_VALUE - 8);
  }

  /** How much of a body is collected before some of it is written. */
  int partBytes() {
    return partBytes;
  }

  long maxBytes() {
    return maxBytes;
  }

  /** Begins an entry of which the body comes in pieces, under a new version. */
  EntryAssembly begin(EntryHead head) {
    keys.toItem(head.key());
    return new EntryAssembly(this, head.toBuilder().version(Versions.next()).build());
  }

  /** Refuses bodies that are longer than the maximum. */
  void checkLength(EntryHead head, long length) {
    if (length > maxBytes) {
      throw new EntryTooLargeException(
          "the body of entry \""
              + head.key()
              + "\" has more than "
              + maxBytes
              + " bytes, the most that is stored in table \""
              + table
              + "\". Nothing was stored");
    }
  }

  /** The whole item of an entry, its body included; it may be too large. */
  Map<String, AttributeValue> inline(EntryHead head, ByteBuffer body) {
    EntryHead measured = head.toBuilder().length(body.remaining()).build();
    return withKey(head, format.encode(measured, body));
  }

  /**
   * Whether an item can stay as it is, rather than having its body in parts.
   *
   * @throws EntryTooLargeException if it cannot, and parts would not help
   */
  boolean fitsInline(Map<String, AttributeValue> item) {
    AttributeValue body = item.get(Attributes.BODY);
    if (!(format instanceof NativeFormat) || body == null) {
      checked(item);
      return true;
    }
    return ItemSize.of(body) <= parts.layout().inlineBytes() && ItemSize.of(item) <= ItemSize.MAX;
  }

  /** The body of an item that did not fit, as the only part, if it need not be encoded again. */
  Optional<BodyCodec.Stored> asOnlyPart(Map<String, AttributeValue> item, ByteBuffer body) {
    return parts.codec().asOnlyPart(item, body);
  }

  /** Begins to write the parts of a body, if the head alone fits an item. */
  PartsUpload upload(EntryHead head) {
    String token = Versions.next();
    inParts(head, Long.MAX_VALUE, new PartList(Integer.MAX_VALUE, token));
    return parts.upload(head, token);
  }

  /**
   * The item of an entry whose body is in parts.
   *
   * @throws EntryTooLargeException if the head alone is too large
   */
  Map<String, AttributeValue> inParts(EntryHead head, long length, PartList list) {
    return checked(withKey(head, ((NativeFormat) format).encode(head, length, list)));
  }

  /** The item of an entry whose head and body are in one, under the version it has. */
  Map<String, AttributeValue> rewritten(EntryHead head, ByteBuffer body) {
    return checked(inline(head, body));
  }

  /**
   * The item of an entry under the key of a request that was redirected; empty if an alias does in
   * this layout.
   *
   * @throws EntryTooLargeException if it is too large
   */
  Optional<Map<String, AttributeValue>> redirected(
      EntryHead head, Body body, Request last, List<Redirect> redirects) {
    return format
        .encodeRedirected(head, body, last, redirects)
        .map(item -> checked(withKey(head, item)));
  }

  private Map<String, AttributeValue> withKey(EntryHead head, Map<String, AttributeValue> item) {
    Map<String, AttributeValue> complete = new HashMap<>(item);
    String itemKey = keys.toItem(head.key());
    complete.put(Attributes.KEY, AttributeValue.fromS(itemKey));
    if (writesIndex.getAsBoolean()) {
      complete.putAll(PlaceIndex.placed(keys, itemKey, head.url()));
      if (ItemSize.of(complete) > ItemSize.MAX) {
        complete.putAll(PlaceIndex.apart(keys));
      }
    }
    return complete;
  }

  /** Checked against DynamoDB's limit before anything is sent. */
  private Map<String, AttributeValue> checked(Map<String, AttributeValue> item) {
    long size = ItemSize.of(item);
    if (size > ItemSize.MAX) {
      throw new EntryTooLargeException(
          "entry \""
              + keys.toUser(TableGateway.keyOf(item)).orElse("")
              + "\" takes "
              + size
              + " bytes as an item of table \""
              + table
              + "\"; DynamoDB's limit is "
              + ItemSize.MAX
              + ". Nothing was stored");
    }
    return item;
  }
}
