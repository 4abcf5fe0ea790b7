package dev.larder.dynamodb;

import static dev.larder.dynamodb.Attributes.INVALIDATED_AT;
import static dev.larder.dynamodb.Attributes.KEY;
import static dev.larder.dynamodb.Attributes.KIND;
import static dev.larder.dynamodb.Attributes.KIND_ENTRY;
import static dev.larder.dynamodb.Attributes.KIND_MAP;
import static dev.larder.dynamodb.Attributes.KIND_TOMBSTONE;
import static dev.larder.dynamodb.Attributes.REQUESTED;
import static dev.larder.dynamodb.Attributes.VERSION;

import dev.larder.http.EntryFilter;
import dev.larder.storage.Precondition;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Preconditions and filters in DynamoDB's expression language. */
final class Conditions {
  /** DynamoDB takes expressions of up to 4 KB; a longer filter is left to the test in memory. */
  private static final int MAX_FILTER = 2_000;

  private static final int MAX_PARTS = 100;

  private Conditions() {}

  /**
   * The condition of a write; an empty text for none. Items past their time to live count as
   * absent.
   */
  static String of(Precondition precondition, Expression expression, Instant now) {
    if (precondition instanceof Precondition.Absent) {
      return gone(expression, now) + " OR " + expression.equal(KIND, KIND_TOMBSTONE);
    }
    if (precondition instanceof Precondition.EntryPresent) {
      return present(expression, now) + " AND (" + isEntry(expression) + ")";
    }
    if (precondition instanceof Precondition.Version version) {
      return PythonVersion.isOne(version.version())
          ? new PythonVersion(version.version()).condition(expression, now)
          : expression.equal(VERSION, version.version()) + " AND " + expression.alive(now);
    }
    if (precondition instanceof Precondition.NewerThanStored newer) {
      return gone(expression, now)
          + " OR ("
          + earlier(REQUESTED, newer.requested(), expression)
          + " AND "
          + earlier(INVALIDATED_AT, newer.requested(), expression)
          + ")";
    }
    return "";
  }

  /** There is something, and its time to live is not over. */
  static String present(Expression expression, Instant now) {
    return expression.exists(KEY) + " AND " + expression.alive(now);
  }

  /** It is an entry of ours, or an item of another program's. */
  static String isEntry(Expression expression) {
    return expression.missing(KIND) + " OR " + expression.equal(KIND, KIND_ENTRY);
  }

  /**
   * Whether the filter looks for entries that cannot be decoded, rather than only leaving them out.
   */
  static boolean asksForInvalid(EntryFilter filter) {
    if (filter instanceof EntryFilter.And and) {
      return asksForInvalid(and.left()) || asksForInvalid(and.right());
    }
    if (filter instanceof EntryFilter.Or or) {
      return asksForInvalid(or.left()) || asksForInvalid(or.right());
    }
    return filter instanceof EntryFilter.Invalid;
  }

  /** It is not a map's, which has nothing to do with a cache on the same table. */
  static String isNoMap(Expression expression) {
    return expression.missing(KIND)
        + " OR "
        + expression.name(KIND)
        + " <> "
        + expression.value(KIND_MAP);
  }

  private static String gone(Expression expression, Instant now) {
    return expression.missing(KEY) + " OR NOT (" + expression.alive(now) + ")";
  }

  /** It was requested then or before. */
  static String requestedBy(Instant time, Expression expression) {
    return compared(REQUESTED, " <= ", time, expression);
  }

  private static String earlier(String attribute, Instant time, Expression expression) {
    return compared(attribute, " < ", time, expression);
  }

  private static String compared(
      String attribute, String comparison, Instant time, Expression expression) {
    return "("
        + expression.missing(attribute)
        + " OR "
        + expression.name(attribute)
        + comparison
        + expression.value(Attributes.instant(time))
        + ")";
  }

  /**
   * A condition that holds for every entry the filter matches, and for as few others as can be told
   * from attributes; empty if that is every entry. Entries of other programs and those written with
   * a serializer have none of the attributes, so they always pass. Negations pass everything: an
   * item that cannot be decoded matches them whatever its attributes say.
   */
  static Optional<String> weaker(EntryFilter filter, Expression expression, Instant now) {
    if (isLarge(filter)) {
      return Optional.empty();
    }
    Optional<String> measured = weakerUnchecked(filter, new Expression(), now);
    return measured.isEmpty() || measured.get().length() > MAX_FILTER
        ? Optional.empty()
        : weakerUnchecked(filter, expression, now)
            .map(
                condition ->
                    "("
                        + expression.missing(KIND)
                        + " OR "
                        + expression.missing(Attributes.URL)
                        + " OR "
                        + condition
                        + ")");
  }

  /**
   * Whether a filter has too many parts for an expression; found without recursion, however deep it
   * is.
   */
  private static boolean isLarge(EntryFilter filter) {
    Deque<EntryFilter> left = new ArrayDeque<>(List.of(filter));
    for (int parts = 1; !left.isEmpty(); parts++) {
      if (parts > MAX_PARTS) {
        return true;
      }
      EntryFilter next = left.pop();
      if (next instanceof EntryFilter.And and) {
        left.push(and.left());
        left.push(and.right());
      } else if (next instanceof EntryFilter.Or or) {
        left.push(or.left());
        left.push(or.right());
      } else if (next instanceof EntryFilter.Not not) {
        left.push(not.filter());
      }
    }
    return false;
  }

  private static Optional<String> weakerUnchecked(
      EntryFilter filter, Expression expression, Instant now) {
    if (filter instanceof EntryFilter.Expiry expiry) {
      String past =
          expression.name(Attributes.EXPIRES) + " <= " + expression.value(Attributes.instant(now));
      return Optional.of(expiry.expired() ? past : "NOT (" + past + ")");
    }
    if (filter instanceof EntryFilter.OlderThan older) {
      return Optional.of(
          // "At or before": the limit is cut to milliseconds here, and an entry between the two
          // must pass.
          expression.name(Attributes.CREATED)
              + " <= "
              + expression.value(Attributes.instant(older.limit(now))));
    }
    if (filter instanceof EntryFilter.Url url) {
      return Optional.of(expression.equal(Attributes.URL, url.url()));
    }
    if (filter instanceof EntryFilter.UrlPrefix prefix && !prefix.prefix().isEmpty()) {
      return Optional.of(
          "begins_with("
              + expression.name(Attributes.URL)
              + ", "
              + expression.value(prefix.prefix())
              + ")");
    }
    if (filter instanceof EntryFilter.Host host) {
      return Optional.of(expression.equal(Attributes.HOST, host.host()));
    }
    if (filter instanceof EntryFilter.Status status) {
      AttributeValue code = Attributes.number(status.code());
      return Optional.of(expression.name(Attributes.STATUS) + " = " + expression.value(code));
    }
    if (filter instanceof EntryFilter.Method method) {
      return Optional.of(expression.equal(Attributes.METHOD, method.method()));
    }
    if (filter instanceof EntryFilter.And and) {
      Optional<String> left = weakerUnchecked(and.left(), expression, now);
      Optional<String> right = weakerUnchecked(and.right(), expression, now);
      return left.isPresent() && right.isPresent()
          ? Optional.of("(" + left.get() + " AND " + right.get() + ")")
          : left.or(() -> right);
    }
    if (filter instanceof EntryFilter.Or or && canPush(or)) {
      Optional<String> left = weakerUnchecked(or.left(), expression, now);
      return weakerUnchecked(or.right(), expression, now)
          .flatMap(right -> left.map(condition -> "(" + condition + " OR " + right + ")"));
    }
    return Optional.empty();
  }

  /**
   * Whether {@link #weakerUnchecked} finds a condition. Asked first where one may be thrown away,
   * because DynamoDB refuses a request with a name or value that its expressions do not use.
   */
  private static boolean canPush(EntryFilter filter) {
    if (filter instanceof EntryFilter.And and) {
      return canPush(and.left()) || canPush(and.right());
    }
    if (filter instanceof EntryFilter.Or or) {
      return canPush(or.left()) && canPush(or.right());
    }
    boolean everything =
        filter instanceof EntryFilter.All
            || filter instanceof EntryFilter.Invalid
            || filter instanceof EntryFilter.Not;
    return !everything
        && !(filter instanceof EntryFilter.UrlPrefix prefix && prefix.prefix().isEmpty());
  }
}
