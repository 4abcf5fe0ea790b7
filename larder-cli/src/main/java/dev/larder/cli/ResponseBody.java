package dev.larder.cli;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response on its way to the caller: more of it is asked for when what there was has
 * been written. The head goes out at once, even if the body is slow to come.
 *
 * <p>A body that breaks off must not look like one that ended: the caller's connection is closed
 * before its time. Only if nothing has been sent yet, there is still a choice, and {@code broken}
 * has it.
 */
final class ResponseBody extends IteratingCallback implements Flow.Subscriber<List<ByteBuffer>> {
  private final Response response;
  private final Callback callback;
  private final Consumer<Throwable> broken;
  private final Queue<ByteBuffer> buffers = new ConcurrentLinkedQueue<>();
  private volatile Flow.@Nullable Subscription subscription;
  private volatile @Nullable Throwable failure;
  private volatile boolean complete;
  private volatile boolean asked;
  private boolean headSent;
  private boolean endSent;

  ResponseBody(Response response, Callback callback, Consumer<Throwable> broken) {
    this.response = response;
    this.callback = callback;
    this.broken = broken;
  }

  @Override
  public void onSubscribe(Flow.Subscription upstream) {
    subscription = upstream;
    iterate();
  }

  @Override
  public void onNext(List<ByteBuffer> next) {
    next.stream().filter(ByteBuffer::hasRemaining).forEach(buffers::add);
    asked = false;
    iterate();
  }

  @Override
  public void onError(Throwable reason) {
    failure = reason;
    iterate();
  }

  @Override
  public void onComplete() {
    complete = true;
    iterate();
  }

  @Override
  protected Action process() throws Throwable {
    if (buffers.isEmpty() && !complete && failure == null && !asked) {
      asked = true;
      Objects.requireNonNull(subscription).request(1);
    }
    // The end is looked at before the buffers: it comes after them.
    boolean last = complete;
    Throwable reason = failure;
    ByteBuffer next = buffers.poll();
    if (next != null) {
      return write(false, next);
    }
    if (reason != null) {
      throw reason;
    }
    if (last && !endSent) {
      endSent = true;
      return write(true, BufferUtil.EMPTY_BUFFER);
    }
    if (last) {
      return Action.SUCCEEDED;
    }
    return headSent ? Action.IDLE : write(false, BufferUtil.EMPTY_BUFFER);
  }

  private Action write(boolean last, ByteBuffer content) {
    headSent = true;
    response.write(last, content, this);
    return Action.SCHEDULED;
  }

  @Override
  protected void onCompleteSuccess() {
    callback.succeeded();
  }

  @Override
  protected void onCompleteFailure(Throwable reason) {
    Flow.Subscription upstream = subscription;
    if (upstream != null) {
      upstream.cancel();
    }
    if (response.isCommitted()) {
      callback.failed(reason);
    } else {
      broken.accept(reason);
    }
  }
}
