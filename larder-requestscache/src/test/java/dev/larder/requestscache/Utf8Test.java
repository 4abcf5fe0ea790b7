package dev.larder.requestscache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Utf8Test {
  /** One byte of each kind, at the edges of its range. */
  private static final byte[] KINDS =
      HexFormat.of().parseHex("00417f808f909fa0bfc0c1c2dfe0e1ecedeeeff0f1f3f4f5f7f8ff");

  @Test
  void decode_allSequencesOfFourKinds_isPythons() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    byte[] sequence = new byte[4];
    for (int i = 0; i < KINDS.length * KINDS.length * KINDS.length * KINDS.length; i++) {
      int rest = i;
      for (int place = 3; place >= 0; place--) {
        sequence[place] = KINDS[rest % KINDS.length];
        rest /= KINDS.length;
      }
      StringBuilder decoded = new StringBuilder();
      Utf8.decode(ByteBuffer.wrap(sequence), decoded);
      digest.update(decoded.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }
    assertThat(HexFormat.of().formatHex(digest.digest()))
        .isEqualTo("00fbe765478ce5cf0a99bc3491ddd22b6b81dd5c4c4efc4aa9ed1f3b3d5396ec");
  }
}
