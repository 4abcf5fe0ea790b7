package dev.larder.jdk;

import dev.larder.CacheSettings;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryHead;
import dev.larder.http.Expiration;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.policy.CacheControl;
import dev.larder.policy.Freshness;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What {@link CachingHttpClient} may look up, serve and store: pure decisions. Where RFC 9111
 * leaves room, or a case needs what this client does not do yet, the answer is no.
 */
final class Cacheability {
  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

  /** Directives of requests that do not ask for more than plain freshness. */
  private static final Set<String> HARMLESS_DIRECTIVES = Set.of("max-stale", "only-if-cached");

  /**
   * Fields that the JDK's client sends by itself. If the caller did not set one, its value is not
   * known here, and it may differ between two processes that share a cache.
   */
  private static final Set<String> SENT_UNSEEN =
      Set.of("user-agent", "connection", "upgrade", "http2-settings", "content-length", "host");

  private final CacheSettings settings;

  Cacheability(CacheSettings settings) {
    this.settings = settings;
  }

  /** Why a request is forwarded without a look-up; empty if it is to be looked up. */
  Optional<CacheStatus> obstacle(HttpRequest request) {
    if (!request.method().equals("GET")) {
      return Optional.of(CacheStatus.METHOD);
    }
    Headers headers = Headers.copyOf(request.headers().map());
    boolean hasBody = request.bodyPublisher().filter(body -> body.contentLength() != 0).isPresent();
    if (hasBody || headers.fields().stream().anyMatch(this::passesThrough)) {
      return Optional.of(CacheStatus.BYPASS);
    }
    CacheControl cacheControl = CacheControl.of(headers);
    boolean noCache = !headers.contains("Cache-Control") && headers.contains("Pragma");
    return noCache || !HARMLESS_DIRECTIVES.containsAll(cacheControl.names())
        ? Optional.of(CacheStatus.REQUEST)
        : Optional.empty();
  }

  /** Whether the origin must not be asked (RFC 9111 §5.2.1.7). */
  boolean onlyIfCached(HttpRequest request) {
    return CacheControl.of(Headers.copyOf(request.headers().map())).has("only-if-cached");
  }

  /** Credentials, and a caller's own conditions and ranges. */
  private boolean passesThrough(Headers.Field field) {
    String name = field.name().toLowerCase(Locale.ROOT);
    return settings.isCredential(name) || name.equals("range") || name.startsWith("if-");
  }

  /** Whether a method is not known to be safe (RFC 9111 §4.4). */
  static boolean invalidates(String method, int status) {
    return !SAFE_METHODS.contains(method) && status >= 200 && status < 400;
  }

  /** Why a stored response does not answer this request; empty if it does. */
  Optional<CacheStatus> mismatch(CachedResponse stored, Request request, Instant now) {
    EntryHead head = stored.head();
    CacheControl cacheControl = CacheControl.of(head.headers());
    boolean needsValidation =
        !head.explicit() && (cacheControl.has("no-cache") || cacheControl.has("no-store"));
    boolean forOthers =
        head.credential().isPresent()
            || head.request().headers().fields().stream()
                .anyMatch(field -> settings.isCredential(field.name()));
    boolean otherMethod = !head.method().equals(request.method());
    if (otherMethod
        || head.status() != 200
        || head.range().isPresent()
        || needsValidation
        || forOthers) {
      return Optional.of(CacheStatus.MISS);
    }
    if (!varyAgrees(head.headers(), head.request(), request)) {
      return Optional.of(CacheStatus.VARY_MISS);
    }
    return head.isExpired(now) ? Optional.of(CacheStatus.STALE) : Optional.empty();
  }

  /**
   * Whether to store a response to a request that was looked up (RFC 9111 §3).
   *
   * @param publicOnly whether the connection may have carried credentials that cannot be seen here
   */
  boolean storable(
      Request request,
      int status,
      Headers headers,
      Instant requested,
      Instant responded,
      boolean publicOnly) {
    CacheControl cacheControl = CacheControl.of(headers);
    boolean forbidden =
        cacheControl.has("no-store")
            || cacheControl.argument("private").isPresent()
            || (publicOnly && !cacheControl.has("public"));
    if (status != 200 || forbidden || headers.contains("Content-Range")) {
      return false;
    }
    Optional<Instant> expires = Freshness.expires(headers, requested, responded);
    if (headers.contains("Set-Cookie") && expires.isEmpty()) {
      return false;
    }
    boolean wanted =
        settings.expireAfter().isPresent()
            ? !settings.expireAfter().map(Expiration::isDoNotCache).get()
            : !cacheControl.has("no-cache") && expires.filter(responded::isBefore).isPresent();
    return wanted && varyAgrees(headers, request, request);
  }

  /** When a response stored at {@code now} expires; empty if never. */
  Optional<Instant> expires(Headers headers, Instant requested, Instant responded, Instant now) {
    return settings.expireAfter().isPresent()
        ? settings.expireAfter().get().from(now)
        : Freshness.expires(headers, requested, responded);
  }

  /** Whether two requests select the same response (RFC 9111 §4.1). */
  private static boolean varyAgrees(Headers response, Request stored, Request current) {
    for (String name : listed(response, "Vary")) {
      Optional<String> value = current.headers().combined(name);
      boolean unseen = value.isEmpty() && SENT_UNSEEN.contains(name);
      if (name.equals("*") || unseen || !value.equals(stored.headers().combined(name))) {
        return false;
      }
    }
    return true;
  }

  /** The field lines to store: those that are about this connection stay out (RFC 9111 §3.1). */
  static Headers endToEnd(Headers headers) {
    Set<String> named = Set.copyOf(listed(headers, "Connection"));
    return headers.without(field -> isHopByHop(field.name().toLowerCase(Locale.ROOT), named));
  }

  /** The members of a field that lists names, in lower case. */
  private static List<String> listed(Headers headers, String field) {
    return Arrays.stream(headers.combined(field).orElse("").split(",", -1))
        .map(name -> name.trim().toLowerCase(Locale.ROOT))
        .filter(name -> !name.isEmpty())
        .toList();
  }

  private static boolean isHopByHop(String name, Set<String> namedByConnection) {
    return switch (name) {
      case "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade" -> true;
      default -> name.startsWith("proxy-") || namedByConnection.contains(name);
    };
  }
}
