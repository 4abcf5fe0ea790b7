package dev.larder.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GzipStageTest {
  private static final Stage GZIP = Stages.gzip();

  @Property
  void decode_whatWasEncoded_isEqual(
      @ForAll byte[] bytes,
      @ForAll @IntRange(max = 9) int level,
      @ForAll @IntRange(max = 9) int times)
      throws IOException {
    byte[] repeated = new byte[bytes.length * times];
    for (int i = 0; i < repeated.length; i++) {
      repeated[i] = bytes[i % bytes.length];
    }
    byte[] encoded = encode(Stages.gzip(level, 1 << 20), repeated);

    assertThat(decode(encoded)).isEqualTo(repeated);
    assertThat(new GZIPInputStream(new ByteArrayInputStream(encoded)).readAllBytes())
        .isEqualTo(repeated);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 6, 9})
  void decode_largeNoise_isEqual(int level) {
    byte[] noise = new byte[1_000_003];
    new Random(1).nextBytes(noise);
    assertThat(decode(encode(Stages.gzip(level, 2 << 20), noise))).isEqualTo(noise);
  }

  @Test
  void decode_whatAnotherProgramEncoded_isRead() throws IOException {
    byte[] text = "text text text".getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text);
    }
    assertThat(decode(out.toByteArray())).isEqualTo(text);
  }

  @Test
  void encode_twice_isEqualAndHasNoTime() {
    byte[] bytes = new byte[1000];
    assertThat(encode(GZIP, bytes)).isEqualTo(encode(Stages.gzip(), bytes));
    assertThat(encode(GZIP, bytes)).startsWith(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);
  }

  @Property(tries = 3000)
  void decode_randomBytes_throwsSerializationExceptionOnly(@ForAll byte[] bytes) {
    refusesOrDecodes(bytes);
  }

  @Property(tries = 5000)
  void decode_mutated_isRefusedOrEqual(@ForAll byte[] bytes, @ForAll long seed) {
    Random random = new Random(seed);
    byte[] encoded = encode(GZIP, bytes);
    encoded[random.nextInt(encoded.length)] ^= (byte) (1 << random.nextInt(8));
    try {
      assertThat(decode(encoded)).isEqualTo(bytes);
    } catch (SerializationException expected) {
      assertThat(expected).hasMessageContaining("gzip data");
    }
  }

  private static void refusesOrDecodes(byte[] bytes) {
    try {
      assertThat(decode(bytes)).isNotNull();
    } catch (SerializationException expected) {
      assertThat(expected).hasMessageContaining("gzip data");
    }
  }

  @Test
  void decode_overLimit_isRefused() {
    byte[] bomb = encode(Stages.gzip(9, 128 << 20), new byte[(64 << 20) + 1]);
    assertThat(bomb).hasSizeLessThan(100_000);
    assertThatThrownBy(() -> decode(bomb))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("67108865")
        .hasMessageContaining("maxInflatedSize");
  }

  @Test
  void decode_atLimit_isRead() {
    Stage limited = Stages.gzip(6, 1000);
    assertThat(limited.decode(encode(limited, new byte[1000]), StageContext.NONE)).hasSize(1000);
    assertThatThrownBy(() -> encode(limited, new byte[1001]))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("over the limit of 1000");
  }

  @Test
  void decode_bombThatClaimsToBeSmall_isStopped() {
    byte[] bomb = withLength(encode(Stages.gzip(9, 128 << 20), new byte[100 << 20]), 10);
    assertThatThrownBy(() -> decode(bomb))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("goes on after the 10 bytes");
  }

  @Test
  void decode_fewBytesThatClaimToBeMany_areRefusedBeforeAllocating() {
    byte[] liar = withLength(encode(GZIP, new byte[10]), 60 << 20);
    assertThatThrownBy(() -> decode(liar))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("too short for");
  }

  @Test
  void decode_mostCompressible_isNotTakenForALie() {
    byte[] zeros = new byte[50 << 20];
    assertThat(decode(encode(Stages.gzip(9, 64 << 20), zeros))).isEqualTo(zeros);
  }

  @Test
  void decode_notWhatTheStageWrote_saysWhy() {
    byte[] good = encode(GZIP, new byte[100]);
    byte[] flagged = good.clone();
    flagged[3] = 8;
    byte[] checksum = good.clone();
    checksum[good.length - 8] ^= 1;
    byte[] longer = Arrays.copyOf(good, good.length + 20);
    System.arraycopy(good, good.length - 8, longer, longer.length - 8, 8);

    assertRefused(
        "{\"a\":1} and more than 18".getBytes(StandardCharsets.UTF_8), "without the gzip stage");
    assertRefused(new byte[5], "5 bytes are too short");
    assertRefused(flagged, "flags 8");
    assertRefused(checksum, "checksum");
    assertRefused(longer, "bytes follow");
    assertRefused(withLength(good, 101), "ends after 100 of 101");
  }

  private static void assertRefused(byte[] bytes, String message) {
    assertThatThrownBy(() -> decode(bytes))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({"-1, 10, level", "10, 10, level", "6, 0, maxInflatedSize"})
  void gzip_outOfBounds_isRefused(int level, long limit, String message) {
    assertThatThrownBy(() -> Stages.gzip(level, limit))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private static byte[] withLength(byte[] encoded, int length) {
    byte[] changed = encoded.clone();
    ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(changed.length - 4, length);
    return changed;
  }

  private static byte[] encode(Stage stage, byte[] bytes) {
    return stage.encode(bytes, StageContext.NONE);
  }

  private static byte[] decode(byte[] bytes) {
    return GZIP.decode(bytes, StageContext.NONE);
  }
}
