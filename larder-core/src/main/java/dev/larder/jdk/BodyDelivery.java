package dev.larder.jdk;

import dev.larder.http.Body;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/** Gives a stored body to a subscriber, as the JDK's client gives one from the network. */
final class BodyDelivery {
  private BodyDelivery() {}

  /**
   * Subscribes it to the body. What is in memory is delivered on the subscriber's own thread.
   *
   * @param rest where to go on if the body cannot be read to its end
   */
  static void deliver(
      Body body,
      Flow.Subscriber<? super List<ByteBuffer>> subscriber,
      Executor executor,
      Rest rest) {
    Optional<ByteBuffer> bytes = body.buffer();
    if (bytes.isPresent()) {
      new BufferSubscription(subscriber, bytes.get()).start();
    } else {
      new StreamSubscription(subscriber, body, executor, rest).start();
    }
  }
}
