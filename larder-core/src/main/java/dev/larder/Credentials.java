package dev.larder;

import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Digests of the credentials that a request carries in its fields: SHA-256, or HMAC-SHA-256 if
 * there is a secret, so that whoever reads the table cannot try passwords on what is there.
 */
final class Credentials {
  private static final String HMAC = "HmacSHA256";

  private final CacheSettings settings;
  private final Optional<SecretKeySpec> secret;

  Credentials(CacheSettings settings, Optional<byte[]> secret) {
    this.settings = settings;
    this.secret = secret.map(key -> new SecretKeySpec(key, HMAC));
  }

  Optional<String> of(Request request) {
    return digest(material(request));
  }

  /**
   * What the digest is made of: whom the request is made for, if the settings tell that, or else
   * the fields that carry credentials. Empty if there is neither. More can be {@linkplain #add
   * added}.
   */
  ByteArrayOutputStream material(Request request) {
    ByteArrayOutputStream material = new ByteArrayOutputStream(0);
    Optional<String> principal = settings.principal(request);
    if (principal.isPresent()) {
      // A colon, which no field name has, tells these pieces from fields.
      add(material, "principal:");
      add(material, principal.get());
      return material;
    }
    List<Headers.Field> fields = request.headers().fields();
    for (int i = 0; i < fields.size(); i++) {
      if (isCredential(fields.get(i).name())) {
        addFields(material, fields);
        break;
      }
    }
    return material;
  }

  /** Sorted by name, as their order among each other means nothing; values stay in theirs. */
  private void addFields(ByteArrayOutputStream material, List<Headers.Field> fields) {
    fields.stream()
        .filter(field -> isCredential(field.name()))
        .sorted(Comparator.comparing((Headers.Field field) -> lower(field.name())))
        .forEach(
            field -> {
              add(material, lower(field.name()));
              add(material, field.value());
            });
  }

  private boolean isCredential(String name) {
    return settings.isCredential(name) && !settings.ignoresField(name);
  }

  /** One more piece, preceded by its length. */
  static void add(ByteArrayOutputStream material, String piece) {
    byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
    material.writeBytes((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    material.writeBytes(bytes);
  }

  /** 256 bits in base64url; empty if there is nothing to digest. */
  Optional<String> digest(ByteArrayOutputStream material) {
    return material.size() == 0
        ? Optional.empty()
        : Optional.of(
            Base64.getUrlEncoder().withoutPadding().encodeToString(digest(material.toByteArray())));
  }

  private byte[] digest(byte[] material) {
    try {
      if (secret.isEmpty()) {
        return MessageDigest.getInstance("SHA-256").digest(material);
      }
      Mac mac = Mac.getInstance(HMAC);
      mac.init(secret.get());
      return mac.doFinal(material);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has SHA-256 and HMAC with it", e);
    }
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
