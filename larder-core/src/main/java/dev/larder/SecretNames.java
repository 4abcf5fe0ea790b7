package dev.larder;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which names belong to secrets. Case does not count, nor do hyphens and underscores: {@code
 * apiKey}, {@code API-KEY} and {@code api_key} are one name. Of a name in parts, as in {@code
 * user[password]} and {@code user.password}, each part counts. Thread-safe.
 */
final class SecretNames {
  /** What secrets are usually called. */
  static final Set<String> USUAL =
      Set.of(
          "authorization",
          "proxy-authorization",
          "auth",
          "auth_token",
          "cookie",
          "x-api-key",
          "x-auth-token",
          "x-api-token",
          "x-access-token",
          "x-csrf-token",
          "x-amz-security-token",
          "access_token",
          "refresh_token",
          "id_token",
          "session_token",
          "private_token",
          "csrf_token",
          "api_token",
          "token",
          "client_secret",
          "api_secret",
          "secret_key",
          "secret",
          "api_key",
          "access_key",
          "private_key",
          "subscription_key",
          "password",
          "passwd",
          "pwd",
          "passphrase",
          "session_id",
          "jsessionid",
          "phpsessid",
          "sid",
          "jwt",
          "assertion",
          "client_assertion",
          "samlresponse",
          "code_verifier",
          "signature",
          "sig",
          "x-goog-signature",
          "x-goog-credential",
          "x-amz-signature",
          "x-amz-credential",
          "awsaccesskeyid");

  /** What a field that carries a credential is commonly called, as a part of its name. */
  private static final List<String> CREDENTIAL_FRAGMENTS =
      List.of(
          "token",
          "secret",
          "password",
          "passwd",
          "passphrase",
          "apikey",
          "subscriptionkey",
          "accesskey",
          "functionskey",
          "session",
          "auth",
          "credential",
          "jwt",
          "ticket",
          "clientcert");

  /** More names than programs use; a limit, as a proxy is sent what names others like. */
  private static final int MAX_REMEMBERED = 512;

  private final Set<String> names = new HashSet<>();
  private final Map<String, Boolean> credentialFields = new ConcurrentHashMap<>();

  SecretNames(Collection<String> names) {
    names.stream().map(SecretNames::plain).filter(name -> !name.isEmpty()).forEach(this.names::add);
  }

  /** Whether a field, parameter or member of this name has a secret as its value. */
  boolean contains(String name) {
    String plain = plain(name);
    if (names.contains(plain)) {
      return true;
    }
    if (plain.indexOf('[') < 0 && plain.indexOf('.') < 0) {
      return false;
    }
    for (String part : plain.split("[\\[\\].]", -1)) {
      if (names.contains(part)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a field of this name may carry a credential: one of the names, or much like one. */
  boolean mayBeCredential(String fieldName) {
    Boolean known = credentialFields.get(fieldName);
    if (known == null) {
      String plain = plain(fieldName);
      known = contains(fieldName) || CREDENTIAL_FRAGMENTS.stream().anyMatch(plain::contains);
      if (credentialFields.size() < MAX_REMEMBERED) {
        credentialFields.put(fieldName, known);
      }
    }
    return known;
  }

  /** Whether one of the names is somewhere in this text. */
  boolean occurIn(String text) {
    String plain = plain(text);
    return names.stream().anyMatch(plain::contains);
  }

  private static String plain(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.indexOf('-') < 0 && lower.indexOf('_') < 0
        ? lower
        : lower.replace("-", "").replace("_", "");
  }
}
