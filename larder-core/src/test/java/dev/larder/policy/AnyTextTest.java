package dev.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Nothing here throws, whatever an origin or a caller sends. */
class AnyTextTest {
  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
  private static final URI TARGET = URI.create("http://example.org/a");
  private static final List<String> NAMES =
      List.of(
          "Age",
          "Cache-Control",
          "CDN-Cache-Control",
          "Connection",
          "Content-Length",
          "Content-Location",
          "Content-Range",
          "Date",
          "ETag",
          "Expires",
          "If-Match",
          "If-Modified-Since",
          "If-None-Match",
          "If-Range",
          "If-Unmodified-Since",
          "Last-Modified",
          "Location",
          "Pragma",
          "Range",
          "Vary",
          "Accept",
          "Accept-Encoding",
          "Accept-Language",
          "Cookie");

  /** Any characters, any bytes as Latin-1, and text made of what the parsers look for. */
  @Provide
  Arbitrary<String> values() {
    return Arbitraries.oneOf(
        Arbitraries.strings(),
        Arbitraries.bytes()
            .array(byte[].class)
            .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1)),
        Arbitraries.of(
                "\"",
                "\\",
                ",",
                ";",
                "=",
                " ",
                "\t",
                "*",
                "-",
                "/",
                "(",
                ")",
                ":",
                "?",
                "0",
                "1",
                "9999999999999999999999",
                "max-age",
                "no-cache",
                "no-store",
                "private",
                "W/",
                "bytes",
                "bytes=",
                "Sun, 06 Nov 1994 08:49:37 GMT",
                "Sunday, 06-Nov-94 08:49:37",
                " GMT",
                "Sun Nov  6 08:49:37 1994",
                "q=",
                "0.5",
                "gzip",
                "en",
                "http://",
                "[",
                "%",
                "#",
                "..",
                "\u00e9",
                "\ud800",
                "\u212a")
            .list()
            .ofMaxSize(12)
            .map(parts -> String.join("", parts)));
  }

  @Provide
  Arbitrary<Headers> headers() {
    return Arbitraries.maps(Arbitraries.of(NAMES), values().list().ofMaxSize(3))
        .ofMaxSize(NAMES.size())
        .map(Headers::copyOf);
  }

  @Property
  void rules_anyFields_neverThrow(
      @ForAll("headers") Headers request, @ForAll("headers") Headers response) {
    assertThatCode(() -> applyAll(request, response)).doesNotThrowAnyException();
  }

  private static void applyAll(Headers request, Headers response) {
    CacheControl control = CacheControl.of(response, List.of("CDN-Cache-Control"));
    for (boolean shared : new boolean[] {false, true}) {
      for (int status : new int[] {200, 206, 304, 404, 599}) {
        Freshness freshness = Freshness.of(status, response, control, NOW, NOW, shared);
        assertThat(freshness.lifetime()).isGreaterThanOrEqualTo(Duration.ZERO);
        assertThat(freshness.initialAge()).isGreaterThanOrEqualTo(Duration.ZERO);
        assertThat(freshness.isFresh(NOW)).isEqualTo(freshness.expires().isAfter(NOW));
        Storability.mayStore("GET", request, status, response, control, shared);
        Storability.mayStore("POST", request, status, response, control, shared);
      }
      Storability.storedFields(response, control, shared);
      Validation.merge(response, request, CacheControl.of(request), shared);
    }
    Preconditions.isConditional(request);
    Preconditions.evaluate("GET", request, response, NOW, NOW);
    Preconditions.evaluate("POST", request, response, NOW, NOW);
    Preconditions.rangeApplies(request, response, NOW);
    Validation.hasValidator(response);
    Validation.conditionalFields(response);
    Validation.selects(request, response);
    Validation.compareHead(response, 5, 200, request);
    ContentRange.of(response);
    Ranges.single(request);
    Ranges.select(request, 10);
    Invalidation.targets("POST", TARGET, 200, response);
    assertThat(Vary.of(response).matches(request, request)).isEqualTo(!Vary.of(response).isAny());
    for (String name : NAMES) {
      Vary.value(name, request);
      FieldValues.tokens(request, name);
      control.fields(name);
    }
  }

  /** Whatever is asked, stored and answered: a request is decided, and so is its response. */
  @Property
  void decisions_anyFields_neverThrow(
      @ForAll("headers") Headers request,
      @ForAll("headers") Headers stored,
      @ForAll("headers") Headers response,
      @ForAll @IntRange(min = 100, max = 999) int status) {
    assertThatCode(() -> decideAll(request, stored, response, status)).doesNotThrowAnyException();
  }

  private static void decideAll(Headers request, Headers stored, Headers response, int status) {
    EntryHead head =
        EntryHead.builder("key", Request.get(TARGET), NOW)
            .status(status)
            .headers(stored)
            .requested(NOW)
            .responded(NOW)
            .range(stored.first("Content-Range"))
            .build();
    for (String method : List.of("GET", "HEAD", "POST")) {
      Asked asked = Asked.of(method, request);
      for (Optional<EntryHead> found : List.of(Optional.of(head), Optional.<EntryHead>empty())) {
        for (String words :
            List.of(
                "shared",
                "refresh & targeted=CDN-Cache-Control",
                "expireAfter=9",
                "noCacheControl")) {
          Rules rules = Words.rules(words);
          Decision decision =
              Decisions.decide(asked, found, CacheStatus.Reason.MISS, rules, NOW.plusSeconds(9));
          Decision.Forward sent =
              decision instanceof Decision.Forward forward
                  ? forward
                  : Decision.Forward.plain(CacheStatus.Reason.MISS);
          for (int came : new int[] {status, 200, 206, 304, 416, 503}) {
            Decisions.onResponse(asked, sent, found, true, came, response, NOW, NOW, rules);
          }
          Decisions.onFailure(asked, sent, found, rules, NOW);
        }
      }
    }
  }

  @Property
  void parsers_anyText_neverThrow(@ForAll("values") String text) {
    assertThatCode(
            () -> {
              HttpDates.parse(text, NOW);
              HttpDates.parse(text, Instant.MIN);
              HttpDates.parse(text, Instant.MAX);
              EntityTag.parse(text);
              ContentRange.parse(text);
              FieldValues.unquote(text);
              StructuredDictionary.parse(text);
              CacheStatus.hit().key(text).detail(text).build();
            })
        .doesNotThrowAnyException();
  }

  @Property
  void cacheControl_whatToStringWrote_isEqual(@ForAll("headers") Headers headers) {
    CacheControl control = CacheControl.of(headers);
    CacheControl again = CacheControl.of(Headers.of("Cache-Control", control.toString()));
    assertThat(again).hasToString(control.toString());
    assertThat(again.names()).isEqualTo(control.names());
    for (String name : control.names()) {
      assertThat(again.argument(name)).isEqualTo(control.argument(name));
      assertThat(again.fields(name)).isEqualTo(control.fields(name));
    }
  }

  /** From the year 0 to 9999: those that have four digits. */
  @Property
  void dates_whatFormatWrote_isEqual(
      @ForAll @LongRange(min = -62_167_219_200L, max = 253_402_300_799L) long second) {
    Instant instant = Instant.ofEpochSecond(second);
    assertThat(HttpDates.parse(HttpDates.format(instant.plusMillis(999)), NOW))
        .contains(instant.truncatedTo(ChronoUnit.SECONDS));
  }

  @Property
  void storedFields_again_nothingMoreLeftOut(@ForAll("headers") Headers headers) {
    CacheControl control = CacheControl.of(headers);
    Headers once = Storability.storedFields(headers, control, true);
    assertThat(Storability.storedFields(once, control, true)).isEqualTo(once);
    assertThat(once.toMap().keySet()).doesNotContainAnyElementsOf(Set.of("Connection"));
  }
}
