package dev.larder.dynamodb;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryHead;
import dev.larder.serial.SerializationException;
import dev.larder.serial.Serializer;
import dev.larder.serial.StageContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An entry as the bytes that a serializer of the user's choice makes of it, in {@code value} behind
 * four bytes that mark it as Larder's. Beside it stand only the attributes that conditions and time
 * to live need.
 */
final class SerializedFormat implements EntryFormat {
  private static final byte[] MAGIC = "LRD1".getBytes(StandardCharsets.US_ASCII);

  private final ItemKeys keys;
  private final Serializer<CachedResponse> serializer;
  private final boolean writesTtl;

  SerializedFormat(ItemKeys keys, Serializer<CachedResponse> serializer, boolean writesTtl) {
    this.keys = keys;
    this.serializer = serializer;
    this.writesTtl = writesTtl;
  }

  @Override
  public Optional<String> update(EntryHead head, Expression expression) {
    return Optional.empty();
  }

  @Override
  public String isThis(Expression expression) {
    return expression.exists(Attributes.KEY);
  }

  @Override
  public Map<String, AttributeValue> encode(EntryHead head, ByteBuffer body) {
    byte[] bytes =
        serializer.serialize(
            new CachedResponse(head, Body.of(body)), context(head.key(), head.version()));
    byte[] value = Arrays.copyOf(MAGIC, MAGIC.length + bytes.length);
    System.arraycopy(bytes, 0, value, MAGIC.length, bytes.length);
    Map<String, AttributeValue> item = new HashMap<>();
    item.put(Attributes.KIND, AttributeValue.fromS(Attributes.KIND_ENTRY));
    item.put(Attributes.FORMAT, Attributes.number(NativeFormat.CURRENT));
    item.put(Attributes.VERSION, AttributeValue.fromS(head.version()));
    item.put(Attributes.REQUESTED, Attributes.instant(head.requested()));
    item.put(Attributes.VALUE, Attributes.binary(ByteBuffer.wrap(value)));
    if (writesTtl) {
      head.retainUntil()
          .ifPresent(until -> item.put(Attributes.TTL, Attributes.epochSeconds(until)));
    }
    return item;
  }

  @Override
  public CacheEntry decode(String key, Map<String, AttributeValue> item, Optional<Body> unread) {
    AttributeValue value = item.get(Attributes.VALUE);
    byte[] bytes = value == null || value.b() == null ? new byte[0] : value.b().asByteArrayUnsafe();
    if (bytes.length < MAGIC.length
        || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new InvalidItemException(
          "its value does not begin as one of Larder's serializers writes it");
    }
    String version = Attributes.text(item, Attributes.VERSION).orElse("");
    try {
      CachedResponse response =
          serializer.deserialize(
              Arrays.copyOfRange(bytes, MAGIC.length, bytes.length), context(key, version));
      EntryHead head =
          response.head().toBuilder()
              .key(key)
              .version(version)
              .length(response.body().length())
              .retainUntil(Attributes.retainUntil(item))
              .build();
      return CacheEntry.of(head, response.body(), ItemSize.of(item));
    } catch (SerializationException e) {
      throw new InvalidItemException(
          "serializer \"" + serializer.name() + "\" cannot read it: " + e.getMessage());
    }
  }

  private StageContext context(String key, String version) {
    return new StageContext(keys.place(key), version, -1);
  }
}
