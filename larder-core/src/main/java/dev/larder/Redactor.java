package dev.larder;

import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes secrets out of what is stored: values of named fields and query parameters, and user
 * information.
 */
final class Redactor {
  static final String REDACTED = "REDACTED";
  private static final Pattern USER_INFO = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*://)[^/?#]*@");
  private static final Pattern PARAMETER = Pattern.compile("([?&])([^=&#]*)=([^&#]*)");

  private final Set<String> names;

  Redactor(Set<String> lowerCaseNames) {
    this.names = lowerCaseNames;
  }

  Request redact(Request request) {
    return new Request(
        request.method(),
        URI.create(redactUrl(request.uri().toString())),
        redact(request.headers()),
        request.body());
  }

  Headers redact(Headers headers) {
    Headers.Builder redacted = Headers.builder();
    for (Headers.Field field : headers.fields()) {
      redacted.add(field.name(), isSecret(field.name()) ? REDACTED : field.value());
    }
    return redacted.build();
  }

  String redactUrl(String url) {
    String withoutUser = USER_INFO.matcher(url).replaceFirst("$1" + REDACTED + "@");
    return PARAMETER
        .matcher(withoutUser)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    match.group(1) + match.group(2) + '=' + value(match.group(2), match.group(3))));
  }

  /** Whether what the key is made from can no longer be told from what is stored. */
  static boolean hidesKeyMaterial(Request stored) {
    String uri = stored.uri().toString();
    return uri.contains("://" + REDACTED + "@")
        || Pattern.compile("=" + REDACTED + "(&|#|$)").matcher(uri).find();
  }

  private String value(String name, String value) {
    return isSecret(decoded(name)) ? REDACTED : value;
  }

  private boolean isSecret(String name) {
    return names.contains(name.toLowerCase(Locale.ROOT));
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
