package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.KeyMigration.Left;
import dev.larder.KeyMigration.Progress;
import dev.larder.KeyMigration.Reason;
import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.key.CacheKey;
import dev.larder.key.KeyFunction;
import dev.larder.storage.Precondition;
import dev.larder.storage.ReadOptions;
import dev.larder.storage.ResponseStorage;
import dev.larder.storage.ScanRequest;
import dev.larder.storage.StoredItem;
import dev.larder.storage.StoredItem.Directory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Moving entries to other keys: what moves, what stays, and that nothing is lost on the way. */
class RecreateKeysTest extends CacheTest {
  private static final Request GET = Request.get(URL);

  /** Keys that one can read, in place of others. */
  private static final KeyFunction NEW =
      (request, matched) ->
          new CacheKey("new:" + request.uri(), Optional.of("digest of " + request.uri()));

  /** The same, but for different requests: the path is all that counts. */
  private static final KeyFunction COLLIDING =
      new KeyFunction() {
        @Override
        public CacheKey create(Request request, Collection<String> matchHeaders) {
          return new CacheKey("path:" + request.uri().getPath(), Optional.empty());
        }

        @Override
        public Optional<CacheKey> createVariant(
            Request request, String vary, Collection<String> matchHeaders) {
          return Optional.of(
              new CacheKey(
                  "path:" + request.uri().getPath() + request.headers().combined(vary).orElse(""),
                  Optional.empty()));
        }

        @Override
        public boolean mayCollide() {
          return true;
        }
      };

  private HttpCache with(KeyFunction keys) {
    return with(keys, cache.storage());
  }

  private HttpCache with(KeyFunction keys, ResponseStorage storage) {
    CacheSettings settings =
        CacheSettings.builder().keyFunction(keys).listener(events::add).build();
    return new TestCache(storage, settings, clock);
  }

  private static Request request(int number) {
    return Request.get("http://example.org/" + number);
  }

  /** Bodies by the URL of the request they answer. */
  private static Map<String, String> content(HttpCache of) {
    Map<String, String> content = new HashMap<>();
    try (Stream<CachedResponse> values = of.values()) {
      values.forEach(
          response ->
              content.merge(
                  response.head().request().uri() + " " + response.headers().first("Accept"),
                  response.body().text(StandardCharsets.UTF_8),
                  (one, other) ->
                      Stream.of(one, other).sorted().collect(Collectors.joining(" and "))));
    }
    return content;
  }

  private List<Left> left(HttpCache of, RecreatedKeys expected) {
    List<Left> left = new ArrayList<>();
    RecreatedKeys done = of.recreateKeys(KeyMigration.DEFAULT.onLeft(left::add));
    // What was moved may be listed again, and is right then.
    assertThat(new RecreatedKeys(done.moved(), expected.unchanged(), done.redacted(), done.left()))
        .isEqualTo(expected);
    return left;
  }

  private String put(Request request, String variant, String body) {
    CacheKey key = cache.settings().keyFunction().create(request, List.of());
    EntryHead head =
        EntryHead.builder(key.value() + variant, request, clock.instant())
            .headers(Headers.of("Accept", variant))
            .digest(key.digest())
            .build();
    cache.storage().write(head, Body.of(body), Precondition.none());
    return key.value();
  }

  private void putDirectory(String key, String... variants) {
    Set<String> keys = Set.of(variants);
    cache
        .storage()
        .put(
            new Directory(key, "", List.of("accept"), keys, Optional.empty(), Optional.empty()),
            Precondition.none());
  }

  private Optional<StoredItem> item(String key) {
    return cache.storage().read(key, ReadOptions.HEAD.strongly());
  }

  private Set<String> listed(String key) {
    return item(key)
        .map(item -> ((Directory) item).variants())
        .orElseThrow(() -> new AssertionError("nothing at " + key));
  }

  /**
   * Two plain entries, a URL with two variants, and one that has been moved by a client already.
   */
  private Map<String, String> fill() {
    cache.saveResponse(request(1), response("one"));
    cache.saveResponse(request(2), response("two"));
    String base = put(request(3), "~a", "three a");
    put(request(3), "~b", "three b");
    putDirectory(base, base + "~a", base + "~b");
    cache.saveResponse(request(4), response("old"));
    clock.advance(Duration.ofSeconds(1));
    with(NEW).saveResponse(request(4), response("newer"));
    Map<String, String> expected = content(cache);
    expected.put("http://example.org/4 Optional.empty", "newer");
    return expected;
  }

  private void assertAllFound(Map<String, String> expected) {
    HttpCache after = with(NEW);
    assertThat(content(after)).isEqualTo(expected);
    for (int i : new int[] {1, 2, 4}) {
      CachedResponse found = after.getResponse(request(i)).orElseThrow();
      assertThat(found.key()).isEqualTo("new:http://example.org/" + i);
      assertThat(found.head().digest()).contains("digest of http://example.org/" + i);
    }
    String moved = "new:http://example.org/3";
    assertThat(listed(moved)).containsExactlyInAnyOrder(moved + "~a", moved + "~b");
    assertThat(after.contains(moved + "~a")).isTrue();
    assertThat(after.contains(moved + "~b")).isTrue();
  }

  @Test
  void recreateKeys_everything_isFoundUnderItsNewKey() {
    Map<String, String> expected = fill();
    String oldList = cache.createKey(request(3));
    RecreatedKeys done = with(NEW).recreateKeys();
    assertThat(done.moved()).isEqualTo(5);
    assertThat(done.redacted() + done.left()).isZero();
    assertAllFound(expected);
    assertThat(item(oldList)).isEmpty();
    assertThat(with(NEW).recreateKeys()).isEqualTo(new RecreatedKeys(0, 5, 0, 0));
  }

  /**
   * Died at any call, carried out or not: all there meanwhile, and in its place after another run.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void recreateKeys_stoppedAtAnyStep_losesNothing(boolean carriedOut) {
    int crashes = 0;
    boolean finished = false;
    for (int step = 1; !finished; step++) {
      cache.clear();
      Map<String, String> expected = fill();
      HttpCache dying = with(NEW, new CrashingStorage(cache.storage(), step, carriedOut));
      try {
        dying.recreateKeys();
        finished = true;
      } catch (CrashingStorage.Crash e) {
        crashes++;
      }
      Map<String, String> meanwhile = content(cache);
      assertThat(meanwhile.keySet()).isEqualTo(expected.keySet());
      meanwhile.forEach((url, bodies) -> assertThat(bodies).contains(expected.get(url)));
      RecreatedKeys rest = with(NEW).recreateKeys();
      assertThat(rest.redacted() + rest.left()).isZero();
      assertAllFound(expected);
    }
    assertThat(crashes).isGreaterThan(15);
  }

  @Test
  void recreateKeys_resumedFromAnyToken_doesOnlyTheRest() {
    for (int i = 0; i < 250; i++) {
      cache.saveResponse(request(i), response("body " + i));
    }
    Map<String, String> expected = content(cache);
    List<Progress> progress = new ArrayList<>();
    RecreatedKeys all = with(NEW).recreateKeys(KeyMigration.DEFAULT.onProgress(progress::add));
    assertThat(all.moved()).isEqualTo(250);
    assertThat(progress).hasSizeGreaterThanOrEqualTo(3);
    Progress last = progress.get(progress.size() - 1);
    assertThat(last.soFar()).isEqualTo(all);

    for (Progress reached : progress) {
      RecreatedKeys rest = with(NEW).recreateKeys(KeyMigration.DEFAULT.resumeFrom(reached.token()));
      assertThat(rest.moved()).isZero();
      assertThat(rest.unchanged()).isLessThanOrEqualTo(500);
    }
    assertThat(with(NEW).recreateKeys(KeyMigration.DEFAULT.resumeFrom(last.token())))
        .isEqualTo(new RecreatedKeys(0, 0, 0, 0));
    assertThat(content(cache)).isEqualTo(expected);
  }

  @Test
  void recreateKeys_inSegments_resumesEachWhereItWas() {
    for (int i = 0; i < 400; i++) {
      cache.saveResponse(request(i), response("body " + i));
    }
    Map<String, String> expected = content(cache);
    List<Progress> progress = new ArrayList<>();
    segmented(3).recreateKeys(KeyMigration.DEFAULT.onProgress(progress::add));
    assertThat(progress).allSatisfy(p -> assertThat(p.token().split("\\.", -1)).hasSize(4));
    // A token keeps to the segments that it was made with.
    for (Progress reached : progress) {
      RecreatedKeys rest =
          segmented(5).recreateKeys(KeyMigration.DEFAULT.resumeFrom(reached.token()));
      assertThat(rest.moved()).isZero();
    }
    assertThat(content(cache)).isEqualTo(expected);
    assertThat(with(NEW).contains(request(399))).isTrue();
  }

  private HttpCache segmented(int segments) {
    CacheSettings settings = CacheSettings.builder().keyFunction(NEW).build();
    return new HttpCache(cache.storage(), settings, clock, segments) {};
  }

  @Test
  void recreateKeys_failing_tellsWhereToResume() {
    for (int i = 0; i < 20; i++) {
      cache.saveResponse(request(i), response("body " + i));
    }
    List<Progress> progress = new ArrayList<>();
    HttpCache dying = with(NEW, new CrashingStorage(cache.storage(), 30, true));
    assertThatThrownBy(() -> dying.recreateKeys(KeyMigration.DEFAULT.onProgress(progress::add)))
        .isInstanceOf(CrashingStorage.Crash.class);
    RecreatedKeys before = progress.get(progress.size() - 1).soFar();
    RecreatedKeys rest =
        with(NEW)
            .recreateKeys(
                KeyMigration.DEFAULT.resumeFrom(progress.get(progress.size() - 1).token()));
    assertThat(before.moved()).isPositive();
    assertThat(before.moved() + rest.moved()).isEqualTo(20);
    for (int i = 0; i < 20; i++) {
      assertThat(with(NEW).contains(request(i))).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "2.", "1.?", "1.*.=", "no token"})
  void recreateKeys_whatIsNoToken_isRefused(String token) {
    assertThatThrownBy(() -> cache.recreateKeys(KeyMigration.DEFAULT.resumeFrom(token)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("leave it out");
  }

  @Test
  void recreateKeys_secretInTheUrl_isListedAndStays() {
    Request secret = Request.get("http://example.org/?api_key=secret");
    cache.saveResponse(secret, response("x"));
    List<Left> left = left(with(NEW), new RecreatedKeys(0, 0, 1, 0));
    assertThat(left).singleElement().extracting(Left::reason).isEqualTo(Reason.REDACTED);
    assertThat(left.get(0).head().key()).isEqualTo(cache.createKey(secret));
    assertThat(cache.contains(secret)).isTrue();
  }

  /** Keys that leave credentials out must not become keys that anybody may find it by. */
  @Test
  void recreateKeys_credentialsThatTheOldKeyLeftOut_stay() {
    HttpCache before = with(COLLIDING);
    Request alice = GET.withHeaders(Headers.of("Authorization", "alice"));
    before.saveResponse(alice, response("for alice"));
    left(with(NEW), new RecreatedKeys(0, 0, 1, 0));
    assertThat(with(NEW).contains(GET)).isFalse();
    assertThat(before.contains(alice)).isTrue();
  }

  @Test
  void recreateKeys_credentialsThatTheNewKeyLeavesOut_stayUnlessTheEntryTellsThem() {
    Request alice = GET.withHeaders(Headers.of("Authorization", "alice"));
    cache.saveResponse(alice, response("for alice"));
    cache.saveResponse(request(1), response("for all"));
    left(with(COLLIDING), new RecreatedKeys(1, 0, 1, 0));
    assertThat(with(COLLIDING).contains(request(1))).isTrue();

    cache.clear();
    with(COLLIDING).saveResponse(alice, response("for alice"), SaveOptions.DEFAULT.key("old"));
    left(with(COLLIDING), new RecreatedKeys(1, 0, 0, 0));
    assertThat(with(COLLIDING).contains(alice)).isTrue();
    assertThat(with(COLLIDING).contains(GET)).isFalse();
  }

  @Test
  void recreateKeys_otherRequestUnderTheNewKey_bothStay() {
    Request one = Request.get("http://one.example/p");
    Request two = Request.get("http://two.example/p");
    cache.saveResponse(one, response("one"));
    cache.saveResponse(two, response("two"));
    List<Left> left = left(with(COLLIDING), new RecreatedKeys(1, 0, 0, 1));
    assertThat(left.get(0).reason()).isEqualTo(Reason.TAKEN);
    assertThat(content(cache)).hasSize(2);
  }

  /** Where there are no lists of variants, a second one has a key of its own. */
  @Test
  void recreateKeys_variantsWithoutLists_haveBothTheirPlace() {
    Request a = GET.withHeaders(Headers.of("Accept", "a"));
    Request b = GET.withHeaders(Headers.of("Accept", "b"));
    cache.saveResponse(a, response("for a", "Vary", "Accept"), SaveOptions.DEFAULT.key("1"));
    cache.saveResponse(b, response("for b", "Vary", "Accept"), SaveOptions.DEFAULT.key("2"));
    left(with(COLLIDING), new RecreatedKeys(2, 0, 0, 0));
    assertThat(listed(cache.keys())).hasSize(2).contains("path:/a");
    assertThat(content(cache)).hasSize(1).containsValue("for a and for b");
    left(with(COLLIDING), new RecreatedKeys(0, 2, 0, 0));
  }

  @Test
  void recreateKeys_listedVariantsToKeysWithoutLists_areEntriesOfTheirOwn() {
    String base = put(GET, "~a", "variant");
    putDirectory(base, base + "~a");
    left(with(COLLIDING), new RecreatedKeys(1, 0, 0, 0));
    assertThat(listed(cache.keys())).containsExactly("path:/a");
    assertThat(item(base)).isEmpty();
  }

  @Test
  void recreateKeys_deletedUnderTheNewKey_doesNotComeBack() {
    cache.saveResponse(GET, response("x"));
    with(NEW).deleteUrl(URL);
    List<Left> left = left(with(NEW), new RecreatedKeys(0, 0, 0, 1));
    assertThat(left.get(0).reason()).isEqualTo(Reason.TAKEN);
    assertThat(with(NEW).contains(GET)).isFalse();
  }

  @Test
  void recreateKeys_variantsUnderTheNewKey_plainEntryStays() {
    cache.saveResponse(GET, response("x"));
    putDirectory("new:" + URL, "new:" + URL + "~a");
    left(with(NEW), new RecreatedKeys(0, 0, 0, 1));
    assertThat(listed("new:" + URL)).containsExactly("new:" + URL + "~a");
    assertThat(cache.contains(GET)).isTrue();
  }

  @Test
  void recreateKeys_variantAndPlainEntryUnderTheNewKey_variantStays() {
    String base = put(GET, "~a", "variant");
    putDirectory(base, base + "~a");
    with(NEW).saveResponse(GET, response("plain"));
    left(with(NEW), new RecreatedKeys(0, 1, 0, 1));
    assertThat(with(NEW).getResponse(GET)).isPresent();
    assertThat(listed(base)).containsExactly(base + "~a");
    assertThat(cache.contains(base + "~a")).isTrue();
  }

  @Test
  void recreateKeys_variantThatNoListNames_stays() {
    put(GET, "~a", "variant");
    List<Left> left = left(with(NEW), new RecreatedKeys(0, 0, 0, 1));
    assertThat(left.get(0).reason()).isEqualTo(Reason.UNLISTED_VARIANT);
  }

  @Test
  void recreateKeys_variantsOfTheRightKey_areUnchanged() {
    String base = put(GET, "~a", "variant");
    putDirectory(base, base + "~a");
    assertThat(cache.recreateKeys()).isEqualTo(new RecreatedKeys(0, 1, 0, 0));
  }

  @Test
  void recreateKeys_keyOfTheUsersChoice_movesWhateverItLooksLike() {
    cache.saveResponse(GET, response("x"), SaveOptions.DEFAULT.key("my~key"));
    assertThat(with(NEW).recreateKeys().moved()).isOne();
    assertThat(with(NEW).contains(GET)).isTrue();
  }

  @Test
  void recreateKeys_bodyThatCannotBeReadAnyMore_staysAndEndsNothing() {
    cache.saveResponse(request(1), response("broken"));
    cache.saveResponse(request(2), response("sound"));
    ResponseStorage broken =
        new CrashingStorage(cache.storage(), Integer.MAX_VALUE, false) {
          @Override
          public Stream<CacheEntry> scan(ScanRequest request) {
            return super.scan(request)
                .map(
                    entry ->
                        entry.head().request().equals(request(1))
                            ? CacheEntry.of(entry.head(), breaksOff(), -1)
                            : entry);
          }
        };
    List<Left> left = left(with(NEW, broken), new RecreatedKeys(1, 0, 0, 1));
    assertThat(left.get(0).reason()).isEqualTo(Reason.UNREADABLE);
    assertThat(cache.contains(request(1))).isTrue();
    assertThat(with(NEW).contains(request(2))).isTrue();
  }

  private static Body breaksOff() {
    return new Body() {
      @Override
      public long length() {
        return 10;
      }

      @Override
      public InputStream open() {
        return new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("broken off");
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            return read();
          }
        };
      }
    };
  }
}
