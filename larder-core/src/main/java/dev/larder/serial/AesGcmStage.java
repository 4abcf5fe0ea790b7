package dev.larder.serial;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** After the header: a random nonce of 12 bytes, the ciphertext, a tag of 16 bytes. */
final class AesGcmStage extends SealedStage {
  private static final int NONCE = 12;
  private static final int TAG = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  AesGcmStage(StageKeys keys) {
    super(
        keys.checkEach(
            (id, length) -> {
              if (length != 16 && length != 24 && length != 32) {
                throw new IllegalArgumentException(
                    "an AES key has 16, 24 or 32 bytes, but \"" + id + "\" has " + length);
              }
            }));
  }

  @Override
  public String name() {
    return "aes-gcm";
  }

  @Override
  byte[] seal(byte[] key, byte[] header, byte[] place, byte[] bytes)
      throws GeneralSecurityException {
    byte[] nonce = new byte[NONCE];
    RANDOM.nextBytes(nonce);
    int from = header.length + NONCE;
    byte[] sealed = Arrays.copyOf(header, Math.addExact(from + TAG, bytes.length));
    System.arraycopy(nonce, 0, sealed, header.length, NONCE);
    cipher(Cipher.ENCRYPT_MODE, key, nonce, 0, place).doFinal(bytes, 0, bytes.length, sealed, from);
    return sealed;
  }

  @Override
  byte[] open(byte[] key, byte[] sealed, int from, byte[] place) throws GeneralSecurityException {
    int begin = from + NONCE;
    if (sealed.length < begin + TAG) {
      throw new GeneralSecurityException("too short");
    }
    return cipher(Cipher.DECRYPT_MODE, key, sealed, from, place)
        .doFinal(sealed, begin, sealed.length - begin);
  }

  private static Cipher cipher(int mode, byte[] key, byte[] nonceIn, int at, byte[] place)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        mode,
        new SecretKeySpec(key, "AES"),
        new GCMParameterSpec(TAG * Byte.SIZE, nonceIn, at, NONCE));
    cipher.updateAAD(place);
    return cipher;
  }
}
