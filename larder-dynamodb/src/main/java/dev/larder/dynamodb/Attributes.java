package dev.larder.dynamodb;

import dev.larder.serial.InstantText;
import dev.larder.serial.Utf8;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The names of all attributes of Larder's items, and how values are written in them;
 * docs/decisions/0004 is their specification.
 */
final class Attributes {
  static final String KEY = "key";
  static final String KIND = "k";
  static final String FORMAT = "v";
  static final String VERSION = "ver";
  static final String TTL = "ttl";
  static final String URL = "url";
  static final String HOST = "host";
  static final String METHOD = "method";
  static final String STATUS = "status";
  static final String HEADERS = "headers";
  static final String REQUEST = "request";
  static final String REQUEST_URL = "requestUrl";
  static final String REQUEST_BODY = "requestBody";
  static final String CREATED = "created";
  static final String REQUESTED = "requested";
  static final String RESPONDED = "responded";
  static final String EXPIRES = "expires";
  static final String EXPLICIT = "explicit";
  static final String DIGEST = "digest";
  static final String LENGTH = "length";
  static final String ENCODING = "encoding";
  static final String BODY = "body";
  static final String PARTS = "parts";
  static final String PARTS_TTL = "partsTtl";
  static final String STORED = "stored";
  static final String INDEX = "index";
  static final String RANGE = "range";
  static final String CREDENTIAL = "cred";
  static final String TAGS = "tags";
  static final String EXACT = "exact";
  static final String TARGET = "target";
  static final String VARY = "vary";
  static final String VARIANTS = "variants";
  static final String INVALIDATED_AT = "invalidatedAt";
  static final String VALUE = "value";
  static final String PURGED_BEFORE = "purgedBefore";
  static final String TOKEN = "token";
  static final String DURATION = "duration";
  static final String DISMISSED = "dismissed";
  static final String SEALED = "sealed";
  static final String SEALED_REQUEST = "sealedRequest";

  static final String KIND_ENTRY = "entry";
  static final String KIND_DIRECTORY = "directory";
  static final String KIND_ALIAS = "alias";
  static final String KIND_TOMBSTONE = "tombstone";
  static final String KIND_PART = "part";
  static final String KIND_LEASE = "lease";
  static final String KIND_MAP = "map";
  static final String KIND_CONTROL = "control";

  private Attributes() {}

  /** Always 24 characters, so that the order of texts is the order of times. */
  static AttributeValue instant(Instant instant) {
    return AttributeValue.fromS(InstantText.format(instant));
  }

  static AttributeValue number(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }

  /** Whole seconds, rounded up: an item is not dropped before its time. */
  static AttributeValue epochSeconds(Instant instant) {
    return number(instant.getNano() > 0 ? instant.getEpochSecond() + 1 : instant.getEpochSecond());
  }

  /**
   * Bytes as text where that is exact, and so readable in the console; it costs no more than binary
   * then. Control characters other than white space count as binary: they are not readable, and
   * escaped they triple on the wire.
   */
  static AttributeValue textOrBinary(ByteBuffer bytes) {
    return Utf8.decodeReadable(bytes).map(AttributeValue::fromS).orElseGet(() -> binary(bytes));
  }

  static AttributeValue binary(ByteBuffer bytes) {
    ByteBuffer view = bytes.duplicate();
    if (view.hasArray() && view.arrayOffset() == 0 && view.remaining() == view.array().length) {
      return AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(view.array()));
    }
    byte[] copy = new byte[view.remaining()];
    view.get(copy);
    return AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(copy));
  }

  /** The bytes of what {@link #textOrBinary} or {@link #binary} wrote. */
  static Optional<ByteBuffer> bytes(AttributeValue value) {
    if (value.s() != null) {
      return Optional.of(ByteBuffer.wrap(Utf8.encodeExact(value.s())));
    }
    return value.b() == null
        ? Optional.empty()
        : Optional.of(ByteBuffer.wrap(value.b().asByteArrayUnsafe()));
  }

  /** The text of an attribute; empty if it is not there or not a text. */
  static Optional<String> text(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    return value == null ? Optional.empty() : Optional.ofNullable(value.s());
  }

  /** The time of an attribute; empty if it is not there or not a time. */
  static Optional<Instant> instant(Map<String, AttributeValue> item, String name) {
    try {
      return text(item, name).map(InstantText::parse);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The whole number of an attribute; empty if it is not there or not a whole number. */
  static Optional<Long> number(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    if (value == null || value.n() == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Long.parseLong(value.n()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** When the item is to be dropped; empty if never, or if its {@code ttl} is no whole number. */
  static Optional<Instant> retainUntil(Map<String, AttributeValue> item) {
    return seconds(item, TTL);
  }

  /** The time in epoch seconds of an attribute; empty if it is not there or none. */
  static Optional<Instant> seconds(Map<String, AttributeValue> item, String name) {
    return number(item, name)
        .filter(seconds -> Math.abs(seconds) < 1L << 40)
        .map(Instant::ofEpochSecond);
  }

  /** Whether the item's time to live is over, swept or not. */
  static boolean isOver(Map<String, AttributeValue> item, Instant now) {
    return retainUntil(item).map(until -> !now.isBefore(until)).orElse(false);
  }
}
