package dev.larder;

import dev.larder.http.Expiration;
import dev.larder.http.Request;
import dev.larder.key.UriNormalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Expirations by URL: of several patterns that match, the first decides. Immutable. */
final class UrlExpirations {
  static final UrlExpirations NONE = new UrlExpirations(List.of());

  private record Rule(Predicate<String> pattern, Expiration expiration) {}

  private final List<Rule> rules;

  private UrlExpirations(List<Rule> rules) {
    this.rules = rules;
  }

  UrlExpirations with(String glob, Expiration expiration) {
    return with(new UrlGlob(glob), expiration);
  }

  UrlExpirations with(Pattern regex, Expiration expiration) {
    return with(regex.asPredicate(), expiration);
  }

  private UrlExpirations with(Predicate<String> pattern, Expiration expiration) {
    List<Rule> more = new ArrayList<>(rules);
    more.add(new Rule(pattern, expiration));
    return new UrlExpirations(List.copyOf(more));
  }

  Optional<Expiration> of(Request request) {
    if (rules.isEmpty()) {
      return Optional.empty();
    }
    String url = withoutUserInfo(UriNormalizer.normalize(request.uri()));
    for (Rule rule : rules) {
      if (rule.pattern().test(url)) {
        return Optional.of(rule.expiration());
      }
    }
    return Optional.empty();
  }

  private static String withoutUserInfo(String url) {
    int authority = url.indexOf("://") + 3;
    int at = url.lastIndexOf('@', url.indexOf('/', authority));
    return at < authority ? url : url.substring(0, authority) + url.substring(at + 1);
  }
}
