package dev.larder.requestscache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/**
 * Digests over all code points, against those that Python 3.11 with idna 3.13 gives. They fail if
 * an upgrade of ICU changes a key.
 */
class UnicodeTest {
  /** The planes of all scripts; the ideographs above would take as long again. */
  private static final int LETTERS = 0x20000;

  private interface Encoder {
    String encode(String name) throws NoKeyException;
  }

  @Test
  void of_allCodePoints_areClassesOfPythonsIdna() throws Exception {
    StringBuilder classes = new StringBuilder();
    forEachCodePoint(
        Character.MAX_CODE_POINT + 1,
        c ->
            classes.append(
                switch (CodePointClass.of(c)) {
                  case VALID -> 'V';
                  case CONTEXT_J -> 'J';
                  case CONTEXT_O -> 'O';
                  case DISALLOWED -> 'D';
                }));
    byte[] text = classes.toString().getBytes(StandardCharsets.US_ASCII);
    assertThat(HexFormat.of().formatHex(sha256().digest(text)))
        .isEqualTo("84bc1bbf9b368505afc9f40e684e96e2ff0646f929884eddc277d673b3e614e0");
  }

  @Test
  void encodeMapped_allLettersInThreeNames_isPythonsIdna() throws Exception {
    assertThat(digest(Idna2008::encodeMapped, List.of("%s", "a%sb", "\u05D0%s\u05D1")))
        .isEqualTo("faef2927b666e512abbc7db3b22c65712214c24129f0f1dc01e333135678e0a6");
  }

  @Test
  void encode_allLettersInThreeNames_isPythonsCodec() throws Exception {
    assertThat(digest(Idna2003::encode, List.of("%s", "a%sb_", "\u05D0%s\u05D1")))
        .isEqualTo("ae8b1182be203936ea8f4d65143954a5578be458ccf94cbf4bba33de272a7976");
  }

  @Test
  void lowerAndNfc_allCodePoints_arePythons() throws Exception {
    MessageDigest digest = sha256();
    forEachCodePoint(
        Character.MAX_CODE_POINT + 1,
        c -> {
          String character = Character.toString(c);
          String nfc = PythonText.nfc("e" + character + "\u0301");
          String line = PythonText.lower(character) + " " + nfc + "\n";
          digest.update(line.getBytes(StandardCharsets.UTF_8));
        });
    assertThat(HexFormat.of().formatHex(digest.digest()))
        .isEqualTo("e87563a48e406389a09eb15e858cd23396ec0f95d5c678ed307355c1e84735e7");
  }

  private static String digest(Encoder encoder, List<String> names) throws Exception {
    MessageDigest digest = sha256();
    for (String name : names) {
      String[] around = name.split("%s", -1);
      forEachCodePoint(
          LETTERS,
          c -> {
            String host = PythonText.lower(around[0] + Character.toString(c) + around[1]);
            String line;
            try {
              line = encoder.encode(host);
            } catch (NoKeyException e) {
              line = "!";
            }
            digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
          });
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void forEachCodePoint(int end, IntConsumer action) {
    for (int c = 0; c < end; c++) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        action.accept(c);
      }
    }
  }

  private static MessageDigest sha256() throws Exception {
    return MessageDigest.getInstance("SHA-256");
  }
}
