package dev.larder.requestscache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Body;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.key.CacheKey;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestsCacheKeysTest {
  private static final byte[] NO_BODY = new byte[0];
  private static final String TAIL = RequestsCacheKeys.DYNAMODB_SERIALIZER;

  @Test
  void material_parts_followEachOtherWithoutSeparators() {
    RequestsCacheKeys keys = RequestsCacheKeys.create();
    assertThat(
            Texts.utf8(
                keys.material(
                    "post",
                    "http://h/p",
                    Map.of("X-B", "2", "X-A", "1"),
                    Texts.utf8("body"),
                    List.of("X-b", "x-A", "X-C"))))
        .isEqualTo("POSThttp://h/pbodyTruex-a=1x-b=2" + TAIL);
  }

  @Test
  void create_methods_haveKeysOfTheirOwn() {
    assertThat(key(RequestsCacheKeys.create(), "GET")).isEqualTo("1f3c91b0f2b0c799");
    assertThat(key(RequestsCacheKeys.create(), "HEAD")).isEqualTo("b87ab64d361ffbd5");
  }

  @Test
  void create_anyKey_vouchesForNothing() {
    CacheKey key = RequestsCacheKeys.create().create(Request.get("http://example.com/"), List.of());
    assertThat(key).isEqualTo(new CacheKey("1f3c91b0f2b0c799", Optional.empty()));
  }

  @Test
  void create_request_isPreparedFirst() {
    RequestsCacheKeys keys = RequestsCacheKeys.create();
    Request request = Request.get("http://[2001:DB8::A]/a//../b");
    assertThat(keys.create(request, List.of()))
        .isEqualTo(keys.create("GET", "http://[2001:db8::a]/a/b", Map.of(), NO_BODY, List.of()))
        .isNotEqualTo(keys.create("GET", request.uri().toString(), Map.of(), NO_BODY, List.of()));
  }

  @Test
  void create_bodyOfGet_counts() {
    RequestsCacheKeys keys = RequestsCacheKeys.create();
    Request plain = new Request("GET", URI.create("http://h/"), Headers.empty(), Body.empty());
    assertThat(keys.create(plain.withBody(Body.of("x")), List.of()))
        .isNotEqualTo(keys.create(plain, List.of()));
  }

  @Test
  void create_bodyAndPath_mayCollide() {
    RequestsCacheKeys keys = RequestsCacheKeys.create();
    assertThat(keys.create("POST", "http://h/p", Map.of(), Texts.utf8("x"), List.of()))
        .isEqualTo(keys.create("POST", "http://h/px", Map.of(), NO_BODY, List.of()));
  }

  @Test
  void create_severalFieldLines_areOneValue() {
    RequestsCacheKeys keys = RequestsCacheKeys.create();
    Headers headers = Headers.of("Accept", "b", "accept", "A");
    Request request = new Request("GET", URI.create("http://h/"), headers, Body.empty());
    assertThat(keys.create(request, List.of("ACCEPT")))
        .isEqualTo(
            keys.create("GET", "http://h/", Map.of("accept", "a, b"), NO_BODY, List.of("accept")));
  }

  @Test
  void options_changeTheirPart() {
    assertThat(material(RequestsCacheKeys.builder().verify(false)))
        .isEqualTo("GEThttp://h/" + TAIL);
    String json = "SerializerPipeline(name=json, n_stages=2)";
    assertThat(material(RequestsCacheKeys.builder().serializerText(json)))
        .isEqualTo("GEThttp://h/True" + json);
    assertThat(material(RequestsCacheKeys.builder().matchAllHeaders(true)))
        .isEqualTo("GEThttp://h/Trueauthorization=REDACTEDx=1" + TAIL);
    assertThat(
            material(
                RequestsCacheKeys.builder().matchAllHeaders(true).ignoredParameters(List.of())))
        .isEqualTo("GEThttp://h/Trueauthorization=tx=1" + TAIL);
  }

  @Test
  void fips_key_isSha256() {
    // Python: hashlib.sha256 of the same material.
    assertThat(key(RequestsCacheKeys.builder().fips(true).build(), "GET"))
        .isEqualTo("4fe4d28f3677b9cf7b9658676271697359ba55814cb83b5d28021962c5007681");
  }

  @Test
  void builder_usedAgain_doesNotChangeWhatItBuilt() {
    List<String> names = new ArrayList<>(List.of("a"));
    RequestsCacheKeys.Builder builder = RequestsCacheKeys.builder().ignoredParameters(names);
    RequestsCacheKeys keys = builder.build();
    names.add("b");
    builder.ignoredParameters(List.of());
    assertThat(keys.filterUrl("http://h/?a=1&b=2")).isEqualTo("http://h/?a=REDACTED&b=2");
  }

  @Test
  void headers_normalisation_isThatOfTheSpecification() {
    RequestsCacheKeys keys =
        RequestsCacheKeys.builder().ignoredParameters(List.of("X-Secret")).build();
    assertThat(
            Texts.utf8(
                keys.material(
                    "GET",
                    "http://h/",
                    Map.of(
                        "X-Secret", "a, b",
                        "x-secret2", "A",
                        "Accept", " B,\u00A0ÀA ,, c,\uD83D\uDE00,\uFF21",
                        "Empty", " , ",
                        "Space", " A "),
                    NO_BODY,
                    List.of("X-SECRET", "x-secret2", "accept", "empty", "space"))))
        .isEqualTo(
            "GEThttp://h/Trueaccept=b, c, àa, \uFF41, \uD83D\uDE00empty=space= A "
                + "x-secret=REDACTEDx-secret2=A"
                + TAIL);
  }

  @Test
  void headers_ignoredInAnotherSpelling_areNotRedacted() {
    assertThat(
            Texts.utf8(
                RequestsCacheKeys.create()
                    .material(
                        "GET",
                        "http://h/",
                        Map.of("authorization", "t"),
                        NO_BODY,
                        List.of("Authorization"))))
        .contains("authorization=t");
  }

  @Test
  void headers_ignoredContentType_leavesTheBodyAsItIs() {
    RequestsCacheKeys keys =
        RequestsCacheKeys.builder().ignoredParameters(List.of("Content-Type")).build();
    byte[] body = Texts.utf8("{\"b\":1,\"a\":2}");
    assertThat(keys.normalizeBody(Headers.of("Content-Type", "application/json"), body))
        .isSameAs(body);
    assertThat(keys.normalizeBody(Headers.of("content-type", "application/json"), body))
        .isEqualTo(Texts.utf8("{\"a\": 2, \"b\": 1}"));
  }

  @Test
  void headers_namedTwice_countTwice() {
    assertThat(
            Texts.utf8(
                RequestsCacheKeys.create()
                    .material("GET", "http://h/", Map.of("A", "1"), NO_BODY, List.of("A", "a"))))
        .isEqualTo("GEThttp://h/Truea=1a=1" + TAIL);
  }

  @Test
  void variantHeaders_varyAlone_areItsNamesInOrder() {
    assertThat(RequestsCacheKeys.variantHeaders("B, Cookie ,\tA,,b", List.of()))
        .containsExactly("b", "a", "b");
    assertThat(RequestsCacheKeys.variantHeaders("Cookie", List.of())).isEmpty();
  }

  @Test
  void variantHeaders_withOwnNames_areSortedOnceEach() {
    assertThat(RequestsCacheKeys.variantHeaders("B, Cookie, a", List.of("A", "X", "Cookie")))
        .containsExactly("a", "b", "cookie", "x");
  }

  @Test
  void createVariant_vary_isTheSecondKey() {
    RequestsCacheKeys keys = RequestsCacheKeys.create();
    Request request =
        Request.get("http://h/").withHeaders(Headers.of("Accept", "a", "Accept-Language", "de"));
    assertThat(keys.createVariant(request, "Accept-Language, Cookie", List.of()))
        .contains(keys.create(request, List.of("accept-language")));
    assertThat(keys.createVariant(request, "Accept-Language", List.of("Accept")))
        .contains(keys.create(request, List.of("accept", "accept-language")));
    for (String vary : List.of("", "Cookie", "*", "Accept, *")) {
      assertThat(keys.createVariant(request, vary, List.of())).as(vary).isEmpty();
    }
    assertThat(
            RequestsCacheKeys.builder()
                .matchAllHeaders(true)
                .build()
                .createVariant(request, "Accept", List.of()))
        .isEmpty();
  }

  private static String material(RequestsCacheKeys.Builder builder) {
    return Texts.utf8(
        builder
            .build()
            .material(
                "GET", "http://h/", Map.of("X", "1", "Authorization", "t"), NO_BODY, List.of()));
  }

  private static String key(RequestsCacheKeys keys, String method) {
    return keys.create(method, "http://example.com/", Map.of(), NO_BODY, List.of()).value();
  }
}
