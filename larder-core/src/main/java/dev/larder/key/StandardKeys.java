package dev.larder.key;

import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Larder's own keys: the first 128 bits of a SHA-256 digest, as 32 hexadecimal digits.
 *
 * <p>What is digested is unambiguous: every piece is preceded by its length, so that no two
 * different requests have the same material. The pieces are a version, the method, the {@linkplain
 * UriNormalizer normalised} URI with its user information, the body, and the matched fields with
 * all their values in order; an absent field is different from an empty one.
 */
final class StandardKeys implements KeyFunction {
  static final StandardKeys INSTANCE = new StandardKeys(List.of());
  private static final String VERSION = "larder-key-1";
  private static final int KEY_BYTES = 16;

  private final Set<String> ignored;

  StandardKeys(Collection<String> ignoredParameters) {
    this.ignored = Set.copyOf(ignoredParameters);
  }

  @Override
  public CacheKey create(Request request, Collection<String> matchHeaders) {
    MessageDigest digest = sha256();
    add(digest, VERSION);
    add(digest, request.method());
    add(digest, UriNormalizer.normalize(request.uri()));
    byte[] body = request.body().bytes();
    add(digest, body);
    if (!matchHeaders.isEmpty()) {
      addFields(digest, request.headers(), matchHeaders);
    }
    byte[] full = digest.digest();
    return new CacheKey(
        HexFormat.of().formatHex(full, 0, KEY_BYTES),
        Optional.of(Base64.getUrlEncoder().withoutPadding().encodeToString(full)));
  }

  private static void addFields(MessageDigest digest, Headers headers, Collection<String> names) {
    TreeSet<String> lowerNames = new TreeSet<>();
    names.forEach(name -> lowerNames.add(name.toLowerCase(Locale.ROOT)));
    for (String name : lowerNames) {
      add(digest, name);
      var values = headers.all(name);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(values.size()).array());
      values.forEach(value -> add(digest, value));
    }
  }

  private static void add(MessageDigest digest, String piece) {
    add(digest, piece.getBytes(StandardCharsets.UTF_8));
  }

  private static void add(MessageDigest digest, byte[] piece) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(piece.length).array());
    digest.update(piece);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
