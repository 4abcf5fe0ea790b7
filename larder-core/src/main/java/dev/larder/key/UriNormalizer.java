package dev.larder.key;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Makes equivalent spellings of a URI equal (RFC 3986 §6.2.2 and §6.2.3) and keeps different ones
 * apart: scheme and host in lower case, no default port, escapes in upper case and only where
 * needed, no dot segments, {@code /} for an empty path, no fragment. The order of query parameters,
 * empty ones, and reserved characters that are escaped stay as they are: to an origin they may mean
 * something.
 */
public final class UriNormalizer {
  private static final String HEX = "0123456789ABCDEF";

  private UriNormalizer() {}

  /** The normalised URI. */
  public static String normalize(URI uri) {
    String asWritten = uri.toString();
    return isNormal(asWritten) ? asWritten : normalized(uri);
  }

  /**
   * Whether a URI is certainly normal already, as most are: one look at each character. False means
   * only that more thought is needed.
   */
  private static boolean isNormal(String uri) {
    int authority = uri.startsWith("http://") ? 7 : uri.startsWith("https://") ? 8 : -1;
    int path = authority < 0 ? -1 : uri.indexOf('/', authority);
    if (path < 0) {
      return false;
    }
    for (int i = authority; i < path; i++) {
      char c = uri.charAt(i);
      if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-')) {
        return false;
      }
    }
    for (int i = path; i < uri.length(); i++) {
      char c = uri.charAt(i);
      if (c == '%' || c == '#' || (c == '.' && uri.charAt(i - 1) == '/')) {
        return false;
      }
    }
    return true;
  }

  private static String normalized(URI uri) {
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    StringBuilder text =
        new StringBuilder(uri.toString().length() + 1).append(scheme).append("://");
    text.append(authority(uri.getRawAuthority(), scheme)).append(path(uri.getRawPath()));
    if (uri.getRawQuery() != null) {
      text.append('?').append(escapes(uri.getRawQuery()));
    }
    return text.toString();
  }

  private static String authority(String raw, String scheme) {
    int at = raw.lastIndexOf('@');
    String userInfo = at < 0 ? "" : escapes(raw.substring(0, at + 1));
    String hostAndPort = raw.substring(at + 1);
    int colon = hostAndPort.indexOf(':', Math.max(hostAndPort.indexOf(']'), 0));
    String host = colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
    String port = colon < 0 ? "" : hostAndPort.substring(colon + 1);
    return userInfo
        + host(host)
        + (port.isEmpty() || port.equals(defaultPort(scheme)) ? "" : ":" + port);
  }

  /** Lower case also for what was escaped (RFC 3986 §6.2.2.1); what stays escaped in upper case. */
  private static String host(String raw) {
    return escapes(escapes(raw).toLowerCase(Locale.ROOT));
  }

  private static @Nullable String defaultPort(String scheme) {
    return switch (scheme) {
      case "http" -> "80";
      case "https" -> "443";
      default -> null;
    };
  }

  private static String path(@Nullable String raw) {
    return raw == null || raw.isEmpty() ? "/" : withoutDotSegments(escapes(raw));
  }

  /** RFC 3986 §5.2.4. Empty segments are kept. */
  private static String withoutDotSegments(String path) {
    if (!path.contains("/.")) {
      return path;
    }
    Deque<String> kept = new ArrayDeque<>();
    String[] segments = path.substring(1).split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      boolean dots = segments[i].equals("..");
      if (dots) {
        kept.pollLast();
      }
      if (!dots && !segments[i].equals(".")) {
        kept.addLast(segments[i]);
      } else if (i == segments.length - 1) {
        kept.addLast("");
      }
    }
    return "/" + String.join("/", kept);
  }

  /**
   * Escapes of unreserved characters decoded, all others in upper case (RFC 3986 §6.2.2.1,
   * §6.2.2.2).
   */
  private static String escapes(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    StringBuilder normal = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int high = c == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
      int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
      if (low < 0) {
        normal.append(c);
        continue;
      }
      char decoded = (char) (high << 4 | low);
      if (isUnreserved(decoded)) {
        normal.append(decoded);
      } else {
        normal.append('%').append(HEX.charAt(high)).append(HEX.charAt(low));
      }
      i += 2;
    }
    return normal.toString();
  }

  static boolean isUnreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "-._~".indexOf(c) >= 0;
  }
}
