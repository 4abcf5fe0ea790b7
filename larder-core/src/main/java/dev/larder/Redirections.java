package dev.larder;

import dev.larder.http.EntryHead;
import dev.larder.http.Headers;
import dev.larder.http.Redirect;
import dev.larder.http.Request;
import dev.larder.http.Response;
import dev.larder.key.CacheKey;
import dev.larder.storage.EntryTooLargeException;
import dev.larder.storage.Precondition;
import dev.larder.storage.ResponseStorage;
import java.util.List;

/**
 * Makes the requests of a chain of redirects lead to the response at its end: by aliases, or, for
 * the first of them, by an entry of its own where the storage has entries that tell of redirects.
 */
final class Redirections {
  private final HttpCache cache;
  private final Redactor redactor;
  private final Agreement agreement;

  Redirections(HttpCache cache, Redactor redactor, Agreement agreement) {
    this.cache = cache;
    this.redactor = redactor;
    this.agreement = agreement;
  }

  /** Stores what leads to an entry that was just stored, in the same storage. */
  void store(
      ResponseStorage storage, EntryHead target, Response response, Precondition precondition) {
    List<Redirect> redirects = response.redirects();
    for (int i = 0; i < redirects.size(); i++) {
      Request redirected = redirects.get(i).request();
      String key = cache.createKey(redirected);
      boolean ownEntry = i == 0 && storeEntry(storage, redirected, target, response, precondition);
      if (!ownEntry && !key.equals(target.key())) {
        storage.put(cache.alias(key, target.key()), precondition);
      }
    }
  }

  private boolean storeEntry(
      ResponseStorage storage,
      Request first,
      EntryHead target,
      Response response,
      Precondition precondition) {
    CacheSettings settings = cache.settings();
    CacheKey key = settings.keyFunction().create(first, settings.matchHeaders());
    if (key.value().equals(target.key())) {
      return false;
    }
    EntryHead head =
        target.toBuilder()
            .key(key.value())
            .digest(key.digest())
            .request(redactor.redact(first))
            .credential(agreement.credentialToStore(first))
            .build();
    List<Redirect> redacted = response.redirects().stream().map(this::redacted).toList();
    try {
      return storage
          .writeRedirected(head, response.body(), target.request(), redacted, precondition)
          .isPresent();
    } catch (EntryTooLargeException e) {
      // The chain makes the entry longer; an alias is always short enough.
      return false;
    }
  }

  private Redirect redacted(Redirect redirect) {
    Response response = redirect.response();
    Response.Builder redacted = Response.builder().status(response.status()).body(response.body());
    for (Headers.Field field : redactor.redact(response.headers()).fields()) {
      // Nobody follows it any more.
      boolean target = field.named("Location");
      redacted.header(field.name(), target ? redactor.redactUrl(field.value()) : field.value());
    }
    return new Redirect(redactor.redact(redirect.request()), redacted.build());
  }
}
