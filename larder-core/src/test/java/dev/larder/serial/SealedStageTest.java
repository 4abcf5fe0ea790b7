package dev.larder.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Encryption and signing. */
class SealedStageTest {
  private static final byte[] OLD_KEY = key(1);
  private static final byte[] NEW_KEY = key(2);
  private static final StageKeys OLD = StageKeys.of("2026-01", OLD_KEY);
  private static final StageContext PLACE = new StageContext("key", "version", 3);
  private static final byte[] TEXT = "the body".getBytes(StandardCharsets.UTF_8);

  static Stream<Function<StageKeys, Stage>> kinds() {
    return Stream.of(Stages::aesGcm, Stages::hmac);
  }

  static Stream<Stage> stages() {
    return kinds().map(kind -> kind.apply(OLD));
  }

  @Property
  void decode_whatWasEncoded_isEqual(@ForAll byte[] bytes, @ForAll String key, @ForAll int part) {
    StageContext place = new StageContext(key, "v", part);
    stages()
        .forEach(
            stage -> {
              byte[] copy = bytes.clone();
              assertThat(stage.decode(stage.encode(bytes, place), place)).isEqualTo(copy);
              assertThat(bytes).isEqualTo(copy);
            });
  }

  @ParameterizedTest
  @MethodSource("stages")
  void decode_atAnotherPlace_isRefused(Stage stage) {
    byte[] sealed = stage.encode(TEXT, PLACE);
    List<StageContext> others =
        List.of(
            new StageContext("kez", "version", 3),
            new StageContext("key", "versiom", 3),
            new StageContext("key", "version", 4),
            new StageContext("key", "version", -1),
            new StageContext("keyv", "ersion", 3),
            StageContext.NONE);
    for (StageContext other : others) {
      assertThatThrownBy(() -> stage.decode(sealed, other))
          .isInstanceOf(SerializationException.class)
          .hasMessageContaining(stage.name());
    }
    assertThat(stage.decode(sealed, PLACE)).isEqualTo(TEXT);
  }

  @ParameterizedTest
  @MethodSource("stages")
  void decode_anyBitChangedOrCutOff_isRefused(Stage stage) {
    byte[] sealed = stage.encode(TEXT, PLACE);
    for (int i = 0; i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> stage.decode(changed, PLACE))
          .isInstanceOf(SerializationException.class);
      byte[] cut = Arrays.copyOf(sealed, i);
      assertThatThrownBy(() -> stage.decode(cut, PLACE)).isInstanceOf(SerializationException.class);
    }
    byte[] longer = Arrays.copyOf(sealed, sealed.length + 1);
    assertThatThrownBy(() -> stage.decode(longer, PLACE))
        .isInstanceOf(SerializationException.class);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void rotation_oldKeyKept_readsBoth(Function<StageKeys, Stage> kind) {
    Stage before = kind.apply(OLD);
    Stage during = kind.apply(StageKeys.of("2026-07", NEW_KEY).withOlder("2026-01", OLD_KEY));
    Stage after = kind.apply(StageKeys.of("2026-07", NEW_KEY));
    byte[] sealedBefore = before.encode(TEXT, PLACE);
    byte[] sealedDuring = during.encode(TEXT, PLACE);
    assertThat(during.decode(sealedBefore, PLACE)).isEqualTo(TEXT);
    assertThat(after.decode(sealedDuring, PLACE)).isEqualTo(TEXT);
    assertThatThrownBy(() -> after.decode(sealedBefore, PLACE))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("\"2026-01\"")
        .hasMessageContaining("withOlder");
    Stage wrong = kind.apply(StageKeys.of("2026-01", NEW_KEY));
    assertThatThrownBy(() -> wrong.decode(sealedBefore, PLACE))
        .isInstanceOf(SerializationException.class);
  }

  @Test
  void aesGcm_sameBytesTwice_differAndHideThem() {
    Stage stage = Stages.aesGcm(OLD);
    byte[] sealed = stage.encode(TEXT, PLACE);
    assertThat(stage.encode(TEXT, PLACE)).isNotEqualTo(sealed);
    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("body");
    assertThat(sealed).hasSize(TEXT.length + 30 + "2026-01".length());
  }

  @Test
  void hmac_leavesTheBytesReadable() {
    byte[] sealed = Stages.hmac(OLD).encode(TEXT, PLACE);
    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).endsWith("the body");
    assertThat(sealed).hasSize(TEXT.length + 34 + "2026-01".length());
  }

  @Test
  void oneStage_doesNotOpenWhatAnotherSealed() {
    assertThatThrownBy(() -> Stages.hmac(OLD).decode(Stages.aesGcm(OLD).encode(TEXT, PLACE), PLACE))
        .isInstanceOf(SerializationException.class);
  }

  @Test
  void keys_outOfBounds_areRefusedAndNeverShown() {
    assertThatIllegalArgumentException().isThrownBy(() -> StageKeys.of("", OLD_KEY));
    assertThatIllegalArgumentException().isThrownBy(() -> StageKeys.of("a b", OLD_KEY));
    assertThatIllegalArgumentException().isThrownBy(() -> StageKeys.of("a".repeat(65), OLD_KEY));
    assertThatIllegalArgumentException().isThrownBy(() -> StageKeys.of("a", new byte[15]));
    assertThatIllegalArgumentException().isThrownBy(() -> OLD.withOlder("2026-01", NEW_KEY));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Stages.aesGcm(StageKeys.of("a", new byte[20])))
        .withMessageContaining("\"a\" has 20");
    assertThat(OLD).hasToString("StageKeys[current 2026-01, 1 in all]");
  }

  private static byte[] key(int seed) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) seed);
    return key;
  }
}
