package dev.larder.key;

import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How a request's body takes part in its key: by kind, media type and content. JSON and forms in
 * one spelling, as far as there is no doubt; anything else byte for byte.
 */
final class RequestBody {
  private static final int NONE = 0;
  private static final int BYTES = 1;
  private static final int FORM = 2;
  private static final int JSON = 3;

  private RequestBody() {}

  static void add(Material material, Request request, Set<String> ignored) {
    if (request.body().length() == 0) {
      material.add(NONE);
      return;
    }
    byte[] body = request.body().bytes();
    Headers headers = request.headers();
    String type = headers.combined("Content-Type").orElse("");
    Optional<String> coding = headers.combined("Content-Encoding");
    if (body.length <= KeyFunction.MAX_BODY_BYTES && coding.isEmpty() && isUtf8(type)) {
      String mediaType = mediaType(type);
      boolean json = mediaType.endsWith("/json") || mediaType.endsWith("+json");
      boolean form = mediaType.equals("application/x-www-form-urlencoded");
      Optional<String> canonical =
          json
              ? JsonText.canonical(body, ignored)
              : form ? FormText.canonical(body, ignored) : Optional.empty();
      if (canonical.isPresent()) {
        material.add(json ? JSON : FORM);
        material.add(mediaType);
        material.add(canonical.get());
        return;
      }
    }
    material.add(body.length == 0 ? NONE : BYTES);
    if (body.length > 0) {
      material.add(mediaType(type));
      material.add(parameters(type));
      material.add(coding.orElse("").toLowerCase(Locale.ROOT));
      material.add(body);
    }
  }

  private static String mediaType(String type) {
    int semicolon = type.indexOf(';');
    return (semicolon < 0 ? type : type.substring(0, semicolon)).trim().toLowerCase(Locale.ROOT);
  }

  private static String parameters(String type) {
    int semicolon = type.indexOf(';');
    return semicolon < 0 ? "" : type.substring(semicolon + 1).trim();
  }

  /** Without parameters, or with the only one that changes nothing. */
  private static boolean isUtf8(String type) {
    String parameters = parameters(type).toLowerCase(Locale.ROOT).replace("\"", "");
    return parameters.isEmpty() || parameters.equals("charset=utf-8");
  }
}
