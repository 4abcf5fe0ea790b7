package dev.larder;

import dev.larder.http.EntryHead;
import dev.larder.http.Request;
import dev.larder.key.CacheKey;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Whether an entry found by the key of a request is an answer to that request.
 *
 * <p>Where the key function vouches for its keys, the full digest decides. Keys that may collide
 * need more. Scenario: requests-cache leaves {@code Authorization} out of its keys, and another
 * program stores Alice's account under the key that Bob's request has too. So method, URL and body
 * have to agree, and the credentials: an entry that Larder wrote has a digest of them, and one that
 * another program wrote is used only if neither side shows any.
 *
 * <p>An entry under a key of the user's choice, and one that an alias led to, is what the user said
 * it is, but for credentials.
 */
final class Agreement {
  private final boolean mayCollide;
  private final boolean shareAcrossCredentials;
  private final CacheSettings settings;
  private final SameRequest sameRequest;

  /** What is secret in URLs and bodies, whatever the user wants to have redacted. */
  private final Redactor secrets = new Redactor(new SecretNames(CacheSettings.DEFAULT_REDACTED));

  Agreement(CacheSettings settings) {
    this.mayCollide = settings.keyFunction().mayCollide();
    this.shareAcrossCredentials = settings.shareAcrossCredentials();
    this.settings = settings;
    this.sameRequest = new SameRequest(new Redactor(settings.secrets()));
  }

  boolean holds(Request asked, CacheKey key, EntryHead found) {
    boolean throughAlias = !found.key().equals(key.value());
    boolean vouchedFor = found.digest().isPresent() && key.digest().isPresent();
    if (!throughAlias && vouchedFor && !found.digest().equals(key.digest())) {
      return false;
    }
    if (!mayCollide) {
      return true;
    }
    return (shareAcrossCredentials || sameCredentials(asked, found))
        && (throughAlias || vouchedFor || sameRequest.test(asked, found.request()));
  }

  /** Whether a variant belongs to the URL of this key. */
  boolean holds(CacheKey key, EntryHead variant) {
    return key.digest().isEmpty()
        || variant.digest().isEmpty()
        || key.digest().equals(variant.digest());
  }

  /** What an entry is to keep of its request's credentials; empty if its key tells them apart. */
  Optional<String> credentialToStore(Request request) {
    return mayCollide ? credential(request) : Optional.empty();
  }

  /** Whether an entry that is to get this key answers the same request as another one does. */
  boolean isSame(EntryHead moving, CacheKey key, EntryHead found) {
    return mayCollide
        ? moving.credential().equals(found.credential())
            && sameRequest.test(moving.request(), found.request())
        : found.digest().equals(key.digest());
  }

  /**
   * Whether an entry is for somebody's credentials, but nothing that it would have under a new key
   * tells whose. Scenario: under a key of requests-cache, which leaves {@code Authorization} out,
   * is Alice's account; under a key of Larder's own, anybody would get it.
   */
  boolean hidesCredentials(EntryHead stored) {
    boolean told =
        mayCollide
            ? shareAcrossCredentials || stored.credential().isPresent()
            : stored.digest().isPresent();
    return !told && (stored.credential().isPresent() || credential(stored.request()).isPresent());
  }

  private boolean sameCredentials(Request asked, EntryHead found) {
    // Another program's item has no digest; what it left of the credentials, be it only their
    // place, shows that there were some.
    Optional<String> stored = found.credential().or(() -> credential(found.request()));
    return credential(asked).equals(stored);
  }

  /** A digest of everything secret in a request; empty if there is nothing. */
  private Optional<String> credential(Request request) {
    Credentials credentials = settings.credentials();
    ByteArrayOutputStream material = credentials.material(request);
    String url = request.uri().toString();
    if (!secrets.redactUrl(url).equals(url)) {
      Credentials.add(material, "url:");
      Credentials.add(material, SameRequest.normalUrl(request.uri()));
    }
    if (request.body().length() != 0) {
      byte[] body = request.body().bytes();
      if (!Arrays.equals(secrets.redact(request).body().bytes(), body)) {
        Credentials.add(material, "body:");
        material.writeBytes(body);
      }
    }
    return credentials.digest(material);
  }
}
