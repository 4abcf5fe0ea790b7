package dev.larder.serial;

import dev.larder.http.Body;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The compact format. A version byte, with its top bit set for an entry that is not {@linkplain
 * EntryHead#exact() exact}; a byte that says which optional attributes follow; then in order: key,
 * version, request (method, URI, field lines, body), URL?, status, field lines, created, requested,
 * responded (both as differences), expires?, retainUntil?, length, digest?, range?, credential?,
 * tags?, and the body last, so that it can be read in place. Nothing may follow it.
 *
 * <p>Texts and bodies are preceded by their length in bytes, lists by their count, times are
 * milliseconds since 1970; numbers as {@link ByteWriter} says. A change that an older reader would
 * get wrong needs a new version byte, and a reader for the old one.
 */
final class BinarySerializer implements Serializer<CachedResponse> {
  static final BinarySerializer INSTANCE = new BinarySerializer();

  private static final int VERSION = 1;

  /** An older reader must refuse these: it would take their bodies for the origin's bytes. */
  private static final int VERSION_INEXACT = 0x80 | VERSION;

  private static final int URL = 1;
  private static final int EXPIRES = 1 << 1;
  private static final int EXPLICIT = 1 << 2;
  private static final int RETAIN_UNTIL = 1 << 3;
  private static final int DIGEST = 1 << 4;
  private static final int RANGE = 1 << 5;
  private static final int CREDENTIAL = 1 << 6;
  private static final int TAGS = 1 << 7;

  private BinarySerializer() {}

  @Override
  public String name() {
    return "binary";
  }

  @Override
  public byte[] serialize(CachedResponse value, StageContext context) {
    EntryHead head = value.head();
    Request request = head.request();
    boolean ownUrl = !head.url().equals(request.uri().toString());
    ByteWriter out = new ByteWriter().u8(head.exact() ? VERSION : VERSION_INEXACT);
    out.u8(
        flag(ownUrl, URL)
            | flag(head.expires().isPresent(), EXPIRES)
            | flag(head.explicit(), EXPLICIT)
            | flag(head.retainUntil().isPresent(), RETAIN_UNTIL)
            | flag(head.digest().isPresent(), DIGEST)
            | flag(head.range().isPresent(), RANGE)
            | flag(head.credential().isPresent(), CREDENTIAL)
            | flag(!head.tags().isEmpty(), TAGS));
    out.text(head.key(), "key").text(head.version(), "version");
    out.text(request.method(), "method").text(request.uri().toString(), "request URI");
    writeFields(out, request.headers());
    out.block(contentOf(request.body()));
    if (ownUrl) {
      out.text(head.url(), "URL");
    }
    out.signed(head.status());
    writeFields(out, head.headers());
    long created = head.created().toEpochMilli();
    out.signed(created)
        .signed(head.requested().toEpochMilli() - created)
        .signed(head.responded().toEpochMilli() - created);
    head.expires().ifPresent(time -> out.signed(time.toEpochMilli()));
    head.retainUntil().ifPresent(time -> out.signed(time.toEpochMilli()));
    out.signed(head.length());
    head.digest().ifPresent(text -> out.text(text, "digest"));
    head.range().ifPresent(text -> out.text(text, "range"));
    head.credential().ifPresent(text -> out.text(text, "credential"));
    if (!head.tags().isEmpty()) {
      out.unsigned(EntryLimits.checkTags(head.tags().size()));
      head.tags().forEach(tag -> out.text(tag, "tag"));
    }
    return out.endWith(contentOf(value.body()));
  }

  private static int flag(boolean present, int flag) {
    return present ? flag : 0;
  }

  private static void writeFields(ByteWriter out, Headers headers) {
    out.unsigned(EntryLimits.checkFields(headers.fields().size()));
    for (Headers.Field field : headers.fields()) {
      out.text(field.name(), "field name").text(field.value(), "value of field " + field.name());
    }
  }

  static ByteBuffer contentOf(Body body) {
    return body.buffer().orElseGet(() -> ByteBuffer.wrap(body.bytes()));
  }

  @Override
  public CachedResponse deserialize(byte[] bytes, StageContext context) {
    ByteReader in = new ByteReader(bytes);
    int version = in.u8("format version");
    if (version != VERSION && version != VERSION_INEXACT) {
      throw in.failure(
          "format version",
          "is " + version + ", but this release reads " + VERSION + "; is it another format?");
    }
    try {
      return read(in, version == VERSION);
    } catch (IllegalArgumentException e) {
      throw in.failure("the attribute before", String.valueOf(e.getMessage()));
    }
  }

  private static CachedResponse read(ByteReader in, boolean exact) {
    int flags = in.u8("flags");
    String key = in.text("key");
    String version = in.text("version");
    String method = in.text("method");
    String uri = in.text("request URI");
    Headers requestHeaders = readFields(in);
    Body requestBody = Body.of(in.block("request body"));
    Request request = StoredMessages.request(method, uri, requestHeaders, requestBody);
    EntryHead.Builder head = EntryHead.builder(key, request, Instant.EPOCH).version(version);
    if ((flags & URL) != 0) {
      head.url(in.text("URL"));
    }
    head.status(in.number("status")).headers(readFields(in));
    long created = in.signed("created");
    head.created(Instant.ofEpochMilli(created))
        .requested(Instant.ofEpochMilli(created + in.signed("requested")))
        .responded(Instant.ofEpochMilli(created + in.signed("responded")))
        .expires(readTime(in, flags & EXPIRES, "expires"))
        .explicit((flags & EXPLICIT) != 0)
        .exact(exact)
        .retainUntil(readTime(in, flags & RETAIN_UNTIL, "retainUntil"))
        .length(in.signed("length"))
        .digest(readText(in, flags & DIGEST, "digest"))
        .range(readText(in, flags & RANGE, "range"))
        .credential(readText(in, flags & CREDENTIAL, "credential"));
    if ((flags & TAGS) != 0) {
      head.tags(readTags(in));
    }
    Body body = Body.of(in.block("body"));
    if (in.remaining() > 0) {
      throw in.failure("end", in.remaining() + " bytes follow the body");
    }
    return new CachedResponse(head.build(), body);
  }

  private static Headers readFields(ByteReader in) {
    int count = EntryLimits.checkFields(in.count("count of field lines", 3));
    Headers.Builder headers = Headers.builder();
    for (int i = 0; i < count; i++) {
      StoredMessages.addField(headers, in.text("field name"), in.text("field value"));
    }
    return headers.build();
  }

  private static List<String> readTags(ByteReader in) {
    int count = EntryLimits.checkTags(in.count("count of tags", 1));
    List<String> tags = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      tags.add(in.text("tag"));
    }
    return tags;
  }

  private static Optional<Instant> readTime(ByteReader in, int present, String what) {
    return present == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(in.signed(what)));
  }

  private static Optional<String> readText(ByteReader in, int present, String what) {
    return present == 0 ? Optional.empty() : Optional.of(in.text(what));
  }
}
