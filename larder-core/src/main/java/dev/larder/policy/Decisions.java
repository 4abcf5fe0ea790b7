package dev.larder.policy;

import dev.larder.http.EntryHead;
import dev.larder.http.Expiration;
import dev.larder.http.Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What to do with a request (RFC 9111 §4) and with what comes of it (§3, §4.3, RFC 5861): pure
 * functions, for every client alike.
 */
public final class Decisions {
  private static final Decision UNSATISFIABLE = new Decision.Unsatisfiable();
  private static final Outcome PASS = new Outcome.Pass();
  private static final Outcome RETRY = new Outcome.RetryUnconditionally();

  private Decisions() {}

  /**
   * What to do with a request.
   *
   * @param stored what is stored for it: of the same key, selected by the same fields
   * @param missed why there is nothing, if there is nothing
   */
  public static Decision decide(
      Asked asked,
      Optional<EntryHead> stored,
      CacheStatus.Reason missed,
      Rules rules,
      Instant now) {
    boolean onlyStored = rules.onlyIfCached() || asked.onlyIfCached();
    if (stored.isEmpty()
        || rules.forceRefresh()
        || asked.noStore()
        || Preconditions.isForOrigin(asked.headers())) {
      CacheStatus.Reason reason = stored.isEmpty() ? missed : CacheStatus.Reason.REQUEST;
      return onlyStored ? UNSATISFIABLE : Decision.Forward.plain(reason);
    }
    EntryHead head = stored.get();
    if (!Partial.covers(asked, head)) {
      return onlyStored ? UNSATISFIABLE : Partial.complete(asked, head);
    }
    Standing standing = Standing.of(head, rules, now);
    if (!mustValidate(asked, standing, rules)) {
      if (isAcceptable(asked, standing)) {
        return new Decision.Serve(standing, false);
      }
      if (!onlyStored && mayServeWhileValidating(asked, standing, rules)) {
        return new Decision.Serve(standing, true);
      }
    }
    if (onlyStored) {
      // To ask for it would end in a 504, which is what stale-if-error is about (RFC 5861 §4).
      return insteadOfAnError(
              asked, Decision.Forward.plain(CacheStatus.Reason.STALE), head, rules, now)
          .<Decision>map(stale -> new Decision.Serve(stale, false))
          .orElse(UNSATISFIABLE);
    }
    // On other methods If-None-Match would make the origin refuse (RFC 9110 §13.1.2).
    boolean validating = asked.method().equals("GET") && Validation.hasValidator(head.headers());
    return new Decision.Forward(
        standing.isFresh() ? CacheStatus.Reason.REQUEST : CacheStatus.Reason.STALE,
        validating ? Validation.conditionalFields(head.headers()) : Headers.empty(),
        validating,
        Optional.empty());
  }

  /**
   * What to do with a response of the origin.
   *
   * @param sent how the request was forwarded
   * @param stored what was stored for it then
   * @param storable whether a response to this method may be stored at all
   * @param requested when the request was sent
   * @param responded when the response's head arrived
   */
  public static Outcome onResponse(
      Asked asked,
      Decision.Forward sent,
      Optional<EntryHead> stored,
      boolean storable,
      int status,
      Headers response,
      Instant requested,
      Instant responded,
      Rules rules) {
    Arrival arrival = new Arrival(status, response, requested, responded, rules);
    if (status == 304 && sent.validating() && stored.isPresent()) {
      return Validation.selects(response, stored.get().headers())
          ? freshen(arrival, stored.get())
          : RETRY;
    }
    if (sent.missing().isPresent() && stored.isPresent() && status != 200) {
      return status == 206 || status == 304 || status == 412 || status == 416
          ? combine(arrival, stored.get(), sent.missing().get(), asked, storable)
          : PASS;
    }
    if (isError(status) && stored.isPresent()) {
      Optional<Standing> stale = insteadOfAnError(asked, sent, stored.get(), rules, responded);
      if (stale.isPresent()) {
        return new Outcome.ServeStale(stale.get());
      }
    }
    if (asked.method().equals("HEAD")) {
      return status == 200 && stored.isPresent() && !asked.noStore()
          ? afterHead(arrival, stored.get())
          : PASS;
    }
    return storable ? arrival.toStore(asked, stored) : PASS;
  }

  /** What to answer when no response came at all; empty if the failure is the caller's to see. */
  public static Optional<Standing> onFailure(
      Asked asked, Decision.Forward sent, Optional<EntryHead> stored, Rules rules, Instant now) {
    return stored.flatMap(head -> insteadOfAnError(asked, sent, head, rules, now));
  }

  /**
   * Whether a response to POST may answer later GETs (RFC 9110 §9.3.3): it says for how long, and
   * that it is what a GET would have brought.
   *
   * @param namesTarget whether Content-Location is there and is the request's own URI
   */
  public static boolean answersGet(
      int status, Headers response, boolean namesTarget, Rules rules, Instant responded) {
    CacheControl directives = CacheControl.of(response, rules.targetedFields());
    return namesTarget
        && status == 200
        && rules.cacheControl()
        && Freshness.of(status, response, directives, responded, responded, rules.shared())
            .isExplicit();
  }

  private static boolean mustValidate(Asked asked, Standing standing, Rules rules) {
    boolean reload = rules.refresh() && !(standing.isImmutable() && standing.isFresh());
    return reload || rules.validateAlways() || standing.noCache() || asked.noCache();
  }

  /** Whether it is fresh or stale enough for the caller (RFC 9111 §5.2.1). */
  private static boolean isAcceptable(Asked asked, Standing standing) {
    if (asked.directives().isEmpty()) {
      return standing.isFresh();
    }
    if (isOlderThanAsked(asked, standing)) {
      return false;
    }
    Optional<Duration> minFresh = asked.directives().seconds("min-fresh");
    if (minFresh.isPresent() && standing.remaining().compareTo(minFresh.get()) < 0) {
      return false;
    }
    return standing.isFresh()
        || (!standing.mustRevalidate()
            && asked.maxStale().filter(limit -> isWithin(standing.staleness(), limit)).isPresent());
  }

  private static boolean isOlderThanAsked(Asked asked, Standing standing) {
    return asked
        .directives()
        .seconds("max-age")
        .filter(limit -> standing.age().compareTo(limit) > 0 || limit.isZero())
        .isPresent();
  }

  private static boolean mayServeWhileValidating(Asked asked, Standing standing, Rules rules) {
    Duration allowed =
        max(standing.staleWhileRevalidate(), rules.staleWhileRevalidate().orElse(Duration.ZERO));
    return !standing.isFresh()
        && !allowed.isZero()
        && !standing.mustRevalidate()
        && isWithin(standing.staleness(), allowed)
        && !asked.directives().has("min-fresh")
        && !isOlderThanAsked(asked, standing);
  }

  private static Optional<Standing> insteadOfAnError(
      Asked asked, Decision.Forward sent, EntryHead head, Rules rules, Instant now) {
    if (rules.forceRefresh()
        || asked.noCache()
        || asked.noStore()
        || Preconditions.isForOrigin(asked.headers())
        || sent.missing().isPresent()
        || !Partial.covers(asked, head)) {
      return Optional.empty();
    }
    Standing standing = Standing.of(head, rules, now);
    Duration allowed =
        max(
            max(standing.staleIfError(), rules.staleIfError().orElse(Duration.ZERO)),
            asked.directives().seconds("stale-if-error").orElse(Duration.ZERO));
    return !allowed.isZero()
            && !standing.mustRevalidate()
            && isWithin(standing.staleness(), allowed)
        ? Optional.of(standing)
        : Optional.empty();
  }

  private static Outcome.Freshen freshen(Arrival arrival, EntryHead head) {
    Headers merged = arrival.mergedInto(head);
    Lifetime lifetime = arrival.lifetime(head.status(), merged);
    return new Outcome.Freshen(
        merged, lifetime.expires(), lifetime.explicit(), !arrival.forbidsStoring());
  }

  private static Outcome afterHead(Arrival arrival, EntryHead head) {
    if (head.range().isPresent()) {
      return PASS;
    }
    // A success is no news of a stored redirect or 404 but that it is outdated.
    boolean same =
        head.status() == 200
            && !arrival.forbidsStoring()
            && Validation.compareHead(
                    head.headers(), head.length(), arrival.status(), arrival.headers())
                == Validation.HeadMatch.FRESHEN;
    return same
        ? new Outcome.FreshenAndPass(freshen(arrival, head))
        : new Outcome.InvalidateAndPass();
  }

  private static Outcome combine(
      Arrival arrival, EntryHead head, ByteRange missing, Asked asked, boolean storable) {
    Optional<ContentRange> union =
        arrival.status() == 206
            ? Partial.union(head, arrival.headers(), missing)
            : Optional.empty();
    if (union.isEmpty()) {
      return RETRY;
    }
    Headers merged = arrival.mergedInto(head);
    Lifetime lifetime = arrival.lifetime(200, merged);
    return new Outcome.Combine(
        new Outcome.Store(
            Partial.describe(merged, union.get()),
            lifetime.expires(),
            lifetime.explicit(),
            Partial.isWhole(union.get()) ? Optional.empty() : union),
        missing,
        storable && !arrival.isForbidden(asked));
  }

  /** RFC 5861 §4. */
  private static boolean isError(int status) {
    return status == 500 || status == 502 || status == 503 || status == 504;
  }

  private static boolean isWithin(Duration staleness, Duration allowed) {
    return staleness.compareTo(allowed) <= 0;
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  /** When a response stops being fresh, and whether the user said so. */
  private record Lifetime(Optional<Instant> expires, boolean explicit) {}

  /** A response as it came from the origin. */
  private record Arrival(
      int status, Headers headers, Instant requested, Instant responded, Rules rules) {
    /** None if they are not to count. */
    CacheControl directives() {
      return rules.cacheControl()
          ? CacheControl.of(headers, rules.targetedFields())
          : CacheControl.of(Headers.empty());
    }

    /** Whether it says that no part of it, nor of what it is about, is to be kept (§5.2.2.5). */
    boolean forbidsStoring() {
      return directives().has("no-store") && !directives().has("must-understand");
    }

    Outcome toStore(Asked asked, Optional<EntryHead> stored) {
      CacheControl directives = directives();
      Freshness freshness = freshness(status, headers);
      Lifetime lifetime = lifetime(status, headers);
      boolean wanted = rules.codes().isEmpty() || rules.codes().contains(status);
      boolean doNotCache = rules.expiration().filter(Expiration::isDoNotCache).isPresent();
      if (!wanted
          || doNotCache
          || asked.noStore()
          || isForbidden(asked)
          || !(lifetime.explicit()
              || Storability.isPermitted(status, headers, directives, rules.shared()))
          || (headers.contains("Set-Cookie") && !freshness.isExplicit())
          || !isOfUse(lifetime, directives)) {
        return PASS;
      }
      Optional<ContentRange> range = Optional.empty();
      if (status == 206) {
        range = Partial.storable(headers);
        if (range.isEmpty() || stored.filter(head -> Partial.isPartOf(headers, head)).isPresent()) {
          return PASS;
        }
      }
      return new Outcome.Store(
          Storability.storedFields(headers, directives, rules.shared()),
          lifetime.expires(),
          lifetime.explicit(),
          range);
    }

    /** Whether it can ever be used: it is fresh, can be validated or may be served stale. */
    private boolean isOfUse(Lifetime lifetime, CacheControl directives) {
      return lifetime.expires().isEmpty()
          || responded.isBefore(lifetime.expires().get())
          || Validation.hasValidator(headers)
          || rules.staleIfError().isPresent()
          || rules.staleWhileRevalidate().isPresent()
          || directives.has("stale-if-error")
          || directives.has("stale-while-revalidate");
    }

    /**
     * What the user says about expiration is meant for what was asked for, not for errors, unless
     * the user has named their status codes.
     */
    Lifetime lifetime(int forStatus, Headers merged) {
      Freshness freshness = freshness(forStatus, merged);
      boolean usual =
          !rules.codes().isEmpty()
              || forStatus == 206
              || Storability.isHeuristicallyCacheable(forStatus);
      boolean chosen =
          rules.expiration().filter(expiration -> !expiration.isDoNotCache()).isPresent()
              && !(rules.originFirst() && freshness.isExplicit());
      if (usual && chosen) {
        return new Lifetime(rules.expiration().get().from(responded), true);
      }
      return usual && !rules.cacheControl()
          ? new Lifetime(Optional.empty(), true)
          : new Lifetime(Optional.of(freshness.expires()), false);
    }

    private Freshness freshness(int forStatus, Headers merged) {
      return Freshness.of(
          forStatus,
          merged,
          CacheControl.of(merged, rules.targetedFields()),
          requested,
          responded,
          rules.shared());
    }

    boolean isForbidden(Asked asked) {
      return asked.noStore()
          || Storability.isForbidden(
              asked.headers(), status, headers, directives(), rules.shared());
    }

    /**
     * The fields of a stored response that this one is about. A cookie that is set here is for the
     * one who asked, and not for those who will be answered with what is stored.
     */
    Headers mergedInto(EntryHead head) {
      Headers update = headers.without(field -> field.named("Set-Cookie"));
      return withCurrentTimes(
          Validation.merge(head.headers(), update, directives(), rules.shared()));
    }

    /**
     * What was said of the age of the stored response is no longer so: this response says how old
     * it is, and when it was made (RFC 9110 §6.6.1: now, if it does not say).
     */
    Headers withCurrentTimes(Headers merged) {
      Headers current =
          headers.contains("Age") ? merged : merged.without(field -> field.named("Age"));
      return headers.contains("Date")
          ? current
          : Headers.builder().addAll(current).set("Date", HttpDates.format(responded)).build();
    }
  }
}
