package dev.larder.dynamodb;

import dev.larder.dynamodb.EntryFormat.InvalidItemException;
import dev.larder.dynamodb.RequestsCacheReader.Document;
import dev.larder.http.Body;
import dev.larder.http.Headers;
import dev.larder.serial.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The body that requests-cache makes of a document, and what it means for the field lines.
 *
 * @param body the body
 * @param asSent whether these are the bytes that requests-cache got, content codings removed
 * @param stored the field lines as stored
 */
record RequestsCacheBody(Body body, boolean asSent, Headers stored) {
  static RequestsCacheBody of(Document document, Headers headers) {
    Optional<AttributeValue> decoded = document.field("_decoded_content");
    if (decoded.isPresent()) {
      return new RequestsCacheBody(Body.of(encoded(decoded.get(), headers)), false, headers);
    }
    AttributeValue content = document.fields().get("_content");
    return content == null
        ? new RequestsCacheBody(Body.empty(), false, headers)
        : new RequestsCacheBody(Body.of(document.bytes(content)), true, headers);
  }

  /** The decoded content as bytes again. It wins over the content if there are both. */
  private static byte[] encoded(AttributeValue decoded, Headers headers) {
    if (isJson(headers.first("Content-Type").orElse(""))) {
      return PythonJson.dump(decoded).getBytes(StandardCharsets.US_ASCII);
    }
    if (decoded.s() == null) {
      // requests-cache makes a response without a body of it.
      return new byte[0];
    }
    try {
      return Utf8.encodeExact(decoded.s());
    } catch (IllegalArgumentException e) {
      throw new InvalidItemException("its text has an unpaired surrogate");
    }
  }

  /** As requests-cache decides it, with regard to case. */
  private static boolean isJson(String contentType) {
    return contentType.startsWith("application/") && contentType.contains("json");
  }

  /** Whether the origin sent the same bytes. */
  boolean exact() {
    return asSent && (body.length() == 0 || !RequestsCacheCodings.isDecoded(stored));
  }

  /**
   * The field lines that fit the body: requests-cache stores it decoded but leaves {@code
   * Content-Encoding} and the length of the encoded one. The fields of a response to HEAD are about
   * a body that is not there, so they stay.
   */
  Headers headers(String method) {
    return method.equals("HEAD")
        ? stored
        : RequestsCacheCodings.withLength(
            RequestsCacheCodings.withoutDecoded(stored), body.length());
  }
}
