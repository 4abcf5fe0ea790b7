package dev.larder.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseTest {
  @Test
  void build_nothingSet_hasDefaults() {
    Response response = Response.builder().build();
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers()).isEqualTo(Headers.empty());
    assertThat(response.body()).isSameAs(Body.empty());
    assertThat(response.url()).isEmpty();
    assertThat(response.requested()).isEmpty();
    assertThat(response.responded()).isEmpty();
    assertThat(response.history()).isEmpty();
  }

  @Test
  void build_everythingSet_isKept() {
    Request first = Request.get("http://example.org/1");
    Request second = Request.get("http://example.org/2");
    Response response =
        Response.builder()
            .status(404)
            .header("A", "1")
            .headers(Headers.of("B", "2", "a", "3"))
            .body("text")
            .url(URI.create("http://example.org/3"))
            .requested(Instant.EPOCH)
            .responded(Instant.EPOCH.plusMillis(1))
            .redirectedFrom(first)
            .redirectedFrom(second)
            .build();
    assertThat(response.status()).isEqualTo(404);
    assertThat(response.headers()).isEqualTo(Headers.of("A", "1", "B", "2", "a", "3"));
    assertThat(response.body()).isEqualTo(Body.of("text"));
    assertThat(response.url()).contains(URI.create("http://example.org/3"));
    assertThat(response.requested()).contains(Instant.EPOCH);
    assertThat(response.responded()).contains(Instant.EPOCH.plusMillis(1));
    assertThat(response.history()).containsExactly(first, second);
    assertThat(response).hasToString("Response[404, 4 bytes]");
  }

  @Test
  void build_builderUsedAgain_leavesWhatWasBuilt() {
    Response.Builder builder = Response.builder().header("A", "1");
    Response built = builder.build();
    builder.header("B", "2").redirectedFrom(Request.get("http://example.org/")).status(500);
    assertThat(built.headers()).isEqualTo(Headers.of("A", "1"));
    assertThat(built.history()).isEmpty();
    assertThat(built.status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 99, 1000})
  void status_outOfBounds_isRefused(int code) {
    assertThatThrownBy(() -> Response.builder().status(code))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("" + code);
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 999})
  void status_bounds_areAccepted(int code) {
    assertThat(Response.builder().status(code).build().status()).isEqualTo(code);
  }
}
