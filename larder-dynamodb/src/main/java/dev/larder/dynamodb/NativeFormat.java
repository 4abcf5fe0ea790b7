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
import static dev.larder.dynamodb.Attributes.KIND;
import static dev.larder.dynamodb.Attributes.KIND_ENTRY;
import static dev.larder.dynamodb.Attributes.LENGTH;
import static dev.larder.dynamodb.Attributes.METHOD;
import static dev.larder.dynamodb.Attributes.PARTS;
import static dev.larder.dynamodb.Attributes.RANGE;
import static dev.larder.dynamodb.Attributes.REQUEST;
import static dev.larder.dynamodb.Attributes.REQUESTED;
import static dev.larder.dynamodb.Attributes.REQUEST_BODY;
import static dev.larder.dynamodb.Attributes.REQUEST_URL;
import static dev.larder.dynamodb.Attributes.RESPONDED;
import static dev.larder.dynamodb.Attributes.STATUS;
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
import dev.larder.serial.SerializationException;
import dev.larder.serial.Stage;
import dev.larder.serial.StageContext;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Larder's own layout: few flat attributes, readable in the console; docs/decisions/0004 specifies
 * it. Stages apply to the body; their names are recorded with it, so a reader with other stages
 * switched on still reads it, if it knows them at all.
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

  private final boolean readableBodies;
  private final boolean writesTtl;
  private final List<Stage> stages;
  private final Map<String, Stage> known = new LinkedHashMap<>();

  /**
   * A format.
   *
   * @param readableBodies whether text bodies are stored as text
   * @param stages what to apply to bodies on writing
   * @param readable further stages that may be met on reading
   */
  NativeFormat(
      boolean readableBodies, boolean writesTtl, List<Stage> stages, List<Stage> readable) {
    this.readableBodies = readableBodies;
    this.writesTtl = writesTtl;
    this.stages = List.copyOf(stages);
    readable.forEach(stage -> known.put(stage.name(), stage));
    stages.forEach(stage -> known.put(stage.name(), stage));
  }

  @Override
  public Optional<String> update(EntryHead head, Expression expression) {
    return Optional.of(
        new HeadUpdate(expression)
            .attributes("", UPDATABLE, encode(head, ByteBuffer.allocate(0)))
            .text());
  }

  @Override
  public String isThis(Expression expression) {
    return expression.missing(VALUE);
  }

  @Override
  public Map<String, AttributeValue> encode(EntryHead head, ByteBuffer body) {
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
    item.put(LENGTH, Attributes.number(body.remaining()));
    if (body.hasRemaining()) {
      putBody(item, head, body);
    }
    return item;
  }

  @Override
  public CacheEntry decode(String key, Map<String, AttributeValue> item, Optional<Body> unread) {
    EntryHead head = head(key, item);
    if (item.containsKey(PARTS)) {
      throw new InvalidItemException("its body is kept in parts, which this Larder does not read");
    }
    boolean readWhole = unread.isEmpty() || head.length() == 0;
    Body body = readWhole ? body(head, item) : unread.get();
    return CacheEntry.of(head, body, ItemSize.of(item) + (readWhole ? 0 : head.length()));
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

  private void putBody(Map<String, AttributeValue> item, EntryHead head, ByteBuffer body) {
    if (stages.isEmpty()) {
      item.put(BODY, readableBodies ? Attributes.textOrBinary(body) : Attributes.binary(body));
      return;
    }
    byte[] bytes = new byte[body.remaining()];
    body.duplicate().get(bytes);
    StageContext context = context(head);
    for (Stage stage : stages) {
      bytes = stage.encode(bytes, context);
    }
    item.put(
        ENCODING,
        AttributeValue.fromS(String.join(",", stages.stream().map(Stage::name).toList())));
    item.put(BODY, Attributes.binary(ByteBuffer.wrap(bytes)));
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

  private Body body(EntryHead head, Map<String, AttributeValue> item) {
    if (head.length() == 0) {
      return Body.empty();
    }
    ByteBuffer bytes =
        Optional.ofNullable(item.get(BODY))
            .flatMap(Attributes::bytes)
            .orElseThrow(
                () ->
                    new InvalidItemException(
                        "attribute \"" + BODY + "\" is missing or of the wrong type"));
    Optional<String> encoding = Attributes.text(item, ENCODING);
    if (encoding.isPresent()) {
      bytes = decoded(head, bytes, encoding.get());
    }
    if (bytes.remaining() != head.length()) {
      throw new InvalidItemException(
          "its body has " + bytes.remaining() + " bytes but should have " + head.length());
    }
    return Body.of(bytes);
  }

  private ByteBuffer decoded(EntryHead head, ByteBuffer encoded, String encoding) {
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    List<String> names = new ArrayList<>(List.of(encoding.split(",", -1)));
    Collections.reverse(names);
    for (String name : names) {
      Stage stage = known.get(name);
      if (stage == null) {
        throw new InvalidItemException(
            "its body is encoded with \"" + name + "\", a stage this cache is not given");
      }
      try {
        bytes = stage.decode(bytes, context(head));
      } catch (SerializationException e) {
        throw new InvalidItemException("its body cannot be decoded: " + e.getMessage());
      }
    }
    return ByteBuffer.wrap(bytes);
  }

  private static StageContext context(EntryHead head) {
    return new StageContext(head.key(), head.version(), -1);
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
