package dev.larder;

import dev.larder.http.Request;
import dev.larder.key.CacheKey;
import dev.larder.key.KeyFunction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Keys in which the fields that override the method take part, wherever there are some. The method
 * itself still does, too: whether the origin obeys the fields is not known.
 *
 * <p>Keys that may collide stay as they are, since another program has to make the same: there the
 * fields are compared with those of the stored request.
 */
record MethodOverride(KeyFunction keys) implements KeyFunction {
  private static final List<String> FIELDS =
      List.of("x-http-method-override", "x-http-method", "x-method-override");

  @Override
  public CacheKey create(Request request, Collection<String> matchHeaders) {
    if (keys.mayCollide() || FIELDS.stream().noneMatch(request.headers()::contains)) {
      return keys.create(request, matchHeaders);
    }
    List<String> matched = new ArrayList<>(matchHeaders);
    matched.addAll(FIELDS);
    return keys.create(request, matched);
  }

  @Override
  public Optional<CacheKey> createVariant(
      Request request, String vary, Collection<String> matchHeaders) {
    return keys.createVariant(request, vary, matchHeaders);
  }

  @Override
  public boolean mayCollide() {
    return keys.mayCollide();
  }

  /** What the fields say; empty if there are none. */
  static List<List<String>> fieldsOf(Request request) {
    return FIELDS.stream().map(request.headers()::all).toList();
  }

  /** The method that the first such field names, or the request's own. */
  static String methodOf(Request request) {
    return FIELDS.stream()
        .flatMap(name -> request.headers().first(name).stream())
        .findFirst()
        .flatMap(MethodOverride::method)
        .orElse(request.method());
  }

  private static Optional<String> method(String name) {
    try {
      return Optional.of(Checks.method(name));
    } catch (IllegalArgumentException e) {
      // No method: origins cannot obey it.
      return Optional.empty();
    }
  }
}
