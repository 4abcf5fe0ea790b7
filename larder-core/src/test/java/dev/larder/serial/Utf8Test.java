package dev.larder.serial;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "80", // continuation without a beginning
        "c3", // cut
        "e282", // cut
        "f09f98", // cut
        "c080", // NUL, too long
        "c1bf", // too long
        "e0809f", // too long
        "f08080af", // too long
        "eda080", // high surrogate
        "edbfbf", // low surrogate
        "eda0bdedb880", // pair of surrogates
        "f4908080", // above U+10FFFF
        "f8888080", // five bytes
        "fe",
        "ff",
        "61ff",
        "efbfbdff",
        "ffefbfbd"
      })
  void decodeExact_malformed_isEmpty(String hex) {
    byte[] bad = HexFormat.of().parseHex(hex);
    for (int before : new int[] {0, 1, 253, 254, 255, 256, 257, 5000}) {
      byte[] bytes = Arrays.copyOf("a".repeat(before).getBytes(UTF_8), before + bad.length + 1);
      System.arraycopy(bad, 0, bytes, before, bad.length);
      bytes[before + bad.length] = 'z';
      assertThat(Utf8.decodeExact(ByteBuffer.wrap(bytes))).isEmpty();
      assertThat(Utf8.decodeExact(ByteBuffer.wrap(bytes).asReadOnlyBuffer())).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "\u00e9", "\u20ac", "\uD83D\uDE00", "\uFEFF", "\uFFFD", "\u0000"})
  void decodeExact_wellFormedAcrossTheProbe_isTheText(String text) {
    for (int before : new int[] {0, 253, 254, 255, 256, 257, 5000}) {
      String whole = "a".repeat(before) + text + "z";
      ByteBuffer bytes = ByteBuffer.wrap(whole.getBytes(UTF_8));
      assertThat(Utf8.decodeExact(bytes)).contains(whole);
      assertThat(Utf8.decodeExact(bytes.asReadOnlyBuffer())).contains(whole);
    }
  }

  @Property
  void decodeExact_anyBytes_agreesWithStrictDecoder(@ForAll @Size(max = 12) byte[] bytes) {
    assertThat(Utf8.decodeExact(ByteBuffer.wrap(bytes))).isEqualTo(strictly(bytes));
  }

  private static Optional<String> strictly(byte[] bytes) {
    try {
      return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  @Test
  void decodeExact_partOfBuffer_leavesPosition() {
    ByteBuffer bytes = ByteBuffer.wrap("xx\u00e9yy".getBytes(UTF_8)).position(2).limit(4);
    ByteBuffer direct = ByteBuffer.allocateDirect(2).put(bytes.duplicate()).flip();

    assertThat(Utf8.decodeExact(bytes)).contains("\u00e9");
    assertThat(Utf8.decodeExact(bytes.slice())).contains("\u00e9");
    assertThat(Utf8.decodeExact(bytes.asReadOnlyBuffer())).contains("\u00e9");
    assertThat(Utf8.decodeExact(direct)).contains("\u00e9");
    assertThat(bytes.position()).isEqualTo(2);
    assertThat(direct.position()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "09, true", "0a, true", "0d, true", "20, true", "7e, true", "c2a0, true", "efbbbf, true",
    "00, false", "08, false", "0b, false", "1b, false", "1f, false", "7f, false", "c280, false",
    "c29f, false", "ff, false"
  })
  void decodeReadable_controlCharacters_areRefused(String hex, boolean readable) {
    ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    assertThat(Utf8.decodeReadable(bytes).isPresent()).isEqualTo(readable);
  }

  @Test
  void encodeExact_unpairedSurrogate_isRefusedWithItsPlace() {
    Map<String, Integer> places =
        Map.of("\uD800", 0, "\uDC00", 0, "a\uD800b", 1, "\uDC00\uD800", 0, "\uD83D\uDE00\uD83D", 2);
    places.forEach(
        (text, place) -> {
          assertThat(Utf8.isWellFormed(text)).isFalse();
          assertThatThrownBy(() -> Utf8.encodeExact(text))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("at character " + place);
        });
  }

  @Property
  void encodeExact_anyText_decodesToItOrIsRefused(@ForAll String text) {
    boolean exact = new String(text.getBytes(UTF_8), UTF_8).equals(text);
    assertThat(Utf8.isWellFormed(text)).isEqualTo(exact);
    if (exact) {
      assertThat(Utf8.decodeExact(ByteBuffer.wrap(Utf8.encodeExact(text)))).contains(text);
    }
  }

  @Property
  void length_anyText_isThatOfTheBytes(@ForAll String text) {
    assertThat(Utf8.length(text)).isEqualTo(text.getBytes(UTF_8).length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "\u007f\u0080\u07ff\u0800\uffff", "\uD83D\uDE00", "\uD83D", "\uDE00a"})
  void length_boundaries_isThatOfTheBytes(String text) {
    assertThat(Utf8.length(text)).isEqualTo(text.getBytes(UTF_8).length);
  }
}
