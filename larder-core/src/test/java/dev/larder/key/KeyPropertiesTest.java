package dev.larder.key;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Body;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Two requests have one key if, and only if, they are the same in every part that counts. */
class KeyPropertiesTest {
  private static final List<String> MATCHED = List.of("A", "b");

  /** The parts of a request, in a form in which equal means equal. */
  record Parts(
      String method, String path, String query, String type, String body, List<String> fields) {
    Request request() {
      Headers.Builder headers = Headers.builder();
      if (!type.isEmpty()) {
        headers.add("Content-Type", type);
      }
      for (String field : fields) {
        headers.add(field.substring(0, 1), field.substring(1));
      }
      return new Request(
          method, URI.create("http://h/" + path + query), headers.build(), Body.of(body));
    }

    String key() {
      return KeyFunction.standard().create(request(), MATCHED).value();
    }

    /** What is left of the parts that count: a type says nothing without a body. */
    Parts counted() {
      return new Parts(method, path, query, body.isEmpty() ? "" : type, body, byName());
    }

    private List<String> byName() {
      List<String> sorted = new ArrayList<>(fields);
      Collections.sort(sorted, (x, y) -> Character.compare(x.charAt(0), y.charAt(0)));
      return sorted;
    }
  }

  @Property(tries = 5000)
  void create_twoRequests_sameKeyOnlyIfSameParts(
      @ForAll("parts") Parts one, @ForAll("parts") Parts other) {
    assertThat(one.key().equals(other.key())).isEqualTo(one.counted().equals(other.counted()));
  }

  /** Small alphabets, so that pieces often meet those of their neighbours. */
  @Provide
  Arbitrary<Parts> parts() {
    Arbitrary<String> piece =
        Arbitraries.of("a", "b", "/", "=", "&", "%2F", "é", "\ud800")
            .list()
            .ofMaxSize(2)
            .map(KeyPropertiesTest::join);
    Arbitrary<String> query = Arbitraries.of("", "?", "?a", "?a=", "?a=b", "?b&a");
    Arbitrary<String> body = Arbitraries.of("", "a", "b", "{}", "[]", "[1]", "\"a\"", "a=b");
    Arbitrary<String> type = Arbitraries.of("", "text/plain", "application/json", "x/a+json");
    Arbitrary<List<String>> fields = Arbitraries.of("aa", "a", "ab", "ba", "b").list().ofMaxSize(3);
    return Combinators.combine(
            Arbitraries.of("GET", "HEAD", "POST", "a"), piece, query, type, body, fields)
        .as(Parts::new);
  }

  private static String join(List<String> pieces) {
    return String.join("", pieces);
  }

  @Property(tries = 500)
  void create_jsonWithMembersInAnyOrderAndSpace_oneKey(
      @ForAll("objects") Map<String, Object> object, @ForAll long seed) {
    String sorted = json(object, 0);
    assertThat(jsonKey(json(object, seed))).isEqualTo(jsonKey(sorted));
  }

  private static String jsonKey(String body) {
    return new Parts("POST", "", "", "application/json", body, List.of()).key();
  }

  private static String json(Object value, long seed) {
    java.util.Random random = new java.util.Random(seed);
    String space = seed == 0 ? "" : " \n".substring(random.nextInt(2));
    if (!(value instanceof Map<?, ?> object)) {
      return space + value;
    }
    List<String> members = new ArrayList<>();
    object.forEach(
        (name, member) -> members.add("\"" + name + "\"" + space + ":" + json(member, seed)));
    if (seed != 0) {
      Collections.shuffle(members, random);
    }
    return "{" + String.join(space + ",", members) + space + "}";
  }

  @Provide
  Arbitrary<Map<String, Object>> objects() {
    return objects(3);
  }

  private static Arbitrary<Map<String, Object>> objects(int depth) {
    Arbitrary<Object> leaf = Arbitraries.of("1", "1.50", "\"x\"", "[1,2]", "null", "\"é\"");
    Arbitrary<Object> value =
        depth == 0 ? leaf : Arbitraries.oneOf(leaf, objects(depth - 1).map(map -> (Object) map));
    return Arbitraries.maps(Arbitraries.of("a", "b", "c", "é", "\ud83d\ude00", "\uff21"), value)
        .ofMaxSize(4)
        .map(map -> new LinkedHashMap<>(map));
  }
}
