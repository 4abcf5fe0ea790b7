package dev.larder;

import dev.larder.ClientAccess.Visibility;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A client without a network: it does with a cache what a client does, and tests are the origin.
 */
public final class Exchanges {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

  private Exchanges() {}

  /** What the cache answers without asking an origin; empty if it would ask. */
  public static Optional<Answer> lookUp(HttpCache cache, Request request) {
    Exchange exchange = begin(cache, request);
    Step step = exchange.begin();
    exchange.abandon();
    return step instanceof Step.Serve serve ? Optional.of(serve.answer()) : Optional.empty();
  }

  /** About how many calls wait for what others have asked for. */
  public static int followers(HttpCache cache) {
    return cache.forClients().flights().followers();
  }

  /** How many bytes of bodies are in memory on their way into a cache. */
  public static long recorded(HttpCache cache) {
    return cache.settings().recordingBudget() - cache.forClients().budget().get();
  }

  /** Waits until no call holds anything of a cache's: flights, memory, permits to refresh. */
  public static void awaitNothingHeld(HttpCache cache) {
    ClientAccess access = cache.forClients();
    CacheSettings settings = cache.settings();
    await(
        () ->
            access.flights().size() == 0
                && recorded(cache) == 0
                && access.refreshes().availablePermits() == settings.backgroundRefreshes(),
        () ->
            access.flights().size()
                + " flights, "
                + recorded(cache)
                + " bytes, "
                + (settings.backgroundRefreshes() - access.refreshes().availablePermits())
                + " refreshes");
  }

  /** Waits for something that other threads bring about. */
  public static void await(BooleanSupplier condition) {
    await(condition, () -> "not what was waited for");
  }

  private static void await(BooleanSupplier condition, Supplier<String> state) {
    long begun = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - begun > LONGEST_WAIT.toNanos()) {
        throw new AssertionError("still " + state.get() + " after " + LONGEST_WAIT);
      }
      // Another look in a moment.
      LockSupport.parkNanos(100_000);
    }
  }

  /** A request that is under way. */
  public static UnderWay send(HttpCache cache, Request request) {
    Exchange exchange = begin(cache, request);
    Step step = exchange.begin();
    if (!(step instanceof Step.Forward)) {
      throw new AssertionError("not for the origin: " + step);
    }
    return new UnderWay(exchange);
  }

  /** Whether the response to a request is stored, fresh for an hour. */
  public static boolean store(HttpCache cache, Request request, Response response) {
    return send(cache, request).answer(response);
  }

  /** A successful DELETE of this URI. */
  public static void invalidate(HttpCache cache, URI uri) {
    send(cache, Request.of("DELETE", uri)).answer(Response.builder().status(204).build());
  }

  private static Exchange begin(HttpCache cache, Request request) {
    return cache.forClients().exchange(request, CacheOptions.NONE, Visibility.FULL);
  }

  /** A request that is under way to the origin. */
  public record UnderWay(Exchange exchange) {
    /** The origin answers; returns whether that is stored. */
    public boolean answer(Response response) {
      Headers headers =
          Headers.builder().add("Cache-Control", "max-age=3600").addAll(response.headers()).build();
      Step step = exchange.onResponse(response.status(), headers);
      exchange.settle();
      if (!(step instanceof Step.Store store)) {
        return false;
      }
      store.recording().append(ByteBuffer.wrap(response.body().bytes()));
      store.recording().complete();
      return exchange.isStored();
    }
  }
}
