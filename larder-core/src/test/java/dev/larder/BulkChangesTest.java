package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.http.Body;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryFilter;
import dev.larder.http.EntryHead;
import dev.larder.http.Expiration;
import dev.larder.http.Headers;
import dev.larder.http.LarderException;
import dev.larder.http.Request;
import dev.larder.http.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BulkChangesTest extends CacheTest {
  private static final Request GET = Request.get(URL);

  static Stream<Arguments> expirations() {
    Instant then = TestClock.START.plusSeconds(30);
    return Stream.of(
        Arguments.of(Expiration.never(), Optional.empty()),
        Arguments.of(Expiration.immediately(), Optional.of(then)),
        Arguments.of(Expiration.after(Duration.ofHours(1)), Optional.of(then.plusSeconds(3600))),
        Arguments.of(Expiration.at(TestClock.START), Optional.of(TestClock.START)));
  }

  @ParameterizedTest
  @MethodSource("expirations")
  void resetExpiration_eachKind_countsFromNow(Expiration expiration, Optional<Instant> expected) {
    cache.saveResponse(GET, response("x", "Cache-Control", "max-age=60", "ETag", "\"1\""));
    String version = cache.getResponse(GET).orElseThrow().head().version();
    clock.advance(Duration.ofSeconds(30));

    assertThat(cache.resetExpiration(expiration)).isEqualTo(1);

    CachedResponse response = cache.getResponse(GET).orElseThrow();
    assertThat(response.expires()).isEqualTo(expected);
    assertThat(response.head().explicit()).isTrue();
    assertThat(response.created()).isEqualTo(TestClock.START);
    assertThat(response.head().version()).isEqualTo(version);
    assertThat(response.head().retainUntil())
        .isEqualTo(expected.map(instant -> instant.plus(Duration.ofDays(7))));
    assertThat(response.body().text(StandardCharsets.UTF_8)).isEqualTo("x");
  }

  @Test
  void resetExpiration_filter_othersStay() {
    save(URL);
    save("http://other.example/");
    assertThat(cache.resetExpiration(Expiration.never(), EntryFilter.host("other.example")))
        .isEqualTo(1);
    assertThat(cache.getResponse(GET).orElseThrow().expires()).isPresent();
  }

  @Test
  void resetExpiration_doNotCache_refused() {
    assertThatThrownBy(() -> cache.resetExpiration(Expiration.doNotCache()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("delete");
  }

  @Test
  void update_otherCache_entriesAndAliasesCopied() {
    String key = save(URL);
    save(URL + "b");
    cache.redirects().put("alias", key);
    HttpCache target = cache(CacheSettings.builder());
    target.saveResponse(GET, response("overwritten"));

    assertThat(target.update(cache)).isEqualTo(2);

    EntryHead original = cache.getResponse(key).orElseThrow().head();
    CachedResponse copy = target.getResponse("alias").orElseThrow();
    assertThat(copy.body().text(StandardCharsets.UTF_8)).isEqualTo("body of " + URL);
    assertThat(copy.head().toBuilder().version(original.version()).build()).isEqualTo(original);
    assertThat(target.count()).isEqualTo(2);
    assertThat(cache.count()).isEqualTo(2);
  }

  /** A body that is gone, or that breaks off, costs that entry only. */
  @Test
  void update_bodiesThatCannotBeRead_leftOut() {
    EntryHead head = EntryHead.builder("k", GET, TestClock.START).build();
    Body gone =
        broken(
            () -> {
              throw new LarderException("gone");
            });
    Body breaksOff = broken(BulkChangesTest::breakingOff);
    List<CachedResponse> responses =
        List.of(
            new CachedResponse(head.toBuilder().key("1").build(), gone),
            new CachedResponse(head.toBuilder().key("2").build(), breaksOff),
            new CachedResponse(head.toBuilder().key("3").build(), Body.of("x")));

    assertThat(cache.storage().writeAll(responses.iterator())).isEqualTo(1);
    assertThat(listed(cache.keys())).containsExactly("3");
  }

  @Test
  void recreateKeys_settingsChanged_movedAndFoundAgain() {
    FaultyStorage storage = new FaultyStorage(clock);
    HttpCache before = new TestCache(storage, CacheSettings.standard(), clock);
    CacheSettings matching = CacheSettings.builder().matchHeaders(List.of("Accept")).build();
    HttpCache after = new TestCache(storage, matching, clock);
    Request request = GET.withHeaders(Headers.of("Accept", "text/plain"));
    before.saveResponse(request, response("x"));
    assertThat(after.contains(request)).isFalse();

    assertThat(after.recreateKeys()).isEqualTo(new RecreatedKeys(1, 0, 0, 0));

    assertThat(after.getResponse(request)).isPresent();
    assertThat(after.count()).isEqualTo(1);
    assertThat(after.recreateKeys()).isEqualTo(new RecreatedKeys(0, 1, 0, 0));
  }

  /** What the key was made of is not stored, so the entry has to stay where it is. */
  @Test
  void recreateKeys_secretsInKeyMaterial_leftWhereTheyAre() {
    HttpCache matching = cache(CacheSettings.builder().matchHeaders(List.of("Authorization")));
    List<Request> requests =
        List.of(
            Request.get("http://example.org/?api_key=secret"),
            Request.get("http://user:secret@example.org/"),
            GET.withHeaders(Headers.of("Authorization", "secret")),
            form("password=secret"));
    requests.forEach(request -> matching.saveResponse(request, response("x")));

    assertThat(matching.recreateKeys()).isEqualTo(new RecreatedKeys(0, 0, 4, 0));

    assertThat(requests).allMatch(matching::contains);
  }

  @Test
  void recreateKeys_secretThatTakesNoPart_movedAllTheSame() {
    FaultyStorage storage = new FaultyStorage(clock);
    HttpCache before = new TestCache(storage, CacheSettings.standard(), clock);
    CacheSettings matching = CacheSettings.builder().matchHeaders(List.of("Accept")).build();
    HttpCache after = new TestCache(storage, matching, clock);
    before.saveResponse(GET.withHeaders(Headers.of("Authorization", "secret")), response("x"));
    assertThat(after.recreateKeys()).isEqualTo(new RecreatedKeys(1, 0, 0, 0));
  }

  private static Request form(String body) {
    return new Request(
        "POST",
        URI.create(URL),
        Headers.of("Content-Type", "application/x-www-form-urlencoded"),
        Body.of(body));
  }

  @Test
  void listings_eachKind_asFiltered() {
    save(URL);
    save(URL + "b");
    cache.saveResponse(
        Request.of("POST", URI.create(URL)), Response.builder().status(404).body("x").build());
    clock.advance(Duration.ofSeconds(1));
    assertThat(listed(cache.urls())).containsExactlyInAnyOrder(URL, URL + "b");
    assertThat(listed(cache.urls(EntryFilter.status(404)))).containsExactly(URL);
    assertThat(cache.count()).isEqualTo(3);
    assertThat(cache.count(EntryFilter.method("POST"))).isEqualTo(1);
    assertThat(cache.count(EntryFilter.olderThan(Duration.ZERO))).isEqualTo(3);
    assertThat(cache.count(EntryFilter.valid())).isEqualTo(3);
    assertThat(listed(cache.filter(EntryFilter.urlPrefix(URL + "b")))).hasSize(1);
    assertThat(listed(cache.values())).hasSize(3);
    assertThat(listed(cache.keys())).hasSize(3).doesNotHaveDuplicates();
    assertThat(cache.stats()).isNotNull();
  }

  private static InputStream breakingOff() {
    InputStream fails =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("broken off");
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            return read();
          }
        };
    return new SequenceInputStream(new ByteArrayInputStream(new byte[] {1}), fails);
  }

  private static Body broken(Supplier<InputStream> stream) {
    return new Body() {
      @Override
      public long length() {
        return 10;
      }

      @Override
      public InputStream open() {
        return stream.get();
      }
    };
  }
}
