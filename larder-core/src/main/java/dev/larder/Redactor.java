package dev.larder;

import dev.larder.http.Body;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes secrets out of what is stored: the values of named fields, of parameters in queries,
 * fragments and forms, of members of JSON objects and of cookies that are set; and user
 * information.
 */
final class Redactor {
  static final String REDACTED = "REDACTED";
  private static final Pattern USER_INFO = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*://)[^/?#]*@");
  private static final Pattern HIDDEN_PARAMETER = Pattern.compile("=" + REDACTED + "([&#;/?]|$)");

  /** Parameters as far as an ampersand separates them without doubt. */
  private static final Pattern PIECE = Pattern.compile("[^&#]+");

  /** A name within a piece; some origins separate with semicolons too. */
  private static final Pattern NAME = Pattern.compile("(?<=^|[;?])([^=;?]*)=");

  /** A parameter of a path segment, such as {@code ;jsessionid=..} */
  private static final Pattern PATH_PARAMETER = Pattern.compile(";([^=;/]*)=[^;/]*");

  /** URLs in {@code Link} (RFC 8288). Stops at each opener: many of them must not take long. */
  private static final Pattern LINK_TARGET = Pattern.compile("<([^<>]*)>");

  private static final Pattern PART_NAME =
      Pattern.compile("\\bname\\s*=\\s*(?:\"([^\"]*)\"|([^\\s;]+))", Pattern.CASE_INSENSITIVE);

  private static final Pattern SET_COOKIE = Pattern.compile("^\\s*([^=;]*)=([^;]*)");

  private final SecretNames names;

  /** Fields of requests and cookies, which carry credentials under more names than the usual. */
  private final Predicate<String> mayBeSecret;

  /** Redacts as the user says. */
  Redactor(CacheSettings settings) {
    this.names = settings.redacted();
    this.mayBeSecret = settings::redactsRequestField;
  }

  /** Redacts just these names. */
  Redactor(SecretNames names) {
    this.names = names;
    this.mayBeSecret = names::contains;
  }

  Request redact(Request request) {
    return new Request(
        request.method(),
        URI.create(redactUrl(request.uri().toString())),
        requestFields(request.headers()),
        redactBody(request));
  }

  private Headers requestFields(Headers headers) {
    Headers.Builder redacted = Headers.builder();
    for (Headers.Field field : headers.fields()) {
      redacted.add(field.name(), mayBeSecret.test(field.name()) ? REDACTED : fieldValue(field));
    }
    return redacted.build();
  }

  /** Of a response. */
  Headers redact(Headers headers) {
    Headers.Builder redacted = Headers.builder();
    for (Headers.Field field : headers.fields()) {
      redacted.add(field.name(), names.contains(field.name()) ? REDACTED : fieldValue(field));
    }
    return redacted.build();
  }

  String redactUrl(String url) {
    String withoutUser = USER_INFO.matcher(url).replaceFirst("$1" + REDACTED + "@");
    int end = 0;
    while (end < withoutUser.length() && "?#".indexOf(withoutUser.charAt(end)) < 0) {
      end++;
    }
    String path = redactPath(withoutUser.substring(0, end));
    return end == withoutUser.length()
        ? path
        : path + withoutUser.charAt(end) + redactParameters(withoutUser.substring(end + 1));
  }

  private String redactPath(String path) {
    return path.indexOf(';') < 0
        ? path
        : PATH_PARAMETER
            .matcher(path)
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(
                        names.contains(decoded(found.group(1)))
                            ? ";" + found.group(1) + "=" + REDACTED
                            : found.group()));
  }

  /** Whether what the key is made from can no longer be told from what is stored. */
  static boolean hidesKeyMaterial(Request stored, Collection<String> matchHeaders) {
    String uri = stored.uri().toString();
    return uri.contains("://" + REDACTED + "@")
        || HIDDEN_PARAMETER.matcher(uri).find()
        || matchHeaders.stream().anyMatch(name -> stored.headers().all(name).contains(REDACTED))
        || stored.body().text(StandardCharsets.UTF_8).contains(REDACTED);
  }

  /** Of a field that is no secret itself, but may have one in it. */
  private String fieldValue(Headers.Field field) {
    return switch (field.name().toLowerCase(Locale.ROOT)) {
      case "location", "content-location", "refresh", "referer" -> redactUrl(field.value());
      case "link" ->
          LINK_TARGET
              .matcher(field.value())
              .replaceAll(link -> Matcher.quoteReplacement("<" + redactUrl(link.group(1)) + ">"));
      case "set-cookie" -> redactCookie(field.value());
      default -> field.value();
    };
  }

  private String redactCookie(String value) {
    Matcher cookie = SET_COOKIE.matcher(value);
    return cookie.find() && mayBeSecret.test(cookie.group(1).trim())
        ? value.substring(0, cookie.start(2)) + REDACTED + value.substring(cookie.end(2))
        : value;
  }

  private Body redactBody(Request request) {
    String type =
        request.headers().first("Content-Type").orElse("").toLowerCase(Locale.ROOT).trim();
    if (type.startsWith("multipart/")) {
      return redactParts(request.body());
    }
    boolean form = type.startsWith("application/x-www-form-urlencoded");
    if (!form && !type.contains("json")) {
      return request.body();
    }
    String text = request.body().text(StandardCharsets.UTF_8);
    String redacted = form ? redactParameters(text) : JsonRedactor.redact(text, names);
    return redacted.equals(text) ? request.body() : Body.of(redacted);
  }

  /** All or nothing: what is between the parts of a broken body belongs to nobody. */
  private Body redactParts(Body body) {
    Matcher name = PART_NAME.matcher(body.text(StandardCharsets.UTF_8));
    while (name.find()) {
      if (names.contains(name.group(1) == null ? name.group(2) : name.group(1))) {
        return Body.of(REDACTED);
      }
    }
    return body;
  }

  private String redactParameters(String text) {
    return PIECE
        .matcher(text)
        .replaceAll(piece -> Matcher.quoteReplacement(redactPiece(piece.group())));
  }

  /** A secret may hold what separates parameters, so it reaches to the end of the piece. */
  private String redactPiece(String piece) {
    Matcher name = NAME.matcher(piece);
    while (name.find()) {
      if (names.contains(decoded(name.group(1)))) {
        return piece.substring(0, name.end()) + REDACTED;
      }
    }
    return piece;
  }

  private static String decoded(String name) {
    try {
      return URLDecoder.decode(name, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // An incomplete escape: the name is what it looks like.
      return name;
    }
  }
}
