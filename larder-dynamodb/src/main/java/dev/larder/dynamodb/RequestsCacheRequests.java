package dev.larder.dynamodb;

import dev.larder.dynamodb.RequestsCacheReader.Document;
import dev.larder.http.Body;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The request that an item of requests-cache answers. */
final class RequestsCacheRequests {
  /**
   * In place of one that is missing or that no HTTP request can be: agrees with no request, and
   * looks like one whose key cannot be made again.
   */
  static final Request UNKNOWN = Request.get("http://REDACTED@unknown.invalid/");

  private static final String NOT_IN_A_URI = " \"<>\\^`{|}";

  private RequestsCacheRequests() {}

  /**
   * The request that the key was made of: behind redirects, the first one. ({@code request} is that
   * of the last hop.)
   */
  static Request asked(Document document) {
    return document
        .field("history")
        .filter(history -> history.hasL() && !history.l().isEmpty())
        .map(history -> history.l().get(0))
        .filter(AttributeValue::hasM)
        .map(first -> new Document(first.m(), document.base85()))
        .orElse(document)
        .field("request")
        .filter(AttributeValue::hasM)
        .map(request -> request(new Document(request.m(), document.base85())))
        .orElse(UNKNOWN);
  }

  private static Request request(Document document) {
    Map<String, AttributeValue> fields = document.fields();
    byte[] body = document.field("body").map(document::bytes).orElse(new byte[0]);
    Headers headers = RequestsCacheReader.headers(document);
    Optional<URI> uri = Attributes.text(fields, "url").flatMap(RequestsCacheRequests::uri);
    Optional<String> method = Attributes.text(fields, "method");
    try {
      return uri.isPresent() && method.isPresent()
          ? new Request(method.get(), uri.get(), headers, Body.of(body))
          : UNKNOWN;
    } catch (IllegalArgumentException e) {
      // No token, or no host.
      return UNKNOWN;
    }
  }

  /** The URI of a URL, with escapes where the URL lacks them. */
  static Optional<URI> uri(String url) {
    try {
      return Optional.of(new URI(url));
    } catch (URISyntaxException unescaped) {
      try {
        return Optional.of(new URI(escaped(url)));
      } catch (URISyntaxException e) {
        return Optional.empty();
      }
    }
  }

  private static String escaped(String url) {
    int slashes = url.indexOf("//");
    int path = slashes < 0 ? 0 : Math.max(url.indexOf('/', slashes + 2), slashes + 2);
    StringBuilder text = new StringBuilder(url.length() + 16);
    for (int i = 0; i < url.length(); i++) {
      char c = url.charAt(i);
      boolean bracket = i >= path && (c == '[' || c == ']');
      boolean loosePercent = c == '%' && !isEscape(url, i);
      if (c < ' ' || c == 0x7F || bracket || loosePercent || NOT_IN_A_URI.indexOf(c) >= 0) {
        for (byte octet : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) {
          text.append('%').append(String.format("%02X", octet & 0xFF));
        }
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private static boolean isEscape(String url, int percent) {
    return percent + 2 < url.length()
        && Character.digit(url.charAt(percent + 1), 16) >= 0
        && Character.digit(url.charAt(percent + 2), 16) >= 0;
  }
}
