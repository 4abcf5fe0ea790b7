package dev.larder.requestscache;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A URL as the Python libraries requests 2.34 and urllib3 2.7 prepare it before requests-cache sees
 * it: host in ASCII and lower case, port without zeros, dot segments resolved, what is not allowed
 * escaped, escapes in upper case and none for unreserved characters. Normalisation later makes up
 * for most of this, but not for all: {@code /a//../b}, {@code [2001:DB8::A]}, {@code %zz%41}.
 */
final class PreparedUrl {
  private static final String USER_INFO = "!$&'()*+,;=:";
  private static final String PATH = USER_INFO + "@/";
  private static final String QUERY = PATH + "?";
  private static final String RESERVED = "!#$&'()*+,/:;=?@[]~";

  private static final Pattern SCHEME = Pattern.compile("(https?):", Pattern.CASE_INSENSITIVE);
  private static final Pattern PORT = Pattern.compile("0*?(|0|[1-9][0-9]{0,4})\\n?");
  private static final int PORT_LIMIT = 65535;

  private PreparedUrl() {}

  /** The prepared URL, or the URL itself where requests cannot send it. Does not throw. */
  static String of(String raw) {
    String url = PythonText.stripLeading(raw);
    try {
      return prepare(url);
    } catch (NoKeyException refused) {
      return url;
    }
  }

  private static String prepare(String url) throws NoKeyException {
    Matcher matcher = SCHEME.matcher(url);
    if (!matcher.lookingAt()) {
      throw new NoKeyException("no scheme that requests has an adapter for");
    }
    String scheme = PythonText.lower(matcher.group(1));
    String rest = url.substring(matcher.end());
    int hash = rest.indexOf('#');
    String fragment = hash < 0 ? "" : rest.substring(hash + 1);
    rest = hash < 0 ? rest : rest.substring(0, hash);
    int mark = rest.indexOf('?');
    String query = mark < 0 ? "" : rest.substring(mark + 1);
    rest = mark < 0 ? rest : rest.substring(0, mark);
    if (!rest.startsWith("//")) {
      throw new NoKeyException("no host");
    }
    int end = 2;
    while (end < rest.length() && "\\/".indexOf(rest.charAt(end)) < 0) {
      end++;
    }
    String authority = authority(rest.substring(2, end));
    String path = encode(withoutDotSegments(rest.substring(end)), PATH);
    return requote(
        new SplitUrl(
                scheme,
                authority,
                path.startsWith("/") ? path : "/" + path,
                encode(query, QUERY),
                encode(fragment, QUERY))
            .toString());
  }

  private static String authority(String authority) throws NoKeyException {
    int at = authority.lastIndexOf('@');
    String userInfo = authority.substring(0, Math.max(at, 0));
    String hostAndPort = authority.substring(at + 1);
    int colon = hostAndPort.indexOf(':', Math.max(hostAndPort.indexOf(']'), 0));
    String host = host(colon < 0 ? hostAndPort : hostAndPort.substring(0, colon));
    Matcher port = PORT.matcher(colon < 0 ? "" : hostAndPort.substring(colon + 1));
    if (!port.matches()) {
      throw new NoKeyException("no port number");
    }
    int number = port.group(1).isEmpty() ? 0 : Integer.parseInt(port.group(1));
    if (host.isEmpty() || number > PORT_LIMIT) {
      throw new NoKeyException("no host, or port too high");
    }
    if (!userInfo.isEmpty()) {
      userInfo = encode(userInfo, USER_INFO) + '@';
    }
    return userInfo + host + (number == 0 ? "" : ":" + number);
  }

  private static String host(String host) throws NoKeyException {
    if (host.startsWith("[")) {
      return Ipv6Host.prepare(host);
    }
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if ("[]:/?#".indexOf(c) >= 0 || (c == '%' && PercentCoding.escapeAt(host, i) < 0)) {
        throw new NoKeyException("no host name");
      }
    }
    List<String> labels = new ArrayList<>();
    for (String label : host.split("\\.", -1)) {
      String lower = PythonText.lower(label);
      labels.add(PythonText.isAscii(label) ? lower : Idna2008.encodeStrictly(lower));
    }
    String ascii = String.join(".", labels);
    if (ascii.startsWith("*") || ascii.startsWith(".")) {
      throw new NoKeyException("no host name");
    }
    return ascii;
  }

  /** RFC 3986 §5.2.4, except that an empty segment counts as one. */
  private static String withoutDotSegments(String path) {
    List<String> kept = new ArrayList<>();
    for (String segment : path.split("/", -1)) {
      if (segment.equals("..")) {
        if (!kept.isEmpty()) {
          kept.remove(kept.size() - 1);
        }
      } else if (!segment.equals(".")) {
        kept.add(segment);
      }
    }
    if (path.startsWith("/") && (kept.isEmpty() || !kept.get(0).isEmpty())) {
      kept.add(0, "");
    }
    if (path.endsWith("/.") || path.endsWith("/..")) {
      kept.add("");
    }
    return String.join("/", kept);
  }

  /**
   * Escapes what is not allowed. Percent signs are left alone if each of them begins an escape; if
   * one does not, all of them are taken literally.
   */
  static String encode(String text, String allowed) {
    boolean escaped = true;
    StringBuilder upper = new StringBuilder(text);
    for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + 1)) {
      if (PercentCoding.escapeAt(text, i) < 0) {
        escaped = false;
      } else {
        upper.setCharAt(i + 1, Character.toUpperCase(text.charAt(i + 1)));
        upper.setCharAt(i + 2, Character.toUpperCase(text.charAt(i + 2)));
      }
    }
    return PercentCoding.quote(upper.toString(), escaped ? allowed + '%' : allowed);
  }

  /** Decodes escapes of unreserved characters and escapes what no URL may hold. */
  private static String requote(String url) {
    String plain = withoutNeedlessEscapes(url);
    return plain == null
        ? PercentCoding.quote(url, RESERVED)
        : PercentCoding.quote(plain, RESERVED + '%');
  }

  /** Null if two letters or digits after a percent sign are not hexadecimal. */
  private static @Nullable String withoutNeedlessEscapes(String url) {
    StringBuilder plain = new StringBuilder(url.length());
    for (int i = 0; i < url.length(); i++) {
      int value = PercentCoding.escapeAt(url, i);
      if (value >= 0 && isUnreserved((char) value)) {
        plain.append((char) value);
        i += 2;
      } else if (value < 0 && looksLikeEscape(url, i)) {
        return null;
      } else {
        plain.append(url.charAt(i));
      }
    }
    return plain.toString();
  }

  private static boolean looksLikeEscape(String url, int index) {
    return url.charAt(index) == '%'
        && index + 2 < url.length()
        && Character.isLetterOrDigit(url.charAt(index + 1))
        && Character.isLetterOrDigit(url.charAt(index + 2));
  }

  private static boolean isUnreserved(char c) {
    return PercentCoding.isAlphanumeric(c) || "-._~".indexOf(c) >= 0;
  }
}
