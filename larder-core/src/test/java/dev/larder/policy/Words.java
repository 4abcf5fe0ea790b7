package dev.larder.policy;

import dev.larder.http.EntryHead;
import dev.larder.http.Expiration;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rules, stored responses, decisions and outcomes in one cell of a table. */
final class Words {
  /** When everything that is stored was asked for and arrived. */
  static final Instant STORED_AT = Instant.parse("2026-11-22T08:00:00Z");

  private Words() {}

  /** Rules such as {@code shared & staleIfError=10 & codes=200/404}. */
  static Rules rules(@Nullable String text) {
    Map<String, String> words = new HashMap<>();
    if (text != null) {
      for (String word : text.split(" & ", -1)) {
        int equals = word.indexOf('=');
        words.put(
            equals < 0 ? word : word.substring(0, equals),
            equals < 0 ? "" : word.substring(equals + 1));
      }
    }
    return new Rules(
        words.containsKey("shared"),
        !words.containsKey("noCacheControl"),
        words.containsKey("originFirst"),
        Optional.ofNullable(words.get("expireAfter")).map(Words::expiration),
        codes(words.getOrDefault("codes", "")),
        words.containsKey("validateAlways"),
        words.containsKey("onlyIfCached"),
        words.containsKey("refresh"),
        words.containsKey("forceRefresh"),
        seconds(words, "staleIfError"),
        seconds(words, "staleWhileRevalidate"),
        words.containsKey("targeted") ? List.of(words.get("targeted")) : List.of());
  }

  /** A response such as {@code 404 & Cache-Control: max-age=60}; status 200 if it has none. */
  static EntryHead stored(String text) {
    Response response = response(text);
    String fields = Optional.ofNullable(response.fields()).orElse("");
    return EntryHead.builder("key", Request.get("http://example.org/a"), STORED_AT)
        .status(response.status())
        .headers(Lines.of(response.fields()))
        .requested(STORED_AT)
        .responded(STORED_AT)
        .expires(Optional.of(expires(response.status(), Lines.of(response.fields()))))
        .range(
            fields.contains("Content-Range: ")
                ? ContentRange.of(Lines.of(fields)).map(ContentRange::toString)
                : Optional.empty())
        .build();
  }

  /** The latest that a cache could say of these fields. */
  private static Instant expires(int status, Headers headers) {
    return Stream.of(
            CacheControl.of(headers), CacheControl.of(headers, List.of("my-cache-control")))
        .flatMap(
            directives ->
                Stream.of(false, true)
                    .map(
                        shared ->
                            Freshness.of(
                                status, headers, directives, STORED_AT, STORED_AT, shared)))
        .map(Freshness::expires)
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  /** A status and field lines. */
  record Response(int status, @Nullable String fields) {}

  static Response response(String text) {
    boolean named = Character.isDigit(text.charAt(0));
    int status = named ? Integer.parseInt(text.substring(0, 3)) : 200;
    String fields = named ? text.substring(Math.min(text.length(), 6)) : text;
    return new Response(status, fields.isEmpty() ? null : fields);
  }

  static String of(Decision decision) {
    if (decision instanceof Decision.Serve serve) {
      return serve.refresh() ? "serve and refresh" : "serve";
    }
    if (decision instanceof Decision.Forward forward) {
      return forward.reason().token()
          + (forward.validating() ? ", validating" : "")
          + forward.missing().map(range -> ", " + range.first() + "-" + range.last()).orElse("");
    }
    return "504";
  }

  static String of(Outcome outcome) {
    if (outcome instanceof Outcome.Store store) {
      return stored(store);
    }
    if (outcome instanceof Outcome.Combine combine) {
      return "combine to " + stored(combine.combined());
    }
    if (outcome instanceof Outcome.Freshen freshen) {
      return "renew" + until(freshen.expires(), freshen.explicit());
    }
    if (outcome instanceof Outcome.FreshenAndPass both) {
      return "pass and renew" + until(both.freshen().expires(), both.freshen().explicit());
    }
    if (outcome instanceof Outcome.InvalidateAndPass) {
      return "pass and invalidate";
    }
    if (outcome instanceof Outcome.ServeStale) {
      return "serve stale";
    }
    return outcome instanceof Outcome.RetryUnconditionally ? "ask again" : "pass";
  }

  private static String stored(Outcome.Store store) {
    return "store"
        + store.range().map(range -> " " + range).orElse("")
        + until(store.expires(), store.explicit());
  }

  private static String until(Optional<Instant> expires, boolean explicit) {
    return expires.map(time -> " " + Duration.between(STORED_AT, time).toSeconds()).orElse(" ever")
        + (explicit ? " explicit" : "");
  }

  private static Expiration expiration(String text) {
    return switch (text) {
      case "never" -> Expiration.never();
      case "doNotCache" -> Expiration.doNotCache();
      default -> Expiration.after(Duration.ofSeconds(Long.parseLong(text)));
    };
  }

  private static Set<Integer> codes(String text) {
    return Arrays.stream(text.split("/", -1))
        .filter(code -> !code.isEmpty())
        .map(Integer::valueOf)
        .collect(Collectors.toSet());
  }

  private static Optional<Duration> seconds(Map<String, String> words, String name) {
    return Optional.ofNullable(words.get(name)).map(Long::parseLong).map(Duration::ofSeconds);
  }
}
