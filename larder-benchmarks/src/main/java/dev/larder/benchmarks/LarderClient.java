package dev.larder.benchmarks;

import dev.larder.InMemoryCache;
import dev.larder.jdk.CacheInfo;
import dev.larder.jdk.CachingHttpClient;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** {@code CachingHttpClient.send} over {@code InMemoryCache}. */
final class LarderClient implements HitClient {
  private final InMemoryCache cache = InMemoryCache.create();
  private final HttpClient client =
      CachingHttpClient.builder(cache).delegate(HttpClient.newBuilder()).build();
  private final HttpRequest[] requests;

  LarderClient(Origin origin) {
    this.requests = JdkRequests.of(origin);
  }

  @Override
  public byte[] get(int document) throws IOException, InterruptedException {
    return client.send(requests[document], BodyHandlers.ofByteArray()).body();
  }

  @Override
  public boolean isHit(int document) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = client.send(requests[document], BodyHandlers.ofByteArray());
    return CacheInfo.of(response).filter(CacheInfo::fromCache).isPresent();
  }

  @Override
  public void close() {
    cache.close();
  }
}
