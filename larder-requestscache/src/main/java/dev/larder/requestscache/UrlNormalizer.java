package dev.larder.requestscache;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The Python package url-normalize 3.0.0, with its defaults.
 *
 * <p>It treats different URLs as one: {@code /a%2Fb} and {@code /a/b}, {@code ?q=a+b} and {@code
 * ?q=a%2Bb}. Keys made of what comes out vouch for nothing.
 */
final class UrlNormalizer {
  private static final Set<String> COLLAPSED_SLASHES = Set.of("http", "https", "ftp", "ftps");
  private static final Set<String> DOT_SEGMENTS = Set.of("", "http", "https", "ftp", "file");
  private static final Set<String> ROOT_PATH = Set.of("http", "https", "ftp", "file");
  private static final Map<String, String> DEFAULT_PORTS =
      Map.ofEntries(
          Map.entry("ftp", "21"),
          Map.entry("gopher", "70"),
          Map.entry("http", "80"),
          Map.entry("https", "443"),
          Map.entry("news", "119"),
          Map.entry("nntp", "119"),
          Map.entry("snews", "563"),
          Map.entry("snntp", "563"),
          Map.entry("telnet", "23"),
          Map.entry("ws", "80"),
          Map.entry("wss", "443"));

  private static final String SAFE_IN_PATH = "~:/#[]@!$&'()*+,;=";
  private static final String SAFE_IN_QUERY = "~:/?[]@!$'()*+,;";
  private static final String SAFE_IN_FRAGMENT = "~=";

  /** What Python converts to a number at most. */
  private static final int DIGIT_LIMIT = 4300;

  private UrlNormalizer() {}

  /** The normalised URL. Does not throw. */
  static String normalize(String url) {
    if (url.isEmpty()) {
      return url;
    }
    String clean =
        PythonText.stripTrailing(withScheme(url).replace("#!", "?_escaped_fragment_="), "&? ");
    SplitUrl split = SplitUrl.parse(PythonText.strip(clean));
    return new SplitUrl(
            split.scheme(),
            authority(split.authority(), split.scheme()),
            path(split.path(), split.scheme()),
            query(split.query()),
            requote(split.fragment(), SAFE_IN_FRAGMENT))
        .toString();
  }

  private static String withScheme(String url) {
    if (url.equals("-") || (url.startsWith("/") && !url.startsWith("//"))) {
      return url;
    }
    int colon = url.indexOf(':');
    if (colon < 0 || url.codePointCount(0, colon) >= 7) {
      return "https://" + PythonText.stripLeading(url, '/');
    }
    String scheme = url.substring(0, colon);
    return COLLAPSED_SLASHES.contains(PythonText.lower(scheme))
        ? scheme + "://" + PythonText.stripLeading(url.substring(colon + 1), '/')
        : url;
  }

  /**
   * User information up to the first at sign, host up to the first colon, port. An IPv6 literal is
   * host {@code [} and a port that is no number, and so passes unchanged.
   */
  private static String authority(String authority, String scheme) {
    int at = authority.indexOf('@');
    String userInfo = authority.substring(0, at + 1);
    String rest = authority.substring(at + 1);
    int colon = rest.indexOf(':');
    String host = host(colon < 0 ? rest : rest.substring(0, colon));
    String port = port(colon < 0 ? "" : rest.substring(colon + 1), scheme);
    return (userInfo.equals("@") || userInfo.equals(":@") ? "" : userInfo)
        + host
        + (port.isEmpty() ? "" : ":" + port);
  }

  static String host(String raw) {
    String host = PythonText.strip(PythonText.lower(raw), ".");
    try {
      List<String> labels = new ArrayList<>();
      for (String label : host.split("\\.", -1)) {
        if (!label.isEmpty()) {
          labels.add(Idna2008.encodeMapped(label));
        }
      }
      return String.join(".", labels);
    } catch (NoKeyException notIdna2008) {
      try {
        return Idna2003.encode(host);
      } catch (NoKeyException noKeyInPython) {
        return host;
      }
    }
  }

  private static String port(String port, String scheme) {
    String number = PythonText.decimal(port);
    if (number.isEmpty() || number.length() > DIGIT_LIMIT) {
      return port;
    }
    String plain = new BigInteger(number).toString();
    return plain.equals(DEFAULT_PORTS.get(scheme)) ? "" : plain;
  }

  private static String path(String raw, String scheme) {
    String path = requote(raw, SAFE_IN_PATH);
    if (DOT_SEGMENTS.contains(scheme)) {
      path = withoutDotSegments(path);
    }
    return path.isEmpty() && ROOT_PATH.contains(scheme) ? "/" : path;
  }

  private static String withoutDotSegments(String path) {
    List<String> kept = new ArrayList<>();
    String[] segments = path.split("/", -1);
    for (String segment : segments) {
      if (segment.equals("..")) {
        if (kept.size() > 1) {
          kept.remove(kept.size() - 1);
        }
      } else if (segment.isEmpty() ? kept.isEmpty() : !segment.equals(".")) {
        kept.add(segment);
      }
    }
    if (Set.of("", ".", "..").contains(segments[segments.length - 1])) {
      kept.add("");
    }
    return String.join("/", kept);
  }

  private static String query(String raw) {
    List<String> pieces = new ArrayList<>();
    for (String piece : raw.split("&", -1)) {
      if (!piece.isEmpty()) {
        int equals = piece.indexOf('=');
        String name = requote(equals < 0 ? piece : piece.substring(0, equals), SAFE_IN_QUERY);
        String value = equals < 0 ? "" : requote(piece.substring(equals + 1), SAFE_IN_QUERY);
        pieces.add(value.isEmpty() ? name : name + '=' + value);
      }
    }
    return String.join("&", pieces);
  }

  private static String requote(String text, String safe) {
    return PercentCoding.quote(PythonText.nfc(PercentCoding.unquote(text)), safe);
  }
}
