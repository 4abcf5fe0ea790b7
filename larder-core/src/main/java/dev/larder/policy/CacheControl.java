package dev.larder.policy;

import dev.larder.http.Headers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The Cache-Control field of a request or response (RFC 9111 §5.2), or a targeted field in its
 * place (RFC 9213): directives by name, names without regard to case. Immutable. Reading never
 * fails: what is not a directive is passed over.
 *
 * <p>Of a directive that is there more than once the first counts (§4.2.1), but see {@link
 * #fields}. A list inside a quoted argument is not split. {@link #toString} is a field value that
 * reads as the same directives.
 */
public final class CacheControl {
  /** The longest time that is told apart (RFC 9111 §1.2.2: at least 2^31 seconds). */
  static final long MAX_SECONDS = 1L << 31;

  /** Names that need not be made lower case anew for every response. */
  private static final String[] USUAL = {
    "max-age",
    "public",
    "private",
    "no-cache",
    "no-store",
    "s-maxage",
    "immutable",
    "no-transform",
    "must-revalidate",
    "proxy-revalidate",
    "must-understand",
    "stale-if-error",
    "stale-while-revalidate",
    "max-stale",
    "min-fresh",
    "only-if-cached",
  };

  private static final Set<String> TIMES =
      Set.of("max-age", "s-maxage", "stale-while-revalidate", "stale-if-error");

  private static final CacheControl NONE = new CacheControl(List.of(), false);

  /** One directive; the argument unquoted. */
  private record Directive(String name, @Nullable String argument) {}

  private final List<Directive> directives;
  private final boolean targeted;

  private CacheControl(List<Directive> directives, boolean targeted) {
    this.directives = directives;
    this.targeted = targeted;
  }

  /** The directives of all Cache-Control lines. */
  public static CacheControl of(Headers headers) {
    List<Directive> directives = List.of();
    for (Headers.Field field : headers.fields()) {
      if (field.named("Cache-Control")) {
        directives = directives.isEmpty() ? new ArrayList<>(4) : directives;
        read(field.value(), directives);
      }
    }
    return directives.isEmpty() ? NONE : new CacheControl(directives, false);
  }

  /**
   * The directives of the first targeted field that is there and valid, else of Cache-Control (RFC
   * 9213 §2.2). A targeted field is valid if it is a dictionary of RFC 8941 with at least one
   * member; of equal names the last counts there.
   *
   * @param targetedFields names such as {@code CDN-Cache-Control}, the most specific first
   */
  public static CacheControl of(Headers response, List<String> targetedFields) {
    for (String name : targetedFields) {
      Optional<String> value = response.combined(name);
      if (value.isPresent()) {
        Optional<List<StructuredDictionary.Member>> members =
            StructuredDictionary.parse(value.get());
        if (members.isPresent() && !members.get().isEmpty()) {
          return new CacheControl(directives(members.get()), true);
        }
      }
    }
    return of(response);
  }

  /**
   * Whether these are the directives of a targeted field; Expires and Pragma do not count beside
   * them (RFC 9213 §2.2).
   */
  public boolean targeted() {
    return targeted;
  }

  /** Whether the directive is there, with or without an argument. */
  public boolean has(String name) {
    return find(name) != null;
  }

  /** The names of all directives, lower case. Unmodifiable. */
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (Directive directive : directives) {
      names.add(directive.name());
    }
    return Collections.unmodifiableSet(names);
  }

  /** The directive's argument, unquoted; empty if there is no such directive or it has none. */
  public Optional<String> argument(String name) {
    Directive directive = find(name);
    return directive == null ? Optional.empty() : Optional.ofNullable(directive.argument());
  }

  /**
   * The directive's argument as a time. Empty if there is no such directive. Zero if the argument
   * is missing or not a number without sign (§4.2.1: invalid freshness information counts as
   * stale); at most 2^31 seconds.
   */
  public Optional<Duration> seconds(String name) {
    long seconds = secondsOrNone(name);
    return seconds < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
  }

  /** As {@link #seconds}; -1 if there is no such directive. */
  long secondsOrNone(String name) {
    Directive directive = find(name);
    if (directive == null) {
      return -1;
    }
    String argument = directive.argument();
    return argument == null
        ? 0
        : Math.max(0, FieldValues.number(argument, 0, argument.length(), MAX_SECONDS));
  }

  /**
   * The field names in the qualified form of {@code no-cache} or {@code private} (§5.2.2.4,
   * §5.2.2.7), lower case: of all directives of this name together. Empty if there is none, or one
   * of them has no argument or one that is not a list of field names; such a directive is about the
   * whole response, and the strictest counts (§4.2.1). Unmodifiable.
   */
  public Set<String> fields(String name) {
    Set<String> fields = Set.of();
    for (Directive directive : directives) {
      if (directive.name().equals(name)) {
        fields = fields.isEmpty() ? new LinkedHashSet<>() : fields;
        if (!addFieldNames(directive.argument(), fields)) {
          return Set.of();
        }
      }
    }
    return Collections.unmodifiableSet(fields);
  }

  /** Whether the directive is there and about the whole response, not only about some fields. */
  public boolean isUnqualified(String name) {
    return has(name) && fields(name).isEmpty();
  }

  /** As a field value. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Directive directive : directives) {
      text.append(text.length() == 0 ? "" : ", ").append(directive.name());
      String argument = directive.argument();
      if (argument != null) {
        text.append('=')
            .append(FieldValues.isToken(argument) ? argument : FieldValues.quote(argument));
      }
    }
    return text.toString();
  }

  private @Nullable Directive find(String name) {
    for (int i = 0; i < directives.size(); i++) {
      if (directives.get(i).name().equals(name)) {
        return directives.get(i);
      }
    }
    return null;
  }

  /** Whether the argument is a list of field names. */
  private static boolean addFieldNames(@Nullable String argument, Set<String> names) {
    if (argument == null) {
      return false;
    }
    ListCursor cursor = new ListCursor(argument);
    boolean any = false;
    while (cursor.next()) {
      if (!FieldValues.isToken(argument, cursor.start(), cursor.end())) {
        return false;
      }
      names.add(cursor.member().toLowerCase(Locale.ROOT));
      any = true;
    }
    return any;
  }

  private static void read(String value, List<Directive> directives) {
    ListCursor cursor = new ListCursor(value);
    while (cursor.next()) {
      int equals = cursor.start();
      while (equals < cursor.end() && value.charAt(equals) != '=') {
        equals++;
      }
      boolean hasArgument = equals < cursor.end();
      int endOfName = equals;
      while (endOfName > cursor.start() && ListCursor.isBlank(value.charAt(endOfName - 1))) {
        endOfName--;
      }
      if (FieldValues.isToken(value, cursor.start(), endOfName)) {
        directives.add(
            new Directive(
                name(value, cursor.start(), endOfName),
                hasArgument
                    ? FieldValues.unquote(value.substring(equals + 1, cursor.end()).trim())
                    : null));
      }
    }
  }

  private static String name(String value, int start, int end) {
    int length = end - start;
    for (String usual : USUAL) {
      if (usual.length() == length && value.regionMatches(true, start, usual, 0, length)) {
        return usual;
      }
    }
    return value.substring(start, end).toLowerCase(Locale.ROOT);
  }

  private static List<Directive> directives(List<StructuredDictionary.Member> members) {
    List<Directive> directives = new ArrayList<>(members.size());
    for (StructuredDictionary.Member member : members) {
      boolean numberExpected =
          TIMES.contains(member.name()) && member.kind() != StructuredDictionary.Kind.INTEGER;
      switch (member.kind()) {
        case FALSE -> {}
        case TRUE -> directives.add(new Directive(member.name(), null));
        default ->
            // A time of another type, such as max-age="60", is there but not valid.
            directives.add(new Directive(member.name(), numberExpected ? "" : member.text()));
      }
    }
    return directives;
  }
}
