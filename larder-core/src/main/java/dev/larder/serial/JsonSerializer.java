package dev.larder.serial;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/** The readable format: writes it here, reads it in {@link JsonEntryReader}. */
final class JsonSerializer implements Serializer<CachedResponse> {
  static final JsonSerializer INSTANCE = new JsonSerializer();

  /** The format this release writes, and the newest it reads. */
  static final int FORMAT = 1;

  // Names are not interned: those of hostile documents would stay for ever. Texts may be as long as
  // the document, else a body that could be written could not be read.
  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  private JsonSerializer() {}

  @Override
  public String name() {
    return "json";
  }

  @Override
  public byte[] serialize(CachedResponse value, StageContext context) {
    ByteBuffer body = BinarySerializer.contentOf(value.body());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024 + body.remaining());
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      write(json, value.head(), body);
    } catch (IOException e) {
      throw new SerializationException("entry cannot be written as JSON: " + e.getMessage(), e);
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, EntryHead head, ByteBuffer body)
      throws IOException {
    json.writeStartObject();
    json.writeNumberField("format", FORMAT);
    writeText(json, "key", head.key());
    writeText(json, "version", head.version());
    writeText(json, "url", head.url());
    json.writeNumberField("status", head.status());
    writeTime(json, "created", head.created());
    writeTime(json, "requested", head.requested());
    writeTime(json, "responded", head.responded());
    writeTime(json, "expires", head.expires());
    if (head.explicit()) {
      json.writeBooleanField("explicit", true);
    }
    if (!head.exact()) {
      json.writeBooleanField("exact", false);
    }
    writeTime(json, "retainUntil", head.retainUntil());
    if (head.length() != -1) {
      json.writeNumberField("length", head.length());
    }
    writeText(json, "digest", head.digest());
    writeText(json, "range", head.range());
    writeText(json, "credential", head.credential());
    if (!head.tags().isEmpty()) {
      EntryLimits.checkTags(head.tags().size());
      json.writeArrayFieldStart("tags");
      for (String tag : head.tags()) {
        json.writeString(wellFormed("tags", tag));
      }
      json.writeEndArray();
    }
    writeRequest(json, head.request());
    writeFields(json, head.headers());
    writeBody(json, body);
    json.writeEndObject();
  }

  private static void writeRequest(JsonGenerator json, Request request) throws IOException {
    json.writeObjectFieldStart("request");
    writeText(json, "method", request.method());
    writeText(json, "uri", request.uri().toString());
    writeFields(json, request.headers());
    writeBody(json, BinarySerializer.contentOf(request.body()));
    json.writeEndObject();
  }

  private static void writeFields(JsonGenerator json, Headers headers) throws IOException {
    EntryLimits.checkFields(headers.fields().size());
    json.writeArrayFieldStart("headers");
    for (Headers.Field field : headers.fields()) {
      json.writeString(field.name() + ": " + wellFormed(field.name(), field.value()));
    }
    json.writeEndArray();
  }

  private static void writeBody(JsonGenerator json, ByteBuffer body) throws IOException {
    if (!body.hasRemaining()) {
      return;
    }
    Optional<String> text = Utf8.decodeExact(body);
    if (text.isPresent()) {
      json.writeStringField("body", text.get());
    } else {
      ByteBuffer base64 = Base64.getEncoder().encode(body);
      json.writeFieldName("bodyBase64");
      json.writeUTF8String(base64.array(), base64.arrayOffset(), base64.remaining());
    }
  }

  private static void writeText(JsonGenerator json, String name, Optional<String> text)
      throws IOException {
    if (text.isPresent()) {
      writeText(json, name, text.get());
    }
  }

  private static void writeText(JsonGenerator json, String name, String text) throws IOException {
    json.writeStringField(name, wellFormed(name, text));
  }

  private static void writeTime(JsonGenerator json, String name, Optional<Instant> time)
      throws IOException {
    if (time.isPresent()) {
      writeTime(json, name, time.get());
    }
  }

  private static void writeTime(JsonGenerator json, String name, Instant time) throws IOException {
    json.writeStringField(name, InstantText.format(time));
  }

  private static String wellFormed(String name, String text) {
    if (!Utf8.isWellFormed(text)) {
      throw new SerializationException(
          "entry cannot be written as JSON: \"" + name + "\" has an unpaired surrogate");
    }
    return text;
  }

  @Override
  public CachedResponse deserialize(byte[] bytes, StageContext context) {
    try (JsonParser parser = JSON.createParser(bytes)) {
      return new JsonEntryReader(parser).read();
    } catch (IOException e) {
      throw new SerializationException("JSON entry cannot be read: it could not be opened", e);
    }
  }
}
