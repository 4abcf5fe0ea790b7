package dev.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Headers;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9111 §3, §3.5. */
class StorabilityTest {
  private static final String FRESH = "Cache-Control: max-age=60";

  private static boolean mayStore(
      String method,
      @Nullable String request,
      int status,
      @Nullable String response,
      boolean shared) {
    Headers fields = Lines.of(response);
    CacheControl control = CacheControl.of(fields, List.of("CDN-Cache-Control"));
    return Storability.mayStore(method, Lines.of(request), status, fields, control, shared);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '`',
      value = {
        "§3 cacheable by default                    | 200 | - | true | true",
        "§3 cacheable by default                    | 404 | - | true | true",
        "§3 not by default                          | 403 | - | false | false",
        "§3 explicit: max-age                       | 403 | Cache-Control: max-age=60 | true | true",
        "§3 explicit: Expires                       | 302 | Expires: 0 | true | true",
        "§3 explicit: s-maxage                      | 302 | Cache-Control: s-maxage=60 | false | true",
        "§3 marked: public                          | 599 | Cache-Control: public | true | true",
        "§3 marked: private                         | 599 | Cache-Control: private | true | false",
        "§3 any final status with a lifetime        | 299 | Cache-Control: max-age=60 | true | true",
        "§3 any final status with a lifetime        | 503 | Cache-Control: max-age=60 | true | true",
        "§3 interim status                          | 103 | Cache-Control: max-age=60 | false | false",
        "RFC 9110 §15 no such status                | 999 | Cache-Control: max-age=60 | false | false",
        "§3 304 is about a stored response          | 304 | Cache-Control: max-age=60 | false | false",
        "RFC 6585 §3                                | 428 | Cache-Control: max-age=60 | false | false",
        "RFC 6585 §4                                | 429 | Cache-Control: max-age=60 | false | false",
        "RFC 6585 §5                                | 431 | Cache-Control: max-age=60 | false | false",
        "RFC 6585 §6                                | 511 | Cache-Control: max-age=60 | false | false",
        "RFC 7725 §3 cacheable by default           | 451 | - | true | true",
        "§5.2.2.5 no-store                          | 200 | Cache-Control: max-age=60, No-Store | false | false",
        "§5.2.2.3 must-understand, understood       | 200 | Cache-Control: no-store, must-understand, max-age=60 | true | true",
        "§5.2.2.3 must-understand, unknown          | 599 | Cache-Control: must-understand, max-age=60 | false | false",
        "§5.2.2.3 must-understand, unknown          | 599 | Cache-Control: no-store, must-understand, max-age=60 | false | false",
        "§5.2.2.7 private                           | 200 | Cache-Control: private, max-age=60 | true | false",
        "§5.2.2.7 private for some fields           | 200 | Cache-Control: private=\"A\", max-age=60 | true | true",
        "§4.2.1 the strictest counts                | 200 | Cache-Control: private=\"A\", private, max-age=60 | true | false",
        "§3.3 a range of bytes                      | 206 | Content-Range: bytes 0-4/10 | true | true",
        "§3.3 no range                              | 206 | Cache-Control: max-age=60 | false | false",
        "§3.3 another unit                          | 206 | Content-Range: lines 0-4/10 | false | false",
        "§3.3 invalid range                         | 206 | Content-Range: bytes 4-0/10 | false | false",
        "§4.1 matches no request                    | 200 | Cache-Control: max-age=60 & Vary: A, * | false | false",
        "§5.2.2.4 no-cache may be stored            | 200 | Cache-Control: no-cache | true | true",
        "§5.4 Pragma means nothing here             | 200 | Cache-Control: max-age=60 & Pragma: no-cache | true | true",
        "RFC 9213 targeted no-store                 | 200 | Cache-Control: max-age=60 & CDN-Cache-Control: no-store | false | false",
        "RFC 9213 targeted over no-store            | 200 | Cache-Control: no-store & CDN-Cache-Control: max-age=60 | true | true",
        "RFC 9213 Expires beside a targeted field   | 403 | Expires: 0 & CDN-Cache-Control: must-revalidate | false | false",
      })
  void mayStore_get_asInTable(
      String rule, int status, @Nullable String response, boolean inPrivate, boolean inShared) {
    assertThat(mayStore("GET", null, status, response, false)).as(rule).isEqualTo(inPrivate);
    assertThat(mayStore("GET", null, status, response, true)).as(rule).isEqualTo(inShared);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "§5.2.1.5 no-store            | Cache-Control: no-store | Cache-Control: max-age=60 | false | false",
        "§5.2.1.5 only no-store       | Cache-Control: no-cache, max-age=0 | Cache-Control: max-age=60 | true | true",
        "§3.5 Authorization           | Authorization: x | Cache-Control: max-age=60 | true | false",
        "§3.5 public                  | Authorization: x | Cache-Control: max-age=60, public | true | true",
        "§3.5 must-revalidate         | Authorization: x | Cache-Control: max-age=60, must-revalidate | true | true",
        "§3.5 s-maxage                | Authorization: x | Cache-Control: s-maxage=60 | true | true",
        "§3.5 not proxy-revalidate    | Authorization: x | Cache-Control: max-age=60, proxy-revalidate | true | false",
        "§3.5 public does not help private | Authorization: x | Cache-Control: max-age=60, public, private | true | false",
      })
  void mayStore_request_asInTable(
      String rule, String request, String response, boolean inPrivate, boolean inShared) {
    assertThat(mayStore("GET", request, 200, response, false)).as(rule).isEqualTo(inPrivate);
    assertThat(mayStore("GET", request, 200, response, true)).as(rule).isEqualTo(inShared);
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "POST | 200 | Cache-Control: max-age=60 | true",
        "POST | 200 | Expires: Sun, 22 Nov 2026 08:00:00 GMT | true",
        "POST | 200 | Cache-Control: public | false",
        "POST | 200 | - | false",
        "POST | 206 | Cache-Control: max-age=60 & Content-Range: bytes 0-4/10 | false",
        "HEAD | 200 | Cache-Control: max-age=60 | false",
        "PUT | 200 | Cache-Control: max-age=60 | false",
        "get | 200 | Cache-Control: max-age=60 | false",
        "QUERY | 200 | Cache-Control: max-age=60 | false",
      })
  void mayStore_method_asInTable(
      String method, int status, @Nullable String response, boolean expected) {
    assertThat(mayStore(method, null, status, response, false)).isEqualTo(expected);
  }

  @Test
  void isHeuristicallyCacheable_asListed() {
    Set<Integer> listed = Set.of(200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 451, 501);
    for (int status = 0; status < 1000; status++) {
      assertThat(Storability.isHeuristicallyCacheable(status))
          .as("%d", status)
          .isEqualTo(listed.contains(status));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 103, 199, 226, 299, 304, 306, 399, 418, 420, 427, 499, 599, 600, 999})
  void isUnderstood_notFinalOrNotKnown_false(int status) {
    assertThat(Storability.isUnderstood(status)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 204, 206, 301, 302, 308, 400, 404, 410, 422, 451, 500, 503, 505})
  void isUnderstood_known_true(int status) {
    assertThat(Storability.isUnderstood(status)).isTrue();
    assertThat(
            mayStore(
                "GET",
                null,
                status,
                FRESH + ", must-understand & Content-Range: bytes 0-0/1",
                true))
        .isTrue();
  }
}
