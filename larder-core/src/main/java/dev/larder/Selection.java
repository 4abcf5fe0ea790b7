package dev.larder;

import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.policy.Vary;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What tells the variants of a URL apart (RFC 9111 §4.1): the values that a request has for some
 * names. A name is that of a request field, or {@link #CREDENTIALS}, which stands for all that
 * tells one user from another.
 *
 * @param request the request whose values they are
 * @param credentials the digest of its credentials; empty if it has none
 */
record Selection(Request request, Optional<String> credentials, CacheSettings settings) {
  /** Not a field name, so no field can be mistaken for it. */
  static final String CREDENTIALS = "@credentials";

  private static final char SEPARATOR = '~';
  private static final int DIGEST_BYTES = 16;

  static Selection of(Request request, CacheSettings settings) {
    return new Selection(request, settings.credentials(request), settings);
  }

  /** The request fields that a response varies by, but for those that the user has ignored. */
  static List<String> names(Headers response, CacheSettings settings) {
    List<String> names = Vary.of(response).names();
    return names.stream().anyMatch(settings::ignoresField)
        ? names.stream().filter(name -> !settings.ignoresField(name)).toList()
        : names;
  }

  /** The names of both, sorted. */
  static List<String> union(Collection<String> names, Collection<String> others) {
    Set<String> union = new TreeSet<>(names);
    union.addAll(others);
    return List.copyOf(union);
  }

  /** Whether a key is one of a variant. */
  static boolean isVariantKey(String key) {
    return key.indexOf(SEPARATOR) >= 0;
  }

  /** The key of the URL that a variant's key is of; the key itself if it is none. */
  static String urlKeyOf(String key) {
    int end = key.lastIndexOf(SEPARATOR);
    return end < 0 ? key : key.substring(0, end);
  }

  /**
   * The key of the variant that this request selects: the URL's and a digest of the values. An
   * absent field has a value of its own, other than the empty one.
   */
  String variantKey(String urlKey, Collection<String> names) {
    MessageDigest digest = sha256();
    for (String name : new TreeSet<>(names)) {
      Optional<String> value = value(name);
      add(digest, name);
      digest.update((byte) (value.isPresent() ? 1 : 0));
      value.ifPresent(text -> add(digest, text));
    }
    byte[] full = digest.digest();
    byte[] part = Arrays.copyOf(full, DIGEST_BYTES);
    return urlKey + SEPARATOR + Base64.getUrlEncoder().withoutPadding().encodeToString(part);
  }

  /**
   * Whether a request with these field lines, as they are stored, selects the same. A secret value
   * is not stored, so it agrees with nothing.
   */
  boolean agrees(Headers other, Collection<String> names) {
    for (String name : names) {
      boolean agrees =
          isSecret(name)
              ? !request.headers().contains(name) && !other.contains(name)
              : Vary.agree(request.headers(), other, name);
      if (!agrees) {
        return false;
      }
    }
    return true;
  }

  /** Whether what this request has for one of these names can be compared by digest only. */
  boolean needsDigest(Collection<String> names) {
    for (String name : names) {
      if (name.equals(CREDENTIALS) || (isSecret(name) && request.headers().contains(name))) {
        return true;
      }
    }
    return false;
  }

  /** A field that carries a credential does so by the digest of all of them. */
  private Optional<String> value(String name) {
    if (name.equals(CREDENTIALS)) {
      return credentials;
    }
    return isSecret(name) && request.headers().contains(name)
        ? credentials
        : Vary.value(name, request.headers());
  }

  /** Whether the value of a field is not stored, so that it can be compared by digest only. */
  private boolean isSecret(String name) {
    return settings.isCredential(name);
  }

  private static void add(MessageDigest digest, String piece) {
    byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
