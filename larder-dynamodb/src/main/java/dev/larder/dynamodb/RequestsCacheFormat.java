package dev.larder.dynamodb;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.http.Redirect;
import dev.larder.http.Request;
import java.nio.ByteBuffer;
import java.util.ArrayList;
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
      List.of(
          "status_code",
          "reason",
          "headers",
          "cookies",
          "encoding",
          "created_at",
          "expires",
          "elapsed");

  private final NativeFormat attributes;

  RequestsCacheFormat(NativeFormat attributes) {
    this.attributes = attributes;
  }

  @Override
  public Map<String, AttributeValue> encode(EntryHead head, ByteBuffer body) {
    RequestsCacheCodings.Decoded decoded = decoded(head, body);
    return item(decoded, RequestsCacheDocument.of(decoded.head(), decoded.body()));
  }

  /**
   * requests-cache stores the response a second time, under the key of the request that was
   * redirected first.
   */
  @Override
  public Optional<Map<String, AttributeValue>> encodeRedirected(
      EntryHead head, Body body, Request last, List<Redirect> redirects) {
    RequestsCacheCodings.Decoded decoded = decoded(head, body);
    EntryHead atLast = decoded.head().toBuilder().request(last).build();
    Map<String, AttributeValue> document = RequestsCacheDocument.of(atLast, decoded.body());
    document.put("history", AttributeValue.fromL(history(head, redirects)));
    return Optional.of(item(decoded, document));
  }

  private static List<AttributeValue> history(EntryHead head, List<Redirect> redirects) {
    List<AttributeValue> history = new ArrayList<>();
    for (int i = 0; i < redirects.size(); i++) {
      Redirect redirect = redirects.get(i);
      Headers headers = redirect.response().headers();
      if (!headers.contains("Location")) {
        // Only that there was a redirect is known, and so where it led.
        String next =
            i + 1 < redirects.size() ? redirects.get(i + 1).request().uri().toString() : head.url();
        headers = Headers.builder().addAll(headers).add("Location", next).build();
      }
      EntryHead hop =
          EntryHead.builder(head.key(), redirect.request(), head.created())
              .status(redirect.response().status())
              .headers(headers)
              .build();
      RequestsCacheCodings.Decoded decoded = decoded(hop, redirect.response().body());
      history.add(AttributeValue.fromM(RequestsCacheDocument.of(decoded.head(), decoded.body())));
    }
    return history;
  }

  private static RequestsCacheCodings.Decoded decoded(EntryHead head, Body body) {
    byte[] bytes = body.bytes();
    return decoded(head.toBuilder().length(bytes.length).build(), ByteBuffer.wrap(bytes));
  }

  private static RequestsCacheCodings.Decoded decoded(EntryHead head, ByteBuffer body) {
    return RequestsCacheCodings.decode(RequestsCacheCodings.fitting(head), body);
  }

  private Map<String, AttributeValue> item(
      RequestsCacheCodings.Decoded decoded, Map<String, AttributeValue> document) {
    Map<String, AttributeValue> item = flat(decoded.head());
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
