package dev.larder.key;

import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Larder's own keys: the first 128 bits of a SHA-256 digest, as 32 hexadecimal digits.
 *
 * <p>What is digested is unambiguous: every piece is preceded by its length, so that no two
 * different requests have the same {@linkplain Material material}. The pieces are a version, the
 * method, the {@linkplain UriNormalizer normalised} URI with its user information, the {@linkplain
 * RequestBody body}, and the matched fields with all their values in order; an absent field is
 * different from an empty one.
 */
final class StandardKeys implements KeyFunction {
  static final StandardKeys INSTANCE = new StandardKeys(List.of());
  private static final String VERSION = "larder-key-2";
  private static final int KEY_BYTES = 16;
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  private final Set<String> ignored;
  private final Set<String> ignoredFields;

  StandardKeys(Collection<String> ignoredParameters) {
    this.ignored = Set.copyOf(ignoredParameters);
    this.ignoredFields = ignored.stream().map(StandardKeys::lower).collect(Collectors.toSet());
  }

  @Override
  public CacheKey create(Request request, Collection<String> matchHeaders) {
    Material material = new Material();
    material.add(VERSION);
    material.add(request.method());
    material.add(withoutIgnored(UriNormalizer.normalize(request.uri())));
    RequestBody.add(material, request, ignored);
    if (!matchHeaders.isEmpty()) {
      addFields(material, request.headers(), matchHeaders);
    }
    byte[] full = material.digest();
    return new CacheKey(
        hex(full), Optional.of(Base64.getUrlEncoder().withoutPadding().encodeToString(full)));
  }

  private String withoutIgnored(String uri) {
    int query = ignored.isEmpty() ? -1 : uri.indexOf('?');
    if (query < 0) {
      return uri;
    }
    String all = uri.substring(query + 1);
    String kept = FormText.without(all, ignored);
    return kept.isEmpty() && !all.isEmpty()
        ? uri.substring(0, query)
        : uri.substring(0, query + 1) + kept;
  }

  private void addFields(Material material, Headers headers, Collection<String> names) {
    TreeSet<String> lowerNames = new TreeSet<>();
    names.forEach(name -> lowerNames.add(lower(name)));
    lowerNames.removeAll(ignoredFields);
    for (String name : lowerNames) {
      material.add(name);
      List<String> values = headers.all(name);
      material.add(values.size());
      values.forEach(material::add);
    }
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static String hex(byte[] digest) {
    byte[] digits = new byte[2 * KEY_BYTES];
    for (int i = 0; i < KEY_BYTES; i++) {
      digits[2 * i] = HEX[digest[i] >> 4 & 15];
      digits[2 * i + 1] = HEX[digest[i] & 15];
    }
    return new String(digits, StandardCharsets.ISO_8859_1);
  }
}
