package dev.larder.serial;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** After the header: a tag of 32 bytes, and the bytes as they are. */
final class HmacStage extends SealedStage {
  private static final int TAG = 32;
  private static final String ALGORITHM = "HmacSHA256";

  HmacStage(StageKeys keys) {
    super(keys);
  }

  @Override
  public String name() {
    return "hmac-sha256";
  }

  @Override
  byte[] seal(byte[] key, byte[] header, byte[] place, byte[] bytes)
      throws GeneralSecurityException {
    int from = header.length + TAG;
    byte[] sealed = Arrays.copyOf(header, Math.addExact(from, bytes.length));
    System.arraycopy(bytes, 0, sealed, from, bytes.length);
    System.arraycopy(tag(key, place, bytes, 0), 0, sealed, header.length, TAG);
    return sealed;
  }

  @Override
  byte[] open(byte[] key, byte[] sealed, int from, byte[] place) throws GeneralSecurityException {
    int begin = from + TAG;
    if (sealed.length < begin) {
      throw new GeneralSecurityException("too short");
    }
    byte[] tag = Arrays.copyOfRange(sealed, from, begin);
    if (!MessageDigest.isEqual(tag, tag(key, place, sealed, begin))) {
      throw new GeneralSecurityException("the tags differ");
    }
    return Arrays.copyOfRange(sealed, begin, sealed.length);
  }

  private static byte[] tag(byte[] key, byte[] place, byte[] bytes, int from)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance(ALGORITHM);
    mac.init(new SecretKeySpec(key, ALGORITHM));
    mac.update(place);
    mac.update(bytes, from, bytes.length - from);
    return mac.doFinal();
  }
}
