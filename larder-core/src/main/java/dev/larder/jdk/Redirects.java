package dev.larder.jdk;

import dev.larder.CacheSettings;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a redirect leads (RFC 9110 §15.4), decided as the JDK's client does, but for credentials:
 * they do not go along to another origin.
 */
final class Redirects {
  /** As many as the JDK's client follows unless told otherwise. */
  static final int MOST = 5;

  private final Redirect policy;
  private final CacheSettings settings;

  Redirects(Redirect policy, CacheSettings settings) {
    this.policy = policy;
    this.settings = settings;
  }

  /** Whether a response with this status is to be followed, if it says where to. */
  boolean follows(int status) {
    return policy != Redirect.NEVER
        && switch (status) {
          case 301, 302, 303, 307, 308 -> true;
          default -> false;
        };
  }

  /**
   * The request to send next; empty if the response is for the caller.
   *
   * @throws IOException if there is no Location, or it is not a URI
   */
  Optional<HttpRequest> next(HttpRequest request, int status, HttpHeaders headers)
      throws IOException {
    if (!follows(status)) {
      return Optional.empty();
    }
    URI target = target(request.uri(), headers);
    return mayFollow(request.uri(), target)
        ? Optional.of(request(request, status, target))
        : Optional.empty();
  }

  private static URI target(URI from, HttpHeaders headers) throws IOException {
    String location =
        headers
            .firstValue("Location")
            .orElseThrow(() -> new ProtocolException("redirect without a Location field"));
    try {
      return from.resolve(URI.create(location));
    } catch (IllegalArgumentException e) {
      throw new IOException("redirect to what is not a URI: " + e.getMessage(), e);
    }
  }

  private boolean mayFollow(URI from, URI target) {
    String scheme = lower(target.getScheme());
    boolean web = scheme.equals("http") || scheme.equals("https");
    return web
        && target.getHost() != null
        && (policy == Redirect.ALWAYS
            || scheme.equals(lower(from.getScheme()))
            || scheme.equals("https"));
  }

  private HttpRequest request(HttpRequest request, int status, URI target) {
    String method = method(request.method(), status);
    boolean body = method.equals(request.method());
    boolean sameOrigin = isSameOrigin(request.uri(), target);
    HttpRequest.Builder next =
        HttpRequest.newBuilder(
            request,
            (name, value) ->
                (sameOrigin || !settings.isCredential(name)) && (body || !isOfContent(name)));
    if (!body) {
      next.method(method, BodyPublishers.noBody());
    }
    return next.uri(target).build();
  }

  private static String method(String method, int status) {
    return switch (status) {
      case 303 -> method.equals("HEAD") ? "HEAD" : "GET";
      case 301, 302 -> method.equals("POST") ? "GET" : method;
      default -> method;
    };
  }

  private static boolean isOfContent(String name) {
    return name.regionMatches(true, 0, "Content-", 0, "Content-".length());
  }

  static boolean isSameOrigin(URI a, URI b) {
    return lower(a.getScheme()).equals(lower(b.getScheme()))
        && lower(a.getHost()).equals(lower(b.getHost()))
        && port(a) == port(b);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return lower(uri.getScheme()).equals("https") ? 443 : 80;
  }

  private static String lower(@Nullable String text) {
    return text == null ? "" : text.toLowerCase(Locale.ROOT);
  }
}
