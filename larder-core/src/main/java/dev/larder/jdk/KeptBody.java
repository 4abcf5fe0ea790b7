package dev.larder.jdk;

import dev.larder.http.Body;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the body of a redirect for {@code previousResponse().body()}. The caller's handler gets it
 * only when somebody asks for it: a handler that writes to a file would otherwise mix it with the
 * body of the final response.
 */
final class KeptBody<T> implements BodySubscriber<@Nullable T> {
  /** Longer bodies of redirects are not kept, and read as if empty. */
  private static final int MOST_BYTES = 64 * 1024;

  private final CompletableFuture<@Nullable T> end = new CompletableFuture<>();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @Override
  public CompletionStage<@Nullable T> getBody() {
    return end;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      byte[] chunk = new byte[Math.min(buffer.remaining(), MOST_BYTES + 1 - bytes.size())];
      buffer.duplicate().get(chunk);
      bytes.writeBytes(chunk);
    }
  }

  @Override
  public void onError(Throwable failure) {
    end.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    end.complete(null);
  }

  Body body() {
    return bytes.size() > MOST_BYTES ? Body.empty() : Body.of(bytes.toByteArray());
  }

  /** The body as the handler makes it, made when asked for and once. */
  static <T> Supplier<T> lazily(
      HeadInfo head, Body body, BodyHandler<T> handler, Executor executor) {
    return new Supplier<>() {
      private @Nullable CompletableFuture<T> made;

      @Override
      public T get() {
        CompletableFuture<T> result;
        synchronized (this) {
          if (made == null) {
            BodySubscriber<T> subscriber = handler.apply(head);
            BodyDelivery.deliver(body, subscriber, executor, Rest.NONE);
            made = subscriber.getBody().toCompletableFuture();
          }
          result = made;
        }
        return result.join();
      }
    };
  }
}
