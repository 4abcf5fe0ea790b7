package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Exchanges.UnderWay;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.storage.Precondition;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.StoredItem;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two processes over one storage that change the variants of one URL at the same time. */
@Timeout(120)
class PublisherRaceTest {
  private static final URI URL = URI.create("http://example.com/a");

  final TestClock clock = new TestClock();
  private final ExecutorService processes = Executors.newCachedThreadPool();
  private FaultyStorage storage;
  private HttpCache one;
  private HttpCache other;

  HttpCache newCache(CacheSettings settings) {
    return InMemoryCache.builder().clock(clock).settings(settings).build();
  }

  @BeforeEach
  void start() {
    CacheSettings settings = CacheSettings.standard();
    storage = new FaultyStorage(newCache(settings).storage());
    one = new TestCache(storage, settings, clock);
    other = new TestCache(storage, settings, clock);
  }

  @AfterEach
  void stop() {
    processes.shutdownNow();
    storage.close();
  }

  private static Request get(String field, String value) {
    return Request.get(URL).withHeaders(Headers.of(field, value));
  }

  private static Request request(String language) {
    return get("Accept-Language", language);
  }

  private static Response response(String language) {
    return Response.builder().header("Vary", "Accept-Language").body(language).build();
  }

  private void store(HttpCache cache, String language) {
    clock.advance(Duration.ofMillis(1));
    assertThat(Exchanges.store(cache, request(language), response(language))).isTrue();
    clock.advance(Duration.ofMillis(1));
  }

  private UnderWay send(HttpCache cache, String language) {
    clock.advance(Duration.ofMillis(1));
    return Exchanges.send(cache, request(language));
  }

  private static Optional<String> lookUp(HttpCache cache, String language) {
    return Exchanges.lookUp(cache, request(language))
        .map(answer -> new String(answer.body().bytes(), StandardCharsets.UTF_8));
  }

  private void assertFound(String... languages) {
    for (HttpCache cache : List.of(one, other)) {
      for (String language : languages) {
        assertThat(lookUp(cache, language)).contains(language);
      }
    }
  }

  private String urlKey() {
    return one.createKey(Request.get(URL));
  }

  private Optional<StoredItem> atUrlKey() {
    return storage.read(urlKey(), ReadOptions.DEFAULT.strongly());
  }

  /** Both have written their variant and read the directory before either changes it. */
  private void answerBothAtOnce(UnderWay first, String language, UnderWay second, String another)
      throws Exception {
    CyclicBarrier together = new CyclicBarrier(2);
    AtomicInteger puts = new AtomicInteger();
    storage.beforePut =
        () -> {
          if (puts.incrementAndGet() <= 2) {
            await(together);
          }
        };
    Future<?> one = processes.submit(() -> first.answer(response(language)));
    Future<?> two = processes.submit(() -> second.answer(response(another)));
    one.get(60, TimeUnit.SECONDS);
    two.get(60, TimeUnit.SECONDS);
    storage.beforePut = () -> {};
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void publish_bothAddToADirectory_bothAreFound() throws Exception {
    store(one, "en");
    store(one, "de");
    answerBothAtOnce(send(one, "fr"), "fr", send(other, "it"), "it");
    assertFound("en", "de", "fr", "it");
    assertThat(atUrlKey())
        .get()
        .isInstanceOfSatisfying(
            StoredItem.Directory.class, directory -> assertThat(directory.variants()).hasSize(4));
  }

  @Test
  void publish_bothMakeADirectoryOfOneResponse_bothAreFound() throws Exception {
    store(one, "en");
    answerBothAtOnce(send(one, "fr"), "fr", send(other, "it"), "it");
    assertFound("en", "fr", "it");
  }

  @Test
  void publish_bothWithCredentialsAndNothingThere_bothAreFound() throws Exception {
    clock.advance(Duration.ofMillis(1));
    Request ann = get("Authorization", "ann");
    Request bob = get("Authorization", "bob");
    UnderWay first = Exchanges.send(one, ann);
    UnderWay second = Exchanges.send(other, bob);
    answerBothAtOnce(first, "for ann", second, "for bob");
    for (HttpCache cache : List.of(one, other)) {
      assertThat(Exchanges.lookUp(cache, ann).orElseThrow().body().bytes())
          .asString(StandardCharsets.UTF_8)
          .isEqualTo("for ann");
      assertThat(Exchanges.lookUp(cache, bob).orElseThrow().body().bytes())
          .asString(StandardCharsets.UTF_8)
          .isEqualTo("for bob");
      assertThat(Exchanges.lookUp(cache, Request.get(URL))).isEmpty();
    }
  }

  /** The later takes the place of the earlier; nobody gets another's. */
  @Test
  void publish_bothFirstOfTheirUrl_noneGetsAnothers() {
    UnderWay first = send(one, "fr");
    UnderWay second = send(other, "it");
    second.answer(response("it"));
    first.answer(response("fr"));
    for (HttpCache cache : List.of(one, other)) {
      assertThat(lookUp(cache, "fr").orElse("fr")).isEqualTo("fr");
      assertThat(lookUp(cache, "it").orElse("it")).isEqualTo("it");
      assertThat(lookUp(cache, "en")).isEmpty();
    }
    store(one, lookUp(one, "fr").isPresent() ? "it" : "fr");
    assertFound("fr", "it");
  }

  @Test
  void publish_otherProcessInvalidatesBetweenVariantAndDirectory_isVoid() {
    store(one, "en");
    UnderWay late = send(one, "fr");
    clock.advance(Duration.ofMillis(1));
    storage.beforePut =
        () -> {
          storage.beforePut = () -> {};
          Exchanges.invalidate(other, URL);
        };
    assertThat(late.answer(response("fr"))).isFalse();
    for (HttpCache cache : List.of(one, other)) {
      assertThat(lookUp(cache, "en")).isEmpty();
      assertThat(lookUp(cache, "fr")).isEmpty();
    }
    store(other, "de");
    store(other, "it");
    for (HttpCache cache : List.of(one, other)) {
      assertThat(lookUp(cache, "en")).isEmpty();
      assertThat(lookUp(cache, "fr")).isEmpty();
    }
    assertFound("de", "it");
  }

  @Test
  void publish_directoryIsGone_oldVariantsStayVoidAndNewOnesAreFound() {
    store(one, "en");
    store(one, "de");
    assertThat(atUrlKey()).get().isInstanceOf(StoredItem.Directory.class);
    storage.remove(urlKey(), Precondition.none());
    assertThat(lookUp(one, "en")).isEmpty();

    store(other, "fr");
    store(other, "it");

    assertFound("fr", "it");
    assertThat(lookUp(one, "en")).isEmpty();
    store(one, "en");
    assertFound("en", "fr", "it");
  }

  @Test
  void publish_directoryVanishesBetweenLookUpAndAnswer_isFoundAfterwards() {
    store(one, "en");
    store(one, "de");
    UnderWay late = send(one, "fr");
    storage.remove(urlKey(), Precondition.none());
    late.answer(response("fr"));
    assertThat(lookUp(one, "fr")).contains("fr");
    assertThat(lookUp(other, "fr")).contains("fr");
  }

  @Test
  void publish_moreVariantsThanADirectoryLists_allAreFoundAndInvalidated() {
    int count = Publisher.MAX_LISTED + 10;
    for (int i = 0; i < count; i++) {
      store(one, "l" + i);
    }
    assertThat(atUrlKey())
        .get()
        .isInstanceOfSatisfying(
            StoredItem.Directory.class,
            directory -> assertThat(directory.variants()).hasSize(Publisher.MAX_LISTED));
    List<String> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add("l" + i);
    }
    assertFound(all.toArray(String[]::new));

    clock.advance(Duration.ofMillis(1));
    Exchanges.invalidate(other, URL);
    clock.advance(Duration.ofMillis(1));

    assertThat(lookUp(one, "l0")).isEmpty();
    assertThat(lookUp(one, "l" + (count - 1))).isEmpty();
    store(one, "en");
    store(one, "de");
    assertThat(lookUp(other, "l0")).isEmpty();
    assertThat(lookUp(other, "l" + (count - 1))).isEmpty();
  }

  /** Answers to two requests that change places on their way through two processes. */
  @Test
  void invalidate_earlierOneIsWrittenLast_laterOneStillCounts() {
    UnderWay first = Exchanges.send(one, Request.of("PUT", URL));
    UnderWay second = Exchanges.send(other, Request.of("PUT", URL));
    List<UnderWay> late = new ArrayList<>();
    storage.beforePut =
        () -> {
          storage.beforePut = () -> {};
          late.add(send(one, "en"));
          clock.advance(Duration.ofMillis(10));
          second.answer(Response.builder().status(204).build());
        };
    first.answer(Response.builder().status(204).build());
    assertThat(late.get(0).answer(response("en"))).isFalse();
    assertThat(lookUp(one, "en")).isEmpty();
  }
}
