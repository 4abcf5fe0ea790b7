package dev.larder.dynamodb;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryHead;
import dev.larder.http.Redirect;
import dev.larder.http.Request;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** How an entry is laid out in an item. Stateless and thread-safe. */
interface EntryFormat {
  /**
   * The item of an entry, without its key.
   *
   * @param head with version and length
   */
  Map<String, AttributeValue> encode(EntryHead head, ByteBuffer body);

  /**
   * The item of an entry under the key of a request that was redirected; empty if an alias does in
   * this format.
   *
   * @param head with version, and the request that was redirected first
   * @param last the request that the response answers
   */
  default Optional<Map<String, AttributeValue>> encodeRedirected(
      EntryHead head, Body body, Request last, List<Redirect> redirects) {
    return Optional.empty();
  }

  /**
   * The entry of an item.
   *
   * @param key the key the user knows
   * @param unread the body to use if the item was read without its body; empty if it was read whole
   * @throws InvalidItemException if it cannot be decoded
   */
  CacheEntry decode(String key, Map<String, AttributeValue> item, Optional<Body> unread);

  /**
   * The update expression that makes the head of an entry in this format what {@code head} is,
   * without touching its body; empty if the whole item has to be written.
   */
  Optional<String> update(EntryHead head, Expression expression);

  /** The condition that an entry is in a format that {@link #update} is for. */
  String isThis(Expression expression);

  /** An item cannot be decoded; the message says why. Never leaves this package. */
  final class InvalidItemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidItemException(String problem) {
      super(problem);
    }
  }
}
