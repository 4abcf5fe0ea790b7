package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Body;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What requests-cache's reader takes without an exception, and what another writer should write:
 * types, forms of dates, and no value that equals its default.
 */
final class RequestsCacheStrictReader {
  private static final String DATE =
      "(?!0000)\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.(?!000000)\\d{6})?\\+00:00";
  private static final Set<String> KNOWN =
      Set.of(
          "_content",
          "status_code",
          "reason",
          "url",
          "headers",
          "encoding",
          "created_at",
          "expires",
          "elapsed",
          "request",
          "cookies",
          "history");

  private RequestsCacheStrictReader() {}

  static void check(Map<String, AttributeValue> item) {
    assertThat(get(item, "key").s()).isNotEmpty();
    if (item.containsKey("ttl")) {
      assertThat(get(item, "ttl").n()).matches("-?\\d+");
    }
    assertThat(get(item, "value").hasM()).isTrue();
    Map<String, AttributeValue> document = get(item, "value").m();
    checkDocument(document);
    AttributeValue history = document.get("history");
    if (history != null) {
      assertThat(history.l()).isNotEmpty();
      for (AttributeValue hop : history.l()) {
        checkDocument(hop.m());
        assertThat(hop.m()).doesNotContainKeys("history", "expires");
      }
    }
  }

  private static void checkDocument(Map<String, AttributeValue> document) {
    assertThat(KNOWN).containsAll(document.keySet());
    assertThat(get(document, "_content").b()).isNotNull();
    assertThat(get(document, "status_code").n()).matches("[1-9]\\d*");
    assertThat(get(document, "reason").s()).isNotNull();
    assertThat(get(document, "url").s()).isNotNull();
    assertThat(get(document, "created_at").s()).matches(DATE);
    if (document.containsKey("expires")) {
      assertThat(get(document, "expires").s()).matches(DATE);
    }
    if (document.containsKey("encoding")) {
      assertThat(get(document, "encoding").s()).isNotNull();
    }
    if (document.containsKey("elapsed")) {
      BigDecimal elapsed = new BigDecimal(get(document, "elapsed").n());
      assertThat(elapsed).isPositive();
      assertThat(elapsed.scale()).isLessThanOrEqualTo(6);
    }
    checkHeaders(document);
    if (document.containsKey("cookies")) {
      assertThat(get(document, "cookies").m()).isNotEmpty();
      get(document, "cookies").m().values().forEach(value -> assertThat(value.s()).isNotNull());
    }
    Map<String, AttributeValue> request = get(document, "request").m();
    assertThat(Set.of("method", "url", "headers", "body")).containsAll(request.keySet());
    assertThat(get(request, "method").s()).isNotEmpty();
    assertThat(get(request, "url").s()).isNotEmpty();
    checkHeaders(request);
    if (request.containsKey("body")) {
      assertThat(get(request, "body").b().asByteArray()).isNotEmpty();
    }
  }

  private static void checkHeaders(Map<String, AttributeValue> message) {
    AttributeValue headers = message.get("headers");
    if (headers != null) {
      assertThat(headers.m()).isNotEmpty();
      assertThat(headers.m().keySet().stream().map(String::toLowerCase)).doesNotHaveDuplicates();
      headers.m().values().forEach(value -> assertThat(value.s()).isNotNull());
    }
  }

  private static AttributeValue get(Map<String, AttributeValue> map, String name) {
    return Objects.requireNonNull(map.get(name), name);
  }

  /** Any head that a cache may hold. */
  static EntryHead randomHead(String key, Random random, Instant now) {
    Request request =
        new Request(
            List.of("GET", "POST", "PURGE").get(random.nextInt(3)),
            URI.create(
                "https://user@h"
                    + random.nextInt(9)
                    + ".example/\u00fc?a=%20&b="
                    + random.nextInt()),
            randomHeaders(random),
            Body.of(random.nextBoolean() ? "" : "body " + random.nextInt()));
    Instant created = now.minusMillis(random.nextInt(1_000_000_000));
    return EntryHead.builder(key, request, created)
        .status(200 + random.nextInt(400))
        .url(random.nextBoolean() ? "http://not a uri/|" : request.uri().toString())
        .headers(randomHeaders(random))
        .requested(created.minusMillis(random.nextInt(3000)))
        .responded(created)
        .expires(
            random.nextBoolean() ? Optional.empty() : Optional.of(now.plusMillis(random.nextInt())))
        .explicit(random.nextBoolean())
        .retainUntil(Optional.of(now.plusSeconds(1 + random.nextInt(1_000_000))))
        .digest(random.nextBoolean() ? Optional.empty() : Optional.of("d" + random.nextInt()))
        .credential(random.nextBoolean() ? Optional.empty() : Optional.of("c" + random.nextInt()))
        .exact(random.nextBoolean())
        .tags(random.nextBoolean() ? Set.of() : Set.of("t" + random.nextInt()))
        .build();
  }

  private static Headers randomHeaders(Random random) {
    Headers.Builder headers = Headers.builder();
    List<String> names =
        List.of("ETag", "etag", "X-A", "Set-Cookie", "Date", "x.y", "Content-Type");
    List<String> values = List.of("", "a, b", "\"q\"", "caf\u00e9", "text/html; charset=x", "a: b");
    int count = random.nextInt(8);
    for (int i = 0; i < count; i++) {
      headers.add(
          names.get(random.nextInt(names.size())), values.get(random.nextInt(values.size())));
    }
    return headers.build();
  }
}
