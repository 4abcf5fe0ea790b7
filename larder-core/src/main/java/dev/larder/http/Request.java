package dev.larder.http;

import java.net.URI;
import java.util.Locale;
import java.util.Objects;

/**
 * A request as the cache sees it: method, absolute URI, field lines and body. Immutable.
 *
 * @param method upper or lower case as sent (RFC 9110 §9.1: case-sensitive); the eight standard
 *     methods are made upper case
 * @param uri absolute, with a host
 * @param headers the field lines
 * @param body the content; empty if there is none
 */
public record Request(String method, URI uri, Headers headers, Body body) {
  /**
   * Checks the method and URI.
   *
   * @throws IllegalArgumentException if the method is not a token, or the URI is not absolute or
   *     has no host
   */
  public Request {
    if (!Headers.isToken(method)) {
      throw new IllegalArgumentException(
          "method is not a token (RFC 9110 §9.1): \"" + method + '"');
    }
    if (!uri.isAbsolute() || !hasHost(uri)) {
      throw new IllegalArgumentException(
          "URI must be absolute with a host, such as https://example.org/path: " + uri);
    }
    Objects.requireNonNull(headers, "headers");
    Objects.requireNonNull(body, "body");
    method = standardSpelling(method);
  }

  /** A GET without field lines or body. */
  public static Request get(URI uri) {
    return of("GET", uri);
  }

  /**
   * A GET without field lines or body.
   *
   * @throws IllegalArgumentException if the text is not an absolute URI
   */
  public static Request get(String uri) {
    return get(URI.create(uri));
  }

  /** A request without field lines or body. */
  public static Request of(String method, URI uri) {
    return new Request(method, uri, Headers.empty(), Body.empty());
  }

  /** This request with other field lines. */
  public Request withHeaders(Headers other) {
    return new Request(method, uri, other, body);
  }

  /** This request with another body. */
  public Request withBody(Body other) {
    return new Request(method, uri, headers, other);
  }

  /** This request with another URI. */
  public Request withUri(URI other) {
    return new Request(method, other, headers, body);
  }

  /** Method, scheme, host and path: the rest may be secret. */
  @Override
  public String toString() {
    return method
        + ' '
        + uri.getScheme()
        + "://"
        + hostAndPort(uri)
        + (uri.getRawPath() == null ? "" : uri.getRawPath());
  }

  // Not URI.getHost, which is null for a host with an underscore.
  private static boolean hasHost(URI uri) {
    if (uri.getRawAuthority() == null) {
      return false;
    }
    String hostAndPort = hostAndPort(uri);
    return !hostAndPort.isEmpty() && hostAndPort.charAt(0) != ':';
  }

  private static String hostAndPort(URI uri) {
    String authority = uri.getRawAuthority();
    return authority.substring(authority.lastIndexOf('@') + 1);
  }

  static String standardSpelling(String method) {
    String upper = method.toUpperCase(Locale.ROOT);
    return switch (upper) {
      case "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH" -> upper;
      default -> method;
    };
  }
}
