package dev.larder.serial;

import dev.larder.http.Body;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Requests and field lines from stored text. The exceptions for what is not valid quote none of it:
 * in damaged bytes anything may stand where a URI or a name should be, secrets too.
 */
final class StoredMessages {
  private StoredMessages() {}

  /**
   * A request.
   *
   * @throws IllegalArgumentException if there can be no such request
   */
  static Request request(String method, String uri, Headers headers, Body body) {
    URI parsed;
    try {
      parsed = new URI(uri);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "the request's URI is none: " + e.getReason() + " at its character " + e.getIndex());
    }
    try {
      return new Request(method, parsed, headers, body);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the request's method is not a token, or its URI has no scheme or host");
    }
  }

  /**
   * Adds a field line.
   *
   * @throws IllegalArgumentException if there can be no such line
   */
  static void addField(Headers.Builder headers, String name, String value) {
    try {
      headers.add(name, value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "a field name is not a token, or its value holds CR, LF or NUL");
    }
  }
}
