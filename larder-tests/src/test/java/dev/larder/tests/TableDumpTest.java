package dev.larder.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.CacheSettings;
import dev.larder.Exchanges;
import dev.larder.dynamodb.DynamoDbCache;
import dev.larder.embedded.EmbeddedDynamoDb;
import dev.larder.http.Body;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Whoever reads the whole table finds no secret that a request or a redirect carried. */
class TableDumpTest {
  private static final String SECRET = "Hunter2-Hunter2-Hunter2";

  @Test
  void dump_secretsInEveryPlace_holdsNoneOfThem() throws Exception {
    try (EmbeddedDynamoDb dynamoDb = EmbeddedDynamoDb.inMemory();
        DynamoDbCache cache =
            DynamoDbCache.builder()
                .tableName("dump")
                .client(dynamoDb.client())
                .settings(
                    CacheSettings.builder()
                        .allowableMethods(List.of("GET", "POST"))
                        .storageTimeout(Duration.ofSeconds(30))
                        .build())
                .build()) {
      cache.prepare();
      for (Request request : requests()) {
        Exchanges.store(cache, request, Response.builder().body("stored").build());
        cache.saveResponse(
            request,
            Response.builder()
                .body("saved")
                .headers(
                    Headers.of(
                        "Location",
                        "/next?access_token=" + SECRET,
                        "Set-Cookie",
                        "sid=" + SECRET + "; Path=/",
                        "Link",
                        "</n?sig=" + SECRET + ">; rel=next"))
                .redirectedFrom(Request.get("http://u:" + SECRET + "@h/first?token=" + SECRET))
                .build());
      }

      StringBuilder dump = new StringBuilder();
      dynamoDb.client().scanPaginator(scan -> scan.tableName("dump")).items().stream()
          .forEach(item -> append(dump, item));

      assertThat(dump).contains("REDACTED");
      String text = dump.toString();
      for (String hidden : spellings()) {
        assertThat(text.toLowerCase(Locale.ROOT))
            .as(hidden)
            .doesNotContain(hidden.toLowerCase(Locale.ROOT));
      }
    }
  }

  private static List<Request> requests() {
    String encoded = percentEncoded();
    String basic =
        Base64.getEncoder().encodeToString(("u:" + SECRET).getBytes(StandardCharsets.UTF_8));
    return List.of(
        get("/1", "Authorization", "Bearer " + SECRET),
        get("/2", "AUTHORIZATION", "Basic " + basic),
        get("/3", "cookie", "a=" + SECRET + "; b=" + encoded),
        get("/4", "X-Api-Key", SECRET),
        get("/5", "X-Vault-Token", SECRET, "Referer", "http://h/?password=" + encoded),
        get("/6?api_key=" + SECRET),
        get("/7?API%5FKEY=" + encoded),
        get("/8;jsessionid=" + SECRET + "?a=1"),
        Request.get("http://u:" + SECRET + "@h/9"),
        post("/10", "application/x-www-form-urlencoded", "a=1&Password=" + encoded),
        post("/11", "application/json", "{\"a\":[{\"Client_Secret\":{\"b\":\"" + SECRET + "\"}}]}"),
        post(
            "/12",
            "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n"
                + SECRET
                + "\r\n--b--"));
  }

  private static Request get(String path, String... fields) {
    return Request.get("http://h" + path).withHeaders(Headers.of(fields));
  }

  private static Request post(String path, String type, String body) {
    return new Request(
        "POST", URI.create("http://h" + path), Headers.of("Content-Type", type), Body.of(body));
  }

  private static String percentEncoded() {
    StringBuilder encoded = new StringBuilder();
    for (int i = 0; i < SECRET.length(); i++) {
      encoded.append('%').append(Integer.toHexString(SECRET.charAt(i)));
    }
    return encoded.toString();
  }

  /** Plain, percent-encoded, and what base64 makes of it wherever in a text it begins. */
  private static List<String> spellings() {
    return List.of(
        SECRET, percentEncoded(), base64Behind(""), base64Behind("x"), base64Behind("xx"));
  }

  private static String base64Behind(String before) {
    byte[] bytes = (before + SECRET).getBytes(StandardCharsets.UTF_8);
    String encoded = Base64.getEncoder().withoutPadding().encodeToString(bytes);
    return encoded.substring(4, encoded.length() - 4);
  }

  private static void append(StringBuilder dump, Map<String, AttributeValue> attributes) {
    attributes.forEach(
        (name, value) -> {
          dump.append(name).append('=');
          append(dump, value);
        });
  }

  private static void append(StringBuilder dump, AttributeValue value) {
    if (value.b() != null) {
      dump.append(text(value.b().asByteArray()));
    } else if (value.hasM()) {
      append(dump, value.m());
    } else if (value.hasL()) {
      value.l().forEach(element -> append(dump, element));
    } else {
      dump.append(value.s()).append(value.n()).append(value.ss());
    }
    dump.append('\n');
  }

  private static String text(byte[] bytes) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      // Not compressed.
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }
}
