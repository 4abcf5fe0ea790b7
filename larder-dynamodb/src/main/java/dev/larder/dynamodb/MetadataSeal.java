package dev.larder.dynamodb;

import dev.larder.http.EntryHead;
import dev.larder.serial.SerializationException;
import dev.larder.serial.Stage;
import dev.larder.serial.StageContext;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Encrypts the head of an entry into two attributes: what tells which request it answers, which is
 * written once, and what each renewal replaces. Each is bound to key, version and its own place, so
 * that neither opens elsewhere, nor as the other. Outside stay key, kind, format, version, the
 * times that conditions and time to live need, and the lengths and parts of the body.
 *
 * <p>Whoever can write to the table can put back an earlier head of the same version: older times
 * and field lines for the same body. Thread-safe.
 */
final class MetadataSeal {
  /** Parts have every other number: from 0 up, and from -2 down for the last one. */
  private static final int REQUEST_PLACE = Integer.MIN_VALUE;

  private static final int HEAD_PLACE = Integer.MIN_VALUE + 1;

  private static final List<String> REQUEST =
      List.of(
          Attributes.URL,
          Attributes.METHOD,
          Attributes.REQUEST,
          Attributes.REQUEST_URL,
          Attributes.REQUEST_BODY,
          Attributes.DIGEST);

  private static final List<String> HEAD =
      List.of(
          Attributes.STATUS,
          Attributes.HEADERS,
          Attributes.CREATED,
          Attributes.REQUESTED,
          Attributes.RESPONDED,
          Attributes.EXPIRES,
          Attributes.EXPLICIT,
          Attributes.RANGE,
          Attributes.CREDENTIAL,
          Attributes.TAGS,
          Attributes.EXACT);

  private final ItemKeys keys;
  private final Stage stage;

  /** Seals with this stage, which encrypts and authenticates, for the items of these keys. */
  MetadataSeal(ItemKeys keys, Stage stage) {
    this.keys = keys;
    this.stage = stage;
  }

  /** The attributes of a head with all that is to be hidden in the two sealed ones. */
  Map<String, AttributeValue> close(Map<String, AttributeValue> plain, EntryHead head) {
    Map<String, AttributeValue> closed = new HashMap<>(plain);
    closed.keySet().removeAll(REQUEST);
    closed.keySet().removeAll(HEAD);
    // It follows from the URL.
    closed.remove(Attributes.HOST);
    // The order of writes is a condition on it.
    closed.put(Attributes.REQUESTED, Attributes.instant(head.requested()));
    closed.put(
        Attributes.SEALED_REQUEST,
        sealed(plain, REQUEST, head.key(), head.version(), REQUEST_PLACE));
    closed.put(Attributes.SEALED, sealed(plain, HEAD, head.key(), head.version(), HEAD_PLACE));
    return closed;
  }

  private AttributeValue sealed(
      Map<String, AttributeValue> plain, List<String> names, String key, String version, int at) {
    Map<String, AttributeValue> hidden = new HashMap<>(plain);
    hidden.keySet().retainAll(names);
    byte[] bytes =
        stage.encode(AttributeBytes.encode(hidden), new StageContext(keys.place(key), version, at));
    return Attributes.binary(ByteBuffer.wrap(bytes));
  }

  /**
   * The item with the attributes that were hidden, as they would be without the seal.
   *
   * @throws EntryFormat.InvalidItemException if they do not open
   */
  Map<String, AttributeValue> open(String key, Map<String, AttributeValue> item) {
    String version = Attributes.text(item, Attributes.VERSION).orElse("");
    String place = keys.place(key);
    Map<String, AttributeValue> opened = new HashMap<>(item);
    opened.putAll(
        opened(item, Attributes.SEALED_REQUEST, new StageContext(place, version, REQUEST_PLACE)));
    opened.putAll(opened(item, Attributes.SEALED, new StageContext(place, version, HEAD_PLACE)));
    return opened;
  }

  private Map<String, AttributeValue> opened(
      Map<String, AttributeValue> item, String name, StageContext place) {
    byte[] sealed =
        Optional.ofNullable(item.get(name))
            .flatMap(value -> Optional.ofNullable(value.b()))
            .orElseThrow(
                () ->
                    new EntryFormat.InvalidItemException(
                        "its metadata is not encrypted, which this cache demands"))
            .asByteArrayUnsafe();
    try {
      return AttributeBytes.decode(stage.decode(sealed, place));
    } catch (SerializationException e) {
      throw new EntryFormat.InvalidItemException(
          "its metadata cannot be decrypted: " + e.getMessage());
    }
  }
}
