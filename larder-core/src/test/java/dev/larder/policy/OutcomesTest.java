package dev.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * RFC 9111 §3, §4.3; RFC 5861 §4: what is done with what comes, 100 seconds after what is stored
 * was. Times in the tables are seconds from then.
 */
class OutcomesTest {
  private static final Instant NOW = Words.STORED_AT.plusSeconds(100);
  private static final String OLD = "Cache-Control: max-age=60 & ETag: \"a\"";

  private static Outcome outcome(
      String method,
      @Nullable String rules,
      @Nullable String request,
      @Nullable String stored,
      String response) {
    Asked asked = Asked.of(method, Lines.of(request));
    Optional<EntryHead> head = Optional.ofNullable(stored).map(Words::stored);
    Words.Response came = Words.response(response);
    return Decisions.onResponse(
        asked,
        sent(asked, head, Words.rules(rules)),
        head,
        true,
        came.status(),
        Lines.of(came.fields()),
        NOW,
        NOW,
        Words.rules(rules));
  }

  private static Decision.Forward sent(Asked asked, Optional<EntryHead> stored, Rules rules) {
    return (Decision.Forward)
        Decisions.decide(asked, stored, CacheStatus.Reason.URI_MISS, rules, NOW);
  }

  private static String afterGet(
      @Nullable String rules, @Nullable String request, @Nullable String stored, String response) {
    return Words.of(outcome("GET", rules, request, stored, response));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '`',
      value = {
        "§4.2.1 max-age                | -                       | 200 & Cache-Control: max-age=60 | store 160",
        "§4.2.1 Expires                | -                       | 200 & Expires: Sun, 22 Nov 2026 08:02:40 GMT | store 160",
        "§4.2.3 less the age           | -                       | 200 & Cache-Control: max-age=60 & Age: 10 | store 150",
        "§3 nothing said, no validator | -                       | 200                             | pass",
        "§3 stale, but with a validator| -                       | 200 & Cache-Control: no-cache & ETag: \"a\" | store 100",
        "§3 stale, without             | -                       | 200 & Cache-Control: max-age=0  | pass",
        "§3 but of use instead of errors | -                     | 200 & Cache-Control: max-age=0, stale-if-error=9 | store 100",
        "§5.2.2.5 no-store             | -                       | 200 & Cache-Control: no-store, max-age=60 | pass",
        "§5.2.2.3 must-understand      | -                       | 200 & Cache-Control: no-store, must-understand, max-age=60 | store 160",
        "§5.2.2.3 what is not          | -                       | 299 & Cache-Control: no-store, must-understand, max-age=60 | pass",
        "§5.2.1.5 the caller's no-store | Cache-Control: no-store | 200 & Cache-Control: max-age=60 | pass",
        "§5.2.2.7 private              | -                       | 200 & Cache-Control: private, max-age=60 | store 160",
        "§4.1 Vary: *                  | -                       | 200 & Cache-Control: max-age=60 & Vary: * | pass",
        "§3 any final status           | -                       | 599 & Cache-Control: max-age=60 | store 160",
        "§3 not one beyond             | -                       | 600 & Cache-Control: max-age=60 | pass",
        "§4.2.2 heuristic status       | -                       | 404 & Last-Modified: Sun, 22 Nov 2026 07:45:00 GMT | store 200",
        "§4.2.2 other status           | -                       | 403 & Cache-Control: no-transform & Last-Modified: Sun, 22 Nov 2026 07:45:00 GMT | pass",
        "§4.2.2 marked public          | -                       | 403 & Cache-Control: public & Last-Modified: Sun, 22 Nov 2026 07:45:00 GMT | store 200",
        "§3.3 a part                   | Range: bytes=0-4        | 206 & Cache-Control: max-age=60 & Content-Range: bytes 0-4/10 | store bytes 0-4/10 160",
        "§3.3 of what length?          | Range: bytes=0-4        | 206 & Cache-Control: max-age=60 & Content-Range: bytes 0-4/* | pass",
        "§3.3 of the wrong length      | Range: bytes=0-4        | 206 & Cache-Control: max-age=60 & Content-Range: bytes 0-4/10 & Content-Length: 6 | pass",
        "§3.3 a suffix shorter than it says | Range: bytes=-5    | 206 & Cache-Control: max-age=60 & Content-Range: bytes 4-9/10 & Content-Length: 5 | store bytes 4-8/9 160",
        "§3.3 no suffix                | Range: bytes=4-8        | 206 & Cache-Control: max-age=60 & Content-Range: bytes 4-8/10 & Content-Length: 4 | pass",
        "§3.3 the whole, or not?       | Range: bytes=0-         | 206 & Cache-Control: max-age=60 & Content-Range: bytes 0-9/10 & Content-Length: 9 | pass",
        "§3.3 of which place?          | Range: bytes=0-4        | 206 & Cache-Control: max-age=60 | pass",
        "§3.3 several                  | Range: bytes=0-1,3-4    | 206 & Cache-Control: max-age=60 & Content-Type: multipart/byteranges; boundary=x | pass",
        "RFC 6265 Set-Cookie           | -                       | 200 & Set-Cookie: a=b & Last-Modified: Sun, 22 Nov 2026 07:45:00 GMT | pass",
        "RFC 6265 with a lifetime      | -                       | 200 & Set-Cookie: a=b & Cache-Control: max-age=60 | store 160",
        "RFC 9110 §15.4.5 a 304 we did not ask for | If-None-Match: \"a\" | 304 & ETag: \"a\" & Cache-Control: max-age=60 | pass",
        "RFC 6585 §4 429               | -                       | 429 & Cache-Control: max-age=60 | pass",
      })
  void onResponse_nothingStored_asInTable(
      String rule, @Nullable String request, String response, String expected) {
    assertThat(afterGet(null, request, null, response)).as(rule).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '`',
      value = {
        "expireAfter                       | expireAfter=9                 | 200                                       | store 109 explicit",
        "over the origin's                 | expireAfter=9                 | 200 & Cache-Control: max-age=60           | store 109 explicit",
        "over the origin's no-cache        | expireAfter=9                 | 200 & Cache-Control: no-cache             | store 109 explicit",
        "not over no-store                 | expireAfter=9                 | 200 & Cache-Control: no-store             | pass",
        "not for errors                    | expireAfter=9                 | 500                                       | pass",
        "not for errors with a lifetime    | expireAfter=9                 | 500 & Cache-Control: max-age=60           | store 160",
        "not for redirects that are not for ever | expireAfter=9           | 302                                       | pass",
        "for what is not there             | expireAfter=9                 | 404                                       | store 109 explicit",
        "for errors that are named         | expireAfter=9 & codes=500     | 500                                       | store 109 explicit",
        "only for codes that are named     | expireAfter=9 & codes=500/404 | 200 & Cache-Control: max-age=60           | pass",
        "never                             | expireAfter=never             | 200                                       | store ever explicit",
        "doNotCache                        | expireAfter=doNotCache        | 200 & Cache-Control: max-age=60           | pass",
        "originFirst, origin is silent     | expireAfter=9 & originFirst   | 200                                       | store 109 explicit",
        "originFirst, origin speaks        | expireAfter=9 & originFirst   | 200 & Cache-Control: max-age=60           | store 160",
        "originFirst, origin guesses       | expireAfter=9 & originFirst   | 200 & Last-Modified: Sun, 22 Nov 2026 07:45:00 GMT | store 109 explicit",
        "noCacheControl                    | noCacheControl                | 200 & Cache-Control: max-age=60           | store ever explicit",
        "noCacheControl, expireAfter       | noCacheControl & expireAfter=9 | 200 & Cache-Control: max-age=60          | store 109 explicit",
        "noCacheControl, an error          | noCacheControl                | 500                                       | pass",
        "stale, but for errors             | staleIfError=9                | 200 & Cache-Control: max-age=0            | store 100",
        "stale, but while refreshing       | staleWhileRevalidate=9        | 200 & Cache-Control: max-age=0            | store 100",
        "expireAfter and Set-Cookie        | expireAfter=9                 | 200 & Set-Cookie: a=b                     | pass",
        "§5.2.2.10 s-maxage                | shared                        | 200 & Cache-Control: max-age=9, s-maxage=60 | store 160",
        "§5.2.2.7 private                  | shared                        | 200 & Cache-Control: private, max-age=60  | pass",
        "§5.2.2.7 private over the user    | shared & expireAfter=9        | 200 & Cache-Control: private              | pass",
        "RFC 9213 the field meant for us   | targeted=My-Cache-Control     | 200 & Cache-Control: no-store & My-Cache-Control: max-age=60 | store 160",
        "RFC 9213 not Expires beside it    | targeted=My-Cache-Control     | 200 & Expires: Sun, 22 Nov 2026 08:02:40 GMT & My-Cache-Control: no-store | pass",
      })
  void onResponse_byRules_asInTable(String rule, String rules, String response, String expected) {
    assertThat(afterGet(rules, null, null, response)).as(rule).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "§3.5 Authorization, max-age=60, pass",
    "§3.5 with public, public max-age=60, store 160",
    "§3.5 with s-maxage, s-maxage=60, store 160",
    "§3.5 with must-revalidate, must-revalidate max-age=60, store 160"
  })
  void onResponse_sharedAndAuthorized_asInTable(String rule, String directives, String expected) {
    String response = "200 & Cache-Control: " + directives.replace(" ", ", ");
    assertThat(afterGet("shared", "Authorization: Basic eA==", null, response))
        .as(rule)
        .isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '`',
      value = {
        "§4.3.4 304 about it               | -             | 304 & ETag: \"a\"                             | renew 160",
        "§4.3.4 304 without a validator    | -             | 304                                           | renew 160",
        "§3.2 304 with another lifetime    | -             | 304 & Cache-Control: max-age=99               | renew 199",
        "§4.3.4 304 about something else   | -             | 304 & ETag: \"b\"                             | ask again",
        "§4.3.3 a new response             | -             | 200 & ETag: \"b\" & Cache-Control: max-age=60 | store 160",
        "§4.3.3 a new one, not to store    | -             | 200 & Cache-Control: no-store                 | pass",
        "§4.3.3 an error                   | -             | 503                                           | pass",
        "expireAfter on a 304              | expireAfter=9 | 304 & ETag: \"a\"                             | renew 109 explicit",
        "RFC 5861 §4 allowed, as stale     | staleIfError=40 | 503                                         | serve stale",
        "RFC 5861 §4 staler                | staleIfError=39 | 503                                         | pass",
        "RFC 5861 §4 500                   | staleIfError=40 | 500                                         | serve stale",
        "RFC 5861 §4 502                   | staleIfError=40 | 502                                         | serve stale",
        "RFC 5861 §4 504                   | staleIfError=40 | 504                                         | serve stale",
        "RFC 5861 §4 not 501               | staleIfError=40 | 501 & Cache-Control: no-store               | pass",
        "RFC 5861 §4 not 404               | staleIfError=40 | 404 & Cache-Control: max-age=60             | store 160",
        "RFC 5861 §4 forced                | forceRefresh & staleIfError=40 | 503                          | pass",
      })
  void onResponse_staleStored_asInTable(
      String rule, @Nullable String rules, String response, String expected) {
    assertThat(afterGet(rules, null, OLD, response)).as(rule).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '`',
      value = {
        "the origin allows it       | -                                | Cache-Control: max-age=60, stale-if-error=40 | true",
        "but not for so long        | -                                | Cache-Control: max-age=60, stale-if-error=39 | false",
        "the caller does            | Cache-Control: stale-if-error=40 | Cache-Control: max-age=60                    | true",
        "nobody                     | -                                | Cache-Control: max-age=60                    | false",
        "must-revalidate forbids it | Cache-Control: stale-if-error=40 | Cache-Control: max-age=60, must-revalidate, stale-if-error=40 | false",
        "no-cache forbids it        | -                                | Cache-Control: no-cache, stale-if-error=999  | false",
        "the caller's no-cache      | Cache-Control: no-cache          | Cache-Control: max-age=60, stale-if-error=40 | false",
        "the caller's no-store      | Cache-Control: no-store          | Cache-Control: max-age=60, stale-if-error=40 | false",
        "If-Match                   | If-Match: \"a\"                  | Cache-Control: max-age=60, stale-if-error=40 | false",
        "only a part                | -                                | 206 & Content-Range: bytes 2-6/10 & Cache-Control: max-age=60, stale-if-error=40 | false",
        "that part                  | Range: bytes=3-4                 | 206 & Content-Range: bytes 2-6/10 & Cache-Control: max-age=60, stale-if-error=40 | true",
        "nothing stored             | -                                | -                                            | false",
      })
  void onFailure_asInTable(
      String rule, @Nullable String request, @Nullable String stored, boolean expected) {
    Asked asked = Asked.of("GET", Lines.of(request));
    Optional<EntryHead> head = Optional.ofNullable(stored).map(Words::stored);
    Optional<Standing> instead =
        Decisions.onFailure(asked, sent(asked, head, Rules.PRIVATE), head, Rules.PRIVATE, NOW);
    assertThat(instead.isPresent()).as(rule).isEqualTo(expected);
    assertThat(afterGet(null, request, stored, "503").equals("serve stale"))
        .as(rule)
        .isEqualTo(expected);
  }

  /** RFC 9111 §4.3.5. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '`',
      value = {
        "nothing stored       | -                         | -    | 200 & Cache-Control: max-age=60 | pass",
        "the same             | -                         | 200 & Cache-Control: max-age=60 & ETag: \"a\" | 200 & ETag: \"a\" | pass and renew 160",
        "another tag          | -                         | 200 & Cache-Control: max-age=60 & ETag: \"a\" | 200 & ETag: \"b\" | pass and invalidate",
        "another length       | -                         | 200 & Cache-Control: max-age=60 & Content-Length: 5 | 200 & Content-Length: 6 | pass and invalidate",
        "another status       | -                         | 200 & Cache-Control: max-age=60 & ETag: \"a\" | 500 | pass",
        "of a part            | -                         | 206 & Content-Range: bytes 2-6/10 & ETag: \"a\" | 200 & ETag: \"a\" | pass",
        "what was not there   | -                         | 404 & Cache-Control: max-age=60 | 200 | pass and invalidate",
        "not to be stored     | Cache-Control: no-store   | 200 & Cache-Control: max-age=60 & ETag: \"a\" | 200 & ETag: \"a\" | pass",
      })
  void onResponse_head_asInTable(
      String rule,
      @Nullable String request,
      @Nullable String stored,
      String response,
      String expected) {
    assertThat(Words.of(outcome("HEAD", null, request, stored, response)))
        .as(rule)
        .isEqualTo(expected);
  }

  /** RFC 9111 §3.4: bytes 2 to 6 are stored, 7 and 8 have been asked for. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '`',
      value = {
        "what was asked for    | 206 & Content-Range: bytes 7-8/10 & ETag: \"a\"   | combine to store bytes 2-8/10 160",
        "with a new lifetime   | 206 & Content-Range: bytes 7-8/10 & ETag: \"a\" & Cache-Control: max-age=9 | combine to store bytes 2-8/10 109",
        "another tag           | 206 & Content-Range: bytes 7-8/10 & ETag: \"b\"   | ask again",
        "a weak tag            | 206 & Content-Range: bytes 7-8/10 & ETag: W/\"a\" | ask again",
        "no tag                | 206 & Content-Range: bytes 7-8/10                 | ask again",
        "less than that        | 206 & Content-Range: bytes 7-7/10 & ETag: \"a\"   | ask again",
        "something else        | 206 & Content-Range: bytes 0-1/10 & ETag: \"a\"   | ask again",
        "another whole         | 206 & Content-Range: bytes 7-8/11 & ETag: \"a\"   | ask again",
        "no range              | 206 & ETag: \"a\"                                 | ask again",
        "not modified?         | 304 & ETag: \"a\"                                 | ask again",
        "not satisfiable       | 416                                               | ask again",
        "all of something new  | 200 & ETag: \"b\" & Cache-Control: max-age=60     | store 160",
        "an error              | 500                                               | pass",
      })
  void onResponse_partAskedFor_asInTable(String rule, String response, String expected) {
    String stored = "206 & Content-Range: bytes 2-6/10 & Cache-Control: max-age=60 & ETag: \"a\"";
    assertThat(afterGet(null, "Range: bytes=3-8", stored, response)).as(rule).isEqualTo(expected);
  }

  @Test
  void onResponse_lastMissingPart_isTheWhole() {
    String stored = "206 & Content-Range: bytes 2-9/10 & Cache-Control: max-age=60 & ETag: \"a\"";
    Outcome.Combine combine =
        (Outcome.Combine)
            outcome(
                "GET",
                null,
                "Range: bytes=0-4",
                stored,
                "206 & Content-Range: bytes 0-1/10 & ETag: \"a\" & Content-Length: 2");
    assertThat(combine.combined().range()).isEmpty();
    assertThat(combine.combined().headers().first("Content-Range")).isEmpty();
    assertThat(combine.combined().headers().all("Content-Length")).containsExactly("10");
  }

  /** A part that is of no use beside the whole must not take its place. */
  @Test
  void onResponse_partOfTheStoredWhole_isPassed() {
    assertThat(
            afterGet(
                null,
                "Range: bytes=0-4",
                OLD,
                "206 & Content-Range: bytes 0-4/10 & ETag: \"a\" & Cache-Control: max-age=60"))
        .isEqualTo("pass");
    assertThat(
            afterGet(
                null,
                "Range: bytes=0-4",
                OLD,
                "206 & Content-Range: bytes 0-4/10 & ETag: \"b\" & Cache-Control: max-age=60"))
        .isEqualTo("store bytes 0-4/10 160");
  }

  @Test
  void onResponse_notModified_replacesAgeAndDate() {
    Outcome.Freshen freshen =
        (Outcome.Freshen) outcome("GET", null, null, OLD + " & Age: 50 & X: old", "304 & X: new");
    assertThat(freshen.headers().contains("Age")).isFalse();
    assertThat(freshen.headers().all("X")).containsExactly("new");
    assertThat(freshen.headers().all("Date")).containsExactly(HttpDates.format(NOW));
  }

  @Test
  void onResponse_notToBeStored_isPassed() {
    Outcome outcome =
        Decisions.onResponse(
            Asked.of("GET", Headers.empty()),
            Decision.Forward.plain(CacheStatus.Reason.URI_MISS),
            Optional.empty(),
            false,
            200,
            Headers.of("Cache-Control", "max-age=60"),
            NOW,
            NOW,
            Rules.PRIVATE);
    assertThat(Words.of(outcome)).isEqualTo("pass");
  }

  /** RFC 9110 §9.3.3. */
  @ParameterizedTest
  @CsvSource({
    "200, max-age=60, true, true",
    "200, max-age=60, false, false",
    "201, max-age=60, true, false",
    "200, no-transform, true, false"
  })
  void answersGet_asInTable(
      int status, String cacheControl, boolean namesTarget, boolean expected) {
    assertThat(
            Decisions.answersGet(
                status, Headers.of("Cache-Control", cacheControl), namesTarget, Rules.PRIVATE, NOW))
        .isEqualTo(expected);
  }
}
