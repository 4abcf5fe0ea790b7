package dev.larder.benchmarks;

import com.github.mizosoft.methanol.CacheAwareResponse;
import com.github.mizosoft.methanol.HttpCache;
import com.github.mizosoft.methanol.Methanol;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** Methanol with its cache in memory; its own content coding is off, as nothing needs it. */
final class MethanolClient implements HitClient {
  private final HttpCache cache = HttpCache.newBuilder().cacheOnMemory(64L << 20).build();
  private final Methanol client =
      Methanol.newBuilder().cache(cache).autoAcceptEncoding(false).build();
  private final HttpRequest[] requests;

  MethanolClient(Origin origin) {
    this.requests = JdkRequests.of(origin);
  }

  @Override
  public byte[] get(int document) throws IOException, InterruptedException {
    return client.send(requests[document], BodyHandlers.ofByteArray()).body();
  }

  @Override
  public boolean isHit(int document) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = client.send(requests[document], BodyHandlers.ofByteArray());
    return response instanceof CacheAwareResponse<?> aware
        && aware.cacheStatus() == CacheAwareResponse.CacheStatus.HIT;
  }

  @Override
  public void close() throws IOException {
    cache.close();
  }
}
