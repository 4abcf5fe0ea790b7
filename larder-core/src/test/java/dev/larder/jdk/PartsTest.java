package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.larder.CacheEvent;
import dev.larder.CacheSettings;
import dev.larder.Exchanges;
import dev.larder.WriteMode;
import dev.larder.http.Body;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9111 §3.3, §3.4: parts that are stored, reused and put together. */
class PartsTest extends ClientTest {
  private static final String BODY = "0123456789";

  /** Answers ranges as an origin that has this representation. */
  private void serving(String tag, String body) {
    origin.on("/a", (request, out) -> part(request, out, tag, body));
  }

  private static void part(Origin.Received request, OutputStream out, String tag, String body)
      throws IOException {
    String range = request.field("Range");
    String condition = request.field("If-Range");
    if (range.isEmpty() || !(condition.isEmpty() || condition.equals(tag))) {
      Origin.reply(out, 200, body, "ETag", tag, "Cache-Control", FRESH);
      return;
    }
    String[] ends = range.substring("bytes=".length()).split("-", -1);
    int first = Integer.parseInt(ends[0]);
    int last =
        ends[1].isEmpty()
            ? body.length() - 1
            : Math.min(Integer.parseInt(ends[1]), body.length() - 1);
    Origin.reply(
        out,
        206,
        body.substring(first, last + 1),
        "Content-Range",
        "bytes " + first + "-" + last + "/" + body.length(),
        "ETag",
        tag,
        "Cache-Control",
        FRESH);
  }

  private HttpResponse<String> range(String range) throws Exception {
    HttpResponse<String> response = get("/a", "Range", "bytes=" + range);
    clock.advance(Duration.ofMillis(1));
    return response;
  }

  private String lastRange() {
    return origin.received.get(origin.requests() - 1).field("Range");
  }

  @Test
  void send_partTwice_secondFromCache() throws Exception {
    serving("\"1\"", BODY);
    HttpResponse<String> miss = range("2-6");
    HttpResponse<String> hit = range("2-6");
    HttpResponse<String> within = range("3-4");

    assertThat(status(miss)).isEqualTo("Larder; fwd=uri-miss; stored");
    assertThat(miss.body()).isEqualTo("23456");
    for (HttpResponse<String> response : List.of(hit, within)) {
      assertThat(isHit(response)).isTrue();
      assertThat(response.statusCode()).isEqualTo(206);
    }
    assertThat(hit.body()).isEqualTo("23456");
    assertThat(hit.headers().allValues("Content-Range")).containsExactly("bytes 2-6/10");
    assertThat(within.body()).isEqualTo("34");
    assertThat(within.headers().allValues("Content-Range")).containsExactly("bytes 3-4/10");
    assertThat(within.headers().allValues("Content-Length")).containsExactly("2");
    assertThat(origin.requests()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "2-6, 7-8, 7-8, 78",
    "2-6, 5-8, 7-8, 5678",
    "2-6, 0-1, 0-1, 01",
    "2-6, 1-3, 1-1, 123",
    "2-6, 5-, 7-, 56789"
  })
  void send_nextPart_onlyTheRestIsAskedFor(String first, String second, String asked, String body)
      throws Exception {
    serving("\"1\"", BODY);
    range(first);

    HttpResponse<String> combined = range(second);

    assertThat(lastRange()).isEqualTo("bytes=" + asked);
    assertThat(origin.received.get(1).field("If-Range")).isEqualTo("\"1\"");
    assertThat(combined.statusCode()).isEqualTo(206);
    assertThat(combined.body()).isEqualTo(body);
    assertThat(combined.headers().allValues("Content-Length"))
        .containsExactly(Integer.toString(body.length()));
    int at = BODY.indexOf(body);
    assertThat(combined.headers().allValues("Content-Range"))
        .containsExactly("bytes " + at + "-" + (at + body.length() - 1) + "/10");
    assertThat(status(combined)).isEqualTo("Larder; fwd=partial; fwd-status=206; stored");
    assertThat(isHit(range(second))).isTrue();
    assertThat(isHit(range(first))).isTrue();
    assertThat(range(second).body()).isEqualTo(body);
    assertThat(range(first).body()).isEqualTo("23456");
    assertThat(origin.requests()).isEqualTo(2);
  }

  @Test
  void send_restOfTheWhole_becomesTheWhole() throws Exception {
    serving("\"1\"", BODY);
    range("0-6");

    HttpResponse<String> whole = get("/a");

    assertThat(lastRange()).isEqualTo("bytes=7-");
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.body()).isEqualTo(BODY);
    assertThat(whole.headers().firstValue("Content-Range")).isEmpty();
    assertThat(whole.headers().allValues("Content-Length")).containsExactly("10");
    HttpResponse<String> hit = get("/a");
    assertThat(isHit(hit)).isTrue();
    assertThat(hit.statusCode()).isEqualTo(200);
    assertThat(hit.body()).isEqualTo(BODY);
    assertThat(get("/a", "Range", "bytes=-2").body()).isEqualTo("89");
    assertThat(origin.requests()).isEqualTo(2);
  }

  @Test
  void send_partThatIsTheWhole_answersAPlainGet() throws Exception {
    serving("\"1\"", BODY);
    range("0-");
    HttpResponse<String> hit = get("/a");
    assertThat(isHit(hit)).isTrue();
    assertThat(hit.statusCode()).isEqualTo(200);
    assertThat(hit.body()).isEqualTo(BODY);
    assertThat(hit.headers().firstValue("Content-Range")).isEmpty();
  }

  @Test
  void send_threeParts_growTogether() throws Exception {
    serving("\"1\"", BODY);
    range("3-5");
    range("6-7");
    range("1-2");
    assertThat(range("1-7").body()).isEqualTo("1234567");
    assertThat(isHit(range("1-7"))).isTrue();
    assertThat(origin.requests()).isEqualTo(3);
  }

  /** The stored part is outdated: the origin sends all of the new representation. */
  @Test
  void send_representationChanged_partsAreNeverMixed() throws Exception {
    serving("\"1\"", BODY);
    range("0-4");
    serving("\"2\"", "abcdefghij");

    assertThat(range("3-7").body()).isEqualTo("abcdefghij");
    assertThat(get("/a").body()).isEqualTo("abcdefghij");
  }

  /** An origin that passes over If-Range and sends its own part. */
  @Test
  void send_partOfAnotherRepresentationComes_askedAgain() throws Exception {
    serving("\"1\"", BODY);
    range("0-4");
    origin.on(
        "/a",
        (request, out) ->
            part(
                new Origin.Received(request.line(), List.of("Range: " + request.field("Range"))),
                out,
                "\"2\"",
                "abcdefghij"));
    assertThat(range("3-7").body()).isEqualTo("defgh");
    assertThat(lastRange()).isEqualTo("bytes=3-7");
    assertThat(range("3-7").body()).isEqualTo("defgh");
  }

  @Test
  void send_nextPartUnderAWeakTag_askedForAsItIs() throws Exception {
    serving("W/\"1\"", BODY);
    range("0-4");
    HttpResponse<String> next = range("5-9");
    assertThat(lastRange()).isEqualTo("bytes=5-9");
    assertThat(next.body()).isEqualTo("56789");
    assertThat(isHit(get("/a"))).isFalse();
  }

  @Test
  void send_partOfWhatIsStoredWhole_doesNotTakeItsPlace() throws Exception {
    serving("\"1\"", BODY);
    get("/a");
    clock.advance(Duration.ofMillis(1));
    get("/a", "Range", "bytes=0-1", "Cache-Control", "no-cache");
    HttpResponse<String> hit = get("/a");
    assertThat(hit.body()).isEqualTo(BODY);
    assertThat(hit.statusCode()).isEqualTo(200);
  }

  @Test
  void send_partCutShort_notStored() throws Exception {
    origin.on(
        "/a",
        (request, out) -> {
          Origin.head(
              out,
              206,
              5,
              "Content-Range",
              "bytes 0-4/10",
              "ETag",
              "\"1\"",
              "Cache-Control",
              FRESH);
          out.write('0');
        });
    assertThatThrownBy(() -> range("0-4")).isInstanceOf(IOException.class);
    serving("\"1\"", BODY);
    assertThat(isHit(range("0-4"))).isFalse();
  }

  @Test
  void send_headAfterAPart_isNotAnsweredFromIt() throws Exception {
    serving("\"1\"", BODY);
    range("0-4");
    HttpResponse<Void> head =
        client.send(
            HttpRequest.newBuilder(origin.uri("/a"))
                .method("HEAD", BodyPublishers.noBody())
                .build(),
            BodyHandlers.discarding());
    assertThat(isHit(head)).isFalse();
  }

  /** The part has 7 bytes, the rest 3, and what is made of them 10. */
  @ParameterizedTest
  @CsvSource({"20, 0-6, 7-, true", "19, 0-6, 7-, false", "7, 0-6, 7-, false", "20, 3-9, 0-2, true"})
  void send_restOfTheWhole_allOfItCountsAsBeingRecorded(
      int budget, String stored, String asked, boolean room) throws Exception {
    assumeThat(writeMode())
        .as("what waits counts with more than its body")
        .isEqualTo(WriteMode.SYNC);
    storage.bodies = FarBody::new;
    serving("\"1\"", BODY);
    range(stored);
    settings(CacheSettings.builder().recordingBudget(budget));

    HttpResponse<String> whole = get("/a");
    Exchanges.awaitNothingHeld(cache);

    assertThat(whole.body()).isEqualTo(BODY);
    assertThat(lastRange()).isEqualTo("bytes=" + asked);
    assertThat(events.stream().map(CacheEvent::message))
        .allMatch(message -> message.contains("recordingBudget"))
        .hasSize(room ? 0 : 1);
    assertThat(isHit(get("/a"))).isEqualTo(room);
  }

  @Test
  void send_storedPartIsLargerThanTheBudget_wholeIsAskedFor() throws Exception {
    storage.bodies = FarBody::new;
    serving("\"1\"", BODY);
    range("0-6");
    settings(CacheSettings.builder().recordingBudget(6));

    assertThat(get("/a").body()).isEqualTo(BODY);
    assertThat(lastRange()).isEmpty();
    Exchanges.awaitNothingHeld(cache);
  }

  @Test
  void send_originFails_partIsLetGo() throws Exception {
    storage.bodies = FarBody::new;
    serving("\"1\"", BODY);
    range("0-6");
    origin.on("/a", (request, out) -> out.close());

    assertThatThrownBy(() -> get("/a")).isInstanceOf(IOException.class);
    Exchanges.awaitNothingHeld(cache);
    serving("\"2\"", "another");
    assertThat(get("/a").body()).isEqualTo("another");
    Exchanges.awaitNothingHeld(cache);
  }

  /** A body that is read when it is opened. */
  private record FarBody(Body whole) implements Body {
    @Override
    public long length() {
      return whole.length();
    }

    @Override
    public InputStream open() {
      return whole.open();
    }
  }
}
