package dev.larder.dynamodb;

import java.security.SecureRandom;
import java.util.Base64;

/** Random texts that name versions of items, and bodies in parts. Thread-safe. */
final class Versions {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Versions() {}

  /** 96 random bits in 16 characters: every byte of an item is paid for. */
  static String next() {
    byte[] random = new byte[12];
    RANDOM.nextBytes(random);
    return Base64.getUrlEncoder().encodeToString(random);
  }
}
