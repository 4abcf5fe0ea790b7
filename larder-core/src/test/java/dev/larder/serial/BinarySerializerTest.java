package dev.larder.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.http.Body;
import dev.larder.http.CachedResponse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BinarySerializerTest {
  private static final String FULL =
      "01ff096bc3a97920f09f988002763104504f53542c68747470733a2f2f6578616d706c652e6f"
          + "72673a383434332f61253230623f713d63616625433325413923660206416363657074097465"
          + "78742f68746d6c07582d456d70747900077b2271223a317d1e68747470733a2f2f6578616d70"
          + "6c652e6f72672f656e647320686572657c9603030a5365742d436f6f6b696503613d310a7365"
          + "742d636f6f6b696503623d3205582d4f646405c3bc3a090180a0a7a4c068e70701f0dbdea7c0"
          + "68b0e0fea1fa9d730a0264310c627974657320302d342f313002633102036f6e650374776f05"
          + "68c3a90a00";

  private static final String PLAIN =
      "0100016b000347455413687474703a2f2f6578616d706c652e6f72672f000090030000000001" + "0400ffc080";

  private static final Serializer<CachedResponse> BINARY = Serializers.binary();

  @Test
  void serialize_golden_isUnchanged() {
    assertThat(write(Entries.full())).isEqualTo(FULL);
    assertThat(write(Entries.plain())).isEqualTo(PLAIN);
  }

  @Test
  void deserialize_golden_isTheEntry() {
    assertThat(read(FULL)).isEqualTo(Entries.full());
    assertThat(read(PLAIN)).isEqualTo(Entries.plain());
  }

  @Test
  void deserialize_body_isAViewOfTheBytes() {
    byte[] bytes =
        BINARY.serialize(
            new CachedResponse(Entries.plain().head(), Body.of("abc")), StageContext.NONE);
    ByteBuffer body = BINARY.deserialize(bytes, StageContext.NONE).body().buffer().orElseThrow();
    bytes[bytes.length - 1] = 'd';
    assertThat(body).isEqualTo(ByteBuffer.wrap(new byte[] {'a', 'b', 'd'}));
  }

  @ParameterizedTest
  @CsvSource({
    "'', format version at byte 0: the bytes end here",
    "02, reads 1",
    "7b, another format",
    "0100, key at byte 2: the bytes end here",
    "0100ffffffff07, key at byte 7: says 2147483647",
    "0100ffffffffffffffffff01, says 18446744073709551615",
    "0100ffffffffffffffffffff01, more than 64 bits",
    "010001ff, these 1 bytes are not UTF-8",
    "01000000012001610000, not a token",
    "01000000034745540161ffff03, which do not fit",
    "010000000347455401610000, no scheme or host"
  })
  void deserialize_malformed_saysWhatAndWhere(String hex, String message) {
    assertThatThrownBy(() -> read(hex))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining(message);
  }

  @Test
  void deserialize_hostileCounts_areRefusedBeforeAllocating() {
    byte[] begin =
        HexFormat.of().parseHex("0100" + "0161" + "00" + "03474554" + "09687474703a2f2f612f");
    byte[] bytes = Arrays.copyOf(begin, begin.length + (1 << 20));
    // 200,000 field lines would fit into what follows.
    byte[] count = new ByteWriter().unsigned(200_000).endWith(ByteBuffer.allocate(0));
    System.arraycopy(count, 0, bytes, begin.length, 3);
    assertThatThrownBy(() -> BINARY.deserialize(bytes, StageContext.NONE))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("at most 10000 field lines, but this one has 200000");
  }

  @Test
  void deserialize_malformed_quotesNoUri() {
    byte[] bytes = BINARY.serialize(Entries.plain(), StageContext.NONE);
    for (char bad : new char[] {' ', '<', '/'}) {
      byte[] changed = bytes.clone();
      for (int i = 0; i < changed.length; i++) {
        if (changed[i] == ':') {
          changed[i] = (byte) bad;
        }
      }
      assertThatThrownBy(() -> BINARY.deserialize(changed, StageContext.NONE))
          .isInstanceOf(SerializationException.class)
          .hasMessageNotContaining("example.org");
    }
  }

  private static String write(CachedResponse entry) {
    return HexFormat.of().formatHex(BINARY.serialize(entry, StageContext.NONE));
  }

  private static CachedResponse read(String hex) {
    return BINARY.deserialize(HexFormat.of().parseHex(hex), StageContext.NONE);
  }
}
