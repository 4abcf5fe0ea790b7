package dev.larder.serial;

import dev.larder.http.Body;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.net.URI;
import java.net.URISyntaxException;

/** Requests from stored text. */
final class Requests {
  private Requests() {}

  /**
   * A request.
   *
   * @throws IllegalArgumentException if there can be no such request; the message does not quote
   *     the URI, which may hold secrets
   */
  static Request read(String method, String uri, Headers headers, Body body) {
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
}
