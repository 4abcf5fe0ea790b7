package dev.larder.requestscache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Body;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.requestscache.KeyVectors.Vector;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every vector of {@code keys.json}. */
class KeyVectorsTest {
  static List<Vector> vectors() {
    return KeyVectors.all();
  }

  /** Those whose URL went through the requests library, and which a Java request can hold. */
  static List<Vector> ordinaryVectors() {
    return KeyVectors.all().stream()
        .filter(v -> !v.id().startsWith("url-raw-") && !v.id().equals("mh-single-case"))
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  void material_vector_isWhatPythonHashes(Vector vector) {
    byte[] material =
        vector
            .keys()
            .material(
                vector.method(),
                vector.url(),
                vector.headers(),
                vector.body(),
                vector.matchHeaders());
    assertThat(latin1(material)).isEqualTo(latin1(vector.hashed()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  void create_vector_isPythonsKey(Vector vector) {
    assertThat(
            vector
                .keys()
                .create(
                    vector.method(),
                    vector.url(),
                    vector.headers(),
                    vector.body(),
                    vector.matchHeaders())
                .value())
        .isEqualTo(vector.key());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  void normalizeUrl_vector_isPythonsUrl(Vector vector) {
    assertThat(vector.keys().normalizeUrl(vector.url())).isEqualTo(vector.normalizedUrl());
    assertThat(vector.keys().normalizeUrl(vector.normalizedUrl()))
        .isEqualTo(vector.normalizedUrl());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ordinaryVectors")
  void prepareUrl_whatTheUserGave_isThePreparedUrl(Vector vector) {
    assertThat(RequestsCacheKeys.prepareUrl(vector.userUrl())).isEqualTo(vector.url());
    assertThat(RequestsCacheKeys.prepareUrl(vector.url())).isEqualTo(vector.url());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ordinaryVectors")
  void create_requestOfOurs_isPythonsKey(Vector vector) {
    Headers.Builder headers = Headers.builder();
    vector.headers().forEach(headers::add);
    Request request =
        new Request(
            vector.method(), URI.create(vector.url()), headers.build(), Body.of(vector.body()));
    assertThat(vector.keys().create(request, vector.matchHeaders()).value())
        .isEqualTo(vector.key());
  }

  @Test
  void defaults_areThoseOfTheLibrary() {
    assertThat(KeyVectors.file().get("default_ignored_parameters"))
        .isEqualTo(RequestsCacheKeys.DEFAULT_IGNORED_PARAMETERS);
    assertThat(KeyVectors.file().get("serializer"))
        .isEqualTo(RequestsCacheKeys.DYNAMODB_SERIALIZER);
  }

  private static String latin1(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
