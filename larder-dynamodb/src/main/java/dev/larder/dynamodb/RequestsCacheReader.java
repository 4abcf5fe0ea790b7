package dev.larder.dynamodb;

import dev.larder.dynamodb.EntryFormat.InvalidItemException;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.serial.Utf8;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Reads the items that requests-cache writes; docs/decisions/0011 says what becomes of what.
 *
 * <p>They come from another program, so nothing in them is trusted: what requests-cache itself
 * would stumble over is an invalid entry, and what it tolerates is tolerated.
 */
final class RequestsCacheReader {
  private static final BigDecimal LONGEST = BigDecimal.valueOf(Duration.ofDays(1).toSeconds());
  private static final BigDecimal LAST_SECOND = BigDecimal.valueOf(253_402_300_799L);

  private final Clock clock;

  RequestsCacheReader(Clock clock) {
    this.clock = clock;
  }

  /** The entry of an item without a kind; an invalid one if it cannot be decoded. */
  CacheEntry read(String key, Map<String, AttributeValue> item) {
    long size = ItemSize.of(item);
    try {
      Document document = document(item);
      EntryHead.Builder head = head(key, item, document);
      RequestsCacheBody body = RequestsCacheBody.of(document, headers(document));
      head.headers(body.headers(document.request().method())).exact(body.exact());
      return CacheEntry.of(head.length(body.body().length()).build(), body.body(), size);
    } catch (InvalidItemException | DateTimeException | ArithmeticException e) {
      return CacheEntry.invalid(
          key, "it is no response that requests-cache wrote: " + e.getMessage(), size);
    } catch (IllegalArgumentException e) {
      return CacheEntry.invalid(
          key, "it is no response that requests-cache wrote: an attribute is malformed", size);
    }
  }

  /**
   * The response document.
   *
   * @param fields its members
   * @param base85 whether it came as a text, in which bytes are Base85
   */
  record Document(Map<String, AttributeValue> fields, boolean base85) {
    Optional<AttributeValue> field(String name) {
      return Optional.ofNullable(fields.get(name)).filter(value -> !isNull(value));
    }

    Request request() {
      return RequestsCacheRequests.asked(this);
    }

    /** Bytes, which may be empty. */
    byte[] bytes(AttributeValue value) {
      if (!base85 && value.b() != null) {
        return value.b().asByteArrayUnsafe();
      }
      if (base85 && value.s() != null) {
        return PythonBase85.decode(value.s());
      }
      throw new InvalidItemException("its content or its request's is not bytes");
    }
  }

  static boolean isNull(AttributeValue value) {
    return Boolean.TRUE.equals(value.nul());
  }

  static Document document(Map<String, AttributeValue> item) {
    AttributeValue value = item.get(Attributes.VALUE);
    if (value != null && value.hasM()) {
      return new Document(value.m(), false);
    }
    Optional<String> text =
        value == null ? Optional.empty() : Attributes.bytes(value).flatMap(Utf8::decodeExact);
    AttributeValue parsed =
        PythonJson.parse(
            text.orElseThrow(() -> new InvalidItemException("it has no document in \"value\"")));
    if (!parsed.hasM()) {
      throw new InvalidItemException("its value is JSON, but not an object");
    }
    return new Document(parsed.m(), true);
  }

  private EntryHead.Builder head(String key, Map<String, AttributeValue> item, Document document) {
    Optional<Instant> expires =
        document
            .field("expires")
            .map(
                value ->
                    PythonDates.parse(
                        Optional.ofNullable(value.s())
                            .orElseThrow(
                                () -> new InvalidItemException("\"expires\" is not a text"))));
    Instant created = document.field("created_at").map(this::created).orElseGet(clock::instant);
    Duration elapsed =
        document.field("elapsed").map(RequestsCacheReader::elapsed).orElse(Duration.ZERO);
    return EntryHead.builder(key, document.request(), created)
        .version(PythonVersion.of(item).text())
        .url(url(document))
        .status(document.field("status_code").map(RequestsCacheReader::status).orElse(0))
        .requested(created.minus(elapsed))
        .responded(created)
        .expires(expires)
        // What a requests-cache session chose, whatever the origin said.
        .explicit(true)
        .retainUntil(Attributes.retainUntil(item));
  }

  private static String url(Document document) {
    return document
        .field("url")
        .or(() -> document.field("request").filter(AttributeValue::hasM).map(r -> r.m().get("url")))
        .map(AttributeValue::s)
        .orElse("");
  }

  private Instant created(AttributeValue value) {
    if (value.s() != null) {
      return PythonDates.parse(value.s());
    }
    // Python hands it out as the number it is. Seconds since 1970 is what it can only mean.
    return number(value)
        .filter(seconds -> seconds.signum() >= 0 && seconds.compareTo(LAST_SECOND) <= 0)
        .map(seconds -> Instant.ofEpochSecond(seconds.longValue()))
        .orElseGet(clock::instant);
  }

  private static int status(AttributeValue value) {
    return number(value)
        .filter(code -> code.abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0)
        .orElseThrow(() -> new InvalidItemException("\"status_code\" is no number"))
        .intValue();
  }

  private static Duration elapsed(AttributeValue value) {
    return number(value)
        .filter(seconds -> seconds.signum() > 0 && seconds.compareTo(LONGEST) <= 0)
        .map(seconds -> Duration.ofNanos(seconds.movePointRight(9).longValue()))
        .orElse(Duration.ZERO);
  }

  private static Optional<BigDecimal> number(AttributeValue value) {
    String text = value.n() != null ? value.n() : value.s();
    try {
      return Optional.ofNullable(text).map(String::trim).map(BigDecimal::new);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /**
   * Field lines as stored. Lines that HTTP does not allow, and those that are null, are left out.
   */
  static Headers headers(Document document) {
    return document.field("headers").map(RequestsCacheReader::headers).orElse(Headers.empty());
  }

  static Headers headers(AttributeValue map) {
    if (!map.hasM()) {
      throw new InvalidItemException("\"headers\" is no map");
    }
    Headers.Builder headers = Headers.builder();
    map.m()
        .forEach(
            (name, value) -> {
              if (value.s() != null) {
                headers.addIfValid(name, value.s());
              } else if (value.hasL()) {
                value.l().stream()
                    .filter(line -> line.s() != null)
                    .forEach(line -> headers.addIfValid(name, line.s()));
              } else if (!isNull(value)) {
                throw new InvalidItemException("the value of a field is not a text");
              }
            });
    return headers.build();
  }
}
