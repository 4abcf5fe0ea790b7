package dev.larder.policy;

import dev.larder.http.Headers;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a request may have changed at the origin (RFC 9111 §4.4). */
public final class Invalidation {
  /** Registered as safe; everything else, known or not, is not. */
  private static final Set<String> SAFE =
      Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "REPORT", "SEARCH", "QUERY");

  private Invalidation() {}

  /** Whether the method is known to be safe (RFC 9110 §9.2.1). Case counts. */
  public static boolean isSafe(String method) {
    return SAFE.contains(method);
  }

  /**
   * The URIs whose stored responses are to be invalidated: none if the method is safe or the status
   * is not 2xx or 3xx; else the target and what Location and Content-Location name, as far as it is
   * of the target's origin (scheme, host, port), without fragments. What is not a URI is passed
   * over.
   *
   * @param target the request's absolute URI
   * @param response the response's fields
   */
  public static List<URI> targets(String method, URI target, int status, Headers response) {
    if (isSafe(method) || status < 200 || status > 399) {
      return List.of();
    }
    Set<URI> targets = new LinkedHashSet<>();
    targets.add(target);
    for (Headers.Field field : response.fields()) {
      if (field.named("Location") || field.named("Content-Location")) {
        resolve(target, field.value())
            .filter(uri -> sameOrigin(uri, target))
            .ifPresent(targets::add);
      }
    }
    return new ArrayList<>(targets);
  }

  /** Whether two URIs have the same origin (RFC 9110 §4.3.1). */
  static boolean sameOrigin(URI one, URI other) {
    return one.getScheme() != null
        && one.getScheme().equalsIgnoreCase(other.getScheme())
        && hostAndPort(one).equals(hostAndPort(other));
  }

  /** Resolves a reference (RFC 3986 §5.2); the JDK does not for some of these forms. */
  private static Optional<URI> resolve(URI base, String reference) {
    try {
      URI parsed = new URI(reference);
      if (parsed.isOpaque()) {
        return Optional.empty();
      }
      String path = base.getRawPath();
      URI root = path == null || path.isEmpty() ? withPath(base, "/") : base;
      boolean noPath =
          !parsed.isAbsolute()
              && parsed.getRawAuthority() == null
              && (parsed.getRawPath() == null || parsed.getRawPath().isEmpty());
      if (!noPath) {
        return Optional.of(withoutFragment(root.resolve(parsed)));
      }
      String query = parsed.getRawQuery() == null ? root.getRawQuery() : parsed.getRawQuery();
      return Optional.of(withPath(root, root.getRawPath() + (query == null ? "" : "?" + query)));
    } catch (URISyntaxException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static URI withPath(URI base, String pathAndQuery) throws URISyntaxException {
    return new URI(base.getScheme() + "://" + base.getRawAuthority() + pathAndQuery);
  }

  private static URI withoutFragment(URI uri) throws URISyntaxException {
    String text = uri.toString();
    int hash = text.indexOf('#');
    return hash < 0 ? uri : new URI(text.substring(0, hash));
  }

  // Not URI.getHost, which is null for a host with an underscore.
  private static String hostAndPort(URI uri) {
    String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
    String host = authority.substring(authority.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
    int colon = host.lastIndexOf(':');
    boolean hasPort = colon >= 0 && host.indexOf(']', colon) < 0;
    String port = hasPort ? host.substring(colon + 1) : "";
    String name = hasPort ? host.substring(0, colon) : host;
    return name + ':' + (port.isEmpty() ? defaultPort(uri) : port);
  }

  private static String defaultPort(URI uri) {
    return "https".equalsIgnoreCase(uri.getScheme()) ? "443" : "80";
  }
}
