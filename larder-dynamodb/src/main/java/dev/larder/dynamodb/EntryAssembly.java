package dev.larder.dynamodb;

import dev.larder.http.EntryHead;
import dev.larder.storage.EntryTooLargeException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A head and a body that comes in pieces, on the way to becoming an item. No more than one part of
 * the body is collected; when more comes, it goes to the table. Used by one thread at a time.
 */
final class EntryAssembly {
  private static final int FIRST_BYTES = 8 * 1024;

  private final ItemMaker maker;
  private final EntryHead head;
  private byte[] collected = new byte[0];
  private int count;
  private long total;
  private @Nullable PartsUpload upload;

  /** An assembly for an entry with this head, which has its version. */
  EntryAssembly(ItemMaker maker, EntryHead head) {
    this.maker = maker;
    this.head = head;
  }

  String version() {
    return head.version();
  }

  /**
   * Takes the remaining bytes of the buffer, which is the caller's again afterwards.
   *
   * @throws EntryTooLargeException if the body can no longer be stored
   */
  void append(ByteBuffer bytes) {
    maker.checkLength(head, total + bytes.remaining());
    while (bytes.hasRemaining()) {
      if (count == maker.partBytes()) {
        uploading().add(ByteBuffer.wrap(collected, 0, count), false);
        collected = new byte[collected.length];
        count = 0;
      }
      int taken = Math.min(bytes.remaining(), maker.partBytes() - count);
      if (count + taken > collected.length) {
        collected = Arrays.copyOf(collected, grown(count + taken));
      }
      bytes.get(collected, count, taken);
      count += taken;
      total += taken;
    }
  }

  /** The item of the entry with what has been appended; its parts are written then. */
  Map<String, AttributeValue> item() {
    return item(ByteBuffer.wrap(collected, 0, count));
  }

  /** The item of the entry with this body, of which nothing is copied. */
  Map<String, AttributeValue> item(ByteBuffer body) {
    if (upload == null && total == count) {
      total = body.remaining();
    }
    maker.checkLength(head, total);
    ByteBuffer rest = body.duplicate();
    while (rest.remaining() > maker.partBytes()) {
      uploading().add(rest.slice().limit(maker.partBytes()), false);
      rest.position(rest.position() + maker.partBytes());
    }
    if (upload == null) {
      Map<String, AttributeValue> item = maker.inline(head, rest);
      if (maker.fitsInline(item)) {
        return item;
      }
      Optional<BodyCodec.Stored> encoded = maker.asOnlyPart(item, rest);
      if (encoded.isPresent()) {
        uploading().add(encoded.get());
        return maker.inParts(head, total, uploading().finish());
      }
    }
    uploading().add(rest.slice(), true);
    return maker.inParts(head, total, uploading().finish());
  }

  /** Gives up what has been written for it. Does not throw; the item must not be published. */
  void abandon() {
    collected = new byte[0];
    if (upload != null) {
      upload.abandon();
      upload = null;
    }
  }

  private PartsUpload uploading() {
    PartsUpload current = upload;
    if (current == null) {
      current = maker.upload(head);
      upload = current;
    }
    return current;
  }

  private int grown(int needed) {
    return (int) Math.min(Math.max(Math.max(needed, FIRST_BYTES), 2L * count), maker.partBytes());
  }
}
