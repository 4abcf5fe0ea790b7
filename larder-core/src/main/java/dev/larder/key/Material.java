package dev.larder.key;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * What a key is made from: pieces, each preceded by its length, so that no two different sequences
 * of pieces are the same bytes. Not thread-safe.
 */
final class Material {
  private static final MessageDigest SHA_256 = sha256();

  private byte[] bytes = new byte[256];
  private int size;

  void add(int number) {
    reserve(Integer.BYTES);
    putInt(size, number);
    size += Integer.BYTES;
  }

  void add(byte[] piece) {
    add(piece.length);
    reserve(piece.length);
    System.arraycopy(piece, 0, bytes, size, piece.length);
    size += piece.length;
  }

  /**
   * In UTF-8, but that each half of a surrogate pair is encoded by itself: UTF-8 has nothing for a
   * half without its other, and a replacement would make different texts equal.
   */
  void add(String piece) {
    int start = size;
    reserve(Integer.BYTES + encodedLength(piece));
    size += Integer.BYTES;
    for (int i = 0; i < piece.length(); i++) {
      char c = piece.charAt(i);
      if (c < 0x80) {
        bytes[size++] = (byte) c;
      } else if (c < 0x800) {
        bytes[size++] = (byte) (0xC0 | (c >> 6));
        bytes[size++] = (byte) (0x80 | (c & 0x3F));
      } else {
        bytes[size++] = (byte) (0xE0 | (c >> 12));
        bytes[size++] = (byte) (0x80 | (c >> 6 & 0x3F));
        bytes[size++] = (byte) (0x80 | (c & 0x3F));
      }
    }
    putInt(start, size - start - Integer.BYTES);
  }

  private static int encodedLength(String piece) {
    int length = piece.length();
    for (int i = 0; i < piece.length(); i++) {
      char c = piece.charAt(i);
      if (c >= 0x80) {
        length += c < 0x800 ? 1 : 2;
      }
    }
    return length;
  }

  /** The SHA-256 digest of everything added. */
  byte[] digest() {
    MessageDigest digest = fresh();
    digest.update(bytes, 0, size);
    return digest.digest();
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), bytes.length * 2));
    }
  }

  private void putInt(int at, int number) {
    bytes[at] = (byte) (number >> 24);
    bytes[at + 1] = (byte) (number >> 16);
    bytes[at + 2] = (byte) (number >> 8);
    bytes[at + 3] = (byte) number;
  }

  /** A copy costs a third of asking the providers for another. */
  private static MessageDigest fresh() {
    try {
      return (MessageDigest) SHA_256.clone();
    } catch (CloneNotSupportedException e) {
      // A provider of the user's choice: it may not be able to copy.
      return sha256();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
