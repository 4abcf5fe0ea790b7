package dev.larder.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Flow;

/**
 * No HTTP cache, but the least that one can do: find an object by its URI, and give its bytes to a
 * body handler of the JDK. Nothing is decided, no field is changed.
 */
final class FloorClient implements HitClient {
  private final Cache<URI, Stored> cache = Caffeine.newBuilder().maximumSize(1_000).build();
  private final HttpRequest[] requests;

  private record Stored(int statusCode, HttpHeaders headers, ByteBuffer body)
      implements HttpResponse.ResponseInfo {
    @Override
    public HttpClient.Version version() {
      return HttpClient.Version.HTTP_1_1;
    }
  }

  FloorClient(Origin origin) throws IOException, InterruptedException {
    this.requests = JdkRequests.of(origin);
    HttpClient client = HttpClient.newHttpClient();
    for (HttpRequest request : requests) {
      HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
      ByteBuffer body = ByteBuffer.wrap(response.body()).asReadOnlyBuffer();
      cache.put(request.uri(), new Stored(response.statusCode(), response.headers(), body));
    }
  }

  @Override
  public byte[] get(int document) {
    Stored stored = cache.getIfPresent(requests[document].uri());
    if (stored == null) {
      throw new IllegalStateException("document " + document + " is gone");
    }
    BodySubscriber<byte[]> subscriber = BodyHandlers.ofByteArray().apply(stored);
    subscriber.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long count) {}

          @Override
          public void cancel() {}
        });
    subscriber.onNext(List.of(stored.body().duplicate()));
    subscriber.onComplete();
    return subscriber.getBody().toCompletableFuture().join();
  }

  @Override
  public boolean isHit(int document) {
    return get(document).length > 0;
  }

  @Override
  public void close() {
    cache.invalidateAll();
  }
}
