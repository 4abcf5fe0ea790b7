package dev.larder.dynamodb;

import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The response document that requests-cache reads. What equals its default is left out. */
final class RequestsCacheDocument {
  /** What Python's {@code requests} strips from the names and values of parameters. */
  private static final Pattern QUOTES = Pattern.compile("^[\"' ]+|[\"' ]+$");

  private static final Map<Integer, String> REASONS =
      Map.ofEntries(
          Map.entry(200, "OK"),
          Map.entry(201, "Created"),
          Map.entry(202, "Accepted"),
          Map.entry(203, "Non-Authoritative Information"),
          Map.entry(204, "No Content"),
          Map.entry(205, "Reset Content"),
          Map.entry(206, "Partial Content"),
          Map.entry(300, "Multiple Choices"),
          Map.entry(301, "Moved Permanently"),
          Map.entry(302, "Found"),
          Map.entry(303, "See Other"),
          Map.entry(304, "Not Modified"),
          Map.entry(307, "Temporary Redirect"),
          Map.entry(308, "Permanent Redirect"),
          Map.entry(400, "Bad Request"),
          Map.entry(401, "Unauthorized"),
          Map.entry(402, "Payment Required"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not Found"),
          Map.entry(405, "Method Not Allowed"),
          Map.entry(406, "Not Acceptable"),
          Map.entry(408, "Request Timeout"),
          Map.entry(409, "Conflict"),
          Map.entry(410, "Gone"),
          Map.entry(413, "Content Too Large"),
          Map.entry(414, "URI Too Long"),
          Map.entry(415, "Unsupported Media Type"),
          Map.entry(416, "Range Not Satisfiable"),
          Map.entry(421, "Misdirected Request"),
          Map.entry(422, "Unprocessable Content"),
          Map.entry(429, "Too Many Requests"),
          Map.entry(451, "Unavailable For Legal Reasons"),
          Map.entry(500, "Internal Server Error"),
          Map.entry(501, "Not Implemented"),
          Map.entry(502, "Bad Gateway"),
          Map.entry(503, "Service Unavailable"),
          Map.entry(504, "Gateway Timeout"),
          Map.entry(505, "HTTP Version Not Supported"));

  private RequestsCacheDocument() {}

  /** The whole document. */
  static Map<String, AttributeValue> of(EntryHead head, ByteBuffer body) {
    Map<String, AttributeValue> document = head(head);
    document.put("_content", Attributes.binary(body));
    return document;
  }

  /** Everything but the body. */
  static Map<String, AttributeValue> head(EntryHead head) {
    Map<String, AttributeValue> document = new HashMap<>();
    document.put("status_code", Attributes.number(head.status()));
    document.put("reason", AttributeValue.fromS(REASONS.getOrDefault(head.status(), "")));
    document.put("url", AttributeValue.fromS(head.url()));
    putHeaders(document, head.headers());
    putCookies(document, RequestsCacheCookies.set(head.headers(), head.responded()));
    encoding(head.headers())
        .ifPresent(charset -> document.put("encoding", AttributeValue.fromS(charset)));
    document.put("created_at", AttributeValue.fromS(PythonDates.format(head.created())));
    head.expires()
        .ifPresent(
            expires -> document.put("expires", AttributeValue.fromS(PythonDates.format(expires))));
    Duration elapsed = Duration.between(head.requested(), head.responded());
    if (elapsed.compareTo(Duration.ZERO) > 0) {
      document.put(
          "elapsed",
          AttributeValue.fromN(
              BigDecimal.valueOf(elapsed.toMillis(), 3).stripTrailingZeros().toPlainString()));
    }
    document.put("request", AttributeValue.fromM(request(head.request())));
    return document;
  }

  private static Map<String, AttributeValue> request(Request request) {
    Map<String, AttributeValue> document = new HashMap<>();
    document.put("method", AttributeValue.fromS(request.method()));
    document.put("url", AttributeValue.fromS(request.uri().toString()));
    putHeaders(document, request.headers());
    byte[] body = request.body().bytes();
    if (body.length > 0) {
      document.put("body", Attributes.binary(ByteBuffer.wrap(body)));
    }
    return document;
  }

  private static void putCookies(
      Map<String, AttributeValue> document, Map<String, String> cookies) {
    if (!cookies.isEmpty()) {
      Map<String, AttributeValue> members = new HashMap<>();
      cookies.forEach((name, value) -> members.put(name, AttributeValue.fromS(value)));
      document.put("cookies", AttributeValue.fromM(members));
    }
  }

  private static void putHeaders(Map<String, AttributeValue> document, Headers headers) {
    if (!headers.isEmpty()) {
      Map<String, AttributeValue> fields = new HashMap<>();
      headers
          .toMap()
          .forEach(
              (name, values) -> fields.put(name, AttributeValue.fromS(String.join(", ", values))));
      document.put("headers", AttributeValue.fromM(fields));
    }
  }

  /** The encoding that Python's {@code requests} takes a text for. */
  static Optional<String> encoding(Headers headers) {
    Optional<String> contentType = headers.combined("Content-Type");
    if (contentType.isEmpty()) {
      return Optional.empty();
    }
    String[] pieces = contentType.get().split(";", -1);
    Optional<String> charset = Optional.empty();
    for (int i = 1; i < pieces.length; i++) {
      String parameter = pieces[i].strip();
      int equals = parameter.indexOf('=');
      if (equals >= 0 && unquoted(parameter.substring(0, equals)).equalsIgnoreCase("charset")) {
        charset = Optional.of(unquoted(parameter.substring(equals + 1)));
      }
    }
    String type = pieces[0].strip();
    if (charset.isPresent()) {
      return charset;
    }
    if (type.contains("text")) {
      return Optional.of("ISO-8859-1");
    }
    return type.contains("application/json") ? Optional.of("utf-8") : Optional.empty();
  }

  private static String unquoted(String text) {
    return QUOTES.matcher(text).replaceAll("");
  }
}
