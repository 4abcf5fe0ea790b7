package dev.larder.requestscache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Blake2bTest {
  @Test
  void digest_abc_isThatOfRfc7693AppendixA() {
    byte[] digest = Blake2b.digest("abc".getBytes(StandardCharsets.US_ASCII), 64);
    assertThat(HexFormat.of().formatHex(digest))
        .isEqualTo(
            "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                + "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
  }

  @Test
  void digest_nothing_isThatOfTheReferenceImplementation() {
    assertThat(HexFormat.of().formatHex(Blake2b.digest(new byte[0], 64)))
        .startsWith("786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419")
        .endsWith("d25e1031afee585313896444934eb04b903a685b1448b755d56f701afe9be2ce");
  }

  /** In the way of RFC 7693 appendix E: a digest of many digests, here from Python's hashlib. */
  @Test
  void digest_messagesUpToThreeBlocks_areThoseOfHashlib() throws Exception {
    MessageDigest all = MessageDigest.getInstance("SHA-256");
    for (int length = 0; length < 300; length++) {
      byte[] message = new byte[length];
      for (int i = 0; i < length; i++) {
        message[i] = (byte) (i * 7 + length);
      }
      for (int digestLength : new int[] {1, 8, 20, 32, 48, 64}) {
        all.update(Blake2b.digest(message, digestLength));
      }
    }
    assertThat(HexFormat.of().formatHex(all.digest()))
        .isEqualTo("ed3035045b508954d5117d38b648366f313f75e877455c193734151ee7645042");
  }
}
