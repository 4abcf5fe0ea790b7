package dev.larder.jdk;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.CacheEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Garbage in fields, from origins and callers. The JDK's own client says what is to happen: where
 * it delivers a response, the cache does, and where it fails, the cache fails too.
 */
@Timeout(180)
class BadInputTest extends ClientTest {
  private static final int ROUNDS = 1200;
  private static final String FAILURE = "failure";

  private static final List<String> RESPONSE_FIELDS =
      List.of(
          "Cache-Control",
          "Expires",
          "Date",
          "Age",
          "Vary",
          "ETag",
          "Last-Modified",
          "Content-Range",
          "Content-Location",
          "Location",
          "Pragma",
          "Set-Cookie",
          "Cache-Status",
          "Content-Type",
          "CDN-Cache-Control",
          "Connection",
          "Link",
          "Refresh",
          "Content-Encoding",
          "Accept-Ranges");

  private static final List<String> REQUEST_FIELDS =
      List.of(
          "Range",
          "If-None-Match",
          "If-Match",
          "If-Modified-Since",
          "If-Unmodified-Since",
          "If-Range",
          "Cache-Control",
          "Pragma",
          "Accept",
          "Accept-Language",
          "Cookie",
          "Authorization",
          "Referer",
          "X-HTTP-Method-Override",
          "Content-Type",
          "Age");

  /** What such fields may well hold, so that garbage gets beyond the first character. */
  private static final List<String> PIECES =
      List.of(
          "max-age=",
          "60",
          "99999999999999999999999",
          "-1",
          "no-store",
          "no-cache=\"",
          "private=\"set-cookie",
          "public",
          "immutable",
          "stale-while-revalidate=",
          "stale-if-error=",
          "must-understand",
          ", ",
          "=",
          "\"",
          "\\",
          "W/",
          "\"v1\"",
          "*",
          "bytes ",
          "bytes=",
          "0-1/",
          "0-",
          "-",
          "/",
          "Sun, 06 Nov 1994 08:49:37 GMT",
          "Sunday, 06-Nov-94 08:49:37 GMT",
          "Sun Nov  6 08:49:37 1994",
          "Sun, 31 Feb 999999 25:61:61 GMT",
          "Accept",
          "Accept-Encoding",
          "http://",
          "//[",
          "?api_key=",
          "%zz",
          ";",
          "<",
          ">",
          ":",
          "é",
          "\t",
          "q=0.5",
          "Path=/; Max-Age=",
          "text/plain",
          "();a=?1");

  private final Random random = new Random(20261122);

  private String garbage() {
    StringBuilder text = new StringBuilder();
    int pieces = random.nextInt(6);
    for (int i = 0; i < pieces; i++) {
      switch (random.nextInt(8)) {
        case 0 -> text.append((char) (1 + random.nextInt(255)));
        case 1 -> text.append((char) (33 + random.nextInt(94)));
        case 2 ->
            text.append(
                String.valueOf((char) (33 + random.nextInt(94))).repeat(random.nextInt(3000)));
        default -> text.append(PIECES.get(random.nextInt(PIECES.size())));
      }
    }
    return text.toString().replaceAll("[\\r\\n]", " ");
  }

  private record Message(int status, List<String> lines, String body) {
    void to(Origin.Received request, OutputStream out) throws IOException {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      head.writeBytes(("HTTP/1.1 " + status + " Status\r\n").getBytes(ISO_8859_1));
      for (String line : lines) {
        head.writeBytes((line + "\r\n").getBytes(ISO_8859_1));
      }
      head.writeBytes("\r\n".getBytes(ISO_8859_1));
      out.write(head.toByteArray());
      boolean empty = status == 304 || request.method().equals("HEAD");
      out.write(empty ? new byte[0] : body.getBytes(UTF_8));
    }
  }

  private Message response() {
    int[] statuses = {200, 200, 200, 206, 301, 304, 404, 410, 500};
    List<String> lines = new ArrayList<>();
    if (random.nextBoolean()) {
      lines.add("Cache-Control: max-age=" + random.nextInt(100));
    }
    if (random.nextBoolean()) {
      lines.add("ETag: \"v" + random.nextInt(2) + '"');
    }
    if (random.nextInt(4) == 0) {
      lines.add("Content-Range: bytes 0-3/10");
    }
    int count = random.nextInt(200) == 0 ? 500 : 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      lines.add(RESPONSE_FIELDS.get(random.nextInt(RESPONSE_FIELDS.size())) + ": " + garbage());
    }
    String body = "body";
    if (random.nextInt(30) == 0) {
      lines.add("Content-Length: " + garbage());
    } else {
      lines.add("Content-Length: 4");
    }
    return new Message(statuses[random.nextInt(statuses.length)], lines, body);
  }

  private HttpRequest request(int number) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(origin.uri("/" + number));
    int count = random.nextInt(3);
    for (int i = 0; i < count; i++) {
      String name = REQUEST_FIELDS.get(random.nextInt(REQUEST_FIELDS.size()));
      String value = garbage();
      try {
        builder.header(name, value);
      } catch (IllegalArgumentException e) {
        // Nothing that a caller could send.
      }
    }
    return random.nextInt(8) == 0
        ? builder.method("HEAD", HttpRequest.BodyPublishers.noBody()).build()
        : builder.build();
  }

  /** What comes of a call: a status and a body, or that it fails as calls do. */
  private static String outcome(HttpClient asking, HttpRequest request) throws Exception {
    try {
      HttpResponse<String> response = asking.send(request, BodyHandlers.ofString(ISO_8859_1));
      return response.statusCode() + " " + response.body();
    } catch (IOException | IllegalArgumentException e) {
      // The JDK lets the latter out where a length is no number.
      return FAILURE;
    }
  }

  @Test
  void send_garbageInFields_asThePlainClient() throws Exception {
    HttpClient plain = HttpClient.newHttpClient();
    for (int number = 0; number < ROUNDS; number++) {
      String path = "/" + number;
      Message message = response();
      origin.on(path, message::to);
      HttpRequest request = request(number);
      String expected = outcome(plain, request);
      String described = number + " " + message + " for " + request.headers().map();

      assertThat(outcome(client, request)).as(described).isIn(allowed(expected, message, request));
      // What was stored is now to be used, validated, or let alone.
      assertThat(outcome(client, request)).as(described).isIn(allowed(expected, message, request));
      clock.advance(Duration.ofDays(30));
      assertThat(outcome(client, request)).as(described).isIn(allowed(expected, message, request));
      String whole = outcome(plain, request("/" + number));
      assertThat(outcome(client, request("/" + number)))
          .as(described)
          .isIn(allowed(whole, message, request("/" + number)));
    }
  }

  /** The cache may answer conditions, ranges and only-if-cached itself. */
  private static List<String> allowed(String expected, Message message, HttpRequest request) {
    List<String> outcomes = new ArrayList<>();
    outcomes.add(expected);
    String fields = request.headers().map().toString();
    if (fields.contains("only-if-cached")) {
      outcomes.add("504 ");
    }
    if (message.status() == 200 && !expected.equals(FAILURE)) {
      outcomes.add("304 ");
      if (request.headers().firstValue("Range").isPresent()) {
        for (int first = 0; first < 4; first++) {
          for (int end = first + 1; end <= 4; end++) {
            outcomes.add("206 " + message.body().substring(first, end));
          }
        }
        outcomes.add("416 ");
      }
    }
    return outcomes;
  }

  @Test
  void send_garbageInLocation_failsOrIsDeliveredButNothingElse() throws Exception {
    delegate(HttpClient.newBuilder().followRedirects(Redirect.NORMAL));
    for (int number = 0; number < 300; number++) {
      String location = garbage();
      origin.on(
          "/r" + number,
          (request, out) ->
              new Message(
                      302,
                      List.of(
                          "Location: " + location,
                          "Cache-Control: max-age=60",
                          "Content-Length: 4"),
                      "body")
                  .to(request, out));
      String first = outcome(client, request("/r" + number));
      assertThat(first).as(location).isIn("302 body", "404 ", FAILURE);
      assertThat(outcome(client, request("/r" + number))).as(location).isEqualTo(first);
    }
  }

  @Test
  void send_veryLongFields_takeNoTime() throws Exception {
    String[] patterns = {
      "<", ";", "\"", ",", "a,", "=", "\\", "; ", "?a=", "&", "%", " ", "W/\"", "(", "1-2,"
    };
    for (String field : RESPONSE_FIELDS) {
      for (String pattern : patterns) {
        String value = pattern.repeat(300_000 / pattern.length());
        if (field.equals("Connection") || field.equals("Location")) {
          continue;
        }
        String path = "/" + field + Integer.toHexString(pattern.hashCode());
        origin.on(
            path,
            (request, out) ->
                new Message(
                        200,
                        List.of(
                            "Cache-Control: max-age=60",
                            field + ": x" + value,
                            "Content-Length: 4"),
                        "body")
                    .to(request, out));
        long begun = System.nanoTime();
        assertThat(outcome(client, request(path))).isEqualTo("200 body");
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
            .as(field + " of " + pattern)
            .isLessThan(Duration.ofSeconds(5));
      }
    }
  }

  @Test
  void send_manyLongFields_deliveredAndNotStored() throws Exception {
    List<String> lines = new ArrayList<>(List.of("Cache-Control: max-age=60", "Content-Length: 4"));
    for (int i = 0; i < 100; i++) {
      lines.add("x" + i + ": " + "y".repeat(2000));
    }
    origin.on("/a", (request, out) -> new Message(200, lines, "body").to(request, out));
    for (int round = 0; round < 2; round++) {
      assertThat(outcome(client, request("/a"))).isEqualTo("200 body");
    }
    assertThat(cache.count()).isZero();
    assertThat(events)
        .extracting(CacheEvent::type)
        .containsExactly(CacheEvent.Type.TOO_LARGE, CacheEvent.Type.TOO_LARGE);
  }
}
