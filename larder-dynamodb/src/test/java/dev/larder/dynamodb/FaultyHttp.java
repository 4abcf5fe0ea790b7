package dev.larder.dynamodb;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;

/**
 * An HTTP client that breaks what it is told to, below the SDK, so that the SDK's own retries and
 * parsing take part.
 */
final class FaultyHttp implements SdkHttpClient {
  /** What happens to one attempt of a request. */
  @FunctionalInterface
  interface Fault {
    HttpExecuteResponse apply(String operation, Callable<HttpExecuteResponse> send)
        throws Exception;
  }

  private final SdkHttpClient real =
      Apache5HttpClient.builder()
          .proxyConfiguration(
              ProxyConfiguration.builder()
                  .useSystemPropertyValues(false)
                  .useEnvironmentVariableValues(false)
                  .build())
          .build();
  private volatile Fault fault = FaultyHttp::pass;

  private static HttpExecuteResponse pass(String operation, Callable<HttpExecuteResponse> send)
      throws Exception {
    return send.call();
  }

  /** Breaks every attempt from now on. */
  void always(Fault next) {
    fault = next;
  }

  /** Breaks the next attempt of an operation, and nothing after it. */
  void once(String broken, Fault next) {
    always(
        (operation, send) -> {
          if (!operation.equals(broken)) {
            return send.call();
          }
          fault = FaultyHttp::pass;
          return next.apply(operation, send);
        });
  }

  /** Loses the answer to the next request of an operation. */
  void loseAnswer(String operation) {
    loseAnswer(operation, () -> {});
  }

  /** Loses the answer to the next request of an operation; something happens before the repeat. */
  void loseAnswer(String operation, Runnable meanwhile) {
    once(
        operation,
        (name, send) -> {
          send.call().responseBody().ifPresent(AbortableInputStream::abort);
          meanwhile.run();
          throw new IOException("the answer was lost");
        });
  }

  /** An error as DynamoDB answers it. */
  static HttpExecuteResponse error(int status, String type, String message) {
    String body =
        "{\"__type\":\"com.amazonaws.dynamodb.v20120810#"
            + type
            + "\",\"message\":\""
            + message
            + "\"}";
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return HttpExecuteResponse.builder()
        .response(
            SdkHttpResponse.builder()
                .statusCode(status)
                .putHeader("Content-Type", "application/x-amz-json-1.0")
                .putHeader("Content-Length", Integer.toString(bytes.length))
                .build())
        .responseBody(AbortableInputStream.create(new ByteArrayInputStream(bytes)))
        .build();
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    ExecutableHttpRequest prepared = real.prepareRequest(request);
    String target = request.httpRequest().firstMatchingHeader("X-Amz-Target").orElse("");
    String operation = target.substring(target.indexOf('.') + 1);
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        try {
          return fault.apply(operation, prepared);
        } catch (IOException | RuntimeException e) {
          throw e;
        } catch (Exception e) {
          throw new UncheckedIOException(new IOException(e));
        }
      }

      @Override
      public void abort() {
        prepared.abort();
      }
    };
  }

  @Override
  public void close() {
    real.close();
  }
}
