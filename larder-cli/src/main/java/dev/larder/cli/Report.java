package dev.larder.cli;

import dev.larder.jdk.CacheInfo;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in a few lines where an answer came from. */
final class Report {
  private static final Pattern FORWARDED = Pattern.compile("Larder; fwd=([a-z-]+)");
  private static final Map<String, String> REASONS =
      Map.of(
          "bypass", "such a request is not cached",
          "method", "such a request is not cached",
          "request", "the request asks for a new answer",
          "uri-miss", "not in the cache",
          "vary-miss", "in the cache for other request fields",
          "miss", "in the cache, but it cannot be used",
          "partial", "only a part is in the cache",
          "stale", "in the cache, but expired");

  private Report() {}

  static List<String> of(HttpResponse<?> response, Instant now, Cost cost) {
    List<String> lines = new ArrayList<>();
    Optional<CacheInfo> info = CacheInfo.of(response);
    lines.add(verdict(response, info));
    info.filter(entry -> entry.stored() || entry.fromCache())
        .ifPresent(
            entry -> {
              lines.add("key      " + entry.key());
              lines.add("expires  " + expiry(entry, now));
            });
    lines.add("cost     " + cost);
    return lines;
  }

  private static String verdict(HttpResponse<?> response, Optional<CacheInfo> info) {
    if (info.map(CacheInfo::fromCache).orElse(false)) {
      String confirmed = info.get().revalidated() ? "; confirmed by the origin" : "";
      return "hit      stored " + seconds(info.get().created()) + confirmed;
    }
    String status = String.join(", ", response.headers().allValues("Cache-Status"));
    Matcher forwarded = FORWARDED.matcher(status);
    if (!forwarded.find()) {
      return "miss     not in the cache; the origin was not asked";
    }
    String reason = REASONS.getOrDefault(forwarded.group(1), forwarded.group(1));
    return "miss     "
        + reason
        + "; fetched"
        + (info.map(CacheInfo::stored).orElse(false) ? " and stored" : ", not stored");
  }

  private static String expiry(CacheInfo info, Instant now) {
    return info.expires()
        .map(
            at ->
                seconds(at)
                    + (info.isExpired(now)
                        ? ", already"
                        : ", in " + span(Duration.between(now, at))))
        .orElse("never");
  }

  private static String seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** The two largest units of a time, such as {@code 59 min 58 s}. */
  static String span(Duration time) {
    long[] counts = {time.toDays(), time.toHoursPart(), time.toMinutesPart(), time.toSecondsPart()};
    String[] units = {" d", " h", " min", " s"};
    for (int i = 0; i < counts.length - 1; i++) {
      if (counts[i] > 0) {
        String rest = counts[i + 1] == 0 ? "" : " " + counts[i + 1] + units[i + 1];
        return counts[i] + units[i] + rest;
      }
    }
    return time.toSeconds() + " s";
  }
}
