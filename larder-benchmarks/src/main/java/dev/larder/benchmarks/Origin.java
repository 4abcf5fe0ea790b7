package dev.larder.benchmarks;

import dev.larder.http.Body;
import dev.larder.http.Headers;
import dev.larder.testkit.Answer;
import dev.larder.testkit.ScriptedOrigin;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Random;

/**
 * An origin on the loopback interface with a number of JSON documents, all of one length and fresh
 * for a day, under heads as servers send them. The same in every run but for {@code Date}.
 */
final class Origin implements AutoCloseable {
  /** More than one, so that a client which remembers just its last answer gains nothing by it. */
  static final int DOCUMENTS = 16;

  /** What every client sends with every request: the name and the value of each field. */
  static final String[] REQUEST_FIELDS = {
    "Accept", "application/json",
    "Accept-Encoding", "gzip",
    "User-Agent", "larder-benchmarks/1"
  };

  private static final String[] WORDS = {
    "alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliett"
  };

  private final ScriptedOrigin server = ScriptedOrigin.start();

  Origin(int bodyLength) {
    for (int document = 0; document < DOCUMENTS; document++) {
      server.respond(
          path(document), Answer.of(200, head(document), Body.of(json(bodyLength, document))));
    }
  }

  URI uri(int document) {
    return server.uri(path(document));
  }

  /** How many requests have reached it. */
  int requests() {
    return server.count();
  }

  /** From now on it cannot be reached. */
  @Override
  public void close() {
    server.close();
  }

  private static String path(int document) {
    return "/api/v2/items?page=" + document + "&sort=name";
  }

  private static Headers head(int document) {
    return Headers.of(
        "Date",
        DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)),
        "Content-Type",
        "application/json; charset=utf-8",
        "Cache-Control",
        "public, max-age=86400, stale-while-revalidate=60",
        "ETag",
        "\"5f3c9d1e-" + document + '"',
        "Last-Modified",
        "Fri, 20 Nov 2026 08:15:30 GMT",
        "Vary",
        "Accept-Encoding",
        "Server",
        "nginx/1.27.2",
        "X-Request-Id",
        "8f14e45f-ceea-467f-a8f1-3a5d1c2b7e" + (10 + document),
        "X-Content-Type-Options",
        "nosniff",
        "Strict-Transport-Security",
        "max-age=63072000; includeSubDomains",
        "Access-Control-Allow-Origin",
        "*");
  }

  /** Text that looks like JSON, cut at the length asked for. */
  private static byte[] json(int length, int seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder(length + 100).append('[');
    for (int id = 0; text.length() < length; id++) {
      text.append("{\"id\":").append(id);
      text.append(",\"name\":\"").append(WORDS[random.nextInt(WORDS.length)]);
      text.append("\",\"price\":").append(random.nextInt(100_000) / 100.0).append("},");
    }
    return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
  }
}
