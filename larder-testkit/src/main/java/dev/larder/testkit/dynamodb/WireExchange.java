package dev.larder.testkit.dynamodb;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through a {@link FaultProxy}, and what can be done with it. Used by the
 * thread of its connection.
 */
final class WireExchange {
  private static final long MAX_WAIT_SECONDS = 60;

  private final ProxyConnection connection;
  private final HttpMessage head;
  private @Nullable HttpMessage request;

  WireExchange(ProxyConnection connection, HttpMessage head) {
    this.connection = connection;
    this.head = head;
  }

  /** The operation by its name in the API, such as {@code GetItem}; empty if it has none. */
  String operation() {
    String target = head.field("X-Amz-Target").orElse("");
    return target.substring(target.indexOf('.') + 1);
  }

  /** The content of the request, which is read now if it has not been. */
  byte[] content() throws IOException {
    return request().body();
  }

  private HttpMessage request() throws IOException {
    HttpMessage whole = request;
    if (whole == null) {
      whole = head.readBody(connection.in());
      request = whole;
    }
    return whole;
  }

  /** Reads the first bytes of the request's content, and no more of it. */
  void readOnly(int bytes) throws IOException {
    InputStream in = connection.in();
    byte[] begin = in.readNBytes(Math.min(bytes, head.length()));
    if (begin.length < Math.min(bytes, head.length())) {
      throw new EOFException("the request ended after " + begin.length + " bytes");
    }
  }

  /** Passes the request on and waits for the answer. */
  HttpMessage carryOut() throws IOException {
    return carryOut(content());
  }

  /** Passes the request on with another content and waits for the answer. */
  HttpMessage carryOut(byte[] content) throws IOException {
    return connection.upstream(request().withBody(content));
  }

  /** Sends an answer to the client. */
  void send(HttpMessage answer) throws IOException {
    answer.write(connection.out(), Integer.MAX_VALUE);
  }

  /** Sends the head of an answer and the first bytes of its content. */
  void sendBegin(HttpMessage answer, int bytes) throws IOException {
    answer.write(connection.out(), bytes);
  }

  /** Sends the content of an answer from a byte on. */
  void sendRest(HttpMessage answer, int from) throws IOException {
    connection.out().write(answer.body(), from, answer.body().length - from);
    connection.out().flush();
  }

  /** Waits until the client gives up. */
  void awaitClientGone() throws IOException {
    while (connection.in().read() >= 0) {
      // Nothing a client sends now gets an answer.
    }
  }

  /** Waits until the latch is open, at most a minute. */
  void await(CountDownLatch open) throws InterruptedException {
    if (!open.await(MAX_WAIT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the latch of an answer did not open within a minute");
    }
    connection.waiting(false);
  }

  /** Breaks the connection, so that the client sees a reset rather than an orderly end. */
  void reset() throws IOException {
    connection.reset();
  }
}
