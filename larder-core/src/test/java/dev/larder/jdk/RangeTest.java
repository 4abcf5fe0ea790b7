package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.TestClock;
import dev.larder.policy.HttpDates;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110 §14, §13.1.5: ranges of what is stored whole. */
class RangeTest extends ClientTest {
  private static final String BODY = "0123456789";
  private static final String MODIFIED = HttpDates.format(TestClock.START.minusSeconds(3600));

  @BeforeEach
  void storeWhole() throws Exception {
    origin.on(
        "/a",
        BODY,
        "ETag",
        "\"1\"",
        "Last-Modified",
        MODIFIED,
        "Date",
        HttpDates.format(TestClock.START),
        "Content-Type",
        "text/plain",
        "Cache-Control",
        FRESH);
    get("/a");
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=2-4, 2-4, 234",
    "bytes=7-, 7-9, 789",
    "bytes=-3, 7-9, 789",
    "bytes=-99, 0-9, 0123456789",
    "bytes=8-99, 8-9, 89",
    "BYTES=0-0, 0-0, 0",
    "'bytes=0-1,2-3', 0-3, 0123",
    "'bytes=8-9,20-', 8-9, 89"
  })
  void send_singleRange_206(String range, String sent, String body) throws Exception {
    HttpResponse<String> hit = get("/a", "Range", range);

    assertThat(hit.statusCode()).isEqualTo(206);
    assertThat(hit.body()).isEqualTo(body);
    assertThat(hit.headers().allValues("Content-Range")).containsExactly("bytes " + sent + "/10");
    assertThat(hit.headers().allValues("Content-Length"))
        .containsExactly(Integer.toString(body.length()));
    assertThat(hit.headers().firstValue("Content-Type")).contains("text/plain");
    assertThat(hit.headers().firstValue("ETag")).contains("\"1\"");
    assertThat(status(hit)).isEqualTo("Larder; hit; ttl=60");
    assertThat(origin.requests()).isEqualTo(1);
    assertThat(get("/a").body()).isEqualTo(BODY);
  }

  /** RFC 9110 §14.2: as if it were not there. */
  @ParameterizedTest
  @ValueSource(strings = {"lines=1-2", "bytes=4-2", "bytes=x", "bytes", "bytes=1-2;3"})
  void send_rangeThatIsNone_200(String range) throws Exception {
    HttpResponse<String> hit = get("/a", "Range", range);
    assertThat(hit.statusCode()).isEqualTo(200);
    assertThat(hit.body()).isEqualTo(BODY);
    assertThat(isHit(hit)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=10-", "bytes=-0", "bytes=20-30,40-"})
  void send_unsatisfiable_416(String range) throws Exception {
    HttpResponse<String> hit = get("/a", "Range", range);
    assertThat(hit.statusCode()).isEqualTo(416);
    assertThat(hit.headers().allValues("Content-Range")).containsExactly("bytes */10");
    assertThat(hit.body()).isEmpty();
    assertThat(isHit(hit)).isTrue();
    assertThat(get("/a").body()).isEqualTo(BODY);
  }

  /** RFC 9110 §14.6. */
  @Test
  void send_severalRanges_multipartThatCanBeReadBack() throws Exception {
    HttpResponse<String> hit = get("/a", "Range", "bytes=7-8, 0-1, -1");

    assertThat(hit.statusCode()).isEqualTo(206);
    assertThat(hit.headers().firstValue("Content-Range")).isEmpty();
    assertThat(hit.headers().allValues("Content-Length"))
        .containsExactly(Integer.toString(hit.body().getBytes(StandardCharsets.ISO_8859_1).length));
    assertThat(parts(hit))
        .containsExactly(
            "Content-Type: text/plain|Content-Range: bytes 7-9/10|789",
            "Content-Type: text/plain|Content-Range: bytes 0-1/10|01");
    assertThat(origin.requests()).isEqualTo(1);
  }

  private static List<String> parts(HttpResponse<String> response) {
    String type = response.headers().firstValue("Content-Type").orElse("");
    assertThat(type).startsWith("multipart/byteranges; boundary=");
    String boundary = type.substring(type.indexOf('=') + 1).replace("\"", "");
    String[] pieces = ("\r\n" + response.body()).split("\r\n--" + boundary, -1);
    assertThat(pieces[0].trim()).isEmpty();
    assertThat(pieces[pieces.length - 1].trim()).isEqualTo("--");
    List<String> parts = new ArrayList<>();
    for (int i = 1; i < pieces.length - 1; i++) {
      parts.add(pieces[i].substring(2).replace("\r\n\r\n", "|").replace("\r\n", "|"));
    }
    return parts;
  }

  /** RFC 9110 §13.1.5: compared strongly; a date is strong if it is well before Date. */
  @ParameterizedTest
  @CsvSource({"\"1\",206", "\"2\",200", "W/\"1\",200", "date,206", "later,200", "nonsense,200"})
  void send_ifRange_asInTable(String condition, int code) throws Exception {
    String value =
        switch (condition) {
          case "date" -> MODIFIED;
          case "later" -> HttpDates.format(TestClock.START);
          default -> condition;
        };
    HttpResponse<String> hit = get("/a", "Range", "bytes=0-1", "If-Range", value);
    assertThat(hit.statusCode()).isEqualTo(code);
    assertThat(hit.body()).isEqualTo(code == 206 ? "01" : BODY);
    assertThat(isHit(hit)).isTrue();
  }

  /** RFC 9110 §13.2.2: If-None-Match first. */
  @Test
  void send_rangeUnderACondition_conditionFirst() throws Exception {
    assertThat(get("/a", "Range", "bytes=0-1", "If-None-Match", "\"1\"").statusCode())
        .isEqualTo(304);
    assertThat(get("/a", "Range", "bytes=0-1", "If-None-Match", "\"2\"").statusCode())
        .isEqualTo(206);
  }

  @Test
  void send_rangeOfAStaleEntry_validatedAndServed() throws Exception {
    origin.on(
        "/a", (request, out) -> Origin.head(out, 304, -1, "ETag", "\"1\"", "Cache-Control", FRESH));
    clock.advance(Duration.ofSeconds(60));
    HttpResponse<String> validated = get("/a", "Range", "bytes=2-4");
    assertThat(validated.statusCode()).isEqualTo(206);
    assertThat(validated.body()).isEqualTo("234");
    assertThat(get("/a").body()).isEqualTo(BODY);
    assertThat(origin.requests()).isEqualTo(2);
  }

  /** A range is for a 200: what is not there has no parts. */
  @Test
  void send_rangeOfA404_404() throws Exception {
    origin.on("/gone", (request, out) -> Origin.reply(out, 404, "gone", "Cache-Control", FRESH));
    get("/gone");
    HttpResponse<String> hit = get("/gone", "Range", "bytes=0-1");
    assertThat(hit.statusCode()).isEqualTo(404);
    assertThat(hit.body()).isEqualTo("gone");
    assertThat(isHit(hit)).isTrue();
  }

  @Test
  void send_rangeOfNothing_200() throws Exception {
    origin.on("/empty", "", "Cache-Control", FRESH);
    get("/empty");
    HttpResponse<String> hit = get("/empty", "Range", "bytes=0-1");
    assertThat(hit.statusCode()).isEqualTo(200);
    assertThat(hit.body()).isEmpty();
  }
}
