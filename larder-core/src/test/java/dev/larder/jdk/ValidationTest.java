package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.TestClock;
import dev.larder.policy.HttpDates;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9111 §4.3. */
class ValidationTest extends ClientTest {
  private static final String MODIFIED = HttpDates.format(TestClock.START.minusSeconds(3600));

  /** Answers conditional requests with 304 and these fields. */
  private static Origin.Answer notModified(String... fields) {
    return (request, out) -> {
      boolean conditional =
          !request.field("If-None-Match").isEmpty()
              || !request.field("If-Modified-Since").isEmpty();
      answer(out, conditional, fields);
    };
  }

  private static void answer(OutputStream out, boolean conditional, String... fields)
      throws IOException {
    if (conditional) {
      Origin.head(out, 304, -1, fields);
    } else {
      Origin.reply(out, 200, "unconditional", fields);
    }
  }

  private Origin.Received last() {
    return origin.received.get(origin.requests() - 1);
  }

  @ParameterizedTest
  @CsvSource({"\"1\",false", "W/\"1\",false", "\"1\",true", ",true"})
  void send_stale_validatedByWhatIsStored(String tag, boolean dated) throws Exception {
    String[] validators =
        tag == null
            ? new String[] {"Last-Modified", MODIFIED}
            : dated
                ? new String[] {"ETag", tag, "Last-Modified", MODIFIED}
                : new String[] {"ETag", tag};
    String[] fields = new String[validators.length + 2];
    System.arraycopy(validators, 0, fields, 0, validators.length);
    fields[validators.length] = "Cache-Control";
    fields[validators.length + 1] = FRESH;
    origin.on("/a", "stored", fields);
    get("/a");
    origin.on("/a", notModified(fields));
    clock.advance(Duration.ofSeconds(60));

    HttpResponse<String> validated = get("/a");

    assertThat(last().field("If-None-Match")).isEqualTo(tag == null ? "" : tag);
    assertThat(last().field("If-Modified-Since")).isEqualTo(dated ? MODIFIED : "");
    assertThat(validated.statusCode()).isEqualTo(200);
    assertThat(validated.body()).isEqualTo("stored");
    assertThat(status(validated)).isEqualTo("Larder; fwd=stale; fwd-status=304; stored");
    assertThat(CacheInfo.of(validated).orElseThrow().fromCache()).isTrue();
    assertThat(CacheInfo.of(validated).orElseThrow().revalidated()).isTrue();
    assertThat(validated.uri()).isEqualTo(origin.uri("/a"));
    assertThat(validated.request().uri()).isEqualTo(origin.uri("/a"));
    assertThat(validated.request().headers().map()).isEmpty();
    assertThat(isHit(get("/a"))).isTrue();
    assertThat(origin.requests()).isEqualTo(2);
  }

  /** RFC 9111 §3.2, §4.3.4. */
  @Test
  void send_notModified_updatesTheStoredFields() throws Exception {
    origin.on(
        "/a",
        "stored",
        "ETag",
        "\"1\"",
        "Cache-Control",
        FRESH,
        "X",
        "old",
        "Y",
        "kept",
        "Content-Type",
        "text/plain");
    get("/a");
    origin.on(
        "/a",
        notModified("ETag", "\"1\"", "Cache-Control", "max-age=99", "X", "new", "Z", "added"));
    clock.advance(Duration.ofSeconds(60));

    HttpResponse<String> validated = get("/a");
    HttpResponse<String> hit = get("/a");

    for (HttpResponse<String> response : List.of(validated, hit)) {
      assertThat(response.headers().allValues("X")).containsExactly("new");
      assertThat(response.headers().allValues("Y")).containsExactly("kept");
      assertThat(response.headers().allValues("Z")).containsExactly("added");
      assertThat(response.headers().allValues("Content-Type")).containsExactly("text/plain");
      assertThat(response.headers().allValues("Content-Length")).containsExactly("6");
      assertThat(response.body()).isEqualTo("stored");
    }
    assertThat(status(hit)).isEqualTo("Larder; hit; ttl=99");
    assertThat(CacheInfo.of(hit).orElseThrow().created()).isEqualTo(TestClock.START);
  }

  /** RFC 9111 §5.2.2.5: no part of such a response is stored, and it says that none should be. */
  @Test
  void send_notModifiedThatForbidsStoring_servedAndGone() throws Exception {
    origin.on("/a", "stored", "ETag", "\"1\"", "Cache-Control", FRESH);
    get("/a");
    origin.on("/a", notModified("ETag", "\"1\"", "Cache-Control", "no-store, max-age=60"));
    clock.advance(Duration.ofSeconds(60));

    HttpResponse<String> validated = get("/a");

    assertThat(validated.statusCode()).isEqualTo(200);
    assertThat(validated.body()).isEqualTo("stored");
    assertThat(isHit(get("/a"))).isFalse();
  }

  @Test
  void send_changed_newResponseTakesItsPlace() throws Exception {
    origin.on("/a", "old", "ETag", "\"1\"", "Cache-Control", FRESH);
    get("/a");
    origin.on("/a", "new", "ETag", "\"2\"", "Cache-Control", FRESH);
    clock.advance(Duration.ofSeconds(60));

    assertThat(status(get("/a"))).isEqualTo("Larder; fwd=stale; stored");
    assertThat(get("/a").body()).isEqualTo("new");
    assertThat(origin.requests()).isEqualTo(2);
  }

  /** RFC 9111 §4.3.2. */
  @ParameterizedTest
  @ValueSource(strings = {"\"1\"", "W/\"1\"", "\"0\", \"1\"", "*"})
  void send_ownIfNoneMatchHolds_304FromTheCache(String condition) throws Exception {
    origin.on("/a", "x", "ETag", "\"1\"", "Cache-Control", FRESH, "Content-Type", "text/plain");
    get("/a");

    HttpResponse<String> hit = get("/a", "If-None-Match", condition);

    assertThat(hit.statusCode()).isEqualTo(304);
    assertThat(hit.body()).isEmpty();
    assertThat(hit.headers().firstValue("ETag")).contains("\"1\"");
    assertThat(hit.headers().firstValue("Content-Type")).isEmpty();
    assertThat(status(hit)).isEqualTo("Larder; hit; ttl=60");
    assertThat(origin.requests()).isEqualTo(1);
  }

  @Test
  void send_ownIfNoneMatchDoesNotHold_200FromTheCache() throws Exception {
    origin.on("/a", "x", "ETag", "\"1\"", "Cache-Control", FRESH);
    get("/a");
    HttpResponse<String> hit = get("/a", "If-None-Match", "\"2\"");
    assertThat(hit.statusCode()).isEqualTo(200);
    assertThat(hit.body()).isEqualTo("x");
    assertThat(isHit(hit)).isTrue();
  }

  @Test
  void send_ownIfModifiedSince_answeredFromTheCache() throws Exception {
    origin.on("/a", "x", "Last-Modified", MODIFIED, "Cache-Control", FRESH);
    get("/a");
    String before = HttpDates.format(TestClock.START.minusSeconds(3601));
    assertThat(get("/a", "If-Modified-Since", MODIFIED).statusCode()).isEqualTo(304);
    assertThat(get("/a", "If-Modified-Since", before).statusCode()).isEqualTo(200);
    assertThat(get("/a", "If-Modified-Since", "yesterday").statusCode()).isEqualTo(200);
    assertThat(origin.requests()).isEqualTo(1);
  }

  /** The entry is validated by its own tag; the caller's then holds or not against it. */
  @Test
  void send_ownConditionOnAStaleEntry_answeredAfterValidation() throws Exception {
    origin.on("/a", "x", "ETag", "\"1\"", "Cache-Control", FRESH);
    get("/a");
    origin.on("/a", notModified("ETag", "\"1\"", "Cache-Control", FRESH));
    clock.advance(Duration.ofSeconds(60));

    HttpResponse<String> other = get("/a", "If-None-Match", "\"2\"");
    assertThat(last().field("If-None-Match")).isEqualTo("\"1\"");
    assertThat(other.statusCode()).isEqualTo(200);
    assertThat(other.body()).isEqualTo("x");

    clock.advance(Duration.ofSeconds(60));
    assertThat(get("/a", "If-None-Match", "\"1\"").statusCode()).isEqualTo(304);
    assertThat(origin.requests()).isEqualTo(3);
  }

  @Test
  void send_ownConditionAndNothingStored_304OfTheOriginPasses() throws Exception {
    origin.on("/a", notModified("ETag", "\"1\"", "Cache-Control", FRESH));
    HttpResponse<String> response = get("/a", "If-None-Match", "\"1\"");
    assertThat(response.statusCode()).isEqualTo(304);
    assertThat(status(response)).isEqualTo("Larder; fwd=uri-miss");
    assertThat(cache.count()).isZero();
  }

  /** RFC 9110 §13.2.1: conditions are for what would otherwise succeed. */
  @ParameterizedTest
  @CsvSource({"404", "301", "500"})
  void send_ownConditionOnWhatIsNo200_passedOver(int code) throws Exception {
    origin.on(
        "/a",
        (request, out) ->
            Origin.reply(
                out,
                code,
                "x",
                "Cache-Control",
                FRESH,
                "ETag",
                "\"1\"",
                "Date",
                HttpDates.format(TestClock.START)));
    get("/a");
    for (String[] condition :
        new String[][] {
          {"If-None-Match", "*"},
          {"If-None-Match", "\"1\""},
          {"If-Modified-Since", HttpDates.format(TestClock.START)}
        }) {
      HttpResponse<String> hit = get("/a", condition);
      assertThat(isHit(hit)).isTrue();
      assertThat(hit.statusCode()).isEqualTo(code);
      assertThat(hit.body()).isEqualTo("x");
    }
  }

  /** RFC 9111 §4.3.4: a 304 that is about nothing we have. */
  @Test
  void send_notModifiedAboutSomethingElse_askedAgainWithoutConditions() throws Exception {
    origin.on("/a", "old", "ETag", "\"1\"", "Cache-Control", FRESH);
    get("/a");
    origin.on("/a", notModified("ETag", "\"2\"", "Cache-Control", FRESH));
    clock.advance(Duration.ofSeconds(60));

    HttpResponse<String> response = get("/a");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("unconditional");
    assertThat(origin.requests()).isEqualTo(3);
    assertThat(last().field("If-None-Match")).isEmpty();
    assertThat(get("/a").body()).isEqualTo("unconditional");
  }

  @Test
  void send_originAnswersEverythingWith304_passedToTheCallerInTheEnd() throws Exception {
    origin.on("/a", "old", "ETag", "\"1\"", "Cache-Control", FRESH);
    get("/a");
    origin.on("/a", (request, out) -> Origin.head(out, 304, -1, "ETag", "\"2\""));
    clock.advance(Duration.ofSeconds(60));
    assertThat(get("/a").statusCode()).isEqualTo(304);
    assertThat(origin.requests()).isEqualTo(3);
  }

  /** RFC 9111 §4.3.2: these are for the origin. */
  @ParameterizedTest
  @ValueSource(strings = {"If-Match", "If-Unmodified-Since"})
  void send_conditionForTheOrigin_passedOn(String name) throws Exception {
    origin.on("/a", "x", "ETag", "\"1\"", "Cache-Control", FRESH);
    get("/a");
    origin.on("/a", (request, out) -> Origin.reply(out, 412, ""));
    String condition = name.equals("If-Match") ? "\"0\"" : MODIFIED;
    assertThat(get("/a", name, condition).statusCode()).isEqualTo(412);
    assertThat(last().field(name)).isEqualTo(condition);
    assertThat(isHit(get("/a"))).isTrue();
  }
}
