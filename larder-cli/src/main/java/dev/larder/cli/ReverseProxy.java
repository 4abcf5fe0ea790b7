package dev.larder.cli;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Hands each request on to the origin through a client, and the response back: all field lines that
 * are not about the connection, and bodies as they come. Nothing is kept here, nothing is sent
 * twice, and no thread waits.
 */
final class ReverseProxy extends Handler.Abstract {
  /** Added to what is asked of the origin (RFC 9110 §7.6.3). */
  private static final String VIA = "1.1 larder";

  private final HttpClient client;
  private final String origin;
  private final Duration timeout;

  /**
   * A proxy.
   *
   * @param client asks the origin or the cache
   * @param origin the address that paths are put behind, without a slash at the end
   * @param timeout for the head of a response
   */
  ReverseProxy(HttpClient client, String origin, Duration timeout) {
    this.client = client;
    this.origin = origin;
    this.timeout = timeout;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Refusal refusal = new Refusal(request, response, callback);
    String pathQuery = request.getHttpURI().getPathQuery();
    if (request.getMethod().equals("CONNECT") || !pathQuery.startsWith("/")) {
      refusal.send(501, "This is a proxy for one origin; it opens no tunnels and is not asked *.");
      return true;
    }
    HttpRequest outgoing;
    try {
      outgoing = outgoing(request, Target.under(origin, pathQuery));
    } catch (IllegalArgumentException e) {
      refusal.send(400, "The request cannot be sent on: " + Problems.describe(e));
      return true;
    }
    InterimResponses<Flow.Publisher<List<ByteBuffer>>> interim =
        new InterimResponses<>(request, response);
    CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> asked =
        client.sendAsync(outgoing, BodyHandlers.ofPublisher(), interim);
    request.addFailureListener(gone -> asked.cancel(true));
    CompletableFuture<Boolean> unused =
        asked.handle(
            (answer, failure) -> {
              interim.whenWritten(
                  () -> {
                    if (failure == null) {
                      respond(answer, response, callback, refusal);
                    } else {
                      refusal.send(failure);
                    }
                  },
                  callback);
              return true;
            });
    return true;
  }

  private HttpRequest outgoing(Request request, URI target) {
    HttpFields fields = request.getHeaders();
    HttpRequest.Builder outgoing =
        HttpRequest.newBuilder(target).method(request.getMethod(), body(request)).timeout(timeout);
    EndToEnd endToEnd = new EndToEnd(fields.getValuesList(HttpHeader.CONNECTION));
    for (HttpField field : fields) {
      if (endToEnd.includes(field.getName()) && !isTheClients(field)) {
        outgoing.header(field.getName(), value(field));
      }
    }
    outgoing.header("Via", VIA);
    return outgoing.build();
  }

  /** What the client sets by itself; that it is told to expect 100 is the server's to answer. */
  private static boolean isTheClients(HttpField field) {
    HttpHeader header = field.getHeader();
    return header == HttpHeader.HOST
        || header == HttpHeader.CONTENT_LENGTH
        || header == HttpHeader.EXPECT;
  }

  private static BodyPublisher body(Request request) {
    long length = request.getLength();
    if (length > 0) {
      return BodyPublishers.fromPublisher(new SourcePublisher(request), length);
    }
    return length < 0 && request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)
        ? BodyPublishers.fromPublisher(new SourcePublisher(request))
        : BodyPublishers.noBody();
  }

  private static void respond(
      HttpResponse<Flow.Publisher<List<ByteBuffer>>> answer,
      Response response,
      Callback callback,
      Refusal refusal) {
    response.setStatus(answer.statusCode());
    HttpFields.Mutable out = response.getHeaders();
    EndToEnd endToEnd = new EndToEnd(answer.headers().allValues("Connection"));
    boolean chunked = answer.headers().firstValue("Transfer-Encoding").isPresent();
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              boolean length = name.equalsIgnoreCase("Content-Length");
              // Chunks outrank a length (RFC 9112 §6.3), and equal lengths are one.
              List<String> lines =
                  !length ? values : chunked ? List.of() : values.stream().distinct().toList();
              if (endToEnd.includes(name)) {
                lines.forEach(line -> out.add(new HttpField(name, line)));
              }
            });
    answer.body().subscribe(new ResponseBody(response, callback, refusal::send));
  }

  private static String value(HttpField field) {
    String value = field.getValue();
    return value == null ? "" : value;
  }

  /** An answer of the proxy's own, while nothing else has been sent. */
  private record Refusal(Request request, Response response, Callback callback) {

    /** Says that the origin did not answer. */
    void send(Throwable failure) {
      Throwable cause = failure;
      while (cause instanceof CompletionException && cause.getCause() != null) {
        cause = cause.getCause();
      }
      boolean late = cause instanceof HttpTimeoutException;
      response.reset();
      response
          .getHeaders()
          .add(
              "Cache-Status",
              "Larder; fwd=" + reason() + "; detail=" + (late ? "timeout" : "unreachable"));
      send(
          late ? 504 : 502,
          late ? "The origin did not answer in time." : "The origin cannot be reached.");
    }

    void send(int status, String text) {
      response.setStatus(status);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
      Content.Sink.write(response, true, text + "\n", callback);
    }

    /** The client throws, and so cannot say which it was (RFC 9211 §2.2). */
    private String reason() {
      boolean cacheable = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
      return cacheable ? "miss" : "method";
    }
  }
}
