package dev.larder.serial;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * One member of RFC 1952 without optional header fields. Not by way of the JDK's gzip streams,
 * because the trailer tells the size: one array of the right length, instead of one that grows, and
 * a bomb is known before it goes off.
 *
 * <p>The trailer may lie. It is believed only as far as DEFLATE can reach (about 1032 to 1), so a
 * few bytes cannot claim an array of many megabytes; a stream that has more than its trailer says
 * is stopped there.
 */
final class GzipStage implements Stage {
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
  private static final int TRAILER = 8;
  private static final int FLAGS_AT = 3;
  private static final long MAX_RATIO = 1032;

  private final int level;
  private final long maxInflatedSize;

  GzipStage(int level, long maxInflatedSize) {
    if (level < 0 || level > 9) {
      throw new IllegalArgumentException("level must be between 0 and 9, but is " + level);
    }
    if (maxInflatedSize < 1) {
      throw new IllegalArgumentException(
          "maxInflatedSize must be at least 1, but is " + maxInflatedSize);
    }
    this.level = level;
    this.maxInflatedSize = Math.min(maxInflatedSize, Integer.MAX_VALUE - 16);
  }

  @Override
  public String name() {
    return "gzip";
  }

  @Override
  public byte[] encode(byte[] bytes, StageContext context) {
    checkLimit(bytes.length);
    byte[] target = Arrays.copyOf(HEADER, Math.max(64, HEADER.length + TRAILER + bytes.length / 2));
    int end = HEADER.length;
    Deflater deflater = new Deflater(level, true);
    try {
      deflater.setInput(bytes);
      deflater.finish();
      while (!deflater.finished()) {
        if (end == target.length) {
          target = Arrays.copyOf(target, grown(end));
        }
        end += deflater.deflate(target, end, target.length - end);
      }
    } finally {
      deflater.end();
    }
    byte[] encoded = Arrays.copyOf(target, end + TRAILER);
    ByteBuffer.wrap(encoded, end, TRAILER)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(crc(bytes))
        .putInt(bytes.length);
    return encoded;
  }

  private static int grown(int length) {
    return (int) Math.min((long) length + (length >> 1), Integer.MAX_VALUE - TRAILER - 8);
  }

  @Override
  public byte[] decode(byte[] bytes, StageContext context) {
    checkHeader(bytes);
    int end = bytes.length - TRAILER;
    ByteBuffer trailer = ByteBuffer.wrap(bytes, end, TRAILER).order(ByteOrder.LITTLE_ENDIAN);
    int crc = trailer.getInt();
    long length = Integer.toUnsignedLong(trailer.getInt());
    checkLimit(length);
    if (length > MAX_RATIO * (end - HEADER.length)) {
      throw damaged("it says that it inflates to " + length + " bytes, which it is too short for");
    }
    byte[] inflated = inflate(bytes, end, (int) length);
    if (crc(inflated) != crc) {
      throw damaged("the checksum differs");
    }
    return inflated;
  }

  private static byte[] inflate(byte[] bytes, int end, int length) {
    byte[] inflated = new byte[length];
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(bytes, HEADER.length, end - HEADER.length);
      int count = 0;
      while (count < length) {
        int more = inflater.inflate(inflated, count, length - count);
        if (more == 0) {
          throw damaged("it ends after " + count + " of " + length + " bytes");
        }
        count += more;
      }
      // The end mark may not have been read yet; asking for one byte more reads it.
      if (inflater.inflate(new byte[1]) > 0 || !inflater.finished()) {
        throw damaged("it goes on after the " + length + " bytes it says it has");
      }
      if (inflater.getRemaining() > 0) {
        throw damaged("bytes follow its end");
      }
      return inflated;
    } catch (DataFormatException e) {
      throw new SerializationException("gzip data is damaged: " + e.getMessage(), e);
    } finally {
      inflater.end();
    }
  }

  private static void checkHeader(byte[] bytes) {
    if (bytes.length < HEADER.length + TRAILER) {
      throw damaged(bytes.length + " bytes are too short");
    }
    if (!Arrays.equals(bytes, 0, FLAGS_AT, HEADER, 0, FLAGS_AT)) {
      throw new SerializationException(
          "not gzip data: it does not begin with 1f 8b 08; was it written without the gzip stage?");
    }
    if (bytes[FLAGS_AT] != 0) {
      throw new SerializationException(
          "gzip data has optional header fields (flags "
              + bytes[FLAGS_AT]
              + "), which are not read");
    }
  }

  private void checkLimit(long length) {
    if (length > maxInflatedSize) {
      throw new SerializationException(
          "gzip data of "
              + length
              + " bytes inflated is over the limit of "
              + maxInflatedSize
              + "; raise it with Stages.gzip(level, maxInflatedSize) if that is no attack");
    }
  }

  private static int crc(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private static SerializationException damaged(String how) {
    return new SerializationException("gzip data is damaged: " + how);
  }
}
