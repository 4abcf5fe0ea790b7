package dev.larder.cli;

import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.eclipse.jetty.client.AsyncRequestContent;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** The body of a request as Jetty sends it: a piece is asked for when the one before has gone. */
final class OriginContent extends AsyncRequestContent
    implements Flow.Subscriber<ByteBuffer>, Callback {
  private final long length;
  private volatile Flow.@Nullable Subscription subscription;

  private OriginContent(long length) {
    super((String) null);
    this.length = length;
  }

  static OriginContent of(BodyPublisher publisher) {
    OriginContent content = new OriginContent(publisher.contentLength());
    publisher.subscribe(content);
    return content;
  }

  /** If it is known beforehand; otherwise -1, and the body goes out in chunks. */
  @Override
  public long getLength() {
    return length;
  }

  @Override
  public void onSubscribe(Flow.Subscription upstream) {
    subscription = upstream;
    upstream.request(1);
  }

  @Override
  public void onNext(ByteBuffer buffer) {
    write(buffer, this);
  }

  @Override
  public void onError(Throwable failure) {
    fail(failure);
  }

  @Override
  public void onComplete() {
    close();
  }

  /** A piece has been sent. */
  @Override
  public void succeeded() {
    Objects.requireNonNull(subscription).request(1);
  }

  /** The origin takes no more. */
  @Override
  public void failed(Throwable reason) {
    Objects.requireNonNull(subscription).cancel();
  }
}
