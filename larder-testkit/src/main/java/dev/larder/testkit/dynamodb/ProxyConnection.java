package dev.larder.testkit.dynamodb;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection to a {@link FaultProxy}, with one of its own to the endpoint behind it:
 * requests and answers in turn. When either end closes, so does the other.
 */
final class ProxyConnection {
  private final FaultProxy proxy;
  private final Socket socket;
  private final Thread thread;
  private final InputStream in;
  private final OutputStream out;
  private volatile @Nullable Socket behind;
  private @Nullable InputStream fromBehind;
  private volatile boolean waiting;

  ProxyConnection(FaultProxy proxy, Socket socket) throws IOException {
    this.proxy = proxy;
    this.socket = socket;
    socket.setTcpNoDelay(true);
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
    this.thread = new Thread(this::run, "fault-proxy-" + socket.getPort());
    thread.setDaemon(true);
  }

  InputStream in() {
    return in;
  }

  OutputStream out() {
    return out;
  }

  Thread thread() {
    return thread;
  }

  /** Whether the client is kept waiting by a fault. */
  boolean isWaiting() {
    return waiting;
  }

  /** Whether the client is kept waiting from now on. */
  void waiting(boolean is) {
    waiting = is;
  }

  /** Ends it from another thread, whatever it waits for. */
  void close() {
    FaultProxy.closeQuietly(socket);
    Socket other = behind;
    if (other != null) {
      FaultProxy.closeQuietly(other);
    }
    thread.interrupt();
  }

  void reset() throws IOException {
    // Closing with no time to linger sends a reset in place of an orderly end.
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Sends a request to the endpoint and reads its answer. */
  HttpMessage upstream(HttpMessage request) throws IOException {
    Socket other = behind;
    InputStream answers = fromBehind;
    if (other == null || answers == null) {
      URI target = proxy.target();
      other = new Socket(target.getHost(), target.getPort());
      behind = other;
      other.setTcpNoDelay(true);
      answers = new BufferedInputStream(other.getInputStream());
      fromBehind = answers;
    }
    request
        .without("Expect")
        .without("Accept-Encoding")
        .write(other.getOutputStream(), Integer.MAX_VALUE);
    HttpMessage head =
        HttpMessage.readHead(answers)
            .orElseThrow(() -> new EOFException("the endpoint closed the connection"));
    return head.readBody(answers);
  }

  private void run() {
    try (socket) {
      boolean open = true;
      while (open) {
        Optional<HttpMessage> head = HttpMessage.readHead(in);
        open = head.isPresent() && exchange(head.get());
      }
    } catch (IOException | RuntimeException eitherSideIsGone) {
      // The connection is closed: the client sees it, and a test sees what the client makes of it.
    } catch (InterruptedException proxyClosed) {
      Thread.currentThread().interrupt();
    } finally {
      Socket other = behind;
      if (other != null) {
        FaultProxy.closeQuietly(other);
      }
      proxy.ended(this);
    }
  }

  /** Passes on one request, or does to it what was ordered. Returns whether it can go on. */
  private boolean exchange(HttpMessage head) throws IOException, InterruptedException {
    if (head.field("Expect").isPresent()) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
      out.flush();
    }
    WireExchange exchange = new WireExchange(this, head);
    WireFault fault = proxy.faultFor(exchange.operation(), this);
    try {
      return fault.apply(exchange);
    } finally {
      waiting(false);
    }
  }
}
