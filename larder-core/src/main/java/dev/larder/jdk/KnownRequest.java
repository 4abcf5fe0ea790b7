package dev.larder.jdk;

import dev.larder.ClientAccess;
import dev.larder.http.Body;
import dev.larder.http.Headers;
import dev.larder.http.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.CookieHandler;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A caller's request together with the cache's view of it.
 *
 * @param original the caller's
 * @param known what the cache sees; null if it cannot: then the request is passed on as it is
 * @param content the body, if it had to be read for that: it is sent from here, since a publisher
 *     may give it only once
 */
record KnownRequest(HttpRequest original, @Nullable Request known, Optional<byte[]> content) {
  /** Longer bodies take no part in keys, and their requests are passed on. */
  private static final long MOST_CONTENT = 10L << 20;

  /**
   * Looks at a request, with the cookies that go along with it.
   *
   * @throws IOException if the cookie handler or the body fails, as it would while sending
   */
  static KnownRequest of(HttpRequest request, Optional<CookieHandler> cookies, ClientAccess cache)
      throws IOException {
    Headers headers = Headers.copyOf(request.headers().map());
    if (cookies.isPresent()) {
      headers = withCookies(headers, request, cookies.get());
    }
    Optional<BodyPublisher> publisher = request.bodyPublisher();
    boolean hasContent = publisher.isPresent() && publisher.get().contentLength() != 0;
    try {
      if (!hasContent) {
        return known(request, headers, Optional.empty());
      }
      if (!cache.needsBody(new Request(request.method(), request.uri(), headers, Body.empty()))) {
        return known(request, headers, Optional.empty());
      }
      long length = publisher.get().contentLength();
      if (length < 0 || length > MOST_CONTENT) {
        return new KnownRequest(request, null, Optional.empty());
      }
      return known(request, headers, Optional.of(read(publisher.get())));
    } catch (IllegalArgumentException e) {
      // Not a request that the cache knows; what the delegate says of it is for the caller.
      return new KnownRequest(request, null, Optional.empty());
    }
  }

  private static KnownRequest known(
      HttpRequest request, Headers headers, Optional<byte[]> content) {
    Body body = content.isPresent() ? Body.of(content.get()) : Body.empty();
    return new KnownRequest(
        request, new Request(request.method(), request.uri(), headers, body), content);
  }

  private static Headers withCookies(Headers headers, HttpRequest request, CookieHandler handler)
      throws IOException {
    Map<String, List<String>> given = handler.get(request.uri(), request.headers().map());
    Headers.Builder all = Headers.builder().addAll(headers);
    given.forEach(
        (name, values) -> {
          if (name.equalsIgnoreCase("Cookie") && !values.isEmpty()) {
            all.addIfValid("Cookie", String.join("; ", values));
          }
        });
    return all.build();
  }

  /**
   * The request to send with these field lines; the caller's own object where nothing is changed.
   *
   * @param timeout what is left of the caller's
   */
  HttpRequest toSend(Headers headers, Optional<Duration> timeout) {
    Request view = known;
    boolean sameFields = view != null && headers.equals(Headers.copyOf(original.headers().map()));
    if ((view == null || sameFields) && content.isEmpty() && timeout.isEmpty()) {
      return original;
    }
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(original, (name, value) -> view == null || sameFields);
    if (view != null && !sameFields) {
      headers.fields().forEach(field -> builder.header(field.name(), field.value()));
    }
    content.ifPresent(
        bytes -> builder.method(original.method(), BodyPublishers.ofByteArray(bytes)));
    timeout.ifPresent(builder::timeout);
    return builder.build();
  }

  private static byte[] read(BodyPublisher publisher) throws IOException {
    Collector collector = new Collector();
    publisher.subscribe(collector);
    try {
      return collector.complete.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw cause instanceof IOException io ? io : new IOException(cause.getMessage(), cause);
    }
  }

  private static final class Collector implements Flow.Subscriber<ByteBuffer> {
    private final CompletableFuture<byte[]> complete = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(ByteBuffer buffer) {
      byte[] chunk = new byte[buffer.remaining()];
      buffer.get(chunk);
      bytes.writeBytes(chunk);
    }

    @Override
    public void onError(Throwable failure) {
      complete.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      complete.complete(bytes.toByteArray());
    }
  }
}
