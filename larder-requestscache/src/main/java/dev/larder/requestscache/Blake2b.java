package dev.larder.requestscache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** BLAKE2b without a key (RFC 7693), of messages that are in memory as a whole. */
final class Blake2b {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int BLOCK = 128;
  private static final int ROUNDS = 12;

  /** RFC 7693 §2.6. */
  private static final long[] IV = {
    0x6A09E667F3BCC908L, 0xBB67AE8584CAA73BL, 0x3C6EF372FE94F82BL, 0xA54FF53A5F1D36F1L,
    0x510E527FADE682D1L, 0x9B05688C2B3E6C1FL, 0x1F83D9ABFB41BD6BL, 0x5BE0CD19137E2179L
  };

  /** RFC 7693 §2.7. Rounds 10 and 11 use the first two rows again. */
  private static final byte[][] SIGMA = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}
  };

  private Blake2b() {}

  /**
   * The digest.
   *
   * @param digestLength in bytes, 1 to 64; it takes part in the digest, so a short one is not the
   *     beginning of a long one
   */
  static byte[] digest(byte[] message, int digestLength) {
    long[] h = IV.clone();
    h[0] ^= 0x01010000L ^ digestLength;
    int offset = 0;
    while (message.length - offset > BLOCK) {
      compress(h, message, offset, offset + BLOCK, false);
      offset += BLOCK;
    }
    byte[] last = Arrays.copyOf(Arrays.copyOfRange(message, offset, message.length), BLOCK);
    compress(h, last, 0, message.length, true);
    byte[] bytes = new byte[64];
    for (int i = 0; i < h.length; i++) {
      LONGS.set(bytes, i * Long.BYTES, h[i]);
    }
    return Arrays.copyOf(bytes, digestLength);
  }

  /** RFC 7693 §3.2. {@code count} is the number of message bytes up to the end of this block. */
  private static void compress(long[] h, byte[] block, int offset, long count, boolean last) {
    long[] m = new long[16];
    for (int i = 0; i < m.length; i++) {
      m[i] = (long) LONGS.get(block, offset + i * Long.BYTES);
    }
    long[] v = Arrays.copyOf(h, 16);
    System.arraycopy(IV, 0, v, 8, 8);
    v[12] ^= count;
    if (last) {
      v[14] = ~v[14];
    }
    for (int round = 0; round < ROUNDS; round++) {
      byte[] s = SIGMA[round % SIGMA.length];
      mix(v, 0, 4, 8, 12, m[s[0]], m[s[1]]);
      mix(v, 1, 5, 9, 13, m[s[2]], m[s[3]]);
      mix(v, 2, 6, 10, 14, m[s[4]], m[s[5]]);
      mix(v, 3, 7, 11, 15, m[s[6]], m[s[7]]);
      mix(v, 0, 5, 10, 15, m[s[8]], m[s[9]]);
      mix(v, 1, 6, 11, 12, m[s[10]], m[s[11]]);
      mix(v, 2, 7, 8, 13, m[s[12]], m[s[13]]);
      mix(v, 3, 4, 9, 14, m[s[14]], m[s[15]]);
    }
    for (int i = 0; i < h.length; i++) {
      h[i] ^= v[i] ^ v[i + 8];
    }
  }

  /** RFC 7693 §3.1. */
  private static void mix(long[] v, int a, int b, int c, int d, long x, long y) {
    v[a] += v[b] + x;
    v[d] = Long.rotateRight(v[d] ^ v[a], 32);
    v[c] += v[d];
    v[b] = Long.rotateRight(v[b] ^ v[c], 24);
    v[a] += v[b] + y;
    v[d] = Long.rotateRight(v[d] ^ v[a], 16);
    v[c] += v[d];
    v[b] = Long.rotateRight(v[b] ^ v[c], 63);
  }
}
