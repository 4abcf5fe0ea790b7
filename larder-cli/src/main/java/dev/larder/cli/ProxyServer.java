package dev.larder.cli;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** An HTTP/1.1 server that adds nothing of its own to what its handler sends. */
final class ProxyServer implements AutoCloseable {
  private static final int LARGEST_HEAD = 64 << 10;
  private static final Duration DRAIN = Duration.ofSeconds(2);

  private final Server server;
  private final ServerConnector connector;

  private ProxyServer(Server server, ServerConnector connector) {
    this.server = server;
    this.connector = connector;
  }

  /**
   * Starts a server.
   *
   * @param address where to listen; with port 0 on a free one
   * @param patience how long a connection may be without a byte either way
   * @throws IOException if the address cannot be listened on
   */
  static ProxyServer start(InetSocketAddress address, Duration patience, Handler handler)
      throws IOException {
    QueuedThreadPool pool = new QueuedThreadPool();
    pool.setName("larder-serve");
    Server server = new Server(pool);
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http()));
    connector.setHost(address.getHostString());
    connector.setPort(address.getPort());
    connector.setIdleTimeout(patience.toMillis());
    server.addConnector(connector);
    server.setHandler(new GracefulHandler(handler));
    server.setStopTimeout(DRAIN.toMillis());
    try {
      server.start();
    } catch (Exception e) {
      Throwable cause = Optional.ofNullable(e.getCause()).orElse(e);
      throw new IOException(
          "cannot listen on "
              + address.getHostString()
              + ":"
              + address.getPort()
              + ": "
              + Problems.describe(cause)
              + (isTaken(cause) ? "; end what listens there, or give another --port" : ""),
          e);
    }
    return new ProxyServer(server, connector);
  }

  /** Other failures to bind are told apart by nothing but their text, which is the system's. */
  private static boolean isTaken(Throwable failure) {
    return failure instanceof BindException && Problems.describe(failure).contains("in use");
  }

  private static HttpConfiguration http() {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendDateHeader(false);
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    http.setRequestHeaderSize(LARGEST_HEAD);
    http.setResponseHeaderSize(LARGEST_HEAD);
    http.setMaxResponseHeaderSize(LARGEST_HEAD);
    // What a path means is for the origin to say.
    http.setUriCompliance(UriCompliance.UNSAFE);
    http.setHttpCompliance(
        HttpCompliance.RFC9110.with("larder", HttpCompliance.Violation.CASE_SENSITIVE_FIELD_NAME));
    http.setHeaderCacheCaseSensitive(true);
    return http;
  }

  int port() {
    return connector.getLocalPort();
  }

  /** Waits until the server has stopped. */
  void join() throws InterruptedException {
    server.join();
  }

  /** Lets what is being answered end for a moment, and frees the port. */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the server did not stop; see the cause", e);
    }
  }
}
