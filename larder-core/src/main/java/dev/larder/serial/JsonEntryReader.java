package dev.larder.serial;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.larder.http.Body;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one entry that {@link JsonSerializer} wrote, or that a person or another program did:
 * members in any order, unknown ones ignored. Messages say where, but quote no value, and neither
 * does a cause (Jackson's would): what is there may be secret. Used once.
 */
final class JsonEntryReader {
  private static final int MAX_POINTER = 100;

  private final JsonParser parser;
  private final List<Step> steps = new ArrayList<>();
  private @Nullable String key;
  private @Nullable Request request;
  private @Nullable Instant created;
  private Body body = Body.empty();

  /** Sets an attribute of the head once the builder can be made. */
  private interface Step {
    void apply(EntryHead.Builder head);
  }

  JsonEntryReader(JsonParser parser) {
    this.parser = parser;
  }

  CachedResponse read() {
    try {
      parser.nextToken();
      object(this::entryMember);
      CachedResponse response = new CachedResponse(head(), body);
      if (parser.nextToken() != null) {
        throw failure("nothing may follow the entry");
      }
      return response;
    } catch (JsonEOFException e) {
      throw failure("it ends early");
    } catch (IOException | IllegalStateException e) {
      // Jackson says IllegalStateException for too many hash collisions of names.
      throw failure("it is not well-formed JSON, or nested too deep");
    } catch (IllegalArgumentException e) {
      throw failure(String.valueOf(e.getMessage()));
    }
  }

  private EntryHead head() {
    if (key == null || request == null || created == null) {
      throw failure("members key, created and request are required");
    }
    EntryHead.Builder head = EntryHead.builder(key, request, created);
    steps.forEach(step -> step.apply(head));
    return head.build();
  }

  private void entryMember(String name) throws IOException {
    switch (name) {
      case "format" -> checkFormat(integer());
      case "key" -> key = text();
      case "version" -> set(text(), EntryHead.Builder::version);
      case "url" -> set(text(), EntryHead.Builder::url);
      case "status" -> set(integer(), EntryHead.Builder::status);
      case "created" -> created = time();
      case "requested" -> set(time(), EntryHead.Builder::requested);
      case "responded" -> set(time(), EntryHead.Builder::responded);
      case "expires" -> set(Optional.of(time()), EntryHead.Builder::expires);
      case "explicit" -> set(bool(), EntryHead.Builder::explicit);
      case "exact" -> set(bool(), EntryHead.Builder::exact);
      case "retainUntil" -> set(Optional.of(time()), EntryHead.Builder::retainUntil);
      case "length" -> set(number(), EntryHead.Builder::length);
      case "digest" -> set(Optional.of(text()), EntryHead.Builder::digest);
      case "range" -> set(Optional.of(text()), EntryHead.Builder::range);
      case "credential" -> set(Optional.of(text()), EntryHead.Builder::credential);
      case "tags" -> set(tags(), EntryHead.Builder::tags);
      case "request" -> request = new RequestReader().read();
      case "headers" -> set(fields(), EntryHead.Builder::headers);
      case "body" -> body = newBody(body, Body.of(text()));
      case "bodyBase64" -> body = newBody(body, base64());
      default -> parser.skipChildren();
    }
  }

  private interface Setter<V> {
    EntryHead.Builder set(EntryHead.Builder head, V value);
  }

  private <V> void set(V value, Setter<V> setter) {
    steps.add(head -> setter.set(head, value));
  }

  private final class RequestReader {
    private String method = "GET";
    private @Nullable String uri;
    private Headers headers = Headers.empty();
    private Body content = Body.empty();

    Request read() throws IOException {
      object(this::member);
      if (uri == null) {
        throw failure("member uri is required");
      }
      return StoredMessages.request(method, uri, headers, content);
    }

    private void member(String name) throws IOException {
      switch (name) {
        case "method" -> method = text();
        case "uri" -> uri = text();
        case "headers" -> headers = fields();
        case "body" -> content = newBody(content, Body.of(text()));
        case "bodyBase64" -> content = newBody(content, base64());
        default -> parser.skipChildren();
      }
    }
  }

  private interface Members {
    /** Reads the value that the parser is at. */
    void read(String name) throws IOException;
  }

  private void object(Members members) throws IOException {
    expect(JsonToken.START_OBJECT, "an object");
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      if (parser.nextToken() != JsonToken.VALUE_NULL) {
        members.read(name);
      }
    }
  }

  private void checkFormat(int format) {
    if (format < 1 || format > JsonSerializer.FORMAT) {
      throw failure(
          "format is " + format + ", but this release reads up to " + JsonSerializer.FORMAT);
    }
  }

  private Headers fields() throws IOException {
    Headers.Builder headers = Headers.builder();
    texts(
        EntryLimits.FIELDS,
        line -> {
          int colon = line.indexOf(':');
          if (colon < 0) {
            throw failure("a field line has no colon");
          }
          StoredMessages.addField(headers, line.substring(0, colon), line.substring(colon + 1));
        });
    return headers.build();
  }

  private List<String> tags() throws IOException {
    List<String> tags = new ArrayList<>();
    texts(EntryLimits.TAGS, tags::add);
    return tags;
  }

  private void texts(int limit, Consumer<String> consumer) throws IOException {
    expect(JsonToken.START_ARRAY, "an array");
    for (int count = 0; parser.nextToken() != JsonToken.END_ARRAY; count++) {
      if (count == limit) {
        throw failure("there are more than " + limit);
      }
      consumer.accept(text());
    }
  }

  private Body newBody(Body before, Body body) {
    if (before.length() > 0) {
      throw failure("there may be one of body and bodyBase64");
    }
    return body;
  }

  private Body base64() throws IOException {
    return Body.of(Base64.getDecoder().decode(text()));
  }

  private Instant time() throws IOException {
    return InstantText.parse(text());
  }

  private String text() throws IOException {
    expect(JsonToken.VALUE_STRING, "a string");
    String text = parser.getText();
    if (!Utf8.isWellFormed(text)) {
      throw failure("the string has an unpaired surrogate");
    }
    return text;
  }

  private boolean bool() throws IOException {
    if (!parser.currentToken().isBoolean()) {
      throw failure("true or false is needed");
    }
    return parser.getBooleanValue();
  }

  private int integer() throws IOException {
    long number = number();
    if (number != (int) number) {
      throw failure("the number has more than 32 bits");
    }
    return (int) number;
  }

  private long number() throws IOException {
    expect(JsonToken.VALUE_NUMBER_INT, "a whole number");
    return parser.getLongValue();
  }

  private void expect(JsonToken token, String what) {
    if (!parser.hasToken(token)) {
      throw failure(what + " is needed");
    }
  }

  private SerializationException failure(String what) {
    JsonLocation at = parser.currentLocation();
    String pointer = parser.getParsingContext().pathAsPointer().toString();
    return new SerializationException(
        "JSON entry cannot be read: "
            + what
            + ", at line "
            + at.getLineNr()
            + " column "
            + at.getColumnNr()
            + " in \""
            + pointer.substring(0, Math.min(pointer.length(), MAX_POINTER))
            + '"');
  }
}
