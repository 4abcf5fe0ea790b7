package dev.larder.jdk;

import dev.larder.Recording;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;

/**
 * Passes a body on to the caller's subscriber as it comes, on the caller's demand only, and each
 * byte to a recording. The caller sees the end of the body when the recording is stored, or waits
 * to be, so that its next request finds it; storing is done by the executor, never by the thread
 * that delivers.
 */
final class TeeSubscriber<T> implements BodySubscriber<T> {
  private final BodySubscriber<T> downstream;
  private final Recording recording;
  private final Executor executor;
  private volatile boolean failed;

  TeeSubscriber(BodySubscriber<T> downstream, Recording recording, Executor executor) {
    this.downstream = downstream;
    this.recording = recording;
    this.executor = executor;
  }

  @Override
  public CompletionStage<T> getBody() {
    return downstream.getBody();
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    downstream.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long count) {
            subscription.request(count);
          }

          @Override
          public void cancel() {
            recording.drop();
            subscription.cancel();
          }
        });
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    buffers.forEach(recording::append);
    downstream.onNext(buffers);
  }

  @Override
  public void onError(Throwable failure) {
    recording.drop();
    downstream.onError(failure);
    failed = true;
  }

  /** Whether the body broke, and the caller's subscriber has been told. */
  boolean hasFailed() {
    return failed;
  }

  @Override
  public void onComplete() {
    if (!recording.isAlive()) {
      recording.complete();
      downstream.onComplete();
      return;
    }
    store(recording, executor, downstream::onComplete);
  }

  /** Stores what is recorded, then goes on, wherever waiting is allowed. */
  static void store(Recording recording, Executor executor, Runnable then) {
    try {
      executor.execute(
          () -> {
            try {
              recording.complete();
            } finally {
              then.run();
            }
          });
    } catch (RejectedExecutionException e) {
      recording.drop();
      then.run();
    }
  }
}
