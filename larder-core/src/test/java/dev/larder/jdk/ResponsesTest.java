package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every response tells, wherever it comes from. */
class ResponsesTest extends ClientTest {
  /** RFC 9211 §2 and RFC 8941 §3.1: one member, a token with parameters. */
  private static final Pattern MEMBER =
      Pattern.compile(
          "Larder(; (hit|stored|collapsed|fwd=[a-z-]+|fwd-status=[0-9]{3}|ttl=-?[0-9]{1,15}"
              + "|detail=([A-Za-z][A-Za-z0-9-]*|\"[ !#-\\[\\]-~]*\")))+");

  private List<HttpResponse<String>> oneOfEachKind() throws Exception {
    List<HttpResponse<String>> responses = new ArrayList<>();
    origin.on("/a", "x", "Cache-Control", "max-age=60, stale-if-error=60", "ETag", "\"1\"");
    responses.add(get("/a"));
    responses.add(get("/a"));
    responses.add(get("/a", "If-None-Match", "\"1\""));
    responses.add(get("/a", "Range", "bytes=0-0"));
    responses.add(get("/a", "Range", "bytes=5-"));
    responses.add(get("/a", "Cache-Control", "no-cache"));
    responses.add(get("/missing", "Cache-Control", "only-if-cached"));
    origin.on("/a", (request, out) -> Origin.head(out, 304, -1, "ETag", "\"1\""));
    clock.advance(Duration.ofSeconds(60));
    responses.add(get("/a"));
    origin.on("/a", (request, out) -> Origin.reply(out, 503, "broken"));
    clock.advance(Duration.ofSeconds(60));
    responses.add(get("/a"));
    responses.add(
        client.send(
            HttpRequest.newBuilder(origin.uri("/a")).DELETE().build(), BodyHandlers.ofString()));
    return responses;
  }

  @Test
  void send_anyResponse_hasOneCacheStatusOfTheForm() throws Exception {
    for (HttpResponse<String> response : oneOfEachKind()) {
      List<String> values = response.headers().allValues("Cache-Status");
      assertThat(values).hasSize(1);
      assertThat(values.get(0)).matches(MEMBER);
      boolean hit = values.get(0).contains("; hit");
      assertThat(hit && values.get(0).contains("fwd")).isFalse();
    }
  }

  @Test
  void send_anyResponse_tellsOfRequestAndCache() throws Exception {
    for (HttpResponse<String> response : oneOfEachKind()) {
      assertThat(CacheInfo.of(response)).isPresent();
      assertThat(response.uri()).isEqualTo(response.request().uri());
      assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
      assertThat(response.sslSession()).isEmpty();
      assertThat(response.previousResponse()).isEmpty();
    }
  }

  @Test
  void send_request_isTheCallersOwn() throws Exception {
    origin.on("/a", "x", "Cache-Control", FRESH, "ETag", "\"1\"");
    HttpRequest request = request("/a", "X-Mine", "1");
    for (int i = 0; i < 3; i++) {
      assertThat(client.send(request, BodyHandlers.ofString()).request()).isSameAs(request);
      clock.advance(Duration.ofSeconds(40));
    }
  }

  /** Garbage in any field of an origin is passed on, or is as if it were not there. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Cache-Control: ,,=;\"",
        "Cache-Control: max-age=99999999999999999999999",
        "Cache-Control: max-age=-1",
        "Age: \u00e9",
        "Age: 99999999999999999999",
        "Date: yesterday",
        "Expires: -1",
        "Expires: Thu, 99 Foo 9999 99:99:99 GMT",
        "ETag: \"\u00e9",
        "ETag: W/",
        "Last-Modified: 0",
        "Vary: ,,\u00e9,",
        "Vary: Accept; q=1",
        "Content-Range: bytes 9-1/0",
        "Content-Location: http://[::bad",
        "Cache-Status: ;;;",
        "Connection: \u00e9, =, Cache-Control",
        "Set-Cookie: \u0080",
        "Content-Encoding: ,"
      })
  void send_garbageFromTheOrigin_answered(String line) throws Exception {
    int colon = line.indexOf(':');
    origin.on(
        "/a",
        "x",
        line.substring(0, colon),
        line.substring(colon + 1).trim(),
        "Cache-Control",
        "max-age=60, stale-while-revalidate=60");
    for (int i = 0; i < 4; i++) {
      HttpResponse<String> response = get("/a");
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEqualTo("x");
      clock.advance(Duration.ofSeconds(61));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Cache-Control: ,,=;\"",
        "Cache-Control: max-age=x, min-fresh=-1, max-stale=\"",
        "Pragma: ;",
        "Range: bytes=99999999999999999999-",
        "Range: bytes=--1",
        "If-None-Match: \"",
        "If-Modified-Since: never",
        "If-Range: \"",
        "Accept: \u00e9;q=x",
        "Cookie: ;;=",
        "Authorization: \u00ff"
      })
  void send_garbageFromTheCaller_answered(String line) throws Exception {
    origin.on("/a", "x", "Cache-Control", FRESH, "ETag", "\"1\"", "Vary", "Accept");
    int colon = line.indexOf(':');
    for (int i = 0; i < 3; i++) {
      HttpResponse<String> response =
          get("/a", line.substring(0, colon), line.substring(colon + 1).trim());
      assertThat(response.statusCode()).isBetween(200, 416);
      clock.advance(Duration.ofSeconds(31));
    }
  }
}
