package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.EntryFilter;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No secret is stored, whatever place and spelling it comes in. */
class RedactionTest extends CacheTest {
  private static final String SECRET = "s3cr3t";

  /** All that is stored of an entry but its body, as text. */
  private String stored(Request request, Response response) {
    cache.saveResponse(request, response);
    StringBuilder text = new StringBuilder();
    for (CacheEntry entry : listed(cache.filter(EntryFilter.all()))) {
      EntryHead head = entry.head();
      text.append(head)
          .append('\n')
          .append(head.key())
          .append('\n')
          .append(head.url())
          .append('\n');
      text.append(head.request().uri()).append('\n');
      text.append(head.request().headers().toText()).append('\n');
      text.append(head.headers().toText()).append('\n');
      text.append(head.request().body().text(StandardCharsets.UTF_8)).append('\n');
    }
    for (Map.Entry<String, String> alias : cache.redirects().entrySet()) {
      text.append(alias).append('\n');
    }
    return text.append(events).toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://h/?api_key=s3cr3t",
        "http://h/?API_KEY=s3cr3t&b=1",
        "http://h/?a=1&access_token=s3cr3t#f",
        "http://h/?%61pi_key=s3cr3t",
        "http://h/?api%5fkey=s3cr3t",
        "http://h/?password=s3cr3t=s3cr3t",
        "http://h/?password=;s3cr3t",
        "http://h/?password=?s3cr3t",
        "http://h/?a=1;password=s3cr3t",
        "http://h/?a;password=s3cr3t",
        "http://h/?a=?password=s3cr3t",
        "http://h/#access_token=s3cr3t",
        "http://h/?a=b#x&id_token=s3cr3t",
        "http://h/?user%5Bpassword%5D=s3cr3t",
        "http://h/?apiKey=s3cr3t&Client-Secret=s3cr3t",
        "http://h/a;jsessionid=s3cr3t/b?x=1",
        "http://h/a;x=1;JSESSIONID=s3cr3t",
        "http://user:s3cr3t@h/",
        "http://s3cr3t@h/",
        "http://a:b%40s3cr3t@h:80/?password=s3cr3t"
      })
  void saveResponse_secretInUrl_isNotStored(String url) {
    Response response =
        Response.builder().url(URI.create(url)).redirectedFrom(Request.get(url + "2")).build();
    assertThat(stored(Request.get(url), response)).doesNotContain(SECRET).contains("REDACTED");
    assertThat(cache.contains(Request.get(url))).isTrue();
  }

  @Test
  void saveResponse_harmlessUrl_storedAsItIs() {
    String url = "http://h/p;x=1/?a=1&b=&c&d=e=f;g;h=%20&=&my_api_key_id=7#frag?x=1";
    assertThat(stored(Request.get(url), response("x"))).contains(url).doesNotContain("REDACTED");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization",
        "AUTHORIZATION",
        "cookie",
        "X-Api-Key",
        "Proxy-Authorization",
        "password"
      })
  void saveResponse_secretField_isNotStored(String name) {
    Request request =
        Request.get(URL).withHeaders(Headers.of(name, SECRET, name, SECRET, "a", "b"));
    assertThat(stored(request, response("x", name, SECRET)))
        .doesNotContain(SECRET)
        .contains("a: b");
  }

  @Test
  void saveResponse_setCookieOfASecretName_valueIsNotStored() {
    String stored =
        stored(
            Request.get(URL),
            response("x", "Set-Cookie", "Access_Token=s3cr3t; Path=/", "Set-Cookie", "theme=dark"));
    assertThat(stored)
        .doesNotContain(SECRET)
        .contains("Access_Token=REDACTED; Path=/")
        .contains("theme=dark");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "application/x-www-form-urlencoded | a=1&password=s3cr3t&b=2 | a=1&password=REDACTED&b=2",
        "application/x-www-form-urlencoded; charset=utf-8 | PASSWORD=s3cr3t | PASSWORD=REDACTED",
        "APPLICATION/X-WWW-FORM-URLENCODED | pass%77ord=s3cr3t | pass%77ord=REDACTED",
        "application/json | {\"password\": \"s3cr3t\", \"a\":1.50} | {\"password\": \"REDACTED\", \"a\":1.50}",
        "application/json | {\"Pass\\u0077ord\": [\"s3cr3t\"]} | {\"Pass\\u0077ord\": \"REDACTED\"}",
        "application/vnd.x+json | [{\"a\":{\"api_key\":{\"b\":\"s3cr3t\"}}}, 2] | [{\"a\":{\"api_key\":\"REDACTED\"}}, 2]",
        "application/json | {\"ä😀\":[],\"password\":123,\"signature\":null} | {\"ä😀\":[],\"password\":\"REDACTED\",\"signature\":\"REDACTED\"}",
        "application/json | {\"password\":\"s3cr3t\",\"api_key\" :s3cr3t | REDACTED",
      })
  void saveResponse_secretInBody_isNotStored(String type, String body, String expected) {
    Request request =
        new Request("POST", URI.create(URL), Headers.of("Content-Type", type), Body.of(body));
    assertThat(stored(request, response("x")))
        .doesNotContain(SECRET)
        .contains("\n" + expected + "\n");
    assertThat(cache.contains(request)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "application/x-www-form-urlencoded | a=1&b=%zz&&c",
        "application/json | {\"a\": 1e2, \"b\" : [null]}",
        "application/json | no json",
        "text/plain | password=visible",
      })
  void saveResponse_harmlessBody_storedAsItIs(String type, String body) {
    Request request =
        new Request("POST", URI.create(URL), Headers.of("Content-Type", type), Body.of(body));
    assertThat(stored(request, response("x"))).contains("\n" + body + "\n");
  }

  @Test
  void saveResponse_secretInAPart_bodyIsNotStored() {
    Request request =
        new Request(
            "POST",
            URI.create(URL),
            Headers.of("Content-Type", "multipart/form-data; boundary=b"),
            Body.of(
                "--b\r\nContent-Disposition: form-data; name=\"Password\"\r\n\r\ns3cr3t\r\n--b--"));
    assertThat(stored(request, response("x"))).doesNotContain(SECRET);
    assertThat(cache.contains(request)).isTrue();
    assertThat(stored(request.withBody(Body.of("--b name=\"a\" s3cr3t")), response("x")))
        .contains(SECRET);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Location | /a?access_token=s3cr3t | /a?access_token=REDACTED",
        "location | https://u:s3cr3t@h/ | https://REDACTED@h/",
        "Content-Location | a;sid=s3cr3t?b=1 | a;sid=REDACTED?b=1",
        "Refresh | 5; url=/a?token=s3cr3t&b=1 | 5; url=/a?token=REDACTED&b=1",
        "Link | </a?b=1>; rel=next, </c?sig=s3cr3t>; rel=a | </a?b=1>; rel=next, </c?sig=REDACTED>; rel=a",
        "Location | /a?b=1#c | /a?b=1#c"
      })
  void saveResponse_secretInAUrlInAField_isNotStored(String name, String value, String redacted) {
    assertThat(stored(Request.get(URL), response("x", name, value)))
        .doesNotContain(SECRET)
        .contains(name + ": " + redacted);
    boolean hidden = !value.equals(redacted);
    assertThat(Exchanges.store(cache, Request.get(URL + 2), response("x", name, value)))
        .as("a client does not store what it could not give back")
        .isEqualTo(!hidden);
  }

  @Test
  void saveResponse_secretInReferer_isNotStored() {
    Request request = Request.get(URL).withHeaders(Headers.of("Referer", "http://h/?pwd=s3cr3t"));
    assertThat(stored(request, response("x"))).doesNotContain(SECRET).contains("?pwd=REDACTED");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Vault-Token",
        "PRIVATE-TOKEN",
        "X-Goog-Api-Key",
        "Ocp-Apim-Subscription-Key",
        "X-Session-Id",
        "X-Client-Secret"
      })
  void saveResponse_fieldThatSoundsLikeACredential_isRedacted(String name) {
    Request request = Request.get(URL).withHeaders(Headers.of(name, "s3cret"));
    assertThat(stored(request, response("x"))).doesNotContain("s3cret");
  }

  @Test
  void saveResponse_ownNames_insteadOfTheUsualOnes() {
    HttpCache own = cache(CacheSettings.builder().redactedParameters(List.of("X-Mine")));
    EntryHead head =
        own.saveResponse(
                Request.get("http://h/?x-mine=1&api_key=2")
                    .withHeaders(Headers.of("x-MINE", "1", "Authorization", "2")),
                response("x"))
            .orElseThrow();
    assertThat(head.url()).isEqualTo("http://h/?x-mine=REDACTED&api_key=2");
    assertThat(head.request().headers())
        .isEqualTo(Headers.of("x-MINE", "REDACTED", "Authorization", "2"));
  }

  @Test
  void getResponse_differentSecrets_keptApart() {
    cache.saveResponse(Request.get("http://h/?api_key=1"), response("one"));
    cache.saveResponse(Request.get("http://h/?api_key=2"), response("two"));
    assertThat(cache.count()).isEqualTo(2);
    assertThat(cache.contains(Request.get("http://h/?api_key=3"))).isFalse();
  }
}
