package dev.larder.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** RFC 9111 §4.1. */
class VaryTest extends ClientTest {
  private void varying(String vary) {
    origin.on(
        "/a",
        (request, out) ->
            Origin.reply(out, 200, request.field("Accept"), "Cache-Control", FRESH, "Vary", vary));
  }

  @Test
  void send_equalFields_hit() throws Exception {
    varying("Accept, X-Other");
    get("/a", "Accept", "text/plain");
    assertThat(isHit(get("/a", "accept", "text/plain", "X-Unrelated", "1"))).isTrue();
  }

  @Test
  void send_differentField_isAnotherVariant() throws Exception {
    varying("Accept");
    get("/a", "Accept", "text/plain");
    clock.advance(Duration.ofSeconds(1));

    assertThat(status(get("/a", "Accept", "text/html"))).isEqualTo("Larder; fwd=vary-miss; stored");

    assertThat(get("/a", "Accept", "text/html").body()).isEqualTo("text/html");
    assertThat(isHit(get("/a", "Accept", "text/html"))).isTrue();
    assertThat(isHit(get("/a", "Accept", "text/plain"))).isTrue();
    assertThat(get("/a", "Accept", "text/plain").body()).isEqualTo("text/plain");
  }

  @Test
  void send_manyVariants_allKept() throws Exception {
    varying("Accept, X-Tenant");
    for (int i = 0; i < 50; i++) {
      get("/a", "Accept", "text/" + i, "X-Tenant", "t" + i % 7);
      clock.advance(Duration.ofMillis(1));
    }
    int asked = origin.requests();
    for (int i = 0; i < 50; i++) {
      HttpResponse<String> hit = get("/a", "Accept", "text/" + i, "X-Tenant", "t" + i % 7);
      assertThat(isHit(hit)).isTrue();
      assertThat(hit.body()).isEqualTo("text/" + i);
    }
    assertThat(origin.requests()).isEqualTo(asked);
    assertThat(cache.count()).isEqualTo(50);
  }

  @Test
  void send_absentField_agreesWithAbsentOnly() throws Exception {
    varying("Accept");
    get("/a");
    assertThat(isHit(get("/a"))).isTrue();
    assertThat(isHit(get("/a", "Accept", "text/plain"))).isFalse();
  }

  @Test
  void send_fieldOnSeveralLines_comparedCombined() throws Exception {
    varying("Accept");
    get("/a", "Accept", "a", "Accept", "b");
    assertThat(isHit(get("/a", "Accept", "a, b"))).isTrue();
    assertThat(isHit(get("/a", "Accept", "c", "Accept", "a"))).isFalse();
  }

  @Test
  void send_varyStar_isNotStored() throws Exception {
    varying("Accept, *");
    get("/a");
    assertThat(cache.count()).isZero();
  }

  @Test
  void send_varyOnAFieldTheJdkSetsUnseen_storedOnlyIfTheCallerSetsIt() throws Exception {
    varying("User-Agent");
    get("/a");
    assertThat(cache.count()).isZero();

    get("/a", "User-Agent", "mine");
    assertThat(isHit(get("/a", "User-Agent", "mine"))).isTrue();
    assertThat(isHit(get("/a"))).isFalse();
  }
}
