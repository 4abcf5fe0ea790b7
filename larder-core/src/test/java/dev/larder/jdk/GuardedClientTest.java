package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.CacheEvent;
import dev.larder.CacheSettings;
import dev.larder.Exchanges;
import dev.larder.TestCache;
import dev.larder.TestTimer;
import dev.larder.storage.StorageException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a storage that does not answer costs a caller, on a timer of the test's. */
@Timeout(60)
class GuardedClientTest extends ClientTest {
  private static final Duration BUDGET = Duration.ofMillis(400);

  private final AtomicInteger calls = new AtomicInteger();
  private final TestTimer timer = new TestTimer();

  private void guarded(CacheSettings.Builder settings) {
    cache = new TestCache(storage, settings.listener(events::add).build(), clock, timer);
    client = CachingHttpClient.builder(cache).build();
  }

  @BeforeEach
  void remoteStorage() {
    storage.remote();
    guarded(CacheSettings.builder());
    origin.on("/a", "x", "Cache-Control", FRESH);
    origin.on("/b", "x", "Cache-Control", FRESH, "Vary", "Accept-Language");
  }

  @AfterEach
  void release() {
    timer.release();
  }

  private void hanging() {
    storage.onEachCall =
        () -> {
          calls.incrementAndGet();
          timer.hang();
        };
  }

  private void well() {
    storage.onEachCall = () -> {};
  }

  private HttpResponse<String> post(String path) throws IOException, InterruptedException {
    origin.on(path, (request, out) -> Origin.reply(out, 200, request.method()));
    return client.send(
        HttpRequest.newBuilder(origin.uri(path)).POST(BodyPublishers.ofString("q")).build(),
        BodyHandlers.ofString());
  }

  @Test
  void send_storageHangs_costsOneBudgetAndOneEvent() throws Exception {
    hanging();

    HttpResponse<String> response = get("/a");

    assertThat(response.body()).isEqualTo("x");
    assertThat(status(response)).isEqualTo("Larder; fwd=miss");
    assertThat(timer.passed()).isEqualTo(BUDGET);
    assertThat(events).extracting(CacheEvent::type).containsExactly(CacheEvent.Type.READ_FAILED);
    assertThat(events.get(0).message()).contains("400 ms");
    assertThat(calls).hasValue(1);
  }

  @Test
  void send_writesHang_costsOneBudgetAndOneEvent() throws Exception {
    storage.onEachCall =
        () -> {
          if (calls.incrementAndGet() > 1) {
            timer.hang();
          }
        };
    assertThat(get("/a").body()).isEqualTo("x");
    assertThat(timer.passed()).isEqualTo(BUDGET);
    assertThat(events).extracting(CacheEvent::type).containsExactly(CacheEvent.Type.WRITE_FAILED);
  }

  /** Each of its operations is fast enough; together they are not. */
  @Test
  void send_slowVariants_lookUpAsAWholeCostsOneBudget() throws Exception {
    for (String language : List.of("en", "de")) {
      get("/b", "Accept-Language", language);
      clock.advance(Duration.ofMillis(1));
    }
    // Which does not remember yet by what the URL varies.
    guarded(CacheSettings.builder());
    storage.onEachCall =
        () -> {
          if (calls.incrementAndGet() == 1) {
            timer.pass(Duration.ofMillis(300));
          } else {
            timer.hang();
          }
        };
    assertThat(get("/b", "Accept-Language", "de").body()).isEqualTo("x");
    assertThat(calls).hasValue(2);
    assertThat(timer.passed()).isEqualTo(BUDGET);
  }

  @Test
  void send_unsafeWhileStorageHangs_costsOneBudgetAndIsHeeded() throws Exception {
    get("/a");
    clock.advance(Duration.ofMillis(1));
    hanging();
    assertThat(post("/a").body()).isEqualTo("POST");
    assertThat(timer.passed()).isEqualTo(BUDGET);
    origin.on("/a", "new", "Cache-Control", FRESH);
    well();
    assertThat(get("/a").body()).isEqualTo("new");
  }

  /** The look-up is well, but tries to write what is remembered of the POST. */
  @Test
  void send_writesHangAndAnInvalidationIsRemembered_costsOneBudget() throws Exception {
    get("/a");
    clock.advance(Duration.ofMillis(1));
    storage.onEachCall =
        () -> {
          if (calls.incrementAndGet() != 2) {
            timer.hang();
          }
        };
    post("/a");
    assertThat(timer.passed()).isEqualTo(BUDGET);
    origin.on("/a", "new", "Cache-Control", FRESH);
    assertThat(get("/a").body()).isEqualTo("new");
    assertThat(timer.passed()).isEqualTo(BUDGET.multipliedBy(2));
    assertThat(calls).hasValue(3);
  }

  @Test
  void send_unsafeThatIsLookedUp_costsOneBudgetInAll() throws Exception {
    guarded(CacheSettings.builder().allowableMethods(List.of("GET", "POST")));
    hanging();
    assertThat(post("/a").body()).isEqualTo("POST");
    assertThat(timer.passed()).isEqualTo(BUDGET);
  }

  @Test
  void send_outage_costsNothingAfterAFewFailuresAndRecovers() throws Exception {
    get("/a");
    hanging();
    for (int i = 0; i < 20; i++) {
      assertThat(get("/a").body()).isEqualTo("x");
    }
    assertThat(timer.passed()).isEqualTo(BUDGET.multipliedBy(5));
    assertThat(calls).hasValue(5);
    assertThat(events).hasSize(20);

    well();
    clock.advance(Duration.ofSeconds(1));
    get("/a");
    Exchanges.await(
        () -> {
          try {
            return isHit(get("/a"));
          } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    assertThat(timer.passed()).isEqualTo(BUDGET.multipliedBy(5));
  }

  @Test
  void send_otherBudget_isKeptTo() throws Exception {
    guarded(CacheSettings.builder().storageTimeout(Duration.ofSeconds(3)));
    hanging();
    get("/a");
    assertThat(timer.passed()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void send_failOpenOff_throwsWhatFailed() {
    guarded(CacheSettings.builder().failOpen(false));
    storage.readsFail = true;
    assertThatThrownBy(() -> get("/a"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the cache could not be read: reading fails")
        .hasCauseInstanceOf(StorageException.class);
    assertThatThrownBy(() -> client.sendAsync(request("/a"), BodyHandlers.ofString()).get())
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(IOException.class)
        .hasCauseInstanceOf(StorageException.class);
    assertThat(origin.received).isEmpty();
    assertThat(events)
        .extracting(CacheEvent::type)
        .containsOnly(CacheEvent.Type.READ_FAILED)
        .hasSize(2);
  }

  @Test
  void send_failOpenOffAndRedirected_throwsWhatFailed() throws Exception {
    guarded(CacheSettings.builder().failOpen(false));
    client =
        CachingHttpClient.builder(cache)
            .delegate(
                java.net.http.HttpClient.newBuilder()
                    .followRedirects(java.net.http.HttpClient.Redirect.NORMAL))
            .build();
    origin.on(
        "/r",
        (request, out) -> {
          storage.readsFail = true;
          Origin.reply(out, 302, "", "Location", "/a");
        });
    assertThatThrownBy(() -> get("/r"))
        .isInstanceOf(IOException.class)
        .hasRootCauseInstanceOf(StorageException.class);
  }

  @Test
  void send_failOpenOffAndWritesFail_originAnswers() throws Exception {
    guarded(CacheSettings.builder().failOpen(false));
    storage.writesFail = true;
    assertThat(get("/a").body()).isEqualTo("x");
    assertThat(post("/a").body()).isEqualTo("POST");
  }
}
