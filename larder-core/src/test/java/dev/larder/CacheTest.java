package dev.larder;

import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A cache with a clock of the test's: in memory here, in other places in subclasses elsewhere. */
abstract class CacheTest {
  static final String URL = "http://example.org/a";

  final TestClock clock = new TestClock();
  final List<CacheEvent> events = new CopyOnWriteArrayList<>();
  final HttpCache cache = cache(CacheSettings.builder());

  final HttpCache cache(CacheSettings.Builder settings) {
    return newCache(settings.listener(events::add).build());
  }

  /** An empty cache; called before the subclass's own fields are set. */
  HttpCache newCache(CacheSettings settings) {
    return InMemoryCache.builder().clock(clock).settings(settings).build();
  }

  static Response response(String body, String... fields) {
    return Response.builder().headers(Headers.of(fields)).body(body).build();
  }

  /** Saves a response that is fresh for a minute; returns its key. */
  final String save(String url) {
    return cache
        .saveResponse(Request.get(url), response("body of " + url, "Cache-Control", "max-age=60"))
        .orElseThrow()
        .key();
  }

  static <T> List<T> listed(Stream<T> stream) {
    try (stream) {
      return stream.toList();
    }
  }
}
