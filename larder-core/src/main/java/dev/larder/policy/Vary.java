package dev.larder.policy;

import dev.larder.http.Headers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The request fields that a response was selected by (RFC 9110 §12.5.5, RFC 9111 §4.1). Immutable.
 *
 * <p>A member that is not a field name is taken for {@code *}: what it meant is not known, and a
 * response must not be reused for a request it may not be for.
 */
public final class Vary {
  private static final Vary NONE = new Vary(List.of(), false);
  private static final Vary ANY = new Vary(List.of(), true);

  private final List<String> names;
  private final boolean any;

  private Vary(List<String> names, boolean any) {
    this.names = names;
    this.any = any;
  }

  /** The members of all Vary lines. */
  public static Vary of(Headers response) {
    List<String> tokens = FieldValues.tokens(response, "Vary");
    if (tokens.isEmpty()) {
      return NONE;
    }
    List<String> names = new ArrayList<>(tokens.size());
    for (String token : tokens) {
      if (token.equals("*") || !FieldValues.isToken(token)) {
        return ANY;
      }
      names.add(token);
    }
    Collections.sort(names);
    List<String> distinct = new ArrayList<>(names.size());
    for (String name : names) {
      if (distinct.isEmpty() || !distinct.get(distinct.size() - 1).equals(name)) {
        distinct.add(name);
      }
    }
    return new Vary(Collections.unmodifiableList(distinct), false);
  }

  /** Whether no request is known to select the response: {@code *} is a member. */
  public boolean isAny() {
    return any;
  }

  /** Whether every request selects the response. */
  public boolean isEmpty() {
    return !any && names.isEmpty();
  }

  /** The names in lower case, distinct and sorted; none if {@link #isAny}. Unmodifiable. */
  public List<String> names() {
    return names;
  }

  /**
   * A request's selecting value, in a form that is equal for values that select the same (§4.1):
   * lines combined, no white space around commas, and for Accept, Accept-Charset, Accept-Encoding
   * and Accept-Language what their definitions leave open: letter case, order (RFC 9110 §12.5), a
   * weight of 1, zeros at the end of a weight, {@code x-gzip} for {@code gzip}. Cookie lines are
   * combined as RFC 9113 §8.2.3 says; inside of Cookie and Authorization nothing is changed.
   *
   * @return empty if the field is absent, which is a value of its own
   */
  public static Optional<String> value(String name, Headers request) {
    String value = SelectingValue.of(name, request);
    return Optional.ofNullable(value);
  }

  /** Whether two requests select the same response. */
  public boolean matches(Headers storedRequest, Headers request) {
    if (any) {
      return false;
    }
    for (int i = 0; i < names.size(); i++) {
      if (!SelectingValue.same(names.get(i), storedRequest, request)) {
        return false;
      }
    }
    return true;
  }

  /** As a field value. */
  @Override
  public String toString() {
    return any ? "*" : String.join(", ", names);
  }
}
