package dev.larder.dynamodb;

import static dev.larder.dynamodb.Attributes.BODY;
import static dev.larder.dynamodb.Attributes.CREATED;
import static dev.larder.dynamodb.Attributes.CREDENTIAL;
import static dev.larder.dynamodb.Attributes.DIGEST;
import static dev.larder.dynamodb.Attributes.ENCODING;
import static dev.larder.dynamodb.Attributes.EXACT;
import static dev.larder.dynamodb.Attributes.EXPIRES;
import static dev.larder.dynamodb.Attributes.EXPLICIT;
import static dev.larder.dynamodb.Attributes.FORMAT;
import static dev.larder.dynamodb.Attributes.HEADERS;
import static dev.larder.dynamodb.Attributes.HOST;
import static dev.larder.dynamodb.Attributes.KEY;
import static dev.larder.dynamodb.Attributes.KIND;
import static dev.larder.dynamodb.Attributes.KIND_ENTRY;
import static dev.larder.dynamodb.Attributes.LENGTH;
import static dev.larder.dynamodb.Attributes.METHOD;
import static dev.larder.dynamodb.Attributes.PARTS;
import static dev.larder.dynamodb.Attributes.PARTS_TTL;
import static dev.larder.dynamodb.Attributes.RANGE;
import static dev.larder.dynamodb.Attributes.REQUEST;
import static dev.larder.dynamodb.Attributes.REQUESTED;
import static dev.larder.dynamodb.Attributes.REQUEST_BODY;
import static dev.larder.dynamodb.Attributes.REQUEST_URL;
import static dev.larder.dynamodb.Attributes.RESPONDED;
import static dev.larder.dynamodb.Attributes.SEALED;
import static dev.larder.dynamodb.Attributes.STATUS;
import static dev.larder.dynamodb.Attributes.STORED;
import static dev.larder.dynamodb.Attributes.TAGS;
import static dev.larder.dynamodb.Attributes.TTL;
import static dev.larder.dynamodb.Attributes.URL;
import static dev.larder.dynamodb.Attributes.VALUE;
import static dev.larder.dynamodb.Attributes.VERSION;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.serial.Utf8;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Larder's own layout: few flat attributes, readable in the console; docs/decisions/0004 specifies
 * it. A body is in the entry's own item or in {@linkplain Parts parts}.
 */
final class NativeFormat implements EntryFormat {
  static final int CURRENT = 1;

  static final List<String> UPDATABLE =
      List.of(
          STATUS,
          HEADERS,
          CREATED,
          REQUESTED,
          RESPONDED,
          EXPIRES,
          EXPLICIT,
          TTL,
          RANGE,
          CREDENTIAL,
          TAGS,
          EXACT);

  /** What an update of a sealed entry sets or removes. */
  private static final List<String> SEALED_UPDATABLE = List.of(SEALED, REQUESTED, TTL);

  private final boolean writesTtl;
  private final BodyCodec codec;
  private final Parts parts;
  private final Optional<MetadataSeal> seal;

  /**
   * The layout.
   *
   * @param seal what hides heads; empty if they are readable
   */
  NativeFormat(boolean writesTtl, BodyCodec codec, Parts parts, Optional<MetadataSeal> seal) {
    this.writesTtl = writesTtl;
    this.codec = codec;
    this.parts = parts;
    this.seal = seal;
  }

  @Override
  public Optional<String> update(EntryHead head, Expression expression) {
    return Optional.of(
        new HeadUpdate(expression).attributes("", updatable(), attributes(head)).text());
  }

  /**
   * As {@link #update}, for an entry that must not outlive its parts, whether or not times to live
   * are written otherwise.
   */
  String updateUntil(Instant partsEnd, EntryHead head, Expression expression) {
    Map<String, AttributeValue> wanted = attributes(head);
    wanted.put(TTL, Attributes.epochSeconds(partsEnd));
    return new HeadUpdate(expression).attributes("", updatable(), wanted).text();
  }

  private List<String> updatable() {
    return seal.isPresent() ? SEALED_UPDATABLE : UPDATABLE;
  }

  @Override
  public String isThis(Expression expression) {
    return expression.missing(VALUE)
        + " AND "
        + (seal.isPresent() ? expression.exists(SEALED) : expression.missing(SEALED));
  }

  @Override
  public Map<String, AttributeValue> encode(EntryHead head, ByteBuffer body) {
    Map<String, AttributeValue> item = attributes(head);
    item.put(LENGTH, Attributes.number(body.remaining()));
    if (body.hasRemaining() || codec.authenticates()) {
      long keySize = (long) KEY.length() + Utf8.length(head.key());
      BodyCodec.Stored stored =
          codec.encode(body, head, BODY.length() + ItemSize.of(item) + keySize);
      item.put(BODY, stored.value());
      if (!stored.encoding().isEmpty()) {
        item.put(ENCODING, AttributeValue.fromS(stored.encoding()));
        item.put(STORED, Attributes.number(stored.length()));
      }
    }
    return item;
  }

  /** The item of an entry whose body is in parts, without its key. */
  Map<String, AttributeValue> encode(EntryHead head, long length, PartList list) {
    Map<String, AttributeValue> item = attributes(head);
    item.put(LENGTH, Attributes.number(length));
    item.put(PARTS, AttributeValue.fromS(list.text()));
    parts.keptUntil(head).ifPresent(until -> item.put(PARTS_TTL, Attributes.epochSeconds(until)));
    return item;
  }

  private Map<String, AttributeValue> attributes(EntryHead head) {
    Map<String, AttributeValue> plain = plainAttributes(head);
    return seal.map(hiding -> hiding.close(plain, head)).orElse(plain);
  }

  private Map<String, AttributeValue> plainAttributes(EntryHead head) {
    Map<String, AttributeValue> item = new HashMap<>(32);
    item.put(KIND, AttributeValue.fromS(KIND_ENTRY));
    item.put(FORMAT, Attributes.number(CURRENT));
    item.put(VERSION, AttributeValue.fromS(head.version()));
    item.put(URL, AttributeValue.fromS(head.url()));
    item.put(HOST, AttributeValue.fromS(head.host()));
    item.put(METHOD, AttributeValue.fromS(head.method()));
    item.put(STATUS, Attributes.number(head.status()));
    putText(item, HEADERS, head.headers().toText());
    putRequest(item, head);
    item.put(CREATED, Attributes.instant(head.created()));
    item.put(REQUESTED, Attributes.instant(head.requested()));
    item.put(RESPONDED, Attributes.instant(head.responded()));
    head.expires().ifPresent(expires -> item.put(EXPIRES, Attributes.instant(expires)));
    if (head.explicit()) {
      item.put(EXPLICIT, AttributeValue.fromBool(true));
    }
    if (writesTtl) {
      head.retainUntil().ifPresent(until -> item.put(TTL, Attributes.epochSeconds(until)));
    }
    head.digest().ifPresent(digest -> item.put(DIGEST, AttributeValue.fromS(digest)));
    head.range().ifPresent(range -> item.put(RANGE, AttributeValue.fromS(range)));
    head.credential()
        .ifPresent(credential -> item.put(CREDENTIAL, AttributeValue.fromS(credential)));
    if (!head.tags().isEmpty()) {
      item.put(TAGS, AttributeValue.fromSs(List.copyOf(head.tags())));
    }
    if (!head.exact()) {
      item.put(EXACT, AttributeValue.fromBool(false));
    }
    return item;
  }

  @Override
  public CacheEntry decode(String key, Map<String, AttributeValue> item, Optional<Body> unread) {
    EntryHead head = head(key, opened(key, item));
    Optional<String> list = Attributes.text(item, PARTS);
    if (list.isPresent()) {
      return CacheEntry.of(head, parts.body(head, PartList.parse(list.get())), ItemSize.of(item));
    }
    boolean readWhole = unread.isEmpty() || isNothing(head);
    Body body = readWhole ? body(head, item) : unread.get();
    long notRead =
        readWhole ? 0 : BODY.length() + Attributes.number(item, STORED).orElse(head.length());
    return CacheEntry.of(head, body, ItemSize.of(item) + notRead);
  }

  private Map<String, AttributeValue> opened(String key, Map<String, AttributeValue> item) {
    if (seal.isPresent()) {
      return seal.get().open(key, item);
    }
    if (item.containsKey(SEALED)) {
      throw new InvalidItemException(
          "its metadata is encrypted; this cache needs encryptMetadata(true) and the key");
    }
    return item;
  }

  private static void putRequest(Map<String, AttributeValue> item, EntryHead head) {
    Request request = head.request();
    putText(item, REQUEST, request.headers().toText());
    String url = request.uri().toString();
    if (!url.equals(head.url())) {
      item.put(REQUEST_URL, AttributeValue.fromS(url));
    }
    if (request.body().length() != 0) {
      item.put(REQUEST_BODY, Attributes.textOrBinary(ByteBuffer.wrap(request.body().bytes())));
    }
  }

  /**
   * The head of an entry of Larder's.
   *
   * @throws InvalidItemException if it cannot be decoded
   */
  static EntryHead head(String key, Map<String, AttributeValue> item) {
    long format = required(Attributes.number(item, FORMAT), FORMAT);
    if (format > CURRENT) {
      throw new InvalidItemException(
          "it has format "
              + format
              + ", written by a newer Larder; this one reads up to "
              + CURRENT);
    }
    try {
      String url = required(Attributes.text(item, URL), URL);
      String method = required(Attributes.text(item, METHOD), METHOD);
      URI requestUri = URI.create(Attributes.text(item, REQUEST_URL).orElse(url));
      Headers requestHeaders = Headers.parse(Attributes.text(item, REQUEST).orElse(""));
      Body requestBody =
          Optional.ofNullable(item.get(REQUEST_BODY))
              .flatMap(Attributes::bytes)
              .map(Body::of)
              .orElse(Body.empty());
      Instant created = required(Attributes.instant(item, CREATED), CREATED);
      return EntryHead.builder(
              key, new Request(method, requestUri, requestHeaders, requestBody), created)
          .version(required(Attributes.text(item, VERSION), VERSION))
          .url(url)
          .status(Math.toIntExact(required(Attributes.number(item, STATUS), STATUS)))
          .headers(Headers.parse(Attributes.text(item, HEADERS).orElse("")))
          .requested(required(Attributes.instant(item, REQUESTED), REQUESTED))
          .responded(required(Attributes.instant(item, RESPONDED), RESPONDED))
          .expires(
              item.containsKey(EXPIRES)
                  ? Optional.of(required(Attributes.instant(item, EXPIRES), EXPIRES))
                  : Optional.empty())
          .explicit(item.containsKey(EXPLICIT))
          .retainUntil(Attributes.retainUntil(item))
          .length(required(Attributes.number(item, LENGTH), LENGTH))
          .digest(Attributes.text(item, DIGEST))
          .range(Attributes.text(item, RANGE))
          .credential(Attributes.text(item, CREDENTIAL))
          .exact(!item.containsKey(EXACT))
          .tags(item.containsKey(TAGS) ? item.get(TAGS).ss() : List.of())
          .build();
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new InvalidItemException("an attribute is malformed: " + e.getMessage());
    }
  }

  private boolean isNothing(EntryHead head) {
    return head.length() == 0 && !codec.authenticates();
  }

  private Body body(EntryHead head, Map<String, AttributeValue> item) {
    if (isNothing(head)) {
      return Body.empty();
    }
    ByteBuffer bytes =
        Optional.ofNullable(item.get(BODY))
            .flatMap(Attributes::bytes)
            .orElseThrow(
                () ->
                    new InvalidItemException(
                        "attribute \"" + BODY + "\" is missing or of the wrong type"));
    byte[] decoded = codec.decode(bytes, Attributes.text(item, ENCODING), head, -1);
    if (decoded.length != head.length()) {
      throw new InvalidItemException(
          "its body has " + decoded.length + " bytes but should have " + head.length());
    }
    return Body.of(decoded);
  }

  private static void putText(Map<String, AttributeValue> item, String name, String text) {
    if (!text.isEmpty()) {
      item.put(name, AttributeValue.fromS(text));
    }
  }

  private static <T> T required(Optional<T> value, String name) {
    return value.orElseThrow(
        () -> new InvalidItemException("attribute \"" + name + "\" is missing or malformed"));
  }
}
