package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110 §15.4: redirects as the JDK's client follows them, each cached by itself. */
class RedirectTest extends ClientTest {
  @BeforeEach
  void follow() {
    delegate(HttpClient.newBuilder().followRedirects(Redirect.NORMAL));
    origin.on("/end", (request, out) -> Origin.reply(out, 200, request.method()));
  }

  private void redirect(String path, int code, String location, String... fields) {
    String[] all = new String[fields.length + 2];
    System.arraycopy(fields, 0, all, 2, fields.length);
    all[0] = "Location";
    all[1] = location;
    origin.on(path, (request, out) -> Origin.reply(out, code, "moved", all));
  }

  private HttpResponse<String> send(String method, String path, String... fields) throws Exception {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(origin.uri(path))
            .method(
                method,
                method.equals("GET") || method.equals("HEAD")
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString("content"));
    return client.send(
        (fields.length == 0 ? builder : builder.headers(fields)).build(), BodyHandlers.ofString());
  }

  @ParameterizedTest
  @CsvSource({
    "301,GET,GET", "302,GET,GET", "303,GET,GET", "307,GET,GET", "308,GET,GET",
    "301,POST,GET", "302,POST,GET", "303,POST,GET", "307,POST,POST", "308,POST,POST",
    "301,PUT,PUT", "302,DELETE,DELETE", "303,PUT,GET", "307,PUT,PUT"
  })
  void send_redirect_methodAsInTable(int code, String method, String then) throws Exception {
    redirect("/from", code, "/end");

    HttpResponse<String> response =
        send(method, "/from", "Content-Type", "text/plain", "X-Mine", "1");

    assertThat(response.body()).isEqualTo(then);
    Origin.Received last = origin.received.get(1);
    assertThat(last.field("X-Mine")).isEqualTo("1");
    assertThat(last.field("Content-Type")).isEqualTo(then.equals(method) ? "text/plain" : "");
    assertThat(response.request().method()).isEqualTo(then);
    assertThat(response.uri()).isEqualTo(origin.uri("/end"));
    HttpResponse<String> previous = response.previousResponse().orElseThrow();
    assertThat(previous.statusCode()).isEqualTo(code);
    assertThat(previous.request().method()).isEqualTo(method);
    assertThat(previous.uri()).isEqualTo(origin.uri("/from"));
    assertThat(previous.body()).isEqualTo("moved");
  }

  @Test
  void send_redirectOfHead_staysHead() throws Exception {
    origin.on("/from", (request, out) -> Origin.head(out, 303, -1, "Location", "/end"));
    origin.on("/end", (request, out) -> Origin.head(out, 200, -1));
    assertThat(send("HEAD", "/from").request().method()).isEqualTo("HEAD");
  }

  @Test
  void send_chain_eachHopIsThereWithItsBody() throws Exception {
    redirect("/1", 301, "/2", "Cache-Control", FRESH);
    redirect("/2", 302, origin.uri("/3").toString());
    redirect("/3", 308, "end", "Cache-Control", FRESH);

    for (int i = 0; i < 2; i++) {
      HttpResponse<String> response = get("/1");
      for (String path : List.of("/end", "/3", "/2", "/1")) {
        assertThat(response.uri()).isEqualTo(origin.uri(path));
        assertThat(response.body()).isEqualTo(path.equals("/end") ? "GET" : "moved");
        assertThat(isHit(response)).isEqualTo(i == 1 && !path.equals("/2") && !path.equals("/end"));
        assertThat(CacheInfo.of(response)).isPresent();
        response = response.previousResponse().orElse(response);
      }
      assertThat(response.previousResponse()).isEmpty();
    }
    assertThat(origin.requests()).isEqualTo(6);
  }

  /** RFC 9111 §4.2.2: 301 and 308 may be stored without a lifetime, but need a validator for it. */
  @ParameterizedTest
  @ValueSource(ints = {302, 303, 307})
  void send_temporaryRedirectWithoutLifetime_askedEachTime(int code) throws Exception {
    redirect("/from", code, "/end");
    get("/from");
    get("/from");
    assertThat(origin.requests()).isEqualTo(4);
  }

  @Test
  void send_moreThanFive_lastRedirectIsTheAnswer() throws Exception {
    for (int i = 0; i < 9; i++) {
      redirect("/" + i, 302, "/" + (i + 1));
    }
    HttpResponse<String> response = get("/0");
    assertThat(response.statusCode()).isEqualTo(302);
    assertThat(response.uri()).isEqualTo(origin.uri("/5"));
    assertThat(response.body()).isEqualTo("moved");
    assertThat(origin.requests()).isEqualTo(6);
  }

  @Test
  void send_circle_ends() throws Exception {
    redirect("/from", 301, "/from", "Cache-Control", FRESH);
    assertThat(get("/from").statusCode()).isEqualTo(301);
    assertThat(get("/from").body()).isEqualTo("moved");
    assertThat(origin.requests()).isEqualTo(1);
  }

  @Test
  void send_noLocation_isAnIOException() {
    origin.on("/from", (request, out) -> Origin.reply(out, 302, "", "Cache-Control", FRESH));
    assertThatThrownBy(() -> get("/from")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> get("/from")).isInstanceOf(IOException.class);
  }

  @Test
  void send_locationIsNoUri_isAnIOException() {
    redirect("/from", 302, "http://[");
    assertThatThrownBy(() -> get("/from")).isInstanceOf(IOException.class);
  }

  @Test
  void send_locationIsNotOfTheWeb_redirectIsTheAnswer() throws Exception {
    redirect("/from", 302, "ftp://example.org/");
    assertThat(get("/from").statusCode()).isEqualTo(302);
    assertThat(get("/from").body()).isEqualTo("moved");
  }

  @ParameterizedTest
  @EnumSource(Redirect.class)
  void send_policy_asTheJdks(Redirect policy) throws Exception {
    delegate(HttpClient.newBuilder().followRedirects(policy));
    redirect("/from", 302, "/end", "Cache-Control", FRESH);
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> response = get("/from");
      assertThat(response.statusCode()).isEqualTo(policy == Redirect.NEVER ? 302 : 200);
      assertThat(response.body()).isEqualTo(policy == Redirect.NEVER ? "moved" : "GET");
    }
  }

  @Test
  void send_toAnotherOrigin_credentialsStayBehind() throws Exception {
    try (Origin other = new Origin()) {
      other.on("/end", "there");
      redirect("/from", 307, other.uri("/end").toString());

      HttpResponse<String> response =
          get("/from", "Authorization", "Basic eA==", "Cookie", "a=b", "X-Mine", "1");

      assertThat(response.body()).isEqualTo("there");
      Origin.Received there = other.received.get(0);
      assertThat(there.field("Authorization")).isEmpty();
      assertThat(there.field("Cookie")).isEmpty();
      assertThat(there.field("X-Mine")).isEqualTo("1");
    }
  }

  @Test
  void send_toTheSameOrigin_credentialsGoAlong() throws Exception {
    redirect("/from", 307, "/end");
    get("/from", "Authorization", "Basic eA==");
    assertThat(origin.received.get(1).field("Authorization")).isEqualTo("Basic eA==");
  }

  @Test
  void send_staleRedirect_validatedBeforeItIsFollowed() throws Exception {
    redirect("/from", 301, "/end", "Cache-Control", FRESH, "ETag", "\"1\"");
    get("/from");
    origin.on(
        "/from",
        (request, out) -> Origin.head(out, 304, -1, "ETag", "\"1\"", "Cache-Control", FRESH));
    clock.advance(Duration.ofSeconds(60));
    HttpResponse<String> response = get("/from");
    assertThat(response.body()).isEqualTo("GET");
    assertThat(status(response.previousResponse().orElseThrow()))
        .isEqualTo("Larder; fwd=stale; fwd-status=304; stored");
    assertThat(response.previousResponse().orElseThrow().body()).isEqualTo("moved");
  }
}
