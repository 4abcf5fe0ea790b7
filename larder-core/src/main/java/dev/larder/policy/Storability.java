package dev.larder.policy;

import dev.larder.http.Headers;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Whether, and what of, a response may be stored (RFC 9111 §3). */
public final class Storability {
  /** About one connection or one client's proxy (RFC 9111 §3.1, RFC 9110 §7.6.1). */
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authentication-info",
          "proxy-authorization");

  /**
   * Not lost to a Connection field or a qualified directive that names them: without them a stored
   * response would be reused where it must not be, or its bytes misread. RFC 9110 §7.6.1 forbids
   * naming fields that are for all recipients.
   */
  private static final Set<String> INDISPENSABLE =
      Set.of(
          "cache-control", "vary", "age", "date", "expires", "content-encoding", "content-range");

  private Storability() {}

  /**
   * Whether a status is cacheable by default (RFC 9110 §15.1; 451: RFC 7725 §3), so that a lifetime
   * may be guessed (RFC 9111 §4.2.2).
   */
  public static boolean isHeuristicallyCacheable(int status) {
    return switch (status) {
      case 200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 451, 501 -> true;
      default -> false;
    };
  }

  /**
   * Whether a final status is one whose requirements on caches are known and met here, as {@code
   * must-understand} asks (RFC 9111 §5.2.2.3). Not 304, which is an answer about a stored response,
   * nor 226 (RFC 3229), nor what is not registered.
   */
  public static boolean isUnderstood(int status) {
    return switch (status) {
      case 200, 201, 202, 203, 204, 205, 206 -> true;
      case 300, 301, 302, 303, 305, 307, 308 -> true;
      case 421, 422, 423, 424, 425, 426, 428, 429, 431, 451 -> true;
      case 506, 507, 508, 511 -> true;
      default -> (status >= 400 && status <= 417) || (status >= 500 && status <= 505);
    };
  }

  /**
   * Whether a response may be stored (RFC 9111 §3). Not: HEAD and methods other than GET and POST;
   * POST without explicit lifetime (and the caller sees to it that its Content-Location is the
   * target, RFC 9110 §9.3.3); interim and unknown codes above 599; 304; 206 other than one range of
   * bytes of a GET; 428, 429, 431 and 511 (RFC 6585); {@code Vary: *}.
   *
   * @param request the request's fields
   * @param control the response's directives
   * @param shared whether it is a shared cache that asks
   */
  public static boolean mayStore(
      String method,
      Headers request,
      int status,
      Headers response,
      CacheControl control,
      boolean shared) {
    return methodAllows(method, status, response, control, shared)
        && statusAllows(status, response)
        && directivesAllow(status, request, control, shared)
        && isMarkedOrCacheable(status, response, control, shared)
        && !Vary.of(response).isAny();
  }

  /**
   * Whether a response to GET must not be stored, whatever the user wants: its status is about
   * something else than the response, or a directive says so.
   */
  static boolean isForbidden(
      Headers request, int status, Headers response, CacheControl control, boolean shared) {
    return !statusAllows(status, response)
        || !directivesAllow(status, request, control, shared)
        || Vary.of(response).isAny();
  }

  /** Whether a response that is not forbidden is marked as one to store, or is by its status. */
  static boolean isPermitted(int status, Headers response, CacheControl control, boolean shared) {
    return isMarkedOrCacheable(status, response, control, shared);
  }

  /**
   * The fields to store (RFC 9111 §3.1): without those about the connection or a proxy, those that
   * Connection names, those that {@code no-cache="..."} names (they may not be reused without
   * validation, §5.2.2.4) and, in a shared cache, those that {@code private="..."} names
   * (§5.2.2.7).
   */
  public static Headers storedFields(Headers response, CacheControl control, boolean shared) {
    Set<String> excluded = excluded(response, control, shared);
    return response.without(field -> excluded.contains(field.name().toLowerCase(Locale.ROOT)));
  }

  /** The names, lower case, of the fields that are not stored. */
  static Set<String> excluded(Headers response, CacheControl control, boolean shared) {
    Set<String> names = new HashSet<>(FieldValues.tokens(response, "Connection"));
    names.addAll(control.fields("no-cache"));
    if (shared) {
      names.addAll(control.fields("private"));
    }
    names.removeAll(INDISPENSABLE);
    names.addAll(HOP_BY_HOP);
    return names;
  }

  private static boolean methodAllows(
      String method, int status, Headers response, CacheControl control, boolean shared) {
    return method.equals("GET")
        || (method.equals("POST")
            && status != 206
            && hasExplicitLifetime(response, control, shared));
  }

  private static boolean statusAllows(int status, Headers response) {
    return switch (status) {
      case 206 -> ContentRange.of(response).isPresent();
      // 412, 416, 417: about what one request asked for, not about the resource.
      case 304, 412, 416, 417, 428, 429, 431, 511 -> false;
      default -> status >= 200 && status <= 599;
    };
  }

  private static boolean directivesAllow(
      int status, Headers request, CacheControl control, boolean shared) {
    if (CacheControl.of(request).has("no-store")) {
      return false;
    }
    // §5.2.2.3: whoever understands must-understand and the status passes over no-store.
    boolean allowed =
        control.has("must-understand") ? isUnderstood(status) : !control.has("no-store");
    boolean forOneUser = shared && control.isUnqualified("private");
    boolean authorized =
        !shared
            || !request.contains("Authorization")
            || control.has("must-revalidate")
            || control.has("public")
            || control.has("s-maxage");
    return allowed && !forOneUser && authorized;
  }

  private static boolean isMarkedOrCacheable(
      int status, Headers response, CacheControl control, boolean shared) {
    return control.has("public")
        || (!shared && control.has("private"))
        || hasExplicitLifetime(response, control, shared)
        || isHeuristicallyCacheable(status);
  }

  private static boolean hasExplicitLifetime(
      Headers response, CacheControl control, boolean shared) {
    return control.has("max-age")
        || (shared && control.has("s-maxage"))
        || (!control.targeted() && response.contains("Expires"));
  }
}
