package dev.larder.cli;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * What an origin says before its answer, such as 103 (Early Hints), on its way to the caller whose
 * request it is about. Such responses are written in their order, and before the answer; fields go
 * along with a 103 only, since Jetty's server writes those of no other.
 *
 * <p>They come the way of pushed responses, which is the one way past a cache for what belongs to a
 * forwarded request alone: hits, followers of another's request and background refreshes have none,
 * and nothing of it is stored. That makes this a push promise handler, of which no push is asked
 * for. Thread-safe.
 *
 * @param <T> of the body, which does not matter here
 */
final class InterimResponses<T> implements PushPromiseHandler<T>, OriginClient.InterimListener {
  /** A caller that reads slower than an origin says it has not ended would fill the memory. */
  private static final int MOST_UNWRITTEN = 64;

  private final Response response;
  private final boolean understood;
  private CompletableFuture<?> written = CompletableFuture.completedFuture(null);
  private int unwritten;

  /** For the caller of the request. HTTP/1.0 does not know interim responses (RFC 9110 §15.2). */
  InterimResponses(Request request, Response response) {
    this.response = response;
    HttpVersion version = request.getConnectionMetaData().getHttpVersion();
    this.understood = version.getVersion() > HttpVersion.HTTP_1_0.getVersion();
  }

  @Override
  public void onInterim(int status, HttpFields fields) {
    EndToEnd endToEnd = new EndToEnd(fields.getValuesList(HttpHeader.CONNECTION));
    HttpFields.Mutable out = HttpFields.build();
    fields.stream().filter(field -> endToEnd.includes(field.getName())).forEach(out::add);
    synchronized (this) {
      if (understood && unwritten < MOST_UNWRITTEN) {
        unwritten++;
        written =
            written.thenCompose(before -> response.writeInterim(status, out)).handle(this::done);
      }
    }
  }

  /** Answers when all that came so far is written, whether or not that went well. */
  void whenWritten(Runnable answer, Callback callback) {
    CompletableFuture<?> before;
    synchronized (this) {
      before = written;
    }
    CompletableFuture<Void> unused =
        before
            .thenRun(answer)
            .exceptionally(
                failure -> {
                  callback.failed(failure);
                  return null;
                });
  }

  /** A caller that is gone shows when the answer is written. */
  private synchronized <U> U done(U result, Throwable failure) {
    unwritten--;
    return result;
  }

  @Override
  public void applyPushPromise(
      HttpRequest initiating,
      HttpRequest pushed,
      Function<BodyHandler<T>, CompletableFuture<HttpResponse<T>>> accept) {
    throw new IllegalStateException("HTTP/1.1 has no pushes");
  }
}
