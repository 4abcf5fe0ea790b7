package dev.larder.embedded;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Sends each request to the server that answers for the database now, whatever address it was built
 * for. The signature then covers another {@code Host}, which DynamoDB Local does not check.
 *
 * <p>A request is sent again only if it was certainly not carried out: the connection was refused,
 * or a server that is stopping answered 503. When a connection breaks, nobody knows; then the
 * successor is found, and the failure goes to the SDK, whose retry meets the successor.
 */
final class FollowingHttpClient implements SdkHttpClient {
  private static final int UNAVAILABLE = 503;

  private final SdkHttpClient delegate;
  private final Host host;

  FollowingHttpClient(SdkHttpClient delegate, Host host) {
    this.delegate = delegate;
    this.host = host;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new Following(request);
  }

  @Override
  public String clientName() {
    return delegate.clientName();
  }

  @Override
  public void close() {
    delegate.close();
  }

  private final class Following implements ExecutableHttpRequest {
    private final HttpExecuteRequest request;
    private volatile @Nullable ExecutableHttpRequest sent;
    private volatile boolean aborted;

    Following(HttpExecuteRequest request) {
      this.request = request;
    }

    @Override
    public HttpExecuteResponse call() throws IOException {
      URI target = host.endpoint();
      while (true) {
        URI next;
        try {
          HttpExecuteResponse response = send(target);
          if (response.httpResponse().statusCode() != UNAVAILABLE) {
            return response;
          }
          next = host.endpointAfter(target);
          if (next.equals(target)) {
            return response;
          }
          response.responseBody().ifPresent(AbortableInputStream::abort);
        } catch (ConnectException e) {
          next = successor(target, e);
          if (next.equals(target)) {
            throw e;
          }
        } catch (IOException e) {
          URI unused = successor(target, e);
          throw e;
        }
        target = next;
      }
    }

    private HttpExecuteResponse send(URI target) throws IOException {
      SdkHttpRequest redirected =
          request.httpRequest().toBuilder()
              .host(target.getHost())
              .port(target.getPort())
              .putHeader("Host", target.getAuthority())
              .build();
      ExecutableHttpRequest prepared =
          delegate.prepareRequest(
              HttpExecuteRequest.builder()
                  .request(redirected)
                  .contentStreamProvider(request.contentStreamProvider().orElse(null))
                  .metricCollector(request.metricCollector().orElse(null))
                  .build());
      sent = prepared;
      if (aborted) {
        prepared.abort();
      }
      return prepared.call();
    }

    private URI successor(URI target, IOException failure) throws IOException {
      if (aborted || Thread.currentThread().isInterrupted()) {
        throw failure;
      }
      try {
        return host.endpointAfter(target);
      } catch (IOException e) {
        failure.addSuppressed(e);
        throw failure;
      }
    }

    @Override
    public void abort() {
      aborted = true;
      Optional.ofNullable(sent).ifPresent(ExecutableHttpRequest::abort);
    }
  }
}
