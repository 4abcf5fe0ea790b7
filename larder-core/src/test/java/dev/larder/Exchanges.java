package dev.larder;

import dev.larder.ClientAccess.Visibility;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import dev.larder.http.Response;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A client without a network: it does with a cache what a client does, and tests are the origin.
 */
public final class Exchanges {
  private Exchanges() {}

  /** What the cache answers without asking an origin; empty if it would ask. */
  public static Optional<Answer> lookUp(HttpCache cache, Request request) {
    Exchange exchange = begin(cache, request);
    Step step = exchange.begin();
    exchange.abandon();
    return step instanceof Step.Serve serve ? Optional.of(serve.answer()) : Optional.empty();
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
