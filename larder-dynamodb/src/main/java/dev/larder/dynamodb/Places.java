package dev.larder.dynamodb;

import dev.larder.http.EntryFilter;
import dev.larder.http.EntryHead;
import dev.larder.serial.Utf8;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where entries stand in the index: by the labels of their host, the last one first, then by what
 * follows the authority in their URL, {@code org.example.api/items/1?page=2}. A place is a text of
 * at most 1,000 bytes that begins with {@code /} or with a host, whatever the URL is; so DynamoDB
 * takes each one. Scheme, user information and port are not in it.
 *
 * <p>URLs with a common beginning that reaches past the authority have places with a common
 * beginning. Different URLs may have the same place; what is found is tested again.
 */
final class Places {
  /** The sort key of an index may have 1,024 bytes. */
  static final int MAX_BYTES = 1_000;

  /**
   * Into so many partitions of the index a namespace is spread: each takes 1,000 writes a second.
   */
  static final int SHARDS = 8;

  /** The place of an entry that has no room for its own, in a partition beside these. */
  static final String APART = "/";

  /** A filter that asks for more than this is no better than a scan. */
  private static final int MAX_PREFIXES = 20;

  private static final Pattern AUTHORITY = Pattern.compile("(?:[^:/?#]++:)?//([^/?#]*+)");

  private Places() {}

  /** The place of a URL, or of the beginning of one that reaches past the authority. */
  static String of(String url) {
    Matcher authority = AUTHORITY.matcher(url);
    String rest = authority.lookingAt() ? url.substring(authority.end()) : url;
    return cut(reversed(EntryHead.hostOf(url)) + (rest.startsWith("/") ? rest : "/" + rest));
  }

  private static String reversed(String host) {
    List<String> labels = new ArrayList<>(Arrays.asList(host.split("\\.", -1)));
    Collections.reverse(labels);
    return String.join(".", labels);
  }

  private static String cut(String place) {
    if (place.length() <= MAX_BYTES / 3) {
      return place;
    }
    int bytes = 0;
    int end = 0;
    while (end < place.length()) {
      int character = place.codePointAt(end);
      bytes += Utf8.length(Character.toString(character));
      if (bytes > MAX_BYTES) {
        break;
      }
      end += Character.charCount(character);
    }
    return place.substring(0, end);
  }

  /**
   * With one of which the place of every entry begins that the filter matches; none of them begins
   * with another. Empty if the filter does not tell.
   */
  static Optional<List<String>> prefixes(EntryFilter filter) {
    return find(filter).map(Places::disjoint).filter(prefixes -> prefixes.size() <= MAX_PREFIXES);
  }

  private static Optional<List<String>> find(EntryFilter filter) {
    if (filter instanceof EntryFilter.Host host) {
      return Optional.of(List.of(cut(reversed(host.host()) + "/")));
    }
    if (filter instanceof EntryFilter.Url url) {
      return Optional.of(List.of(of(url.url())));
    }
    if (filter instanceof EntryFilter.UrlPrefix prefix) {
      Matcher authority = AUTHORITY.matcher(prefix.prefix());
      return authority.lookingAt() && authority.end() < prefix.prefix().length()
          ? Optional.of(List.of(of(prefix.prefix())))
          : Optional.empty();
    }
    if (filter instanceof EntryFilter.And and) {
      Optional<List<String>> left = find(and.left());
      Optional<List<String>> right = find(and.right());
      return left.isPresent() && right.isPresent()
          ? Optional.of(narrower(left.get(), right.get()))
          : left.or(() -> right);
    }
    if (filter instanceof EntryFilter.Or or) {
      return find(or.left())
          .flatMap(
              left ->
                  find(or.right())
                      .filter(right -> left.size() + right.size() <= 2 * MAX_PREFIXES)
                      .map(
                          right -> {
                            List<String> both = new ArrayList<>(left);
                            both.addAll(right);
                            return both;
                          }));
    }
    return Optional.empty();
  }

  private static List<String> narrower(List<String> a, List<String> b) {
    int shortestOfA = a.stream().mapToInt(String::length).min().orElse(0);
    int shortestOfB = b.stream().mapToInt(String::length).min().orElse(0);
    return shortestOfA >= shortestOfB ? a : b;
  }

  private static List<String> disjoint(List<String> prefixes) {
    List<String> sorted = prefixes.stream().distinct().sorted().toList();
    List<String> kept = new ArrayList<>();
    for (String prefix : sorted) {
      // Sorted, so one that it begins with comes before it, and nothing else in between.
      if (kept.isEmpty() || !prefix.startsWith(kept.get(kept.size() - 1))) {
        kept.add(prefix);
      }
    }
    return kept;
  }
}
