package dev.larder.requestscache;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An IPv6 literal in brackets, perhaps with a zone, as urllib3 takes it. */
final class Ipv6Host {
  private static final String H16 = "[0-9A-Fa-f]{1,4}";
  private static final String LS32 = "(?:" + H16 + ":" + H16 + "|(?:[0-9]{1,3}\\.){3}[0-9]{1,3})";

  /** RFC 3986 §3.2.2. */
  private static final String ADDRESS =
      String.join(
          "|",
          groups(6) + LS32,
          "::" + groups(5) + LS32,
          before(0) + groups(4) + LS32,
          before(1) + groups(3) + LS32,
          before(2) + groups(2) + LS32,
          before(3) + groups(1) + LS32,
          before(4) + LS32,
          before(5) + H16,
          before(6));

  private static final Pattern LITERAL =
      Pattern.compile(
          "(\\[(?:"
              + ADDRESS
              + "))(?:(?:%25|%)((?:[A-Za-z0-9._~-]|%[A-Fa-f0-9]{2}){1,200}))?\\]\n?");

  private Ipv6Host() {}

  /**
   * The literal in lower case, its zone escaped.
   *
   * @throws NoKeyException if it is not an IPv6 literal
   */
  static String prepare(String literal) throws NoKeyException {
    Matcher matcher = LITERAL.matcher(literal);
    if (!matcher.matches()) {
      throw new NoKeyException("no IPv6 literal");
    }
    String zone = matcher.group(2);
    String address = matcher.group(1).toLowerCase(Locale.ROOT);
    return zone == null ? address + "]" : address + "%" + PreparedUrl.encode(zone, "") + "]";
  }

  private static String groups(int count) {
    return "(?:" + H16 + ":){" + count + "}";
  }

  /** Up to one group more than this, then the gap. */
  private static String before(int count) {
    return "(?:(?:" + H16 + ":){0," + count + "}" + H16 + ")?::";
  }
}
