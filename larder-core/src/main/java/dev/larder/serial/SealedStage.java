package dev.larder.serial;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/**
 * What encryption and signing have in common: a header that names the key, and the place as part of
 * what is vouched for.
 *
 * <p>Layout: one byte 1 (the format), one byte with the length of the id, the id, and what the
 * subclass makes. Vouched for besides: the header, the stage's name, and the place, each text
 * behind its length, so that no two places look alike.
 */
abstract class SealedStage implements Stage {
  private static final byte FORMAT = 1;

  private final StageKeys keys;

  SealedStage(StageKeys keys) {
    this.keys = keys;
  }

  @Override
  public final boolean authenticates() {
    return true;
  }

  /** Seals bytes; {@code place} is vouched for and not stored. */
  abstract byte[] seal(byte[] key, byte[] header, byte[] place, byte[] bytes)
      throws GeneralSecurityException;

  /** Undoes {@link #seal}; {@code from} is where the header ends. */
  abstract byte[] open(byte[] key, byte[] sealed, int from, byte[] place)
      throws GeneralSecurityException;

  @Override
  public final byte[] encode(byte[] bytes, StageContext context) {
    byte[] id = StageKeys.idBytes(keys.currentId());
    byte[] header =
        ByteBuffer.allocate(2 + id.length).put(FORMAT).put((byte) id.length).put(id).array();
    try {
      return seal(keys.key(keys.currentId()).orElseThrow(), header, place(header, context), bytes);
    } catch (GeneralSecurityException e) {
      throw new SerializationException(name() + " failed: " + e.getMessage(), e);
    }
  }

  @Override
  public final byte[] decode(byte[] bytes, StageContext context) {
    if (bytes.length < 2 || bytes[0] != FORMAT || bytes.length < 2 + Byte.toUnsignedInt(bytes[1])) {
      throw new SerializationException("not what stage \"" + name() + "\" writes");
    }
    int from = 2 + Byte.toUnsignedInt(bytes[1]);
    String id = new String(bytes, 2, from - 2, StandardCharsets.ISO_8859_1);
    byte[] key =
        keys.key(id)
            .orElseThrow(
                () ->
                    new SerializationException(
                        "stage \""
                            + name()
                            + "\" is not given the key this was written with, \""
                            + id
                            + "\"; add it with StageKeys.withOlder"));
    byte[] header = Arrays.copyOf(bytes, from);
    try {
      return open(key, bytes, from, place(header, context));
    } catch (GeneralSecurityException e) {
      throw new SerializationException(
          "stage \""
              + name()
              + "\" does not vouch for it: another key under the id \""
              + id
              + "\", bytes that were changed, or moved from another place",
          e);
    }
  }

  private byte[] place(byte[] header, StageContext context) {
    byte[] name = name().getBytes(StandardCharsets.UTF_8);
    byte[] key = context.key().getBytes(StandardCharsets.UTF_8);
    byte[] version = context.version().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(
            5 * Integer.BYTES + header.length + name.length + key.length + version.length)
        .putInt(header.length)
        .put(header)
        .putInt(name.length)
        .put(name)
        .putInt(key.length)
        .put(key)
        .putInt(version.length)
        .put(version)
        .putInt(context.part())
        .array();
  }
}
