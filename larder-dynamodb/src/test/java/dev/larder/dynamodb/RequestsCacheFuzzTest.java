package dev.larder.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.CacheEntry;
import dev.larder.testkit.MutableClock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Whatever another program has put there, reading it is an entry or an invalid one. */
class RequestsCacheFuzzTest {
  private static final List<String> NAMES =
      List.of(
          "_content",
          "_decoded_content",
          "_next",
          "cookies",
          "created_at",
          "elapsed",
          "encoding",
          "expires",
          "headers",
          "history",
          "reason",
          "request",
          "status_code",
          "url",
          "method",
          "body",
          "Content-Type",
          "Content-Length",
          "Content-Encoding",
          "Location");
  private static final List<String> TEXTS =
      List.of(
          "",
          "GET",
          "P O S T",
          "http://h/?a=1",
          "http://h h/%zz|",
          "//",
          "\u0000",
          "caf\u00e9\r\nX: y",
          "\ud83d",
          "2026-11-22T07:35:42.064705+00:00",
          "2026-11-22",
          "9999-12-31T23:59:59.999999-23:59",
          "0001-01-01T00:00:00+23:59",
          "2026-13-45T99:00:00",
          "application/json",
          "text/plain; charset=",
          "gzip, br",
          "{\"_content\": \"Xk~0{Zv\", \"created_at\": \"2026-11-22T07:00:00+00:00\"}",
          "[1",
          "null",
          "12");
  private static final List<String> NUMBERS =
      List.of("0", "-0.0", "200", "1E+100", "-1E-128", "1e9999", "0.000001", "NaN", "x", "");

  private final RequestsCacheReader reader =
      new RequestsCacheReader(MutableClock.at("2026-11-22T07:30:00Z"));

  @Test
  void read_anyDocument_neverThrows() {
    Random random = new Random(4);
    int good = 0;
    for (int i = 0; i < 20_000; i++) {
      Map<String, AttributeValue> item = new HashMap<>();
      item.put("key", AttributeValue.fromS("k"));
      item.put("value", random.nextInt(10) == 0 ? any(random, 0) : document(random, 0));
      if (random.nextInt(5) == 0) {
        item.put("ttl", any(random, 3));
      }
      CacheEntry entry = reader.read("k", item);
      if (!entry.isInvalid()) {
        good++;
        assertThat(entry.open().body().bytes()).hasSize((int) entry.head().length());
        assertThat(entry.head().host()).isNotNull();
        assertThat(entry.head().version()).isNotEmpty();
      }
    }
    assertThat(good).isPositive();
  }

  private static AttributeValue document(Random random, int depth) {
    Map<String, AttributeValue> members = new HashMap<>();
    for (String name : NAMES) {
      if (random.nextInt(4) == 0) {
        members.put(name, any(random, depth + 1));
      }
    }
    if (random.nextBoolean()) {
      members.put("created_at", AttributeValue.fromS("2026-11-22T07:00:00+00:00"));
    }
    return AttributeValue.fromM(members);
  }

  private static AttributeValue any(Random random, int depth) {
    return switch (random.nextInt(depth > 2 ? 6 : 9)) {
      case 0 -> AttributeValue.fromNul(true);
      case 1 -> AttributeValue.fromBool(random.nextBoolean());
      case 2 -> AttributeValue.fromN(NUMBERS.get(random.nextInt(NUMBERS.size())));
      case 3, 4 -> AttributeValue.fromS(TEXTS.get(random.nextInt(TEXTS.size())));
      case 5 -> AttributeValue.fromB(SdkBytes.fromUtf8String("b"));
      case 6 -> AttributeValue.fromSs(List.of("a"));
      case 7 -> {
        List<AttributeValue> elements = new ArrayList<>();
        for (int n = random.nextInt(3); n > 0; n--) {
          elements.add(any(random, depth + 1));
        }
        yield AttributeValue.fromL(elements);
      }
      default -> document(random, depth);
    };
  }
}
