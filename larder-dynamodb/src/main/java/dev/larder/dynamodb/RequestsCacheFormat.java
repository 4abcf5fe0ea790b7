package dev.larder.dynamodb;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryHead;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An entry as requests-cache reads it, in {@code value}, with the attributes of the native layout
 * beside it, which requests-cache ignores and Larder reads; docs/decisions/0011 specifies it. The
 * body is in {@code value} only.
 */
final class RequestsCacheFormat implements EntryFormat {
  private static final List<String> UPDATABLE =
      List.of("status_code", "reason", "headers", "encoding", "created_at", "expires", "elapsed");

  private final NativeFormat attributes;

  RequestsCacheFormat(NativeFormat attributes) {
    this.attributes = attributes;
  }

  @Override
  public Map<String, AttributeValue> encode(EntryHead head, ByteBuffer body) {
    RequestsCacheCodings.Decoded decoded =
        RequestsCacheCodings.decode(RequestsCacheCodings.fitting(head), body);
    Map<String, AttributeValue> item = flat(decoded.head());
    Map<String, AttributeValue> document = RequestsCacheDocument.head(decoded.head());
    document.put("_content", Attributes.binary(decoded.body()));
    item.put(Attributes.VALUE, AttributeValue.fromM(document));
    return item;
  }

  @Override
  public CacheEntry decode(String key, Map<String, AttributeValue> item, Optional<Body> unread) {
    EntryHead head = NativeFormat.head(key, item);
    AttributeValue value = item.get(Attributes.VALUE);
    AttributeValue content = value == null ? null : value.m().get("_content");
    if (content == null || content.b() == null) {
      throw new InvalidItemException("its body is missing or of the wrong type");
    }
    byte[] bytes = content.b().asByteArrayUnsafe();
    if (bytes.length != head.length()) {
      throw new InvalidItemException(
          "its body has " + bytes.length + " bytes but should have " + head.length());
    }
    return CacheEntry.of(head, Body.of(bytes), ItemSize.of(item));
  }

  @Override
  public Optional<String> update(EntryHead head, Expression expression) {
    EntryHead fitting = RequestsCacheCodings.fitting(head);
    return Optional.of(
        new HeadUpdate(expression)
            .attributes("", NativeFormat.UPDATABLE, flat(fitting))
            .attributes(Attributes.VALUE, UPDATABLE, RequestsCacheDocument.head(fitting))
            .text());
  }

  @Override
  public String isThis(Expression expression) {
    return "attribute_type("
        + expression.name(Attributes.VALUE)
        + ", "
        + expression.value("M")
        + ")";
  }

  private Map<String, AttributeValue> flat(EntryHead head) {
    Map<String, AttributeValue> item = attributes.encode(head, ByteBuffer.allocate(0));
    item.put(Attributes.LENGTH, Attributes.number(head.length()));
    return item;
  }
}
