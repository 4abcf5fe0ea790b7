package dev.larder.dynamodb;

import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.storage.EntryTooLargeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * Content codings (RFC 9110 §8.4.1), which requests-cache has removed from every body it stores.
 * Thread-safe.
 */
final class RequestsCacheCodings {
  private static final String FIELD = "Content-Encoding";

  /** Those that Python's urllib3 undoes, some only with further packages installed. */
  private static final Set<String> UNDONE_BY_PYTHON =
      Set.of("gzip", "x-gzip", "deflate", "br", "zstd", "identity");

  private static final Set<String> UNDONE_HERE = Set.of("gzip", "x-gzip", "deflate", "identity");

  private RequestsCacheCodings() {}

  /** Whether a body with these field lines had codings that Python has undone. */
  static boolean isDecoded(Headers headers) {
    List<String> codings = codings(headers);
    return !codings.isEmpty() && UNDONE_BY_PYTHON.containsAll(codings);
  }

  /** The field lines without the codings, if Python has undone them. */
  static Headers withoutDecoded(Headers headers) {
    return isDecoded(headers) ? headers.without(field -> field.named(FIELD)) : headers;
  }

  /** The field lines with this {@code Content-Length}, if they have one. */
  static Headers withLength(Headers headers, long length) {
    Headers.Builder changed = Headers.builder();
    boolean first = true;
    for (Headers.Field field : headers.fields()) {
      if (!field.named("Content-Length")) {
        changed.add(field.name(), field.value());
      } else if (first) {
        changed.add(field.name(), Long.toString(length));
        first = false;
      }
    }
    return changed.build();
  }

  /** A head and the body that belongs to it. */
  record Decoded(EntryHead head, ByteBuffer body) {}

  /**
   * The entry with its codings removed. One whose codings are unknown here, or whose body is not in
   * them, stays as it is, as with urllib3.
   *
   * @throws EntryTooLargeException if it does not fit an item then
   */
  static Decoded decode(EntryHead head, ByteBuffer body) {
    List<String> codings = codings(head.headers());
    if (codings.isEmpty() || !body.hasRemaining() || !UNDONE_HERE.containsAll(codings)) {
      return new Decoded(head, body);
    }
    Optional<byte[]> decoded = decoded(head.key(), codings, body);
    return decoded
        .map(
            bytes ->
                new Decoded(
                    fitting(head.toBuilder().exact(false).length(bytes.length).build()),
                    ByteBuffer.wrap(bytes)))
        .orElseGet(() -> new Decoded(head, body));
  }

  /** The head of an entry whose body is stored decoded: a 304 brings the codings back otherwise. */
  static EntryHead fitting(EntryHead head) {
    return head.exact()
        ? head
        : head.toBuilder()
            .headers(withLength(withoutDecoded(head.headers()), head.length()))
            .build();
  }

  private static Optional<byte[]> decoded(String key, List<String> codings, ByteBuffer body) {
    byte[] bytes = new byte[body.remaining()];
    body.duplicate().get(bytes);
    List<String> lastFirst = new ArrayList<>(codings);
    Collections.reverse(lastFirst);
    try {
      for (String coding : lastFirst) {
        bytes = decoded(key, coding, bytes);
      }
      return Optional.of(bytes);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static byte[] decoded(String key, String coding, byte[] bytes) throws IOException {
    try (InputStream in = decoder(coding, bytes)) {
      byte[] decoded = in.readNBytes(ItemSize.MAX + 1);
      if (decoded.length > ItemSize.MAX) {
        throw new EntryTooLargeException(
            "the body of entry \""
                + key
                + "\" has more than "
                + ItemSize.MAX
                + " bytes without its content coding, DynamoDB's limit for an item. Nothing was stored");
      }
      return decoded;
    }
  }

  private static InputStream decoder(String coding, byte[] bytes) throws IOException {
    InputStream in = new ByteArrayInputStream(bytes);
    return switch (coding) {
      case "gzip", "x-gzip" -> new GZIPInputStream(in);
      // RFC 9110 §8.4.1.2 means the zlib format; some origins send bare DEFLATE.
      case "deflate" -> isZlib(bytes) ? new InflaterInputStream(in) : new BareDeflate(in);
      default -> in;
    };
  }

  private static final class BareDeflate extends InflaterInputStream {
    BareDeflate(InputStream in) {
      super(in, new Inflater(true));
    }

    @Override
    public void close() throws IOException {
      inf.end();
      super.close();
    }
  }

  /** RFC 1950 §2.2: compression method 8, and a header that is a multiple of 31. */
  private static boolean isZlib(byte[] bytes) {
    return bytes.length >= 2
        && (bytes[0] & 0xF) == 8
        && (((bytes[0] & 0xFF) << 8) | (bytes[1] & 0xFF)) % 31 == 0;
  }

  private static List<String> codings(Headers headers) {
    return headers
        .combined(FIELD)
        .map(
            value ->
                Stream.of(value.split(","))
                    .map(coding -> coding.trim().toLowerCase(Locale.ROOT))
                    .filter(coding -> !coding.isEmpty())
                    .toList())
        .orElse(List.of());
  }
}
