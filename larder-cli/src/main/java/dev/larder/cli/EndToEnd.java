package dev.larder.cli;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which fields of a message go on to the next connection: all but those about the connection it
 * came on (RFC 9110 §7.6.1), which are the usual ones and what {@code Connection} names. Immutable.
 */
final class EndToEnd {
  /** Framing and connections are each side's own; authentication by a proxy ends at the proxy. */
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authentication-info",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private final Set<String> named = new TreeSet<>();

  /**
   * For a message.
   *
   * @param connection the values of its {@code Connection} fields
   */
  EndToEnd(Collection<String> connection) {
    connection.stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .map(name -> name.trim().toLowerCase(Locale.ROOT))
        .forEach(named::add);
  }

  /** Whether a field of this name goes on. */
  boolean includes(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return !HOP_BY_HOP.contains(lower) && !named.contains(lower);
  }
}
