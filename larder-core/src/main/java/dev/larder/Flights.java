package dev.larder;

import dev.larder.http.CachedResponse;
import dev.larder.http.Request;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Requests on their way to origins, one for each key: the first caller leads, and those who come
 * while it is under way follow, that is, wait for what the leader stores.
 *
 * <p>Hazards, and what keeps them off:
 *
 * <ol>
 *   <li><b>Slow reader.</b> The leader's caller takes an hour to read the body. Followers wait for
 *       publication, which needs the whole body, so they wait a few seconds after its head has
 *       arrived, and then go to the origin themselves.
 *   <li><b>Dead leader.</b> The leader hangs, is cancelled or throws. Whoever leads ends its flight
 *       in every case; and each follower waits a bounded time only.
 *   <li><b>Wrong response.</b> The leader's response is for other request fields, or must not be
 *       used again. A follower decides about it as about anything stored, and if it is no answer
 *       goes to the origin without waiting for a second flight of strangers.
 *   <li><b>Failing origin.</b> The leader gets no response, and all who follow would ask an origin
 *       that is in trouble at the same moment. One of them leads and the others follow it. After
 *       three flights they go by themselves, to get a failure of their own.
 *   <li><b>Late follower.</b> Of many who go on after a flight, one leads the next and ends it
 *       while another has looked up and not yet joined. So whoever leads after having followed
 *       looks once more.
 *   <li><b>Early answer.</b> A follower must not get what was fetched before it asked for
 *       validation. Requests that ask for it do not follow.
 * </ol>
 *
 * <p>Thread-safe; no thread ever holds a lock while it waits.
 */
final class Flights {
  /** How long followers wait for a body whose head has arrived. */
  static final Duration BODY_WAIT = Duration.ofSeconds(5);

  private final Duration bodyWait;
  private final Map<String, Flight> flights = new ConcurrentHashMap<>();

  Flights() {
    this(BODY_WAIT);
  }

  /**
   * Flights.
   *
   * @param bodyWait how long followers wait for a body whose head has arrived
   */
  Flights(Duration bodyWait) {
    this.bodyWait = bodyWait;
  }

  /** How a flight has ended. */
  enum End {
    /** The response is stored. */
    PUBLISHED,
    /** There is a response, but it is only for the leader. */
    NOT_REUSABLE,
    /** There is no response. */
    FAILED,
    /** The leader gave up; nothing is known of the origin. */
    ABANDONED,
    /** This follower has waited long enough. */
    TIMED_OUT
  }

  /**
   * What followers get to know.
   *
   * @param request the leader's request
   * @param response what was stored
   */
  record Landing(End end, Optional<Request> request, Optional<CachedResponse> response) {
    static Landing without(End end) {
      return new Landing(end, Optional.empty(), Optional.empty());
    }
  }

  /**
   * A place in a flight.
   *
   * @param leads whether the caller has to ask the origin and to end the flight
   */
  record Place(Flight flight, boolean leads) {}

  /** The flight of this key: the one that is under way, or a new one that the caller leads. */
  Place join(String key) {
    Flight mine = new Flight(key);
    Flight current =
        flights.compute(
            key, (k, present) -> present == null || present.hasEnded() ? mine : present);
    return new Place(current, current == mine);
  }

  /** How many flights are under way. */
  int size() {
    return flights.size();
  }

  /** About how many wait for them. */
  int followers() {
    return flights.values().stream()
        .mapToInt(flight -> flight.landing.getNumberOfDependents())
        .sum();
  }

  /** One request under way. */
  final class Flight {
    private final String key;
    private final CompletableFuture<Landing> landing = new CompletableFuture<>();

    private Flight(String key) {
      this.key = key;
    }

    /** The head has arrived and the response is being recorded: waiting has an end now. */
    // The future completes by itself; nothing hangs on the stage that is returned.
    @SuppressWarnings("FutureReturnValueIgnored")
    void recording() {
      landing.completeOnTimeout(
          Landing.without(End.NOT_REUSABLE), bodyWait.toMillis(), TimeUnit.MILLISECONDS);
    }

    void publish(Request request, CachedResponse response) {
      end(new Landing(End.PUBLISHED, Optional.of(request), Optional.of(response)));
    }

    void endWithout(End end) {
      end(Landing.without(end));
    }

    private void end(Landing outcome) {
      landing.complete(outcome);
      flights.remove(key, this);
    }

    boolean hasEnded() {
      return landing.isDone();
    }

    /**
     * What comes of it, or {@link End#TIMED_OUT}; never fails. Each caller has a future of its own.
     */
    CompletableFuture<Landing> await(Duration limit) {
      return landing
          .copy()
          .completeOnTimeout(
              Landing.without(End.TIMED_OUT), limit.toMillis(), TimeUnit.MILLISECONDS);
    }
  }
}
