package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.CacheSettings;
import dev.larder.Exchanges;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many callers who do all that callers may, and an origin that does all that origins do. */
@Timeout(120)
class StressTest extends ClientTest {
  private static final int THREADS = 8;
  private static final int CALLS = 150;
  private static final String[] USERS = {"", "ann", "bob"};
  private static final String[] LANGUAGES = {"en", "de"};

  private final AtomicInteger answers = new AtomicInteger();

  /** The same sequence of moods in every run, whoever meets them. */
  private void moody(Origin.Received request, OutputStream out) throws IOException {
    Random random = new Random(answers.incrementAndGet());
    String body =
        expected(request.path(), request.field("Authorization"), request.field("Accept-Language"));
    String[] fields = {
      "ETag",
      "\"" + body.hashCode() + "\"",
      "Vary",
      "Accept-Language",
      "Cache-Control",
      cacheControl(random.nextInt(6))
    };
    int mood = random.nextInt(12);
    if (mood == 0) {
      throw new IOException("reset before the head");
    }
    if (mood == 1) {
      Origin.head(out, 200, body.length() + 1000L, fields);
      out.write(body.getBytes(StandardCharsets.UTF_8));
      return;
    }
    if (mood == 2) {
      Origin.reply(out, 503, "");
      return;
    }
    if (request.field("If-None-Match").equals(fields[1])) {
      Origin.head(out, 304, -1, fields);
      return;
    }
    Origin.reply(out, 200, body, fields);
  }

  private static String cacheControl(int kind) {
    return switch (kind) {
      case 0 -> "no-store";
      case 1 -> "max-age=0, stale-while-revalidate=1000";
      case 2 -> "max-age=1, stale-if-error=1000";
      case 3 -> "no-cache";
      default -> FRESH;
    };
  }

  private static String expected(String path, String user, String language) {
    return (path + "|" + user + "|" + language + "|").repeat(700);
  }

  private Void calls(int seed) throws Exception {
    Random random = new Random(seed);
    for (int i = 0; i < CALLS; i++) {
      String path = "/" + random.nextInt(3);
      String user = USERS[random.nextInt(USERS.length)];
      String language = LANGUAGES[random.nextInt(LANGUAGES.length)];
      HttpRequest.Builder builder =
          HttpRequest.newBuilder(origin.uri(path)).header("Accept-Language", language);
      if (!user.isEmpty()) {
        builder.header("Authorization", user);
      }
      if (random.nextInt(10) == 0) {
        builder.timeout(Duration.ofMillis(1 + random.nextInt(20)));
      }
      int kind = random.nextInt(12);
      if (kind == 0) {
        builder.POST(BodyPublishers.ofString("q"));
      }
      if (kind == 1) {
        clock.advance(Duration.ofMillis(random.nextInt(1000)));
      }
      call(builder.build(), expected(path, user, language), kind, random);
    }
    return null;
  }

  private void call(HttpRequest request, String expected, int kind, Random random)
      throws InterruptedException {
    try {
      if (kind == 2 || kind == 3) {
        CompletableFuture<HttpResponse<String>> call =
            client.sendAsync(request, BodyHandlers.ofString());
        for (int spins = random.nextInt(20_000); spins > 0 && !call.isDone(); spins--) {
          Thread.onSpinWait();
        }
        call.cancel(true);
        check(call.get(), expected);
      } else if (kind == 4) {
        try (InputStream body = client.send(request, BodyHandlers.ofInputStream()).body()) {
          body.readNBytes(random.nextInt(3000));
        }
      } else if (kind % 2 == 0) {
        check(client.sendAsync(request, BodyHandlers.ofString()).get(), expected);
      } else {
        check(client.send(request, BodyHandlers.ofString()), expected);
      }
    } catch (IOException | ExecutionException | CancellationException e) {
      // What the origin and the caller did; that nothing worse comes of it is checked in the end.
    }
  }

  private static void check(HttpResponse<String> response, String expected) {
    if (response.statusCode() == 200) {
      assertThat(response.body()).isEqualTo(expected);
    } else {
      assertThat(response.statusCode()).isEqualTo(503);
    }
  }

  @Test
  void everythingAtOnce_everyoneGetsTheirOwn_andNothingIsHeldAfterwards() throws Exception {
    settings(CacheSettings.builder().collapseWait(Duration.ofSeconds(1)).backgroundRefreshes(3));
    for (int path = 0; path < 3; path++) {
      origin.on("/" + path, this::moody);
    }
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    List<Future<Void>> ends = new ArrayList<>();
    try {
      for (int thread = 0; thread < THREADS; thread++) {
        int seed = thread;
        ends.add(threads.submit(() -> calls(seed)));
      }
      for (Future<Void> end : ends) {
        end.get(100, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    client.close();
    Exchanges.awaitNothingHeld(cache);
    assertThat(cache.count()).isPositive();
  }
}
