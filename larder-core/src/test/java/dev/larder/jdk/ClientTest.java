package dev.larder.jdk;

import dev.larder.CacheEvent;
import dev.larder.CacheSettings;
import dev.larder.FaultyStorage;
import dev.larder.HttpCache;
import dev.larder.TestCache;
import dev.larder.TestClock;
import dev.larder.WriteMode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;

/** An origin, a cache with a clock of the test's, and a client between them. */
abstract class ClientTest {
  static final String FRESH = "max-age=60";

  final TestClock clock = new TestClock();
  final Origin origin = new Origin();
  final FaultyStorage storage = new FaultyStorage(clock);
  final List<CacheEvent> events = new CopyOnWriteArrayList<>();
  HttpCache cache = cache(CacheSettings.builder());
  CachingHttpClient client = CachingHttpClient.builder(cache).build();

  @AfterEach
  void stop() {
    client.shutdownNow();
    origin.close();
    cache.close();
  }

  final HttpCache cache(CacheSettings.Builder settings) {
    return newCache(settings.listener(events::add).writeMode(writeMode()).build());
  }

  /** How it stores; called before the subclass's own fields are set. */
  WriteMode writeMode() {
    return WriteMode.SYNC;
  }

  /** An empty cache; called before the subclass's own fields are set. */
  HttpCache newCache(CacheSettings settings) {
    return new TestCache(storage, settings, clock);
  }

  /** Goes on with a cache of these settings over what the one before has stored. */
  final void settings(CacheSettings.Builder settings) {
    cache.flush();
    cache = cache(settings);
    client = CachingHttpClient.builder(cache).build();
  }

  final void delegate(HttpClient.Builder builder) {
    client = CachingHttpClient.builder(cache).delegate(builder).build();
  }

  final HttpRequest request(String path, String... fields) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(origin.uri(path));
    return fields.length == 0 ? builder.build() : builder.headers(fields).build();
  }

  final HttpResponse<String> get(String path, String... fields)
      throws IOException, InterruptedException {
    return client.send(request(path, fields), BodyHandlers.ofString());
  }

  static String status(HttpResponse<?> response) {
    return response.headers().firstValue("Cache-Status").orElse("");
  }

  static boolean isHit(HttpResponse<?> response) {
    return status(response).startsWith("Larder; hit");
  }
}
