package dev.larder.dynamodb;

import dev.larder.http.EntryHead;
import dev.larder.storage.StoredItem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Changes the head of an item that requests-cache wrote, leaving it requests-cache's: only what
 * differs is changed, in {@code value}, and {@code ttl}.
 *
 * <p>Such an item may be replaced at any time by a writer that knows no conditions. The change is
 * conditional on the whole {@code value} that was read, so nothing of another response is touched,
 * and nothing that is gone comes back.
 */
final class RequestsCacheUpdate {
  private RequestsCacheUpdate() {}

  static boolean update(
      TableGateway gateway, ItemReader reader, String itemKey, EntryHead head, Instant now) {
    Map<String, AttributeValue> item = gateway.get(itemKey, true, List.of()).orElse(Map.of());
    AttributeValue value = item.get(Attributes.VALUE);
    if (value == null || item.containsKey(Attributes.KIND) || Attributes.isOver(item, now)) {
      return false;
    }
    Optional<EntryHead> current =
        reader
            .read(head.key(), item, Optional.empty())
            .filter(StoredItem.Entry.class::isInstance)
            .map(found -> ((StoredItem.Entry) found).entry())
            .filter(entry -> !entry.isInvalid())
            .map(entry -> entry.head())
            .filter(found -> found.version().equals(head.version()));
    if (current.isEmpty()) {
      return false;
    }
    Expression expression = new Expression();
    String condition =
        expression.missing(Attributes.KIND)
            + " AND "
            + expression.alive(now)
            + " AND "
            + expression.name(Attributes.VALUE)
            + " = "
            + expression.value(value);
    Map<String, AttributeValue> wanted = new LinkedHashMap<>();
    wanted.put(Attributes.VALUE, changed(item, value, current.get(), head));
    head.retainUntil()
        .ifPresent(until -> wanted.put(Attributes.TTL, Attributes.epochSeconds(until)));
    String update =
        new HeadUpdate(expression)
            .attributes("", List.of(Attributes.VALUE, Attributes.TTL), wanted)
            .text();
    return gateway.update(itemKey, update, condition, expression).done();
  }

  private static AttributeValue changed(
      Map<String, AttributeValue> item, AttributeValue value, EntryHead old, EntryHead head) {
    RequestsCacheReader.Document document = RequestsCacheReader.document(item);
    Map<String, AttributeValue> fields = new LinkedHashMap<>(document.fields());
    Map<String, AttributeValue> wanted = RequestsCacheDocument.head(head);
    if (!old.expires().equals(head.expires())) {
      copy("expires", wanted, fields);
    }
    if (!old.headers().equals(head.headers())) {
      copy("headers", wanted, fields);
    }
    if (old.status() != head.status()) {
      copy("status_code", wanted, fields);
      copy("reason", wanted, fields);
    }
    AttributeValue changed = AttributeValue.fromM(fields);
    if (value.hasM()) {
      return changed;
    }
    String text = PythonJson.dump(changed);
    return value.s() != null
        ? AttributeValue.fromS(text)
        : Attributes.binary(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
  }

  private static void copy(
      String name, Map<String, AttributeValue> from, Map<String, AttributeValue> to) {
    AttributeValue value = from.get(name);
    if (value == null) {
      to.remove(name);
    } else {
      to.put(name, value);
    }
  }
}
