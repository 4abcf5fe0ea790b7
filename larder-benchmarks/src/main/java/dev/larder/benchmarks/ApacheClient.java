package dev.larder.benchmarks;

import java.io.IOException;
import org.apache.hc.client5.http.cache.CacheResponseStatus;
import org.apache.hc.client5.http.cache.HttpCacheContext;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.cache.CacheConfig;
import org.apache.hc.client5.http.impl.cache.CachingHttpClients;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/** HttpClient 5 with its cache in memory; its own content coding is off, as nothing needs it. */
final class ApacheClient implements HitClient {
  private final CloseableHttpClient client =
      CachingHttpClients.custom()
          .setCacheConfig(CacheConfig.custom().setMaxObjectSize(1 << 20).build())
          .disableContentCompression()
          .build();
  private final HttpGet[] requests = new HttpGet[Origin.DOCUMENTS];

  ApacheClient(Origin origin) {
    for (int document = 0; document < requests.length; document++) {
      HttpGet request = new HttpGet(origin.uri(document));
      for (int i = 0; i < Origin.REQUEST_FIELDS.length; i += 2) {
        request.addHeader(Origin.REQUEST_FIELDS[i], Origin.REQUEST_FIELDS[i + 1]);
      }
      requests[document] = request;
    }
  }

  @Override
  public byte[] get(int document) throws IOException {
    return client.execute(requests[document], ApacheClient::content);
  }

  @Override
  public boolean isHit(int document) throws IOException {
    HttpCacheContext context = HttpCacheContext.create();
    client.execute(requests[document], context, ApacheClient::content);
    return context.getCacheResponseStatus() == CacheResponseStatus.CACHE_HIT;
  }

  private static byte[] content(ClassicHttpResponse response) throws IOException {
    return EntityUtils.toByteArray(response.getEntity());
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
