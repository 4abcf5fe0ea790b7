package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Body;
import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.key.CacheKey;
import dev.larder.key.KeyFunction;
import java.net.URI;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What makes an entry an answer to a request where keys may collide: here all have the same one.
 */
class AgreementTest {
  private static final CacheKey KEY = new CacheKey("k", Optional.empty());

  private static final KeyFunction COLLIDING =
      new KeyFunction() {
        @Override
        public CacheKey create(Request request, Collection<String> matchHeaders) {
          return KEY;
        }

        @Override
        public boolean mayCollide() {
          return true;
        }
      };

  private final Agreement agreement = agreement(false);

  private static Agreement agreement(boolean share) {
    return new Agreement(
        CacheSettings.builder().keyFunction(COLLIDING).shareAcrossCredentials(share).build());
  }

  private static EntryHead stored(Request request) {
    return EntryHead.builder("k", request, Instant.EPOCH).build();
  }

  private boolean agree(Request asked, Request stored) {
    return agreement.holds(asked, KEY, stored(stored));
  }

  @ParameterizedTest
  @CsvSource({
    "http://a.example/p, HTTP://A.example:80/p, true",
    "http://a.example, http://a.example/, true",
    "http://a.example/%7Ep, http://a.example/~p, true",
    "http://a.example/\u00e9, http://a.example/%C3%A9, true",
    "http://b\u00fccher.example/, http://xn--bcher-kva.example/, true",
    "http://a.example/?b=2&a=1, http://a.example/?a=1&b=2, true",
    "http://a.example/?a=%20x, http://a.example/?a=+x, true",
    "http://a.example/?a=&b=1, http://a.example/?b=1&a=, true",
    "http://a.example/?a=, http://a.example/?b=, false",
    "http://a.example/?a=, http://a.example/?a, false",
    "http://a.example/?&a=1&, http://a.example/?a=1, true",
    "http://a.example/?flag&a=1, http://a.example/?a=1&flag, true",
    "http://a.example/?a=1&a=2, http://a.example/?a=2&a=1, true",
    "http://a.example/a%2Fb, http://a.example/a/b, false",
    "http://a.example//a, http://a.example/a, false",
    "http://a.example/?q=a+b, http://a.example/?q=a%2Bb, false",
    "http://a.example/?a=1, http://a.example/?a=1&a=1, false",
    "http://a.example/?a=b%26c=d, http://a.example/?a=b&c=d, false",
    "http://a.example/p, https://a.example/p, false",
    "http://a.example/p, http://a.example:8080/p, false",
    "http://a.example/p, http://a.example/P, false"
  })
  void holds_url_comparedByMeaning(String asked, String stored, boolean same) {
    assertThat(agree(Request.get(asked), Request.get(stored))).isEqualTo(same);
    assertThat(agree(Request.get(stored), Request.get(asked))).isEqualTo(same);
  }

  /** requests-cache drops them; where some are stored, it was Larder, which stores them all. */
  @Test
  void holds_parametersWithoutValue_countOnceSomeAreStored() {
    Request none = Request.get("http://a.example/?b=1");
    Request some = Request.get("http://a.example/?b=1&a=");
    assertThat(agree(some, none)).isTrue();
    assertThat(agree(none, some)).isFalse();
    String form = "application/x-www-form-urlencoded";
    assertThat(agree(post(form, "b=1&a="), post(form, "b=1"))).isTrue();
    assertThat(agree(post(form, "b=1"), post(form, "b=1&a="))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json | {\"b\":1, \"a\": [1, 2.50]} | {\"a\": [1, 2.5], \"b\": 1} | true",
        "application/json | [3, 1, 2] | [1, 2, 3] | true",
        "application/json | [3, 3, 2] | [3, 2, 2] | false",
        "application/json | {\"a\": [1, 2]} | {\"a\": [2, 1]} | false",
        "application/json | {\"a\": null} | {\"a\": \"null\"} | false",
        "application/json | {\"a\": 1} x | {\"a\": 1} | false",
        "application/json | {\"a\": 1 | {\"a\": 1} | false",
        "application/x-www-form-urlencoded | b=2&a=1&c= | a=1&b=2 | true",
        "application/x-www-form-urlencoded | a=1 | a=2 | false",
        "text/plain | b=2&a=1 | a=1&b=2 | false",
        "text/plain | same | same | true"
      })
  void holds_body_comparedByMeaning(String type, String asked, String stored, boolean same) {
    assertThat(agree(post(type, asked), post(type, stored))).isEqualTo(same);
  }

  private static Request post(String type, String body) {
    return new Request(
        "POST", URI.create("http://a.example/"), Headers.of("Content-Type", type), Body.of(body));
  }

  @Test
  void holds_otherMethod_no() {
    URI uri = URI.create("http://a.example/");
    assertThat(agree(Request.of("HEAD", uri), Request.of("GET", uri))).isFalse();
  }

  /** An origin that obeys it answers another request. */
  @Test
  void holds_otherMethodByOverride_no() {
    Request post = post("text/plain", "x");
    Request deleting = post.withHeaders(Headers.of("X-HTTP-Method-Override", "DELETE"));
    Request spelled = post.withHeaders(Headers.of("x-http-method-override", "DELETE"));
    assertThat(agree(deleting, post)).isFalse();
    assertThat(agree(post, deleting)).isFalse();
    assertThat(agree(deleting, spelled)).isTrue();
  }

  @Test
  void holds_credentials_mustBeTheSame() {
    Request nobody = Request.get("http://a.example/");
    for (Request alice :
        new Request[] {
          nobody.withHeaders(Headers.of("Authorization", "Bearer alice")),
          nobody.withHeaders(Headers.of("cookie", "session=alice")),
          nobody.withHeaders(Headers.of("X-API-Key", "alice")),
          Request.get("http://a.example/?access_token=alice"),
          Request.get("http://alice:pw@a.example/"),
          post("application/json", "{\"password\": \"alice\"}")
        }) {
      Optional<String> credential = agreement.credentialToStore(alice);
      assertThat(credential).isPresent();
      EntryHead hers = stored(redacted(alice)).toBuilder().credential(credential).build();
      EntryHead unmarked = stored(redacted(alice));
      EntryHead others = hers.toBuilder().credential(Optional.of("other")).build();
      assertThat(agreement.holds(alice, KEY, hers)).isTrue();
      assertThat(agreement.holds(alice, KEY, unmarked)).isFalse();
      assertThat(agreement.holds(alice, KEY, others)).isFalse();
      assertThat(agreement.holds(nobody, KEY, hers)).isFalse();
      assertThat(agreement.holds(nobody, KEY, unmarked)).isFalse();
      assertThat(agreement(true).holds(alice, KEY, unmarked)).isTrue();
      assertThat(agreement(true).holds(alice, KEY, others)).isTrue();
    }
    assertThat(agreement.credentialToStore(nobody)).isEmpty();
  }

  private static Request redacted(Request request) {
    return new Redactor(new SecretNames(CacheSettings.DEFAULT_REDACTED)).redact(request);
  }

  @Test
  void holds_throughAnAlias_credentialsOnly() {
    Request asked = Request.get("http://a.example/from");
    EntryHead target = stored(Request.get("http://b.example/to")).toBuilder().key("other").build();
    assertThat(agreement.holds(asked, KEY, target)).isTrue();
    Request alice = asked.withHeaders(Headers.of("Authorization", "Bearer alice"));
    assertThat(agreement.holds(alice, KEY, target)).isFalse();
  }

  @Test
  void holds_keysThatDoNotCollide_digestOnly() {
    Agreement plain = new Agreement(CacheSettings.standard());
    Request alice =
        Request.get("http://a.example/").withHeaders(Headers.of("Authorization", "alice"));
    EntryHead chosen = stored(Request.get("http://b.example/"));
    CacheKey key = new CacheKey("k", Optional.of("digest"));
    assertThat(plain.holds(alice, key, chosen)).isTrue();
    assertThat(plain.holds(alice, key, chosen.toBuilder().digest(Optional.of("x")).build()))
        .isFalse();
    assertThat(plain.credentialToStore(alice)).isEmpty();
  }
}
