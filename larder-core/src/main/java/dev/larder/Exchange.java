package dev.larder;

import dev.larder.ClientAccess.Visibility;
import dev.larder.ClientCounters.Kind;
import dev.larder.http.Body;
import dev.larder.http.CacheEntry;
import dev.larder.http.CachedResponse;
import dev.larder.http.EntryHead;
import dev.larder.http.Expiration;
import dev.larder.http.Headers;
import dev.larder.http.Redirect;
import dev.larder.http.Request;
import dev.larder.key.CacheKey;
import dev.larder.policy.Asked;
import dev.larder.policy.ByteRange;
import dev.larder.policy.CacheStatus;
import dev.larder.policy.CacheStatus.Reason;
import dev.larder.policy.ContentRange;
import dev.larder.policy.Decision;
import dev.larder.policy.Decisions;
import dev.larder.policy.Invalidation;
import dev.larder.policy.Outcome;
import dev.larder.policy.Rules;
import dev.larder.policy.Standing;
import dev.larder.policy.Vary;
import dev.larder.storage.StorageException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through the cache: what a client of whatever library does between its
 * caller and the origin. The rules are here and in {@code dev.larder.policy}; a client moves bytes.
 *
 * <p>How to use it: {@link #begin()}, then as each {@link Step} says. When the origin's head
 * arrives, {@link #onResponse}; when none does, {@link #onFailure}. Before the caller gets an
 * answer that came of {@link #onResponse}, {@link #settle()}. If nobody will ask any more, {@link
 * #abandon()}.
 *
 * <p>{@link #begin()}, {@link #resume}, {@link #beginRefresh()}, {@link #opened}, {@link #settle()}
 * and {@link Recording#complete()} may wait for the storage, each for {@link
 * CacheSettings#storageTimeout()}; the others never wait. Nothing throws because of the cache; but
 * with {@link CacheSettings#failOpen()} off the first two and {@link #opened} throw a {@link
 * dev.larder.storage.StorageException} where the storage cannot be read. Used by one thread after
 * the other; {@link #abandon()} may be called at any time.
 */
public final class Exchange {
  /** How often to join a flight: the first may teach by which fields a URL varies. */
  private static final int MOST_ROUNDS = 3;

  private static final CacheKey NO_KEY = new CacheKey("", Optional.empty());

  private final ClientAccess access;
  private final Request request;
  private final Asked asked;
  private final CacheOptions options;
  private final Visibility visibility;
  private final boolean hiddenCredentials;
  private final Rules rules;
  private final Selection selection;
  private final boolean handled;
  private final Optional<CacheKey> key;
  private final ClientAccess.LookUp lookUp;
  private final long begun = System.nanoTime();
  private final List<Runnable> unsettled = new ArrayList<>(0);
  private final AtomicBoolean holdsRefresh = new AtomicBoolean();

  private Found found;
  private Optional<CacheEntry> entry = Optional.empty();
  private Decision.Forward forward;
  private Instant requested = Instant.EPOCH;
  private int rounds;
  private boolean collapsed;
  private boolean background;
  private volatile PartAtHand part = PartAtHand.NONE;
  private List<Redirect> chain = List.of();
  private volatile Result result = Result.NONE;
  private volatile Flights.@Nullable Flight flight;
  private Flights.@Nullable Landing landing;
  private final Optional<ProcessFlights.Turn> turn;
  private ProcessFlights.@Nullable Waited waited;

  /** What is known of the response that the caller gets. */
  private record Result(
      boolean fromCache,
      boolean revalidated,
      boolean stored,
      Optional<EntryHead> head,
      Optional<Instant> responded) {
    static final Result NONE = new Result(false, false, false, Optional.empty(), Optional.empty());
  }

  Exchange(ClientAccess access, Request request, CacheOptions options, Visibility visibility) {
    this(access, request, options, visibility, access.rules(request, options));
  }

  private Exchange(
      ClientAccess access,
      Request request,
      CacheOptions options,
      Visibility visibility,
      Rules rules) {
    this.access = access;
    CacheSettings settings = access.settings();
    String method = settings.methodOf(request);
    this.request = request;
    this.asked = Asked.of(method, request.headers());
    this.options = options;
    this.visibility = visibility;
    this.rules = rules;
    Optional<Selection> selected = access.selection(request);
    this.selection = selected.orElseGet(() -> new Selection(request, Optional.empty(), settings));
    this.hiddenCredentials =
        visibility.hiddenCredentials() && (selected.isEmpty() || !settings.namesPrincipal(request));
    boolean wanted =
        selected.isPresent()
            && !options.disabled()
            && settings.allowableMethods().contains(method)
            && rules.expiration().filter(Expiration::isDoNotCache).isEmpty();
    this.key = wanted ? access.key(request) : Optional.empty();
    this.handled = key.isPresent();
    this.turn = handled ? access.processFlights().map(ProcessFlights::turn) : Optional.empty();
    this.lookUp = access.lookUp();
    this.forward =
        Decision.Forward.plain(
            settings.allowableMethods().contains(method) ? Reason.BYPASS : Reason.METHOD);
    this.found = Found.nothing(key.orElse(NO_KEY), Optional.empty(), Reason.BYPASS);
  }

  /**
   * Says which redirects have led to this request; before {@link #begin()}. Where the cache's keys
   * are another program's, the end of the chain is stored for its beginning, too, as that program
   * does.
   */
  public void follows(List<Redirect> redirects) {
    chain = List.copyOf(redirects);
  }

  // Before the origin is asked

  /** What to do with the request. */
  public Step begin() {
    if (!handled) {
      return rules.onlyIfCached() || asked.onlyIfCached() ? unsatisfiable() : forward(forward);
    }
    lookUp.begin();
    found =
        lookUp
            .find(request, found.key(), selection, hiddenCredentials)
            .orElseGet(() -> Found.nothing(found.key(), Optional.empty(), Reason.MISS));
    return decide(found.entry(), found.missed(), this::collapse);
  }

  /** What to do after that is over which {@link Step.Follow} said to wait for. */
  public Step resume() {
    if (waited != null) {
      return afterAnotherProcess(waited);
    }
    Flights.Landing ended = landing;
    if (ended == null) {
      throw new IllegalStateException("there is no flight to resume from");
    }
    landing = null;
    collapsed = false;
    lookUp.begin();
    Optional<CachedResponse> response = ended.response();
    if (response.isPresent() && selectsTheSame(ended.request().orElseThrow(), response.get())) {
      collapsed = true;
      CachedResponse shared = response.get();
      return decide(
          Optional.of(CacheEntry.of(shared.head(), shared.body(), -1)), Reason.MISS, this::forward);
    }
    if (rounds < MOST_ROUNDS && !patience().isZero() && !lookUp.hasFailed()) {
      if (ended.end() == Flights.End.PUBLISHED || ended.end() == Flights.End.ABANDONED) {
        return begin();
      }
      if (ended.end() == Flights.End.FAILED) {
        // Nothing was stored. One tries again for all, who looks once more before that.
        return decide(found.entry(), found.missed(), this::collapse);
      }
    }
    return decide(found.entry(), found.missed(), this::forward);
  }

  private boolean selectsTheSame(Request leader, CachedResponse response) {
    return access.finder().isFor(request, found, response.head())
        && selection.agrees(
            leader.headers(), Selection.names(response.headers(), access.settings()));
  }

  /**
   * What to do with a request for which this is stored.
   *
   * @param otherwise what to do if that is no answer
   */
  private Step decide(
      Optional<CacheEntry> candidate, Reason missed, Function<Decision.Forward, Step> otherwise) {
    Instant now = access.now();
    part.release();
    entry = candidate.filter(each -> access.accepts(each.open()));
    Decision decision = Decisions.decide(asked, entry.map(CacheEntry::head), missed, rules, now);
    if (decision instanceof Decision.Serve serve) {
      CacheEntry stored = entry.orElseThrow();
      Answer answer =
          Answers.of(
              asked,
              stored.head(),
              stored.open().body(),
              serve.standing(),
              hit(serve.standing()),
              now);
      Optional<Body> body = lookUp.open(stored.key(), answer.body());
      if (body.isEmpty()) {
        return decide(Optional.empty(), Reason.MISS, otherwise);
      }
      if (flight != null) {
        landed(request, new CachedResponse(stored.head(), stored.open().body()));
      }
      ended(serve.standing().isFresh() ? Kind.HIT : Kind.STALE);
      if (collapsed) {
        access.counters().count(Kind.COLLAPSED);
      }
      return new Step.Serve(remember(answer.with(body.get()), false), serve.refresh());
    }
    if (decision instanceof Decision.Unsatisfiable) {
      endFlight(Flights.End.ABANDONED);
      return unsatisfiable();
    }
    return otherwise.apply(withPartAtHand((Decision.Forward) decision));
  }

  /** Goes to the origin, unless another request of this process does so for the same. */
  private Step collapse(Decision.Forward plan) {
    if (!mayCollapse(plan)) {
      return forward(plan);
    }
    Flights.Place place = access.flights().join(flightKey());
    if (!place.leads()) {
      rounds++;
      return new Step.Follow(
          place.flight().await(patience()).thenApply(ended -> this.landing = ended));
    }
    flight = place.flight();
    return lead(plan);
  }

  /** Goes to the origin for all of this process, unless another process does so for all. */
  private Step lead(Decision.Forward plan) {
    if (lookUp.hasFailed() || patience().isZero()) {
      return forward(plan);
    }
    forward = plan;
    if (turn.isEmpty()) {
      // Of many who followed one flight, another may have led and ended the next meanwhile.
      return rounds > 0 ? decideOnLatest(this::forward) : forward(plan);
    }
    return switch (lookUp.within(() -> turn.get().take(flightKey()))) {
      case HELD -> decideOnLatest(this::forward);
      case BUSY ->
          new Step.Follow(turn.get().await(patience()).thenApply(over -> this.waited = over));
      case WITHOUT -> forward(plan);
    };
  }

  private Step decideOnLatest(Function<Decision.Forward, Step> otherwise) {
    try {
      Optional<Found> latest =
          lookUp.findLatest(request, found.key(), selection, hiddenCredentials);
      if (latest.isEmpty()) {
        return forward(forward);
      }
      found = latest.get();
      return decide(found.entry(), found.missed(), otherwise);
    } catch (StorageException e) {
      // The caller wants this error; those who wait for the caller need not.
      abandon();
      throw e;
    }
  }

  private Step afterAnotherProcess(ProcessFlights.Waited over) {
    waited = null;
    lookUp.begin();
    Optional<CacheEntry> before = entry;
    return switch (over) {
      case OVER -> {
        collapsed = true;
        yield decideOnLatest(plan -> isNewerThan(before) ? goAlone(plan) : lead(plan));
      }
      case DISMISSED -> goAlone(forward);
      case UNKNOWN -> forward(forward);
    };
  }

  private boolean isNewerThan(Optional<CacheEntry> before) {
    return entry.isPresent()
        && (before.isEmpty()
            || entry.get().head().requested().isAfter(before.get().head().requested()));
  }

  /** What comes is not for those who follow, so they need not wait for it. */
  private Step goAlone(Decision.Forward plan) {
    endFlight(Flights.End.NOT_REUSABLE);
    return forward(plan);
  }

  /** To be put together with what comes, a stored part has to be in memory by then. */
  private Decision.Forward withPartAtHand(Decision.Forward plan) {
    if (plan.missing().isEmpty()) {
      return plan;
    }
    CacheEntry stored = entry.orElseThrow();
    Optional<PartAtHand> loaded =
        PartAtHand.load(
            stored.open().body(), access.budget(), body -> lookUp.load(stored.key(), body));
    part = loaded.orElse(PartAtHand.NONE);
    return loaded.isPresent() ? plan : Decision.Forward.plain(plan.reason());
  }

  private CacheStatus hit(Standing standing) {
    CacheStatus.Builder status = CacheStatus.hit().collapsed(collapsed);
    return (standing.expires().isPresent() ? status.ttl(standing.remaining()) : status).build();
  }

  /** Whether the response to another request for the same would do. */
  private boolean mayCollapse(Decision.Forward plan) {
    return access.settings().collapseRequests()
        && asked.method().equals("GET")
        && !hiddenCredentials
        && !asked.headers().contains("Range")
        && !rules.refresh()
        && !rules.forceRefresh()
        && !asked.noCache()
        && !asked.noStore()
        && plan.reason() != Reason.REQUEST
        && plan.reason() != Reason.PARTIAL;
  }

  /** Requests of different users, or for variants known to differ, do not wait for each other. */
  private String flightKey() {
    return access.finder().flightKey(found, selection);
  }

  /** How long this caller still waits for others. */
  private Duration patience() {
    Duration left = access.settings().collapseWait().minusNanos(System.nanoTime() - begun);
    return left.isNegative() ? Duration.ZERO : left;
  }

  private Step forward(Decision.Forward plan) {
    forward = plan;
    requested = access.now();
    return new Step.Forward(fieldsToSend(plan));
  }

  private Headers fieldsToSend(Decision.Forward plan) {
    if (plan.added().isEmpty()) {
      return request.headers();
    }
    Headers.Builder fields = Headers.builder();
    fields.addAll(
        request
            .headers()
            .without(
                field ->
                    plan.added().contains(field.name())
                        || (plan.validating() && isOwnCondition(field))));
    return fields.addAll(plan.added()).build();
  }

  /** Ours takes its place; whether the caller's holds is decided when the answer has come. */
  private static boolean isOwnCondition(Headers.Field field) {
    return field.named("If-None-Match") || field.named("If-Modified-Since");
  }

  /**
   * The request that validates in the background what {@link Step.Serve} said to refresh; begin it
   * with {@link #beginRefresh()}, send it and drop what it brings. Empty if there are enough of
   * them, or one for the same is under way. Never waits: the caller has its answer.
   */
  public Optional<Exchange> refresh() {
    String flightKey = flightKey();
    if (access.processFlights().filter(flights -> flights.isHeldElsewhere(flightKey)).isPresent()
        || !access.refreshes().tryAcquire()) {
      return Optional.empty();
    }
    Flights.Place place = access.flights().join(flightKey);
    if (!place.leads()) {
      access.refreshes().release();
      return Optional.empty();
    }
    Headers plain = request.headers().without(Exchange::isOfThisCall);
    Exchange refreshing =
        new Exchange(access, request.withHeaders(plain), options, visibility, rules.validating());
    refreshing.holdsRefresh.set(true);
    refreshing.background = true;
    refreshing.flight = place.flight();
    refreshing.found = found;
    refreshing.entry = entry;
    return Optional.of(refreshing);
  }

  /**
   * The first step of what {@link #refresh()} returned, instead of {@link #begin()}. Empty if
   * another process is about to renew what is stored, or has just done so; then nothing is left to
   * do.
   */
  public Optional<Step> beginRefresh() {
    if (isForAnotherProcess()) {
      abandon();
      return Optional.empty();
    }
    access.counters().count(Kind.REFRESH);
    Decision decision =
        Decisions.decide(asked, entry.map(CacheEntry::head), Reason.STALE, rules, access.now());
    return Optional.of(
        decision instanceof Decision.Forward plan
            ? forward(plan)
            : forward(Decision.Forward.plain(Reason.STALE)));
  }

  private boolean isForAnotherProcess() {
    if (turn.isEmpty()) {
      return false;
    }
    lookUp.begin();
    ProcessFlights.Bid bid = lookUp.within(() -> turn.get().take(flightKey()));
    if (bid != ProcessFlights.Bid.HELD) {
      return bid == ProcessFlights.Bid.BUSY;
    }
    Optional<CacheEntry> before = entry;
    try {
      lookUp
          .findLatest(request, found.key(), selection, hiddenCredentials)
          .ifPresent(
              latest -> {
                found = latest;
                entry = latest.entry().filter(each -> access.accepts(each.open()));
              });
      return isNewerThan(before);
    } catch (StorageException e) {
      // Errors are wanted, but not by the caller, who has its answer.
      return true;
    }
  }

  /** The next caller wants the whole, under no condition of this one's. */
  private static boolean isOfThisCall(Headers.Field field) {
    return field.named("Range")
        || field.named("Cache-Control")
        || field.named("Pragma")
        || field.name().regionMatches(true, 0, "If-", 0, 3);
  }

  // After the origin was asked

  /** What to do with a response whose head has arrived. */
  public Step onResponse(int status, Headers headers) {
    Instant responded = access.now();
    planInvalidation(status, headers, responded);
    if (!handled) {
      return answersLaterGets(status, headers, responded)
          ? afterPost(status, headers, responded)
          : pass(headers, responded);
    }
    Outcome outcome =
        Decisions.onResponse(
            asked,
            forward,
            entry.map(CacheEntry::head),
            !asked.method().equals("HEAD") && mayStore(headers),
            status,
            headers,
            requested,
            responded,
            rules);
    if (!(outcome instanceof Outcome.Combine)) {
      part.release();
    }
    if (outcome instanceof Outcome.Store store) {
      return store(request, found, store, status, headers, responded);
    }
    if (outcome instanceof Outcome.Freshen freshen) {
      return freshened(freshen, status, headers, responded);
    }
    if (outcome instanceof Outcome.ServeStale stale) {
      return new Step.Serve(
          servedStale(stale.standing(), "origin status " + status, status), false);
    }
    if (outcome instanceof Outcome.RetryUnconditionally) {
      entry = Optional.empty();
      return forward(Decision.Forward.plain(forward.reason()));
    }
    if (outcome instanceof Outcome.Combine combine) {
      return combine(combine, responded);
    }
    if (outcome instanceof Outcome.FreshenAndPass freshen) {
      Optional<EntryHead> shared = forThoseWhoShare(renewed(freshen.freshen(), responded));
      unsettled.add(() -> shared.ifPresent(this::writeHead));
    } else if (outcome instanceof Outcome.InvalidateAndPass) {
      String outdated = entry.orElseThrow().key();
      unsettled.add(() -> access.invalidate(outdated));
    }
    return pass(headers, responded);
  }

  /**
   * The answer to give although the origin gave none; empty if the failure is for the caller to
   * see.
   */
  public Optional<Answer> onFailure(Throwable failure) {
    Optional<Answer> answer =
        handled
            ? Decisions.onFailure(asked, forward, entry.map(CacheEntry::head), rules, access.now())
                .map(standing -> servedStale(standing, "origin unreachable", 0))
            : Optional.empty();
    if (answer.isEmpty()) {
      ended(Kind.MISS);
    }
    part.release();
    endFlight(Flights.End.FAILED);
    return answer;
  }

  /**
   * How to go on with an answer whose body could not be read to its end; empty if the caller has to
   * see that.
   */
  public Optional<Continuation> onBrokenBody(Answer answer, Exception failure) {
    access.bodyBroke(cacheKey(), failure);
    return rules.onlyIfCached() || asked.onlyIfCached()
        ? Optional.empty()
        : Continuation.of(request, answer);
  }

  /**
   * The same answer with its body open, if that is still there; otherwise the request to send in
   * its place. Scenario: a 304 confirms what is stored, and its body, which was not read for the
   * question, turns out to be lost. What {@link #onResponse} and {@link #onFailure} answer is to be
   * opened by this where its body is not in memory, before {@link #settle()}.
   */
  public Step opened(Step.Serve serve) {
    Answer answer = serve.answer();
    lookUp.begin();
    Optional<Body> body = lookUp.open(found.key().value(), answer.body());
    if (body.isPresent()) {
      return new Step.Serve(answer.with(body.get()), serve.refresh());
    }
    entry = Optional.empty();
    unsettled.clear();
    return forward(Decision.Forward.plain(forward.reason()));
  }

  /**
   * Does what has to be done before the caller gets the response: makes void what it has made void,
   * and renews what it has renewed. To be called once after {@link #onResponse}.
   */
  public void settle() {
    if (!unsettled.isEmpty()) {
      lookUp.settle(() -> unsettled.forEach(Runnable::run));
      unsettled.clear();
    }
  }

  /** Nobody waits for the origin any more: whoever follows may ask it themselves. */
  public void abandon() {
    part.release();
    endFlight(Flights.End.ABANDONED);
  }

  private boolean mayStore(Headers headers) {
    boolean unseen =
        !visibility.hiddenFields().isEmpty()
            && Vary.of(headers).names().stream()
                .anyMatch(
                    name ->
                        visibility.hiddenFields().contains(name)
                            && !request.headers().contains(name));
    return !access.settings().readOnly()
        && !lookUp.hasFailed()
        && !unseen
        && (!hiddenCredentials || access.finder().isForAll(headers))
        && !access.hidesAnyOf(headers);
  }

  private Step pass(Headers headers, Instant responded) {
    ended(Kind.MISS);
    endFlight(Flights.End.NOT_REUSABLE);
    result = new Result(false, false, false, Optional.empty(), Optional.of(responded));
    return new Step.Pass(CacheStatus.forward(forward.reason()).build().addTo(headers));
  }

  private Step store(
      Request answered,
      Found at,
      Outcome.Store store,
      int status,
      Headers headers,
      Instant responded) {
    EntryHead head = head(answered, at.key(), store, status, responded, responded).build();
    // A part says by its range how long it is, even where nothing else does.
    long announced =
        store.range().map(range -> range.range().length()).orElse(contentLength(headers));
    long limit = access.maxBodyBytes();
    if (announced > limit) {
      tooLarge(at, "the body has " + announced + " bytes, and maxBodyBytes is " + limit);
      return pass(headers, responded);
    }
    Optional<String> problem = HeadLimits.problem(head);
    if (problem.isPresent()) {
      tooLarge(at, problem.get());
      return pass(headers, responded);
    }
    ended(Kind.MISS);
    Recording recording =
        new Recording(
            announced,
            limit,
            access.budget(),
            body -> publish(answered, at, head, body, body.length()),
            overflow -> dropped(at.key().value(), overflow, true));
    recording();
    result = new Result(false, false, true, Optional.of(head), Optional.of(responded));
    return new Step.Store(
        CacheStatus.forward(forward.reason()).stored(true).build().addTo(headers),
        CacheStatus.forward(forward.reason()).build().addTo(headers),
        recording);
  }

  private void tooLarge(Found at, String message) {
    access.counters().count(Kind.SKIPPED);
    access.tooLarge(at.key().value(), message);
  }

  private EntryHead.Builder head(
      Request answered,
      CacheKey at,
      Outcome.Store store,
      int status,
      Instant created,
      Instant responded) {
    return access
        .head(answered, at, selection, created)
        .status(status)
        .headers(store.headers())
        .requested(requested)
        .responded(responded)
        .expires(store.expires())
        .explicit(store.explicit())
        .retainUntil(access.retainUntil(store.headers(), store.expires(), rules))
        .range(store.range().map(ContentRange::toString));
  }

  private void recording() {
    Flights.Flight mine = flight;
    if (mine != null) {
      mine.recording();
    }
  }

  /** Returns whether the body is kept in memory, to be stored behind the caller. */
  private boolean publish(Request answered, Found at, EntryHead head, Body body, long held) {
    EntryHead complete = head.toBuilder().length(body.length()).build();
    boolean accepted = access.accepts(new CachedResponse(complete, body));
    if (!accepted) {
      access.counters().count(Kind.SKIPPED);
    }
    Optional<EntryHead> stored =
        accepted
            ? access
                .storer()
                .publish(new Publication(answered, at, selection, head, body, chain), held)
            : Optional.empty();
    stored.ifPresentOrElse(
        published -> landed(answered, new CachedResponse(published, body)),
        () -> {
          notStored();
          endFlight(Flights.End.NOT_REUSABLE);
        });
    return stored.isPresent() && access.storer().isBehind();
  }

  private void notStored() {
    result = new Result(false, false, false, Optional.empty(), result.responded());
  }

  private void dropped(String at, Optional<String> overflow, boolean wanted) {
    if (wanted) {
      access.counters().count(Kind.SKIPPED);
    }
    overflow.ifPresent(message -> access.tooLarge(at, message));
    notStored();
    endFlight(Flights.End.ABANDONED);
  }

  private void landed(Request answered, CachedResponse response) {
    Flights.Flight mine = flight;
    if (mine != null) {
      mine.publish(answered, response);
    }
    turn.flatMap(each -> each.end(true))
        .ifPresent(giveBack -> access.giveBack(request, found.key(), giveBack));
    releaseRefresh();
  }

  private Step freshened(Outcome.Freshen freshen, int status, Headers headers, Instant responded) {
    ended(Kind.REVALIDATED);
    CacheEntry stored = entry.orElseThrow();
    EntryHead renewed = renewed(freshen, responded);
    Optional<EntryHead> shared = freshen.kept() ? forThoseWhoShare(renewed) : Optional.empty();
    unsettled.add(
        () -> {
          if (!freshen.kept()) {
            access.invalidate(stored.key());
          }
          // What is known to be there no longer, or to have been replaced, is for nobody else.
          if (shared.isPresent() && writeHead(shared.get())) {
            landed(request, new CachedResponse(shared.get(), stored.open().body()));
          } else {
            endFlight(Flights.End.NOT_REUSABLE);
          }
        });
    // Nobody reads what a background request brings.
    Body body = holdsRefresh.get() ? Body.empty() : stored.open().body();
    CacheStatus cacheStatus =
        CacheStatus.forward(forward.reason())
            .forwardStatus(status)
            .stored(shared.isPresent())
            .build();
    Answer answer =
        Answers.of(
            asked, renewed, body, Standing.of(renewed, rules, responded), cacheStatus, responded);
    return new Step.Serve(remember(answer.with(cookiesOf(headers)), true), false);
  }

  /** What a 304 sets is for the one who asked. */
  private static List<Headers.Field> cookiesOf(Headers notModified) {
    return notModified.fields().stream().filter(field -> field.named("Set-Cookie")).toList();
  }

  private EntryHead renewed(Outcome.Freshen freshen, Instant responded) {
    EntryHead old = entry.orElseThrow().head();
    return old.toBuilder()
        .headers(freshen.headers())
        .requested(requested)
        .responded(responded)
        .expires(freshen.expires())
        .explicit(freshen.explicit())
        .retainUntil(access.retainUntil(freshen.headers(), freshen.expires(), rules))
        .build();
  }

  private boolean writeHead(EntryHead head) {
    return !access.settings().readOnly()
        && !access.hidesAnyOf(head.headers())
        && access.storer().renew(request, found, selection, entry.orElseThrow(), head);
  }

  /**
   * What to keep of a renewed head. Scenario: anybody may have what is stored, and Bob, whose
   * request validates it, is told in the answer's fields what is for him alone. So nothing is kept
   * if it is not for all any more; cookies that come with it never are.
   */
  private Optional<EntryHead> forThoseWhoShare(EntryHead renewed) {
    boolean own =
        !hiddenCredentials
            && (access.settings().keyFunction().mayCollide()
                || renewed.credential().equals(selection.credentials()));
    return own || access.finder().isForAll(renewed.headers())
        ? Optional.of(renewed)
        : Optional.empty();
  }

  private Answer servedStale(Standing standing, String detail, int status) {
    CacheEntry stored = entry.orElseThrow();
    ended(Kind.STALE);
    endFlight(Flights.End.FAILED);
    CacheStatus.Builder cacheStatus = CacheStatus.forward(forward.reason());
    if (status > 0) {
      cacheStatus.forwardStatus(status);
    }
    CacheStatus complete = cacheStatus.ttl(standing.remaining()).detail(detail).build();
    return remember(
        Answers.of(asked, stored.head(), stored.open().body(), standing, complete, access.now()),
        false);
  }

  /** RFC 9111 §3.4. The bytes of both are in order, and each of them once. */
  private Step combine(Outcome.Combine combine, Instant responded) {
    ended(Kind.MISS);
    CacheEntry stored = entry.orElseThrow();
    ContentRange range = ContentRange.parse(stored.head().range().orElse("")).orElseThrow();
    ByteRange fetched = combine.fetched();
    boolean behind = fetched.first() > range.last();
    PartAtHand have = part;
    // From here on the recording ends it.
    part = PartAtHand.NONE;
    Optional<ContentRange> union = combine.combined().range();
    EntryHead head =
        head(
                request,
                found.key(),
                combine.combined(),
                union.isPresent() ? 206 : 200,
                stored.head().created(),
                responded)
            .build();
    Recording recording =
        new Recording(
                fetched.length(),
                Math.max(0, access.maxBodyBytes() - have.body().length()),
                access.budget(),
                rest -> {
                  if (!have.complete(
                      rest,
                      behind,
                      whole -> publish(request, found, head, whole, whole.length()))) {
                    dropped(found.key().value(), Optional.of(Recording.NO_ROOM), true);
                  }
                  // What is stored is another body than this one.
                  return false;
                },
                overflow -> dropped(found.key().value(), overflow, combine.kept()))
            .atEnd(have::release);
    recording();
    result = new Result(false, false, true, Optional.of(head), Optional.of(responded));
    if (!combine.kept()) {
      recording.forgo();
    }
    CacheStatus cacheStatus =
        CacheStatus.forward(forward.reason()).forwardStatus(206).stored(combine.kept()).build();
    return Answers.combined(asked, head, range, have.body(), fetched, recording, cacheStatus);
  }

  // Unsafe methods

  /** RFC 9111 §4.4: done before the caller sees the response, so that its next request misses. */
  private void planInvalidation(int status, Headers headers, Instant responded) {
    if (Invalidation.isSafe(request.method())) {
      return;
    }
    boolean replaced = !handled && answersLaterGets(status, headers, responded);
    for (URI target : Invalidation.targets(request.method(), request.uri(), status, headers)) {
      // The response itself is stored for the URI it is about, as if requested a moment later.
      unsettled.add(
          replaced && target.equals(request.uri())
              ? () -> access.invalidateReplaced(target, responded)
              : () -> access.invalidate(target));
    }
  }

  /** RFC 9110 §9.3.3. */
  private boolean answersLaterGets(int status, Headers headers, Instant responded) {
    return request.method().equals("POST")
        && !options.disabled()
        && access.settings().allowableMethods().contains("GET")
        && Decisions.answersGet(status, headers, namesTarget(headers), rules, responded);
  }

  private boolean namesTarget(Headers headers) {
    try {
      return headers
          .first("Content-Location")
          .map(location -> request.uri().resolve(location.trim()).equals(request.uri()))
          .orElse(false);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private Step afterPost(int status, Headers headers, Instant responded) {
    Request get =
        new Request(
            "GET", request.uri(), request.headers().without(Exchange::isOfContent), Body.empty());
    Outcome outcome =
        Decisions.onResponse(
            Asked.of("GET", get.headers()),
            Decision.Forward.plain(Reason.METHOD),
            Optional.empty(),
            mayStore(headers),
            status,
            headers,
            responded,
            responded,
            rules);
    Optional<CacheKey> at = access.key(get);
    if (at.isEmpty() || !(outcome instanceof Outcome.Store store)) {
      return pass(headers, responded);
    }
    requested = responded;
    return store(
        get,
        Found.nothing(at.get(), Optional.empty(), Reason.METHOD),
        store,
        status,
        headers,
        responded);
  }

  private static boolean isOfContent(Headers.Field field) {
    return field.name().regionMatches(true, 0, "Content-", 0, 8);
  }

  // What became of it

  /** Only the cache was asked, and has nothing (RFC 9111 §5.2.1.7). */
  private Step unsatisfiable() {
    ended(Kind.MISS);
    return new Step.Serve(remember(Answers.unsatisfiable(), false), false);
  }

  /** Counts how this request of a caller was answered. Nobody asked for one in the background. */
  private void ended(Kind kind) {
    if (!background) {
      access.counters().count(handled ? kind : Kind.BYPASSED);
    }
  }

  private Answer remember(Answer answer, boolean revalidated) {
    result =
        new Result(
            answer.entry().isPresent(),
            revalidated,
            answer.entry().isPresent(),
            answer.entry(),
            answer.entry().map(EntryHead::responded));
    return answer;
  }

  /** Whether the caller gets what was stored. */
  public boolean isFromCache() {
    return result.fromCache();
  }

  /** Whether the origin has just confirmed what was stored. */
  public boolean isRevalidated() {
    return result.revalidated();
  }

  /** Whether the response is stored, or will be when its body is complete. */
  public boolean isStored() {
    return result.stored();
  }

  /** The key of the stored response, or that the request would be stored under; may be empty. */
  public String cacheKey() {
    return result.head().map(EntryHead::key).orElse(found.key().value());
  }

  /**
   * The URL that answered, where that is not the request's: what is stored may be the end of a
   * chain of redirects.
   */
  public Optional<String> answeredBy() {
    return result
        .head()
        .filter(head -> result.fromCache() && !head.url().equals(head.request().uri().toString()))
        .map(EntryHead::url);
  }

  /** When the response was first stored, or arrived. */
  public Instant created() {
    return result.head().map(EntryHead::created).or(result::responded).orElseGet(access::now);
  }

  /** When it stops being fresh; empty if never, or if it is not stored. */
  public Optional<Instant> expires() {
    return result.head().flatMap(EntryHead::expires);
  }

  private void endFlight(Flights.End end) {
    Flights.Flight mine = flight;
    if (mine != null) {
      mine.endWithout(end);
    }
    turn.flatMap(each -> each.end(end != Flights.End.NOT_REUSABLE))
        .ifPresent(giveBack -> access.processFlights().orElseThrow().later(giveBack));
    releaseRefresh();
  }

  private void releaseRefresh() {
    if (holdsRefresh.compareAndSet(true, false)) {
      access.refreshes().release();
    }
  }

  /** The announced length; -1 if the head announces none, or several. */
  private static long contentLength(Headers headers) {
    List<String> lengths = headers.all("Content-Length");
    String first = lengths.isEmpty() ? "" : lengths.get(0);
    boolean one =
        !first.isEmpty() && first.length() < 18 && lengths.stream().allMatch(first::equals);
    return one && first.chars().allMatch(c -> c >= '0' && c <= '9') ? Long.parseLong(first) : -1;
  }
}
