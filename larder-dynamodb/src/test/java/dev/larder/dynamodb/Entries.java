package dev.larder.dynamodb;

import dev.larder.CacheSettings;
import dev.larder.http.Body;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/** Entries to test with. */
final class Entries {
  /** Clients do not give up because the machine has other work. */
  static final CacheSettings PATIENT =
      CacheSettings.builder().storageTimeout(Duration.ofSeconds(30)).build();

  static final Instant START = Instant.parse("2026-11-22T08:00:00.123Z");

  private static final Headers HEADERS =
      Headers.of(
          "Content-Type", "application/json; charset=utf-8",
          "Date", "Sun, 22 Nov 2026 08:00:00 GMT",
          "ETag", "\"a1b2c3d4\"",
          "Cache-Control", "max-age=3600");

  private Entries() {}

  static String url(int index) {
    return "https://api.example.org/items/" + index;
  }

  static Request request(int index) {
    return Request.get(url(index));
  }

  /** JSON of exactly this many bytes, different for each index. */
  static byte[] json(int index, int bytes) {
    StringBuilder text =
        new StringBuilder(bytes).append("{\"id\": ").append(index).append(", \"text\": \"");
    while (text.length() < bytes - 2) {
      text.append((char) ('a' + (text.length() * 7 + index) % 26));
    }
    return text.append("\"}").toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** The made-up JSON of an issue tracker, of 2, 20 or 200 thousand bytes. */
  static byte[] issues(int thousands) {
    String name = "issues-" + thousands + "k.json";
    try (InputStream in = Entries.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Response response(String body) {
    return response(Body.of(body));
  }

  static Response response(Body body) {
    return Response.builder().headers(HEADERS).body(body).build();
  }

  static CachedResponse cached(int index, int bytes) {
    EntryHead head =
        EntryHead.builder("key-" + index, request(index), START)
            .headers(HEADERS)
            .expires(Optional.of(START.plusSeconds(3600)))
            .retainUntil(Optional.of(START.plusSeconds(86_400)))
            .build();
    return new CachedResponse(head, Body.of(json(index, bytes)));
  }

  static Iterator<CachedResponse> many(int count, int bytes) {
    return IntStream.range(0, count).mapToObj(index -> cached(index, bytes)).iterator();
  }
}
