package dev.larder.requestscache;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What holds for any input, tried on random ones from fixed seeds. */
class PropertiesTest {
  private static final int TRIALS = 5_000;
  private static final String[] PIECES = {
    "http://",
    "https:",
    "//",
    "/",
    "/../",
    "/./",
    "?",
    "&",
    "=",
    "#",
    "#!",
    ";",
    "@",
    ":",
    "[",
    "]",
    "%",
    "%4",
    "%41",
    "%C3%A9",
    "%FF",
    "%2F",
    "+",
    " ",
    "\t",
    ".",
    "-",
    "xn--",
    "\u00DF",
    "\u0301",
    "\u3002",
    "\u200C",
    "\u05D0",
    "\u0660",
    "\uD83D\uDE00",
    "\uD83D",
    "\uDE00",
    "a",
    "Z",
    "_",
    "80"
  };

  @Test
  void write_randomJson_isAsciiAndReadsBackEqual() throws NoKeyException {
    Random random = new Random(1);
    for (int i = 0; i < TRIALS; i++) {
      PythonJson value = json(random, 0);
      String written = PythonJsonWriter.write(value);
      assertThat(PythonText.isAscii(written)).as(written).isTrue();
      assertThat(PythonJsonReader.read(written)).isEqualTo(value);
    }
  }

  @Test
  void of_randomJsonBody_isAFixedPointOfItself() {
    Random random = new Random(2);
    for (int i = 0; i < TRIALS; i++) {
      byte[] body = PythonJsonWriter.write(json(random, 0)).getBytes(StandardCharsets.US_ASCII);
      byte[] normal = NormalBody.of(body, "application/json", Set.of(), "");
      // Shorter than three bytes, a body is not looked at again; a string turns into an array once.
      assertThat(NormalBody.of(normal, "application/json", Set.of(), "")).isEqualTo(normal);
    }
  }

  @Test
  void repr_randomDoubles_readBackEqual() {
    Random random = new Random(3);
    for (int i = 0; i < TRIALS; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (!Double.isNaN(value)) {
        String repr = PythonFloat.repr(value);
        assertThat(Double.parseDouble(repr)).isEqualTo(value);
        assertThat(repr.length()).isLessThanOrEqualTo(24);
      }
    }
  }

  @Test
  void prepareAndNormalizeUrl_anyText_doNotThrow() {
    Random random = new Random(4);
    RequestsCacheKeys keys = RequestsCacheKeys.create();
    for (int i = 0; i < TRIALS; i++) {
      String url = url(random);
      String prepared = RequestsCacheKeys.prepareUrl(url);
      assertThat(keys.normalizeUrl(url)).isEqualTo(keys.normalizeUrl(url));
      assertThat(keys.normalizeUrl(prepared)).isNotNull();
      assertThat(keys.filterUrl(url)).isNotNull();
    }
  }

  @Test
  void create_anyText_doesNotThrow() {
    Random random = new Random(5);
    RequestsCacheKeys keys =
        RequestsCacheKeys.builder().matchAllHeaders(true).contentRootKey("a").build();
    String[] types = {
      "application/json", "application/x-www-form-urlencoded", "text/plain", url(random), ""
    };
    for (int i = 0; i < TRIALS; i++) {
      byte[] body = new byte[random.nextInt(40)];
      random.nextBytes(body);
      if (random.nextBoolean()) {
        body = url(random).getBytes(StandardCharsets.UTF_8);
      }
      Map<String, String> headers =
          Map.of("Content-Type", types[random.nextInt(types.length)], url(random), url(random));
      assertThat(keys.create(url(random), url(random), headers, body, List.of()).value())
          .hasSize(16);
    }
  }

  @Test
  void compare_randomTexts_isTheOrderOfCodePoints() {
    Random random = new Random(6);
    for (int i = 0; i < TRIALS; i++) {
      String one = units(random);
      String other = units(random);
      assertThat(Integer.signum(PythonText.BY_CODE_POINT.compare(one, other)))
          .isEqualTo(
              Integer.signum(
                  Arrays.compare(one.codePoints().toArray(), other.codePoints().toArray())));
    }
  }

  @Test
  void decode_randomLabel_undoesEncode() throws NoKeyException {
    Random random = new Random(7);
    for (int i = 0; i < TRIALS; i++) {
      StringBuilder label = new StringBuilder();
      for (int n = random.nextInt(20); n >= 0; n--) {
        label.appendCodePoint(random.nextInt(random.nextBoolean() ? 0x80 : 0x110000));
      }
      String text = PythonText.wellFormed(label.toString());
      assertThat(Punycode.decode(Punycode.encode(text))).isEqualTo(text);
    }
  }

  private static String url(Random random) {
    StringBuilder url = new StringBuilder(random.nextBoolean() ? "http://" : "");
    for (int n = random.nextInt(16); n >= 0; n--) {
      if (random.nextInt(10) == 0) {
        url.append((char) random.nextInt(0x10000));
      } else {
        url.append(PIECES[random.nextInt(PIECES.length)]);
      }
    }
    return url.toString();
  }

  private static String units(Random random) {
    String units = "a\uD83D\uDE00\uD83D\uFF21\uDE00\uE000";
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(5); n > 0; n--) {
      text.append(units.charAt(random.nextInt(units.length())));
    }
    return text.toString();
  }

  private static PythonJson json(Random random, int depth) {
    int kind = random.nextInt(depth > 3 ? 5 : 7);
    return switch (kind) {
      case 0 -> new PythonJson.JsonNull();
      case 1 -> new PythonJson.JsonBoolean(random.nextBoolean());
      case 2 -> new PythonJson.JsonInteger(new BigInteger(90, random).toString());
      case 3 -> new PythonJson.JsonFloat(Double.longBitsToDouble(random.nextLong()));
      case 4 -> new PythonJson.JsonString(units(random));
      case 5 -> {
        List<PythonJson> elements = new ArrayList<>();
        for (int n = random.nextInt(5); n > 0; n--) {
          elements.add(json(random, depth + 1));
        }
        yield new PythonJson.JsonArray(elements);
      }
      default -> {
        Map<String, PythonJson> members = new LinkedHashMap<>();
        for (int n = random.nextInt(5); n > 0; n--) {
          members.put(units(random), json(random, depth + 1));
        }
        yield new PythonJson.JsonObject(members);
      }
    };
  }
}
