package dev.larder.requestscache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** Random inputs and what Python itself makes of them: {@code python.json}. */
@NullUnmarked
class PythonVectorsTest {
  private static final Map<?, ?> FILE = (Map<?, ?>) KeyVectors.read("python.json");
  private static final Set<String> IGNORED =
      ((List<?>) FILE.get("ignored")).stream().map(String.class::cast).collect(Collectors.toSet());
  private static final RequestsCacheKeys KEYS =
      RequestsCacheKeys.builder().ignoredParameters(IGNORED).build();

  @Test
  void normalizeUrl_randomUrls_isPythons() {
    check("url", KEYS::normalizeUrl);
  }

  @Test
  void prepareUrl_randomUrls_isThatOfRequests() {
    check("prepare", RequestsCacheKeys::prepareUrl);
  }

  @Test
  void normalize_randomHosts_isPythons() {
    check("host", UrlNormalizer::host);
  }

  @Test
  void repr_randomDoubles_isPythons() {
    check(
        "float",
        bits -> PythonFloat.repr(Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16))));
  }

  @Test
  void of_randomForms_isPythons() {
    check("form", form -> text(body(form, "application/x-www-form-urlencoded", IGNORED, "")));
  }

  @Test
  void of_randomJson_isPythons() {
    for (Object vector : (List<?>) FILE.get("json")) {
      List<?> parts = (List<?>) vector;
      Set<String> ignored = (Boolean) parts.get(2) ? IGNORED : Set.of();
      byte[] body = body((String) parts.get(0), "application/json", ignored, (String) parts.get(3));
      assertThat(text(body)).isEqualTo(text(Base64.getDecoder().decode((String) parts.get(1))));
    }
  }

  private static void check(String kind, UnaryOperator<String> function) {
    List<?> vectors = (List<?>) FILE.get(kind);
    for (Object vector : vectors) {
      String input = (String) ((List<?>) vector).get(0);
      assertThat(function.apply(input)).as(input).isEqualTo(((List<?>) vector).get(1));
    }
    assertThat(vectors).hasSizeGreaterThan(100);
  }

  private static byte[] body(String base64, String type, Set<String> ignored, String rootKey) {
    return NormalBody.of(Base64.getDecoder().decode(base64), type, ignored, rootKey);
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
