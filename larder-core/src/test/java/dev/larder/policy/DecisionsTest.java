package dev.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Headers;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9111 §4, §5.2; RFC 5861 §3; RFC 8246: what is done before the origin is asked. */
class DecisionsTest {
  private static Decision decide(
      String method,
      @Nullable String rules,
      @Nullable String request,
      @Nullable String stored,
      long age) {
    return Decisions.decide(
        Asked.of(method, Lines.of(request)),
        Optional.ofNullable(stored).map(Words::stored),
        CacheStatus.Reason.URI_MISS,
        Words.rules(rules),
        Words.STORED_AT.plusSeconds(age));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '`',
      value = {
        "§4 nothing stored                  | - | -                                          | 0   | uri-miss",
        "§4.2 fresh                         | - | Cache-Control: max-age=60                  | 59  | serve",
        "§4.2 as old as its lifetime        | - | Cache-Control: max-age=60                  | 60  | stale",
        "§4.2.2 heuristic                   | - | Last-Modified: Sun, 22 Nov 2026 07:43:20 GMT | 99  | serve",
        "§4.2.2 heuristic over              | - | Last-Modified: Sun, 22 Nov 2026 07:43:20 GMT | 100 | stale, validating",
        "§4.2.3 Age counts                  | - | Cache-Control: max-age=60 & Age: 50        | 10  | stale",
        "§4.3.1 stale with a validator      | - | Cache-Control: max-age=60 & ETag: \"a\"    | 60  | stale, validating",
        "§5.2.2.4 no-cache                  | - | Cache-Control: no-cache, max-age=60 & ETag: \"a\" | 0 | request, validating",
        "§5.2.2.4 no-cache about a field    | - | Cache-Control: no-cache=\"a\", max-age=60  | 0   | serve",
        "§5.2.2.2 must-revalidate, fresh    | - | Cache-Control: must-revalidate, max-age=60 | 59  | serve",
        "§5.2.2.2 must-revalidate, stale    | Cache-Control: max-stale | Cache-Control: must-revalidate, max-age=60 | 60 | stale",
        "§5.2.2.8 proxy-revalidate, private | Cache-Control: max-stale | Cache-Control: proxy-revalidate, max-age=60 | 60 | serve",
        "§5.2.1.1 max-age, as old           | Cache-Control: max-age=10  | Cache-Control: max-age=60 | 10 | serve",
        "§5.2.1.1 max-age, older            | Cache-Control: max-age=10  | Cache-Control: max-age=60 | 11 | request",
        "§5.2.1.1 max-age=0                 | Cache-Control: max-age=0   | Cache-Control: max-age=60 | 0  | request",
        "§5.2.1.1 max-age is no time        | Cache-Control: max-age=x   | Cache-Control: max-age=60 | 1  | request",
        "§5.2.1.2 max-stale                 | Cache-Control: max-stale   | Cache-Control: max-age=60 | 99999 | serve",
        "§5.2.1.2 max-stale, as stale       | Cache-Control: max-stale=5 | Cache-Control: max-age=60 | 65 | serve",
        "§5.2.1.2 max-stale, staler         | Cache-Control: max-stale=5 | Cache-Control: max-age=60 | 66 | stale",
        "§5.2.1.2 max-stale is no time      | Cache-Control: max-stale=x | Cache-Control: max-age=60 | 61 | stale",
        "§5.2.1.2 max-stale within max-age  | Cache-Control: max-stale=5, max-age=9 | Cache-Control: max-age=60 | 62 | stale",
        "§5.2.1.3 min-fresh, as long        | Cache-Control: min-fresh=5 | Cache-Control: max-age=60 | 55 | serve",
        "§5.2.1.3 min-fresh, longer         | Cache-Control: min-fresh=5 | Cache-Control: max-age=60 | 56 | request",
        "§5.2.1.4 no-cache                  | Cache-Control: no-cache    | Cache-Control: max-age=60 & ETag: \"a\" | 1 | request, validating",
        "§5.2.1.4 in any case               | cache-control: NO-CACHE    | Cache-Control: max-age=60 | 1  | request",
        "§5.2.1.5 no-store                  | Cache-Control: no-store    | Cache-Control: max-age=60 & ETag: \"a\" | 1 | request",
        "§5.2.1.7 only-if-cached, fresh     | Cache-Control: only-if-cached | Cache-Control: max-age=60 | 1 | serve",
        "§5.2.1.7 only-if-cached, stale     | Cache-Control: only-if-cached | Cache-Control: max-age=60 | 60 | 504",
        "§5.2.1.7 only-if-cached, nothing   | Cache-Control: only-if-cached | -                      | 0  | 504",
        "§5.2.1.7 with max-stale            | Cache-Control: only-if-cached, max-stale | Cache-Control: max-age=60 | 99 | serve",
        "§5.2.1.7 with no-cache             | Cache-Control: only-if-cached, no-cache | Cache-Control: max-age=60 | 1 | 504",
        "§5.2.3 unknown directive           | Cache-Control: sideways    | Cache-Control: max-age=60 | 1  | serve",
        "§5.4 Pragma                        | Pragma: no-cache           | Cache-Control: max-age=60 | 1  | request",
        "§5.4 Pragma beside Cache-Control   | Pragma: no-cache & Cache-Control: max-age=9 | Cache-Control: max-age=60 | 1 | serve",
        "§4.3.2 If-Match is for origins     | If-Match: \"a\"            | Cache-Control: max-age=60 & ETag: \"a\" | 1 | request",
        "§4.3.2 so is If-Unmodified-Since   | If-Unmodified-Since: Sun, 22 Nov 2026 07:00:00 GMT | Cache-Control: max-age=60 | 1 | request",
        "§4.3.2 If-None-Match is for caches | If-None-Match: \"a\"       | Cache-Control: max-age=60 & ETag: \"a\" | 1 | serve",
        "§4.3.1 ours in place of theirs     | If-None-Match: \"b\"       | Cache-Control: max-age=60 & ETag: \"a\" | 60 | stale, validating",
        "RFC 5861 §3 within                 | - | Cache-Control: max-age=60, stale-while-revalidate=5 | 65 | serve and refresh",
        "RFC 5861 §3 beyond                 | - | Cache-Control: max-age=60, stale-while-revalidate=5 | 66 | stale",
        "RFC 5861 §3 fresh                  | - | Cache-Control: max-age=60, stale-while-revalidate=5 | 59 | serve",
        "RFC 5861 §3 must-revalidate        | - | Cache-Control: max-age=60, must-revalidate, stale-while-revalidate=5 | 65 | stale",
        "RFC 5861 §3 no-cache               | - | Cache-Control: no-cache, stale-while-revalidate=5 | 1 | stale",
        "RFC 5861 §3 the caller's max-age   | Cache-Control: max-age=9  | Cache-Control: max-age=60, stale-while-revalidate=5 | 65 | stale",
        "RFC 5861 §3 the caller's min-fresh | Cache-Control: min-fresh=1 | Cache-Control: max-age=60, stale-while-revalidate=5 | 65 | stale",
        "RFC 5861 §3 the caller's no-cache  | Cache-Control: no-cache   | Cache-Control: max-age=60, stale-while-revalidate=5 | 65 | stale",
      })
  void decide_asInTable(
      String rule, @Nullable String request, @Nullable String stored, long age, String expected) {
    assertThat(Words.of(decide("GET", null, request, stored, age))).as(rule).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '`',
      value = {
        "refresh validates what is fresh      | refresh      | Cache-Control: max-age=60 & ETag: \"a\" | 1 | request, validating",
        "RFC 8246 but for immutable           | refresh      | Cache-Control: max-age=60, immutable  | 1   | serve",
        "RFC 8246 while it is fresh           | refresh      | Cache-Control: max-age=60, immutable  | 60  | stale",
        "forceRefresh passes over it          | forceRefresh | Cache-Control: max-age=60, immutable & ETag: \"a\" | 1 | request",
        "forceRefresh with nothing stored     | forceRefresh | -                                     | 0   | uri-miss",
        "validateAlways                       | validateAlways | Cache-Control: max-age=60, immutable | 1  | request",
        "validateAlways, when stale           | validateAlways | Cache-Control: max-age=60, stale-while-revalidate=9 | 61 | stale",
        "onlyIfCached, fresh                  | onlyIfCached | Cache-Control: max-age=60             | 1   | serve",
        "onlyIfCached, stale                  | onlyIfCached | Cache-Control: max-age=60             | 60  | 504",
        "RFC 5861 §4 unless errors are bridged | onlyIfCached & staleIfError=9 | Cache-Control: max-age=60 | 69 | serve",
        "RFC 5861 §4 for so long              | onlyIfCached & staleIfError=9 | Cache-Control: max-age=60 | 70 | 504",
        "RFC 5861 §4 by the origin            | onlyIfCached | Cache-Control: max-age=60, stale-if-error=9 | 69 | serve",
        "never beyond must-revalidate, either | onlyIfCached & staleIfError=9 | Cache-Control: max-age=60, must-revalidate | 61 | 504",
        "staleWhileRevalidate                 | staleWhileRevalidate=9 | Cache-Control: max-age=60   | 69  | serve and refresh",
        "staleWhileRevalidate, staler         | staleWhileRevalidate=9 | Cache-Control: max-age=60   | 70  | stale",
        "the longer of both                   | staleWhileRevalidate=5 | Cache-Control: max-age=60, stale-while-revalidate=9 | 69 | serve and refresh",
        "never beyond must-revalidate         | staleWhileRevalidate=9 | Cache-Control: max-age=60, must-revalidate | 61 | stale",
        "§5.2.2.10 s-maxage, shared           | shared       | Cache-Control: max-age=9, s-maxage=60 | 59  | serve",
        "§5.2.2.10 s-maxage, private          | -            | Cache-Control: max-age=9, s-maxage=60 | 59  | stale",
        "§5.2.2.8 proxy-revalidate, shared    | shared & staleWhileRevalidate=9 | Cache-Control: max-age=60, proxy-revalidate | 61 | stale",
        "§5.2.2.8 proxy-revalidate, private   | staleWhileRevalidate=9 | Cache-Control: max-age=60, proxy-revalidate | 61 | serve and refresh",
        "RFC 9213 the field meant for us      | targeted=My-Cache-Control | Cache-Control: max-age=9 & My-Cache-Control: max-age=60 | 59 | serve",
        "RFC 9213 if it is one                | targeted=My-Cache-Control | Cache-Control: max-age=9 & My-Cache-Control: =;  | 10 | stale",
      })
  void decide_byRules_asInTable(
      String rule, @Nullable String rules, @Nullable String stored, long age, String expected) {
    assertThat(Words.of(decide("GET", rules, null, stored, age))).as(rule).isEqualTo(expected);
  }

  /** RFC 9111 §3.3, §3.4. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '`',
      value = {
        "within                        | GET  | Range: bytes=3-5   | \"a\"   | serve",
        "all of it                     | GET  | Range: bytes=2-6   | \"a\"   | serve",
        "under a weak tag              | GET  | Range: bytes=3-5   | W/\"a\" | serve",
        "from the end, within          | GET  | Range: bytes=-8    | \"a\"   | partial, 7-9",
        "beyond on the right           | GET  | Range: bytes=3-8   | \"a\"   | partial, 7-8",
        "adjoining on the right        | GET  | Range: bytes=7-8   | \"a\"   | partial, 7-8",
        "beyond on the left            | GET  | Range: bytes=1-3   | \"a\"   | partial, 1-1",
        "adjoining on the left         | GET  | Range: bytes=0-1   | \"a\"   | partial, 0-1",
        "beyond on both sides          | GET  | Range: bytes=0-9   | \"a\"   | partial",
        "apart                         | GET  | Range: bytes=8-9   | \"a\"   | partial",
        "several ranges                | GET  | Range: bytes=3-3,5-5 | \"a\" | partial",
        "the whole                     | GET  | -                  | \"a\"   | partial",
        "beyond, under a weak tag      | GET  | Range: bytes=3-8   | W/\"a\" | partial",
        "beyond, under a condition     | GET  | Range: bytes=3-8 & If-None-Match: \"b\" | \"a\" | partial",
        "within, under If-Range        | GET  | Range: bytes=3-5 & If-Range: \"a\" | \"a\" | partial",
        "another unit                  | GET  | Range: lines=3-5   | \"a\"   | partial",
        "HEAD                          | HEAD | -                  | \"a\"   | partial",
        "only what is there            | GET  | Range: bytes=3-8 & Cache-Control: only-if-cached | \"a\" | 504",
      })
  void decide_partStored_asInTable(
      String rule, String method, @Nullable String request, String tag, String expected) {
    String stored = "206 & Content-Range: bytes 2-6/10 & Cache-Control: max-age=60 & ETag: " + tag;
    assertThat(Words.of(decide(method, null, request, stored, 1))).as(rule).isEqualTo(expected);
  }

  @Test
  void decide_partMissing_asksForItUnderTheSameTag() {
    String stored = "206 & Content-Range: bytes 2-6/10 & Cache-Control: max-age=60 & ETag: \"a\"";
    Decision.Forward middle = (Decision.Forward) decide("GET", null, "Range: bytes=3-8", stored, 1);
    Decision.Forward end = (Decision.Forward) decide("GET", null, "Range: bytes=3-", stored, 1);
    assertThat(middle.added()).isEqualTo(Headers.of("Range", "bytes=7-8", "If-Range", "\"a\""));
    assertThat(end.added()).isEqualTo(Headers.of("Range", "bytes=7-", "If-Range", "\"a\""));
  }

  /** RFC 9111 §4.3.1: by both validators, as they are spelled. */
  @Test
  void decide_validating_sendsBothValidators() {
    Decision.Forward forward =
        (Decision.Forward)
            decide(
                "GET",
                null,
                null,
                "ETag: W/\"a\" & Last-Modified: Sunday, 22-Nov-26 07:00:00 GMT & Cache-Control: max-age=0",
                1);
    assertThat(forward.added())
        .isEqualTo(
            Headers.of(
                "If-None-Match", "W/\"a\"", "If-Modified-Since", "Sunday, 22-Nov-26 07:00:00 GMT"));
  }

  /** RFC 9111 §4.3.5: a HEAD is answered from a GET, but does not validate it by conditions. */
  @ParameterizedTest
  @CsvSource({"59,serve", "60,stale"})
  void decide_head_asInTable(long age, String expected) {
    String stored = "Cache-Control: max-age=60 & ETag: \"a\"";
    assertThat(Words.of(decide("HEAD", null, null, stored, age))).isEqualTo(expected);
  }

  /** What the user says outranks the origin, but for a reload. */
  @ParameterizedTest
  @CsvSource({
    "no-cache, -, 5, serve",
    "must-revalidate, -, 10, stale",
    "max-age=0, -, 5, serve",
    "max-age=99, -, 10, stale",
    "max-age=99, refresh, 5, request"
  })
  void decide_explicitExpiration_outranksDirectives(
      String cacheControl, String rules, long age, String expected) {
    Decision decision =
        Decisions.decide(
            Asked.of("GET", Headers.empty()),
            Optional.of(
                Words.stored("Cache-Control: " + cacheControl).toBuilder()
                    .explicit(true)
                    .expires(Optional.of(Words.STORED_AT.plusSeconds(10)))
                    .build()),
            CacheStatus.Reason.URI_MISS,
            Words.rules(rules),
            Words.STORED_AT.plusSeconds(age));
    assertThat(Words.of(decision)).isEqualTo(expected);
  }

  /** It was marked stale: its origin's directives go on to count. */
  @ParameterizedTest
  @CsvSource({
    "max-age=99, 9, serve",
    "max-age=99, 10, stale",
    "max-age=5, 5, stale",
    "'max-age=99, stale-while-revalidate=5', 15, serve and refresh",
    "'max-age=99, stale-while-revalidate=5', 16, stale",
    "'max-age=99, must-revalidate, stale-while-revalidate=5', 11, stale"
  })
  void decide_expiresBeforeItsFieldsSay_isStaleFromThenOn(
      String cacheControl, long age, String expected) {
    Decision decision =
        Decisions.decide(
            Asked.of("GET", Headers.empty()),
            Optional.of(
                Words.stored("Cache-Control: " + cacheControl).toBuilder()
                    .expires(Optional.of(Words.STORED_AT.plusSeconds(10)))
                    .build()),
            CacheStatus.Reason.URI_MISS,
            Rules.PRIVATE,
            Words.STORED_AT.plusSeconds(age));
    assertThat(Words.of(decision)).isEqualTo(expected);
  }

  @Test
  void decide_neverExpires_servedForEver() {
    Decision decision =
        Decisions.decide(
            Asked.of("GET", Headers.of("Cache-Control", "min-fresh=99999999")),
            Optional.of(
                Words.stored("Age: 0").toBuilder()
                    .explicit(true)
                    .expires(Optional.empty())
                    .build()),
            CacheStatus.Reason.URI_MISS,
            Rules.PRIVATE,
            Words.STORED_AT.plus(Duration.ofDays(100_000)));
    assertThat(Words.of(decision)).isEqualTo("serve");
  }
}
